"""Two versions at one queue: the older goes on with what it can read, and says what it cannot."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from refinery import __version__
from tests.sandbox import CHECKOUT, Sandbox
from tests.upgrades.next_version import VERSION, Upgraded, make_next_version

pytestmark = pytest.mark.journey


@pytest.fixture(scope="session")
def next_version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_next_version(tmp_path_factory.mktemp("next-version"))


@pytest.fixture
def upgraded(box: Sandbox, next_version: Path) -> Upgraded:
    made = Upgraded(box, next_version)
    assert made.run("--version").out == f"refinery {VERSION}\n"
    return made


def version_of(box: Sandbox, path: str) -> str:
    return box.git("show", f"refs/refinery/queue:{path}", cwd=box.origin).splitlines()[0]


def record_of(id: str) -> str:
    return f"mrs/{id[-1]}/{id}.yaml"


def install_server(box: Sandbox) -> None:
    """Hooks that run this version, whatever the environment of who pushes says."""
    assert box.cli("hooks", "install", cwd=box.origin).code == 0
    ours = box.root / "python-of-server"
    ours.write_text(f'#!/bin/sh\nPYTHONPATH="{CHECKOUT}" exec "{sys.executable}" "$@"\n')
    ours.chmod(0o755)
    hook = box.origin / "hooks" / "pre-receive"
    hook.write_text(re.sub("^python='.*'$", f"python='{ours}'", hook.read_text(), flags=re.M))


def test_both_drain_one_queue_while_the_newer_says_nothing_new(
    box: Sandbox, upgraded: Upgraded
) -> None:
    first = box.request("first", {"1.txt": "1\n"})
    assert box.cli("process", "--drain").code == 0
    second = box.request("second", {"2.txt": "2\n"})
    done = upgraded.run("process", "--drain")
    assert done.code == 0, done.err
    box.request("third", {"3.txt": "3\n"})
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["first", "second", "third"]
    for path in ("queue.yaml", record_of(first), record_of(second)):
        assert version_of(box, path) == "version: 1"
    assert upgraded.run("fsck").code == 0


def test_a_record_that_says_something_new_waits_for_a_worker_that_knows_it(
    box: Sandbox, upgraded: Upgraded
) -> None:
    theirs = box.request("theirs", {"theirs.txt": "theirs\n"})
    box.request("ours", {"ours.txt": "ours\n"})
    assert box.cli("hold", theirs, "--reason", "so").code == 0
    assert box.cli("unhold", theirs).code == 0
    upgraded.writes(f"put=(replace(view.mrs[{theirs!r}], mood='good'),)")
    assert version_of(box, record_of(theirs)) == "version: 2"
    done = box.cli("process", "--drain")
    where = f"refs/refinery/queue:{record_of(theirs)}"
    assert f"{where}: /version: 2 was written by a newer refinery" in done.err
    assert "pip install --upgrade git-refinery" in done.err
    assert box.landed == ["ours"]
    assert upgraded.run("process", "--drain").code == 0
    assert "[merged]" in upgraded.run("show", theirs).out
    assert box.tree()["theirs.txt"] == "theirs\n"


def test_a_queue_that_says_something_new_is_left_to_those_who_know_it(
    box: Sandbox, upgraded: Upgraded
) -> None:
    box.request("feat", {"feat.txt": "feat\n"})
    upgraded.writes("header=replace(view.header, mood='good')")
    assert version_of(box, "queue.yaml") == "version: 2"
    before = box.refs()
    done = box.cli("process", "--drain")
    assert (done.code, done.err) == (
        1,
        "error: refs/refinery/queue:queue.yaml is in format 2, written by a newer refinery;"
        f" this one, {__version__}, knows formats up to 1\n"
        "hint: upgrade: pip install --upgrade git-refinery\n",
    )
    assert box.refs() == before
    assert upgraded.run("process", "--drain").code == 0
    assert box.tree()["feat.txt"] == "feat\n"
    # And back: once nothing new is said any more, nobody is locked out.
    upgraded.writes("header=replace(view.header, mood='')")
    assert version_of(box, "queue.yaml") == "version: 1"
    box.request("more", {"more.txt": "more\n"})
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["feat", "more"]


def test_an_older_server_refuses_what_it_cannot_check_and_says_where_to_upgrade(
    box: Sandbox, upgraded: Upgraded
) -> None:
    id = box.request("feat", {"feat.txt": "feat\n"})
    assert box.cli("hold", id, "--reason", "so").code == 0
    install_server(box)
    before = box.refs()
    with pytest.raises(AssertionError) as refused:
        upgraded.writes(f"put=(replace(view.mrs[{id!r}], mood='good'),)")
    said = str(refused.value)
    assert f"{record_of(id)}: /version: 2 was written by a newer refinery" in said
    assert "have refinery upgraded on the server: pip install --upgrade git-refinery" in said
    assert box.refs() == before
