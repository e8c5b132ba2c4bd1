"""A project on GitHub's emulator, and a runner that executes its workflows."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.ci.project import Deliveries, Project
from tests.ci.runner import Runner
from tests.forges.github_server import TOKEN, GitHubServer, start_github
from tests.sandbox import Sandbox


@pytest.fixture(scope="session")
def github_server(
    sealed_environment: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GitHubServer]:
    """GitHub's emulator, one for all tests."""
    server = start_github(tmp_path_factory.mktemp("github"))
    yield server
    server.stop()


@pytest.fixture
def deliveries() -> Iterator[Deliveries]:
    made = Deliveries("")

    class Receiver(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.arrived.put((self.headers["X-GitHub-Event"], json.loads(body)))
            self.send_response(202)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Nobody reads it."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    made.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def project(github_server: GitHubServer, box: Sandbox) -> Project:
    """An empty one; `config` and branches are the test's."""
    name = github_server.repository()
    runner = Runner(
        box.root / "runner",
        box.origin,
        env={"GITHUB_API_URL": github_server.url, "GITHUB_REPOSITORY": name},
        secrets={"GITHUB_TOKEN": TOKEN},
    )
    return Project(github_server, name, box, runner)
