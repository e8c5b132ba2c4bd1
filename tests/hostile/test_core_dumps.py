"""Whoever holds tokens leaves no image of its memory on a disk when it crashes."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sandbox import CHECKOUT, Sandbox

PATTERN = Path("/proc/sys/kernel/core_pattern")

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(sys.platform != "linux", reason="cores are read as Linux writes them"),
]


def _cores_allowed() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))


def _lands_elsewhere() -> bool:
    return (
        PATTERN.read_text().startswith(("|", "/"))
        or not resource.getrlimit(resource.RLIMIT_CORE)[1]
    )


def crashed(argv: list[str], cwd: Path) -> int:
    """How a process ended that holds a token and may leave a core."""
    done = subprocess.run(
        argv,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "GITHUB_TOKEN": "canary-4711"},
        preexec_fn=_cores_allowed,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode


def cores(place: Path) -> list[Path]:
    return [file for file in place.rglob("core*") if file.is_file() and _is_core(file)]


def _is_core(file: Path) -> bool:
    with file.open("rb") as data:
        return data.read(4) == b"\x7fELF"


@pytest.mark.skipif(_lands_elsewhere(), reason="cores of this machine go elsewhere")
def test_any_other_process_leaves_one(tmp_path: Path) -> None:
    """Else the test below would prove nothing."""
    assert crashed([sys.executable, "-c", "import os; os.abort()"], tmp_path) == -signal.SIGABRT
    [core] = cores(tmp_path)
    assert b"canary-4711" in core.read_bytes()


def test_a_worker_that_crashes_leaves_none(box: Sandbox) -> None:
    box.config("version: 1\nchecks:\n  - name: crash\n    run: kill -ABRT $PPID; sleep 5\n")
    box.request("work", {"w.txt": "w\n"}, onto="main")
    argv = [sys.executable, "-m", "refinery", "process"]
    assert crashed(argv, box.path) == -signal.SIGABRT
    assert cores(box.root) == []


def test_nor_does_one_that_tests_nothing_or_what_it_starts(box: Sandbox) -> None:
    """Its checks never ran, so its memory is that of any process."""
    script = (
        "import os, subprocess, sys\n"
        "from refinery.app import open_queue\n"
        "with open_queue('.', engine=True) as queue:\n"
        "    queue.engine(lambda happened: None)\n"
        "    subprocess.run([sys.executable, '-c', 'import os; os.abort()'])\n"
        "    os.abort()\n"
    )
    assert crashed([sys.executable, "-c", script], box.path) == -signal.SIGABRT
    assert cores(box.root) == []


@pytest.mark.parametrize(
    ("allowed", "then"), [("unlimited", 1), (4096, 1), (1, 1), (0, 0)], ids=str
)
def test_no_process_of_a_worker_leaves_an_image_of_its_memory(allowed: object, then: int) -> None:
    script = (
        "import resource, sys; from refinery.engine.privacy import leave_no_core; "
        "leave_no_core(); print(*resource.getrlimit(resource.RLIMIT_CORE))"
    )
    limited = f"ulimit -c {allowed} && exec {sys.executable} -c '{script}'"
    told = subprocess.run(
        ["bash", "-c", limited], capture_output=True, text=True, check=True, cwd=CHECKOUT
    )
    assert int(told.stdout.split()[0]) == then
