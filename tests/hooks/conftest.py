"""An origin with the server's hooks, as `refinery hooks install` leaves it."""

from __future__ import annotations

import pytest

from refinery.hooks.installer import Side, install
from refinery.repo.repository import Repository
from tests.sandbox import Result, Sandbox

PATTERNS = ("polecat/**", "mr/**")


def serve(box: Sandbox) -> None:
    """Its origin submits what is pushed, and guards its targets."""
    with Repository.discover(box.origin) as repo:
        install(repo, Side.SERVER, PATTERNS)


@pytest.fixture
def served(box: Sandbox) -> Sandbox:
    """A queue whose origin submits what is pushed, and guards its targets."""
    serve(box)
    return box


def said(result: Result) -> list[str]:
    """What the server's hooks told the author."""
    lines = (line.strip() for line in result.err.splitlines())
    mark = "remote: refinery: "
    return [line.removeprefix(mark) for line in lines if line.startswith(mark)]
