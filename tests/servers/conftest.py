"""Servers of every kind that people run, each with the set-up that the guide shows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox import Sandbox
from tests.servers import guide
from tests.servers.smart_http import GitServer


@pytest.fixture
def guarded(box: Sandbox) -> Sandbox:
    """An origin with the server's hooks, whose queue is run by `refinery` only."""
    guide.install_hooks(box)
    guide.name_engines(box)
    return box


@pytest.fixture
def web(guarded: Sandbox) -> Iterator[GitServer]:
    """The same over smart HTTP: ada and bob write code, refinery runs the queue."""
    server = GitServer(guarded.root, "ada", "bob", "refinery")
    yield server
    server.close()


@pytest.fixture
def plain_web(box: Sandbox) -> Iterator[GitServer]:
    """A server that has no hooks, and lets everybody do everything."""
    server = GitServer(box.root, "ada", "refinery")
    yield server
    server.close()
