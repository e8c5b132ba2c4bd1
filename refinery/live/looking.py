"""Keeps account of the looks at the remote: when the next one is due, how old the picture is."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from refinery.live.heading import Freshness
from refinery.live.snapshot import Snapshot
from refinery.queue.pauses import Pauses

SLOW = 5.0  # seconds: a look that takes longer is worth a word
IDLE_MOST = 30.0  # seconds between looks while nothing happens


class Looking:
    """One look after the other, by `clock`, which counts seconds."""

    def __init__(self, every: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.trouble = ""
        self._pauses = Pauses(every, IDLE_MOST)
        self._clock = clock
        self._began: float | None = None
        self._next = 0.0
        self._moved = clock()
        self._cost = 0.0
        self._tries = 0

    @property
    def under_way(self) -> bool:
        """Whether somebody looks at this moment."""
        return self._began is not None

    def begin(self) -> None:
        """A look begins."""
        self._began = self._clock()

    def went_well(self, *, news: bool) -> float:
        """It ended; seconds until the next one."""
        self._cost = self._ended()
        self.trouble, self._tries = "", 0
        if news:
            self._moved = self._clock()
        return self._due()

    def failed(self, trouble: str) -> float:
        """It found nothing out; seconds until the next one."""
        self._ended()
        self.trouble = trouble
        self._tries += 1
        return self._due()

    def woken(self) -> bool:
        """Somebody pressed a key; whether a look is due that was to come much later."""
        self._moved = self._clock()
        return not self.under_way and self._next - self._clock() > self._pause()

    def freshness(self, snapshot: Snapshot | None, now: datetime) -> Freshness:
        """How old the picture is, and what keeps it from being newer."""
        old = (now - snapshot.at).total_seconds() if snapshot else 0.0
        trouble, waited = self.trouble, 0.0
        if self._began is not None:
            waited = self._clock() - self._began
            if waited > SLOW:
                trouble = f"the remote has not answered for {waited:.0f} s"
        left = 0.0 if self.under_way else max(0.0, self._next - self._clock())
        return Freshness(old, trouble, left, stale=bool(trouble) and snapshot is not None)

    def _ended(self) -> float:
        began, self._began = self._began, None
        return self._clock() - began if began is not None else 0.0

    def _pause(self) -> float:
        if self._tries:
            return self._pauses.after_trouble(self._tries)
        return self._pauses.after(self._clock() - self._moved, cost=self._cost)

    def _due(self) -> float:
        pause = self._pause()
        self._next = self._clock() + pause
        return pause
