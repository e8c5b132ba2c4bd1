"""`git daemon`: a real connection, which can be cut."""

from __future__ import annotations

import subprocess
import time

from tests.sandbox import Sandbox

PATIENCE = 60  # seconds that nothing here ever takes


def git_daemon(box: Sandbox, port: int) -> subprocess.Popen[bytes]:
    """The origin behind a `git daemon`, which answers."""
    running = subprocess.Popen(
        [
            *("git", "daemon", "--export-all", "--enable=receive-pack", "--listen=127.0.0.1"),
            *(f"--port={port}", f"--base-path={box.root}", "--reuseaddr", str(box.root)),
        ],
        stderr=subprocess.DEVNULL,
    )
    url = f"git://127.0.0.1:{port}/origin.git"
    deadline = time.monotonic() + PATIENCE
    while running.poll() is None and box.run_git("ls-remote", url).code != 0:
        assert time.monotonic() < deadline, "it took too long"
    assert running.poll() is None
    return running
