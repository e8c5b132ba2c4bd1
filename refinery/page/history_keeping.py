"""Keeps histories ready for a server: whoever asks is answered at once, one thread reads anew."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from threading import Condition, Thread

from refinery.app import Queue
from refinery.errors import RefineryError
from refinery.page.history import History
from refinery.page.history_page import Chosen
from refinery.page.history_reading import Chronicle
from refinery.page.history_spans import Stretch, before, earliest, stretch
from refinery.queue.measures import Measures
from refinery.records.names import Branch
from refinery.store.view import View
from refinery.values import dataclass, field

FRESH = 15.0  # seconds, or as many times as long as it took to read:
PATIENCE = 20.0
STALE = 300.0  # seconds, after which it is worth waiting for a newer one
WAIT = 0.15  # seconds, no longer: the first byte of an answer is due
_MOST = 64


@dataclass(frozen=True, slots=True)
class Known:
    """A history as it was at an instant, what to compare it with, and the targets there are."""

    at: datetime
    history: History
    before: Measures | None
    targets: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing is known yet: it is being read, or, with `trouble`, cannot be."""

    trouble: str = ""


@dataclass(frozen=True, slots=True)
class NoSuchTarget:
    """Nothing was ever queued for that branch."""


Answer = Known | Unknown | NoSuchTarget


@dataclass(frozen=True, slots=True)
class _Kept:
    known: Known
    read: float
    fresh_until: float


@dataclass(slots=True)
class Histories:
    """The histories of one queue; `open` opens it, `look` is how it is now."""

    open: Callable[[], Queue]
    look: Callable[[Queue], View]
    log: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    _kept: dict[Chosen, _Kept] = field(default_factory=dict)
    _wanted: dict[Chosen, None] = field(default_factory=dict)
    _targets: tuple[Branch, ...] | None = None
    _trouble: str = ""
    _changed: Condition = field(default_factory=Condition)
    _is_reading: bool = False
    _chronicle: Chronicle = field(default_factory=Chronicle)

    def get(self, chosen: Chosen, *, wait: float = WAIT) -> Answer:
        """What is known; what has become old is read again meanwhile, for the next who asks."""
        with self._changed:
            kept, now = self._kept.get(chosen), self.clock()
            if (kept is None or now >= kept.fresh_until) and not self._is_foreign(chosen):
                self._want(chosen)
                if kept is None or now >= kept.read + STALE:
                    self._changed.wait_for(lambda: chosen not in self._wanted, wait)
                    kept = self._kept.get(chosen)
            if kept is not None:
                return kept.known
            return NoSuchTarget() if self._is_foreign(chosen) else Unknown(self._trouble)

    def _is_foreign(self, chosen: Chosen) -> bool:
        """Anybody may ask for anything: only what exists is worth reading."""
        known = self._targets
        return chosen.target is not None and known is not None and chosen.target not in known

    def _want(self, chosen: Chosen) -> None:
        if len(self._wanted) < _MOST:
            self._wanted.setdefault(chosen)
        if not self._is_reading:
            self._is_reading = True
            Thread(target=self._work, name="history", daemon=True).start()

    def _work(self) -> None:
        """Read what is wanted, until nothing is."""
        try:
            with self.open() as queue:
                while (chosen := self._next()) is not None:
                    self._keep(chosen, *self._timed(queue, chosen))
        except RefineryError as trouble:
            self._give_up(trouble.message)
        except Exception as error:
            self._give_up(f"a bug in refinery: {type(error).__name__}: {error}")

    def _next(self) -> Chosen | None:
        with self._changed:
            found = next(iter(self._wanted), None)
            if found is None:
                self._is_reading = False
            return found

    def _timed(self, queue: Queue, chosen: Chosen) -> tuple[Known, float]:
        began = self.clock()
        view, now = self.look(queue), queue.now()
        self._chronicle.read(queue.store, view, earliest(now))
        return known(view, self._chronicle, chosen, now), self.clock() - began

    def _keep(self, chosen: Chosen, known: Known, seconds: float) -> None:
        with self._changed:
            now = self.clock()
            self._trouble, self._targets = "", known.targets
            self._kept.pop(chosen, None)
            if not self._is_foreign(chosen):
                self._kept[chosen] = _Kept(known, now, now + max(FRESH, PATIENCE * seconds))
            while len(self._kept) > _MOST:
                del self._kept[next(iter(self._kept))]
            self._wanted.pop(chosen, None)
            self._changed.notify_all()

    def _give_up(self, why: str) -> None:
        self.log(f"warning: history: {why}")
        with self._changed:
            self._trouble = why
            self._wanted.clear()
            self._is_reading = False
            self._changed.notify_all()


def known(view: View, chronicle: Chronicle, chosen: Chosen, now: datetime) -> Known:
    """One history, with what it is compared with; all of it has been read."""
    asked = stretch(chosen.span, now)
    return Known(
        at=now,
        history=chronicle.history(view, asked, chosen.target),
        before=_whole(view, chronicle, before(asked), chosen.target),
        targets=chronicle.targets(view),
    )


def _whole(
    view: View, chronicle: Chronicle, compared: Stretch | None, target: Branch | None
) -> Measures | None:
    """The figures of a stretch, unless the queue began within it: that compares with nothing."""
    if compared is None:
        return None
    found = chronicle.measures(view, compared, target)
    return found if found.period.since <= compared.since else None
