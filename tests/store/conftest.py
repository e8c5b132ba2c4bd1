"""A queue in each kind of place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from refinery.records.names import Sha
from tests.sandbox import Clock, Sandbox, make_template
from tests.store.places import Place, places

NAMES = "abcd"


@pytest.fixture(scope="session")
def four_branches(
    sealed_environment: None, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Sha]]:
    """A template whose origin has branches a to d, and their heads."""
    root = make_template(tmp_path_factory.mktemp("four-branches"))
    box = Sandbox(root, worker="template", clock=Clock())
    heads = {name: box.commit(name) for name in NAMES}
    box.git("push", "-q", "origin", *NAMES)
    return root, heads


@pytest.fixture(params=["memory", "remote", "in place"])
def place(
    request: pytest.FixtureRequest, four_branches: tuple[Path, dict[str, Sha]], tmp_path: Path
) -> Iterator[Place]:
    """Each kind of place, one after the other."""
    yield from places(request.param, four_branches, tmp_path)


@pytest.fixture
def remote(four_branches: tuple[Path, dict[str, Sha]], tmp_path: Path) -> Iterator[Place]:
    """A queue behind a remote, each store in a clone of its own."""
    yield from places("remote", four_branches, tmp_path)
