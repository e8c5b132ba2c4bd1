"""Several workers in one clone: a process each, what they say side by side, one exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType

from refinery.engine.signals import PARENT
from refinery.typed import IO
from refinery.values import dataclass, field

COMMAND = "::"  # a CI service takes lines that begin so as commands, and wants them as they are
ONCE_A_RUN = ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")  # what only the first worker writes
WORST_FIRST = (3, 1, 2, 75, 130)
INTERRUPTED = 130
LAST_WORDS = 5.0  # seconds: what a worker left behind may keep its pipe open
PASSED_ON = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)
)


def run_jobs(command: Sequence[str], jobs: int) -> int:
    """Run `refinery COMMAND` so many times at once; the worst exit code."""
    workers = _Workers()
    with _signals_to(workers):
        workers.start(command, jobs)
        speaking = [_repeat(child, at) for at, child in enumerate(workers.running, start=1)]
        codes = [child.wait() for child in workers.running]
    for thread in speaking:
        thread.join(LAST_WORDS)
    return _worst(codes) if codes else INTERRUPTED


@dataclass(slots=True)
class _Workers:
    """The processes, and the signals that they have still to get.

    A signal that comes while they are started waits until all that were are known, so that each
    gets it, and gets it once: two would make it give up what it is at.
    """

    running: list[subprocess.Popen[str]] = field(default_factory=list)
    due: deque[int] = field(default_factory=deque)
    is_started: bool = False

    def start(self, command: Sequence[str], jobs: int) -> None:
        """As many as asked for, or fewer if a signal comes first."""
        try:
            for number in range(1, jobs + 1):
                if self.due:
                    break
                self.running.append(_start(command, number))
        except BaseException:
            self.due.append(signal.SIGTERM)
            raise
        finally:
            self.is_started = True
            self._pass_on()

    def take(self, number: int, frame: FrameType | None) -> None:
        """A signal has come."""
        self.due.append(number)
        if self.is_started:
            self._pass_on()

    def _pass_on(self) -> None:
        with suppress(IndexError):  # another signal's handler may have taken the last one
            while self.due:
                number = self.due.popleft()
                for child in self.running:
                    child.send_signal(number)  # which spares those that have ended


@contextmanager
def _signals_to(workers: _Workers) -> Iterator[None]:
    """Signals go to the workers; what we were told to ignore (`nohup`) is ignored for them too."""
    heard = [each for each in PASSED_ON if signal.getsignal(each) is not signal.SIG_IGN]
    before = {each: signal.signal(each, workers.take) for each in heard}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _start(command: Sequence[str], number: int) -> subprocess.Popen[str]:
    """One worker, in a session of its own: an interrupt reaches it through us, and once."""
    environ = {**os.environ, PARENT: str(os.getpid())}
    for name in ("REFINERY_WORKER", "GT_REFINERY_WORKER"):
        if environ.get(name):
            environ[name] = f"{environ[name]}-{number}"  # who has the same name has the same claims
    if number > 1:
        for name in ONCE_A_RUN:
            environ.pop(name, None)
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "refinery", *command],
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
    """Repeat what a worker says; it is read also when nobody listens, or the worker would wait."""
    for line in lines:
        said = line if line.startswith(COMMAND) else f"[{number}] {line}"
        try:
            print(said, end="", file=sys.stderr, flush=True)
        except (OSError, ValueError):
            sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115 - nobody listens any more


def _worst(codes: Sequence[int]) -> int:
    """The worst of them; who was killed has failed."""
    told = [1 if code < 0 else code for code in codes]
    return next((code for code in WORST_FIRST if code in told), max(told, default=0))
