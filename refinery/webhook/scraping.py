"""Answers scrapes of metrics: measured anew at most every few seconds, by one thread at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from threading import Lock

from refinery import __version__
from refinery.app import Queue
from refinery.errors import RefineryError
from refinery.queue.openmetrics import Family, Kind, Sample, render
from refinery.values import dataclass, field
from refinery.webhook.spool import Health

FRESH = 15.0  # seconds, or as many times as long as it took to measure:
PATIENCE = 20.0
STALE = 300.0  # seconds for which old figures are better than none
PERIOD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Known:
    until: float
    stale: float
    families: tuple[Family, ...]


@dataclass(slots=True)
class Metrics:
    """The metrics of a queue; `open` opens it anew for each reading.

    Whoever asks while somebody else measures gets the figures from before, and never waits: the
    threads that answer scrapes are those that take deliveries.
    """

    open: Callable[[], Queue]
    log: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    _known: _Known | None = None
    _measuring: Lock = field(default_factory=Lock)

    def text(self, deliveries: Health) -> str | None:
        """OpenMetrics text; None while nothing is known."""
        known = self._known
        if known is None or self.clock() >= known.until:
            self._renew()
            known = self._known
        if known is None or self.clock() >= known.stale:
            return None
        return render((*known.families, *_of_deliveries(deliveries)))

    def _renew(self) -> None:
        if not self._measuring.acquire(blocking=False):
            return
        try:
            begun = self.clock()
            families = self._read()
            now = self.clock()
            fresh = max(FRESH, PATIENCE * (now - begun))
            self._known = _Known(now + fresh, now + max(STALE, 2 * fresh), families)
        except RefineryError as trouble:
            self.log(f"warning: metrics: {trouble.message}")
        finally:
            self._measuring.release()

    def _read(self) -> tuple[Family, ...]:
        from refinery.audit.counting import counted
        from refinery.audit.measuring import measured
        from refinery.queue.metrics import families

        with self.open() as queue:
            view, now = queue.view(), queue.now()
            measures = measured(queue.store, view, since=now - PERIOD, now=now).measures
            return families(measures, counted(queue.store, view), version=__version__)


def _of_deliveries(health: Health) -> tuple[Family, ...]:
    """What the receiver knows by itself, always as it is now."""
    return (
        Family(
            "refinery_deliveries",
            Kind.GAUGE,
            "Deliveries of forges that wait to be acted on, or were given up.",
            (
                Sample(health.waiting, {"state": "waiting"}),
                Sample(health.failed, {"state": "failed"}),
            ),
        ),
        Family(
            "refinery_oldest_delivery_seconds",
            Kind.GAUGE,
            "How long the oldest delivery has waited; 0 while none does.",
            (Sample(health.oldest or 0.0),),
            "seconds",
        ),
    )
