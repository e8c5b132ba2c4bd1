"""Tells a service manager how the processor is, as sd_notify(3) does; silent where none listens."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import time
from collections.abc import MutableMapping

from refinery.values import dataclass

SOCKET = "NOTIFY_SOCKET"
WATCHDOG = ("WATCHDOG_USEC", "WATCHDOG_PID")


@dataclass(frozen=True, slots=True)
class ServiceManager:
    """The one that listens, if any; `watchdog` is how often it wants a sign of life, in seconds."""

    address: str | None = None
    watchdog: float | None = None

    @classmethod
    def of(cls, environ: MutableMapping[str, str]) -> ServiceManager:
        """Whoever the environment names.

        It is taken out of there: neither git nor a check that is started from here has to speak to
        it.
        """
        told = {name: environ.pop(name, "") for name in (SOCKET, *WATCHDOG)}
        if not told[SOCKET].startswith(("/", "@")):
            return cls()
        microseconds, pid = (told[name] for name in WATCHDOG)
        is_for_us = not pid or pid == str(os.getpid())
        watchdog = int(microseconds) / 1e6 if microseconds.isdecimal() and is_for_us else None
        return cls(told[SOCKET], watchdog or None)

    def into(self, environ: MutableMapping[str, str]) -> None:
        """Put it back, for whoever takes this process over."""
        if self.address is not None:
            environ[SOCKET] = self.address
        if self.watchdog is not None:
            environ[WATCHDOG[0]] = str(round(self.watchdog * 1e6))
            environ[WATCHDOG[1]] = str(os.getpid())

    def ready(self) -> None:
        """It serves."""
        self._send("READY=1")

    def status(self, words: str) -> None:
        """One line for people, as `systemctl status` shows it."""
        self._send(f"STATUS={' '.join(words.split())}")

    def alive(self) -> None:
        """A sign of life."""
        self._send("WATCHDOG=1")

    def reloading(self) -> None:
        """It reads its settings again; `ready` ends this."""
        now = time.monotonic_ns() // 1000  # CLOCK_MONOTONIC where systemd is
        self._send(f"RELOADING=1\nMONOTONIC_USEC={now}")

    def stopping(self) -> None:
        """It was asked to end and does so."""
        self._send("STOPPING=1")

    def _send(self, text: str) -> None:
        if sys.platform == "win32" or self.address is None:
            return
        # An address that begins with @ is in Linux's abstract namespace.
        address = f"\0{self.address[1:]}" if self.address.startswith("@") else self.address
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender,
        ):
            sender.connect(address)
            sender.sendall(text.encode())
