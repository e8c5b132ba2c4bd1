"""The forges of the tests: one server of each kind for a session, a fresh repository for a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.forges.benches import ForgeBench, RemoteBench, TrackerBench
from tests.forges.fake_gitea import FakeGitea, start_gitea
from tests.forges.fake_gitlab import FakeGitLab, start_gitlab
from tests.forges.fault_proxy import FaultProxy
from tests.forges.gitea_bench import GiteaBench
from tests.forges.github_bench import GitHubBench
from tests.forges.github_server import GitHubServer, start_github
from tests.forges.gitlab_bench import GitLabBench
from tests.forges.local_bench import LocalBench
from tests.sandbox import Sandbox

FORGES = ["github", "gitlab", "gitea"]
TRACKERS = ["local", *FORGES]


@pytest.fixture(scope="session")
def github_server(
    sealed_environment: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GitHubServer]:
    """GitHub's emulator behind a proxy that can break down."""
    server = start_github(tmp_path_factory.mktemp("github"))
    yield server
    server.stop()


@pytest.fixture
def github(github_server: GitHubServer) -> Iterator[GitHubServer]:
    """The same, without what a test before it has broken."""
    yield github_server
    github_server.clear()


@pytest.fixture
def local_bench(box: Sandbox) -> Iterator[LocalBench]:
    """The embedded tracker of a sandbox."""
    bench = LocalBench(box)
    yield bench
    bench.end()


@pytest.fixture
def github_bench(
    github: GitHubServer, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> Iterator[GitHubBench]:
    """A fresh repository on the emulator, and an environment that leads to it."""
    bench = GitHubBench(github, box, monkeypatch)
    yield bench
    bench.end()


@pytest.fixture(scope="session")
def gitlab_server() -> Iterator[tuple[FaultProxy, FakeGitLab]]:
    """A fake that its API's description keeps honest, and a proxy that can break down."""
    proxy, fake = start_gitlab()
    yield proxy, fake
    proxy.close()


@pytest.fixture
def gitlab_bench(
    gitlab_server: tuple[FaultProxy, FakeGitLab], box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> Iterator[GitLabBench]:
    """A fresh project on the fake, and an environment that leads to it."""
    bench = GitLabBench(gitlab_server, box, monkeypatch)
    yield bench
    bench.end()


@pytest.fixture(scope="session")
def gitea_server() -> Iterator[tuple[FaultProxy, FakeGitea]]:
    """A fake that its API's description keeps honest, and a proxy that can break down."""
    proxy, fake = start_gitea()
    yield proxy, fake
    proxy.close()


@pytest.fixture
def gitea_bench(
    gitea_server: tuple[FaultProxy, FakeGitea], box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> Iterator[GiteaBench]:
    """A fresh repository on the fake, and an environment that leads to it."""
    bench = GiteaBench(gitea_server, box, monkeypatch)
    yield bench
    bench.end()


@pytest.fixture(params=TRACKERS)
def bench(request: pytest.FixtureRequest) -> TrackerBench:
    """A tracker of each kind in turn."""
    made: TrackerBench = request.getfixturevalue(f"{request.param}_bench")
    return made


@pytest.fixture(params=FORGES)
def remote_bench(request: pytest.FixtureRequest) -> RemoteBench:
    """A tracker of each kind that is elsewhere."""
    made: RemoteBench = request.getfixturevalue(f"{request.param}_bench")
    return made


@pytest.fixture(params=FORGES)
def forge_bench(request: pytest.FixtureRequest) -> ForgeBench:
    """A forge of each kind in turn."""
    made: ForgeBench = request.getfixturevalue(f"{request.param}_bench")
    return made
