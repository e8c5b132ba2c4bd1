"""What the tests of webhooks share: a spool, a receiver, and a real `refinery serve`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from refinery.webhook.receiver import Receiver
from refinery.webhook.spool import Spool
from tests.forges.github_server import GitHubServer, start_github
from tests.sandbox import Sandbox
from tests.webhook.deliveries import REPOSITORY, SECRET
from tests.webhook.served import Served


@dataclass
class Time:
    """Seconds that pass only when somebody says so."""

    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now

    def tick(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def spool(tmp_path: Path, time: Time) -> Iterator[Spool]:
    opened = Spool.open(tmp_path / "spool" / "webhooks.sqlite3", clock=time)
    yield opened
    opened.close()


@dataclass
class Door:
    """A receiver, with what it logged and how often it woke the worker."""

    receiver: Receiver
    logged: list[str] = field(default_factory=list)
    woken: list[None] = field(default_factory=list)


@pytest.fixture
def door(spool: Spool) -> Door:
    logged: list[str] = []
    woken: list[None] = []
    made = Receiver(spool, (SECRET,), logged.append, lambda: woken.append(None), largest=100_000)
    return Door(made, logged, woken)


@pytest.fixture
def ours(box: Sandbox) -> Sandbox:
    """A sandbox whose configuration says which repository on the forge it is."""
    box.config(f'version: 1\nrepository: {REPOSITORY}\nchecks:\n- {{"name": "t", "run": "true"}}\n')
    return box


@pytest.fixture
def served(ours: Sandbox) -> Iterator[Served]:
    """A real `refinery serve` for the sandbox, started by `start`."""
    made = Served(ours)
    yield made
    made.end()


@pytest.fixture(scope="session")
def github_server(
    sealed_environment: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GitHubServer]:
    """GitHub's emulator."""
    server = start_github(tmp_path_factory.mktemp("github"))
    yield server
    server.stop()


@pytest.fixture
def github(github_server: GitHubServer) -> Iterator[GitHubServer]:
    """The same, without what a test before it has broken."""
    yield github_server
    github_server.clear()
