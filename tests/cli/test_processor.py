"""The processor: it starts once, lands what is pushed, ends after what it has begun."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from tests.sandbox import Sandbox

pytestmark = pytest.mark.journey

PATIENCE = 60.0


@pytest.fixture
def fleet(box: Sandbox) -> Iterator[Sandbox]:
    """A sandbox whose processor is ended whatever happens."""
    yield box
    box.run("stop", "--wait", "20s")


def until(done: object) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it took too long"


def test_it_starts_once_lands_what_comes_and_stops(fleet: Sandbox) -> None:
    started = fleet.run("start", "--every", "50ms")
    assert (started.code, "✓ Refinery started for origin" in started.out) == (0, True)
    again = fleet.run("start")
    assert (again.code, "⚠ Refinery is already running" in again.out) == (0, True)
    assert fleet.run("status", "--json").json["state"] == "running"
    fleet.request("feat", {"a.txt": "a\n"})
    until(lambda: fleet.landed == ["feat"])
    assert fleet.run("restart", "--every", "50ms").code == 0
    stopped = fleet.run("stop")
    assert (stopped.code, stopped.out) == (0, "✓ Refinery stopped for origin\n")
    again = fleet.run("stop")
    assert (again.code, again.out) == (0, "⚠ Refinery is not running\n")
    assert fleet.run("status", "--json").json["state"] == "stopped"


def test_a_dead_processor_is_not_running(fleet: Sandbox) -> None:
    assert fleet.run("start", "--every", "50ms").code == 0
    pid = fleet.run("status", "--json").json["pid"]
    os.kill(pid, signal.SIGKILL)
    until(lambda: fleet.run("status", "--json").json["state"] == "stopped")
    assert fleet.run("start", "--every", "50ms").code == 0


def test_attach_starts_it_shows_what_it_says_and_leaves_it_running(fleet: Sandbox) -> None:
    fleet.request("feat", {"a.txt": "a\n"})
    import subprocess
    import sys

    from tests.sandbox import CHECKOUT

    attached = subprocess.Popen(
        [sys.executable, "-m", "refinery", "attach", "--every", "50ms"],
        cwd=fleet.path,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert attached.stdout is not None
    said = ""
    while "✓ landed" not in said:
        line = attached.stdout.readline()
        assert line, said
        said += line
    attached.send_signal(signal.SIGINT)
    assert attached.wait(timeout=PATIENCE) == 0
    assert "Refinery not running for origin, starting..." in said
    assert fleet.run("status", "--json").json["state"] == "running"


def test_an_interrupt_gives_back_what_is_claimed(fleet: Sandbox) -> None:
    going, gate = fleet.root / "going", fleet.root / "gate"
    os.mkfifo(gate)
    fleet.config(f"version: 1\nchecks:\n- name: slow\n  run: touch {going}; read x < {gate}\n")
    id = fleet.request("feat", {"a.txt": "a\n"})
    import subprocess
    import sys

    from tests.sandbox import CHECKOUT

    engine = subprocess.Popen(
        [sys.executable, "-m", "refinery", "process"],
        cwd=fleet.path,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stderr=subprocess.PIPE,
    )
    until(going.exists)
    engine.send_signal(signal.SIGINT)
    said = engine.communicate(timeout=PATIENCE)[1].decode()
    assert engine.returncode == 130, said
    assert fleet.view().claims == {}
    assert [mr["id"] for mr in fleet.cli("ready", "--json").json] == [id]
