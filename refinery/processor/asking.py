"""Asks the processor of a clone for something, through a named pipe that only it reads."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

from refinery.values import StrEnum

_MOST = 4096


class Request(StrEnum):
    """What a processor can be asked for, about the one repository whose pipe it is."""

    STOP = "stop"
    """End: finish a landing, give up checks."""
    FINISH = "finish"
    """End after the candidate at hand."""
    LOOK = "look"
    """Look at the queue now."""
    RESTART = "restart"
    """Begin anew as the same process, for all that it serves."""


def ask(ear: Path, request: Request) -> bool:
    """Whether a processor was there to hear it."""
    if sys.platform == "win32":
        return False
    try:
        pipe = os.open(ear, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False  # nobody has it open, or there is no such pipe
    try:
        os.write(pipe, f"{request}\n".encode())
        return True
    except OSError:
        return False
    finally:
        os.close(pipe)


class Ear:
    """The hearing end; `listen` returns once it is closed."""

    _path: Path
    _pipe: int
    _closed: bool

    def __init__(self, path: Path) -> None:
        if sys.platform == "win32":
            raise OSError("no named pipes in the file system")
        self._path = path
        with contextlib.suppress(FileNotFoundError):
            path.unlink()  # whoever has the lock is the only one to hear
        os.mkfifo(path, 0o600)
        # Also open for writing, or each asker that leaves would be the end of the file.
        self._pipe = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        self._closed = False

    def listen(self, heard: Callable[[Request], None]) -> None:
        """Tell each request; blocks, and costs nothing while nobody asks."""
        while not self._closed:
            for line in os.read(self._pipe, _MOST).decode("ascii", "replace").splitlines():
                with contextlib.suppress(ValueError):
                    heard(Request(line))
        os.close(self._pipe)

    def close(self) -> None:
        """Hear no more."""
        self._closed = True
        with contextlib.suppress(OSError):
            self._path.unlink()
        os.write(self._pipe, b"\n")
