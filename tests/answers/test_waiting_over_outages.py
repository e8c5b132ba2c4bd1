"""`wait` outlasts lost connections, a server that restarts, and a repository that comes back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.answers_check import check
from tests.sandbox import CHECKOUT, Sandbox
from tests.servers.daemon import git_daemon
from tests.servers.tools import free_port

pytestmark = pytest.mark.journey

CALL = ("wait", "feat", "--interval", "0.1", "--timeout", "120", "--json")


def first_line(process: subprocess.Popen[str]) -> str:
    """What it says first."""
    assert process.stderr is not None
    return process.stderr.readline()


def test_wait_goes_on_when_the_remote_does(box: Sandbox) -> None:
    port, id = free_port(), box.request("feat", {"a.txt": "a\n"})
    box.git("config", "remote.origin.url", f"git://127.0.0.1:{port}/origin.git")
    server = git_daemon(box, port)
    waiting = subprocess.Popen(
        [sys.executable, "-m", "refinery", *CALL],
        cwd=box.path,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        away = hide(box.origin)
        assert "waiting for the remote: remote 'origin'" in first_line(waiting)
        server.terminate()
        server.wait()
        away.rename(box.origin)
        server = git_daemon(box, port)
        box.clone("bob").cli("process", "--drain")
        out = waiting.communicate(timeout=60)[0]
    finally:
        waiting.kill()
        waiting.wait()
        server.terminate()
        server.wait()
    assert waiting.returncode == 0
    check(CALL, 0, out)
    told = json.loads(out)
    assert (told["id"], told["outcome"], told["exit_code"]) == (id, "landed", 0)


def hide(repository: Path) -> Path:
    """As on a disk that is not mounted for a while."""
    return repository.rename(repository.with_suffix(".away"))
