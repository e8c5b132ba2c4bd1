"""The line that says what takes so long: on a terminal's stderr, after a second, and then gone."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from refinery import doing
from refinery.cli.output import width
from refinery.typed import Any, TextIO

PATIENCE = 1.0  # seconds: what takes less needs no words
_REDRAWN = 0.25
_ERASE = "\r\x1b[K"
_COLUMNS = 80

_GIT = {
    "clone": "cloning",
    "fetch": "fetching from the remote",
    "ls-remote": "asking the remote for its refs",
    "push": "pushing to the remote",
    "merge-tree": "merging",
    "merge-file": "merging",
    "diff-tree": "comparing",
    "log": "reading history",
    "rev-list": "reading history",
    "worktree": "checking files out",
    "read-tree": "checking files out",
    "checkout-index": "checking files out",
}


@contextmanager
def shown_if_long() -> Iterator[None]:
    """While entered, stderr shows what has been going on for more than a second, if anything."""
    if os.environ.get("TERM") == "dumb":  # it could not erase the line again
        yield
        return
    line = Line(sys.stderr)
    over = threading.Event()
    thread = threading.Thread(target=_watch, args=(line, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        line.close()


def _watch(line: Line, over: threading.Event) -> None:
    pause = PATIENCE
    while not over.wait(pause):
        words = what_takes_long(time.monotonic())
        if words:
            line.draw(words)
        else:
            line.erase()
        pause = _REDRAWN


def what_takes_long(now: float) -> str:
    """What has been going on for more than a second, in words; empty if nothing."""
    at = doing.current
    if at is not None:
        return _counted(at, now) if now - at.since >= PATIENCE else ""
    for command, since in _gits():
        if now - since >= PATIENCE:
            return f"{_GIT.get(command, f'git {command}')} ({now - since:.0f} s)"
    return ""


def _gits() -> list[tuple[str, float]]:
    process = sys.modules.get("refinery.repo.process")
    return [] if process is None else [*process.at_work.values()]


def _counted(at: doing.Doing, now: float) -> str:
    """`verifying 1200 of 10000 (12%), 9 s, 66 s left`."""
    seconds = now - at.since
    if at.total is None:
        many = f" {at.done}" if at.done else ""
        return f"{at.words}{many} ({seconds:.0f} s)"
    words = f"{at.words} {at.done} of {at.total}"
    if not 0 < at.done <= at.total:
        return f"{words} ({seconds:.0f} s)"
    left = seconds / at.done * (at.total - at.done)
    return f"{words} ({at.done / at.total:.0%}), {seconds:.0f} s, {left:.0f} s left"


class Line:
    """One line that is written over; what others print meanwhile goes above it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.RLock()
        self._is_drawn = False
        self._is_closed = False
        self._others: dict[str, _Beside] = {}

    def draw(self, words: str) -> None:
        """Show these words in place of those before."""
        columns = width(self._stream) or _COLUMNS
        with self._lock:
            if self._is_closed:
                return
            self._stand_aside()
            if not any(each.in_a_line for each in self._others.values()):
                self._write(f"{_ERASE}{words[: columns - 1]}")
                self._is_drawn = True

    def erase(self) -> None:
        """Leave the terminal as if there had been no such line."""
        with self._lock:
            self.make_room()
            for name, beside in self._others.items():
                if getattr(sys, name) is beside:
                    setattr(sys, name, beside.stream)
            self._others.clear()

    def close(self) -> None:
        """Erase it for good."""
        with self._lock:
            self._is_closed = True
            self.erase()

    def make_room(self) -> None:
        """Somebody prints: the line is drawn again later."""
        if self._is_drawn:
            self._write(_ERASE)
            self._is_drawn = False

    def _stand_aside(self) -> None:
        """From now on, what is printed to the terminal has the line erased first."""
        for name in ("stdout", "stderr"):
            stream = getattr(sys, name)
            if name not in self._others and stream.isatty():
                self._others[name] = beside = _Beside(stream, self, self._lock)
                setattr(sys, name, beside)

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            return


class _Beside:
    """A stream to the same terminal: the same stream, except that the line makes room for it."""

    def __init__(self, stream: TextIO, line: Line, lock: Any) -> None:
        self.stream = stream
        self.in_a_line = False
        self._line = line
        self._lock = lock

    def write(self, text: str) -> int:
        """Print it where the line was."""
        with self._lock:
            self._line.make_room()
            if text:
                self.in_a_line = not text.endswith("\n")
            return self.stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)
