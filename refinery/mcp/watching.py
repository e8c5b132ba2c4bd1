"""Keeps in touch with whoever waits: progress goes out, a cancellation comes in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from refinery.mcp.call import NobodyWaits


class Line:
    """The watcher of one call: the call runs in a thread of its own, `send` reaches the client.

    Something is sent before each pause, news or not: a client that has heard nothing for a while
    takes the call for dead.
    """

    def __init__(self, send: Callable[[float, str], None]) -> None:
        self._send = send
        self._since = time.monotonic()
        self._words = ""
        self._over = threading.Event()

    def hear(self, words: str) -> None:
        """These are the words from now on."""
        self._words = words

    def pause(self, seconds: float) -> None:
        """Say how it goes on, and wait; raises `NobodyWaits` when the call has been cancelled."""
        if not self._over.is_set():
            try:
                self._send(time.monotonic() - self._since, self._words)
            except Exception:  # cancelled at this very moment, or the client is gone
                raise NobodyWaits from None
        if self._over.wait(seconds):
            raise NobodyWaits

    def hang_up(self) -> None:
        """Nobody wants the answer any more."""
        self._over.set()
