"""`process --jobs N`: workers as processes; signals reach each."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.sandbox import CHECKOUT, Sandbox

PATIENCE = 30.0
PARENT = """\
import os, signal, sys
from refinery.cli import jobs
os.environ["PYTHONPATH"] = os.getcwd()
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
signal.signal(signal.SIGHUP, signal.SIG_DFL)
{first}
sys.exit(jobs.run_jobs([sys.argv[1]], int(sys.argv[2])))
"""
# In the place of `refinery`: it does what it is told in Python.
WORKER = "import sys\nexec(sys.argv[1])\n"
UNTIL_A_SIGNAL = """
import os, signal, sys
def end(number, frame):
    os.write(1, f"ends on {signal.Signals(number).name}\\n".encode())  # print may be at work
    os._exit(0)
for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(each, end)
print("ready", flush=True)
signal.pause()
"""


@contextmanager
def parent(
    place: Path, code: str, jobs: int = 2, *, first: str = ""
) -> Iterator[subprocess.Popen[str]]:
    """A process that runs `code` in so many workers, after doing something `first`."""
    stand_in = place / "inside" / "refinery"
    stand_in.mkdir(parents=True)
    (stand_in / "__init__.py").touch()
    (stand_in / "__main__.py").write_text(WORKER)
    (place / "parent.py").write_text(PARENT.format(first=first))
    with subprocess.Popen(
        [sys.executable, str(place / "parent.py"), code, str(jobs)],
        cwd=place / "inside",
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "REFINERY_WORKER": "w"},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def first_lines(process: subprocess.Popen[str], count: int) -> list[str]:
    assert process.stderr is not None
    return sorted(process.stderr.readline().rstrip() for _ in range(count))


def last_lines(process: subprocess.Popen[str]) -> tuple[int, list[str]]:
    """The exit code, and what was said."""
    said = process.communicate(timeout=PATIENCE)[1]
    return process.returncode, sorted(said.splitlines())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_reaches_every_worker_once(tmp_path: Path, number: signal.Signals) -> None:
    with parent(tmp_path, UNTIL_A_SIGNAL) as process:
        assert first_lines(process, 2) == ["[1] ready", "[2] ready"]
        process.send_signal(number)
        assert last_lines(process) == (0, [f"[{n}] ends on {number.name}" for n in (1, 2)])


def test_a_hangup_that_is_to_be_ignored_is_ignored_for_the_workers_too(tmp_path: Path) -> None:
    nohup = "signal.signal(signal.SIGHUP, signal.SIG_IGN)"
    with parent(tmp_path, UNTIL_A_SIGNAL, first=nohup) as process:
        first_lines(process, 2)
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGTERM)
        assert last_lines(process) == (0, ["[1] ends on SIGTERM", "[2] ends on SIGTERM"])


def test_a_signal_that_comes_while_workers_are_started_ends_those_that_were(
    tmp_path: Path,
) -> None:
    at_once = """
start = jobs._start
def started(command, number):
    child = start(command, number)
    child.stdout.readline()
    os.kill(os.getpid(), signal.SIGTERM)
    return child
jobs._start = started
"""
    with parent(tmp_path, UNTIL_A_SIGNAL, first=at_once) as process:
        assert last_lines(process) == (0, ["[1] ends on SIGTERM"])


# The real thing that a worker asks between two candidates.
UNTIL_LEFT_ALONE = """
import os, select
from refinery.engine.signals import GracefulStop
with GracefulStop() as stop:
    print("ready", os.getpid(), flush=True)
    while not stop.asked():
        select.select([], [], [], 0.01)
"""


def test_workers_end_when_who_started_them_was_killed(tmp_path: Path) -> None:
    code = f"import sys; sys.path[0] = {str(CHECKOUT)!r}; del sys.modules['refinery']"
    with parent(tmp_path, code + UNTIL_LEFT_ALONE) as process:
        workers = [int(line.split()[-1]) for line in first_lines(process, 2)]
        watched = [os.pidfd_open(worker) for worker in workers]
        try:
            process.kill()
            for each in watched:
                ended, _, _ = select.select([each], [], [], PATIENCE)
                assert ended == [each]
        finally:
            for each in watched:
                os.close(each)


def test_workers_go_on_when_nobody_reads_what_they_say(tmp_path: Path) -> None:
    # What `refinery process --jobs 2 2>&1 | head -1` does: far more is said than a pipe holds.
    code = "for n in range(20_000): print('a line of the worker', n)\nsys.exit(75)"
    with parent(tmp_path, code) as process:
        assert process.stderr is not None
        process.stderr.readline()
        process.stderr.close()
        assert process.wait(PATIENCE) == 75


@pytest.mark.parametrize(
    ("ends", "code"),
    [
        (("sys.exit(0)", "sys.exit(0)"), 0),
        (("sys.exit(0)", "sys.exit(75)"), 75),
        (("sys.exit(75)", "sys.exit(1)"), 1),
        (("sys.exit(75)", "os.kill(os.getpid(), 9)"), 1),
    ],
    ids=["all-done", "one-to-try-again", "one-failed", "one-killed"],
)
def test_the_exit_code_is_that_of_the_worst(
    tmp_path: Path, ends: tuple[str, str], code: int
) -> None:
    by_worker = dict(zip(("w-1", "w-2"), ends, strict=True))
    with parent(
        tmp_path, f"import os\nexec({by_worker!r}[os.environ['REFINERY_WORKER']])"
    ) as process:
        assert last_lines(process) == (code, [])


def test_workers_run_nothing_that_lies_where_they_are_started(box: Sandbox) -> None:
    """A repository may hold files that are called as Python's own modules are."""
    (box.path / "json.py").write_text("raise SystemExit('the repository runs')\n")
    (box.path / "refinery").mkdir()
    (box.path / "refinery" / "__main__.py").write_text("raise SystemExit('the repository runs')\n")
    box.request("feat", {"a.txt": "a\n"})
    command = [sys.executable, "-P", "-m", "refinery", "process", "--jobs", "2"]
    done = subprocess.run(
        command,
        cwd=box.path,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, "the repository runs" in done.stderr) == (0, False), done.stderr
    assert box.landed == ["feat"]
