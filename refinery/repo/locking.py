"""Locks between the processes of one machine that share a clone; a crash gives them back."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from refinery.errors import TryAgain

if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _try(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class FileLock:
    """One held lock; `release` or the end of the process gives it back."""

    __slots__ = ("_descriptor", "path")

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def try_lock(path: Path) -> FileLock | None:
    """The lock at `path`, or None when another process (or another open lock here) has it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
    try:
        if _try(descriptor):
            return FileLock(path, descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None


@contextmanager
def locked(path: Path, *, wait: float) -> Iterator[None]:
    """Hold the lock at `path`, waiting for it up to `wait` seconds."""
    lock = _wait_for(path, time.monotonic() + wait)
    if lock is None:
        raise TryAgain(f"another process has held {str(path)!r} for {wait:g} seconds")
    try:
        yield
    finally:
        lock.release()


def _wait_for(path: Path, deadline: float) -> FileLock | None:
    while (lock := try_lock(path)) is None:
        if time.monotonic() >= deadline:
            return None
        from random import uniform

        time.sleep(uniform(0.002, 0.02))
    return lock
