"""A terminal of a test's own: starts a command in it, types, waits for what shows, resizes."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

PATIENCE = 20.0  # seconds: far more than anything here takes


class Terminal:
    """A command in a pseudo-terminal; `seen` is all that it wrote so far."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        columns: int = 80,
        rows: int = 24,
    ) -> None:
        self._fd, inside = pty.openpty()
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.process = subprocess.Popen(
            argv,
            cwd=cwd,
            env=env,
            stdin=inside,
            stdout=inside,
            stderr=inside,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(inside)
        self.seen = ""
        self._read_until = 0

    def type(self, keys: str) -> None:
        """As from the keyboard: `\\t` completes, `\\x03` interrupts."""
        os.write(self._fd, keys.encode())

    def wait_for(self, pattern: str) -> re.Match[str]:
        """What shows after all that was waited for before."""
        deadline = time.monotonic() + PATIENCE
        while (found := re.compile(pattern).search(self.seen, self._read_until)) is None:
            assert self._read(deadline), f"no {pattern!r} in {self.seen!r}"
        self._read_until = found.end()
        return found

    def end(self) -> int:
        """Wait until the command has ended; its exit code."""
        deadline = time.monotonic() + PATIENCE
        while self._read(deadline):
            pass
        return self.process.wait(max(1.0, deadline - time.monotonic()))

    def close(self) -> None:
        """Whatever it does, it ends."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self._fd)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self, deadline: float) -> bool:
        """Read something; False at the end, or once it is too late."""
        ready, _, _ = select.select([self._fd], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return False
        try:
            data = os.read(self._fd, 65536)
        except OSError:  # the last one that had it open is gone
            return False
        self.seen += data.decode("utf-8", "replace")
        return bool(data)


def shown(text: str) -> list[str]:
    """What a person sees in the end: lines without colours, without what was erased."""
    lines = []
    for line in re.sub(r"\x1b\[[0-9;]*m", "", text).replace("\r\n", "\n").split("\n"):
        lines.append(re.split(r"\r(?:\x1b\[K)?", line)[-1])
    return lines
