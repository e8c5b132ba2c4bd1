"""Tidying a clone up: what has piled up is packed, and nothing is said of it."""

from __future__ import annotations

import pytest

from refinery.repo.repository import Repository
from refinery.repo.tidying import tidy
from tests.sandbox import Sandbox


@pytest.mark.journey
def test_a_worker_packs_what_has_piled_up_in_its_clone(box: Sandbox) -> None:
    for name in ("a", "b", "c"):
        box.request(name)
    box.git("config", "gc.auto", "1")
    with Repository.discover(box.path) as repo:
        for number in range(1000):  # git judges by one of 256 folders how many there are
            repo.writer.blob(b"%d" % number)
    assert box.cli("process", "--drain").code == 0
    counted = dict(line.split(": ") for line in box.git("count-objects", "-v").splitlines())
    assert int(counted["packs"]) >= 1
    assert box.cli("fsck").code == 0


@pytest.mark.journey
def test_trouble_with_it_is_nobodys_business(box: Sandbox) -> None:
    box.git("config", "gc.auto", "1")
    (box.path / ".git" / "gc.pid").write_text("not a process\n")
    with Repository.discover(box.path) as repo:
        tidy(repo)
    assert box.git("status", "--short") == ""
