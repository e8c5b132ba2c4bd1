"""Several workers in one clone: a process each, what they say side by side, one exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from types import FrameType
from typing import IO

COMMAND = "::"  # a CI service takes lines that begin so as commands, and wants them as they are
ONCE_A_RUN = ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")  # what only the first worker writes
WORST_FIRST = (3, 1, 2, 75, 130)


def run_jobs(command: Sequence[str], jobs: int) -> int:
    """Run `refinery COMMAND` so many times at once; the worst exit code."""
    running = [_start(command, number) for number in range(1, jobs + 1)]
    speaking = [_repeat(child, number) for number, child in enumerate(running, start=1)]

    def pass_on(signum: int, frame: FrameType | None) -> None:
        for child in running:
            if child.poll() is None:
                child.send_signal(signum)

    before = {each: signal.signal(each, pass_on) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        codes = [child.wait() for child in running]
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    for thread in speaking:
        thread.join()
    return _worst(codes)


def _start(command: Sequence[str], number: int) -> subprocess.Popen[str]:
    """One worker, in a session of its own: an interrupt reaches it through us, and once."""
    environ = dict(os.environ)
    for name in ("REFINERY_WORKER", "GT_REFINERY_WORKER"):
        if environ.get(name):
            environ[name] = f"{environ[name]}-{number}"  # who has the same name has the same claims
    if number > 1:
        for name in ONCE_A_RUN:
            environ.pop(name, None)
    return subprocess.Popen(
        [sys.executable, "-m", "refinery", *command],
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )


def _repeat(child: subprocess.Popen[str], number: int) -> threading.Thread:
    assert child.stdout is not None
    thread = threading.Thread(target=_say, args=(child.stdout, number), daemon=True)
    thread.start()
    return thread


def _say(lines: IO[str], number: int) -> None:
    for line in lines:
        print(line if line.startswith(COMMAND) else f"[{number}] {line}", end="", file=sys.stderr)
        sys.stderr.flush()


def _worst(codes: Sequence[int]) -> int:
    for code in WORST_FIRST:
        if code in codes:
            return code
    return max(codes, default=0) if all(code >= 0 for code in codes) else 1
