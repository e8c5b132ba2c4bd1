"""Watches one queue: cheap looks while nothing moves, a pass of the engine when something does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from random import uniform

from refinery.app import Queue
from refinery.engine.engine import Engine
from refinery.engine.happenings import Tell
from refinery.engine.process import process
from refinery.engine.run import Orders
from refinery.errors import RefineryError
from refinery.processor.due import needs_pass, pause_in_trouble
from refinery.processor.repeating import Unrepeated
from refinery.processor.troubles import Outage
from refinery.queue.pauses import Pauses
from refinery.records.names import Ref, Sha
from refinery.records.times import now as wall_clock


class Watch:
    """One queue under one worker's eyes, for ever.

    The queue is opened by `opening`, as the same worker each time: anew after each trouble, so that
    claims that could not be given back are known as those of a life before, and when `reload` was
    asked for.  `orders.wait` pauses; after each look `looked` is called, and `outage` says whether
    it succeeded.
    """

    def __init__(
        self,
        opening: Callable[[], Queue],
        *,
        tell: Tell,
        say: Callable[[str], None],
        orders: Orders,
        pauses: Pauses,
        workers: int = 0,
        clock: Callable[[], datetime] = wall_clock,
        looked: Callable[[], None] = lambda: None,
    ) -> None:
        self._opening = opening
        self._tell = Unrepeated(tell)
        self.outage = Outage(say, clock)
        self._orders = orders
        self._pauses = pauses
        self._workers = workers
        self._looked = looked
        self._queue: Queue | None = None
        self._known: Mapping[Ref, Sha] | None = None
        self._moved = orders.clock()
        self._passed_at: datetime | None = None
        self._in_trouble = 0
        self._reload = False

    def reload(self) -> None:
        """Read the settings of the clone again, before the next look."""
        self._reload = True

    def wake(self) -> None:
        """Something is about to happen: for a while look often."""
        self._moved = self._orders.clock()

    def run(self) -> None:
        """Look again and again until told to stop; whatever is wrong is waited for."""
        try:
            while not self._is_over():
                pause = self._turn()
                if not self._is_over():
                    self._orders.wait(pause)
        finally:
            self.close()

    def close(self) -> None:
        """Free what is held."""
        queue, self._queue, self._known = self._queue, None, None
        if queue is not None:
            queue.close()

    def _is_over(self) -> bool:
        return self._orders.stop() or self._orders.out_of_time()

    def _turn(self) -> float:
        """One look, and what follows from it; the pause after it."""
        if self._reload:
            self._reload = False
            self.close()
        try:
            pause = self._look()
        except (RefineryError, OSError) as trouble:
            self.outage.failed(trouble)
            with suppress(RefineryError, OSError):
                self.close()
            self._looked()
            return self._pauses.after_trouble(self.outage.tries) * uniform(0.75, 1.0)
        self.outage.over()
        self._looked()
        return pause

    def _look(self) -> float:
        """Ask the remote what moved; a pass where something did, or where time itself calls."""
        if self._queue is None:
            engine, seen = self._open(), None
        else:
            engine, seen = self._queue.engine(self._tell), self._known
        if engine.view.leases != seen or engine.others_at_work():
            self._moved = self._orders.clock()
        if engine.view.leases != seen or self._is_due(engine):
            self._pass(engine)
        self._known = engine.view.leases
        return self._pauses.after(self._orders.clock() - self._moved)

    def _open(self) -> Engine:
        self._queue = self._opening()
        engine = self._queue.engine(self._tell)
        engine.workers = self._workers
        return engine

    def _is_due(self, engine: Engine) -> bool:
        """Whether a pass may find something although no ref has moved."""
        now, last = engine.clock(), self._passed_at
        if last is None:
            return True
        if self._in_trouble:
            passed = (now - last).total_seconds()
            return passed >= pause_in_trouble(self._pauses, self._in_trouble)
        return needs_pass(engine.view, last, now, quiet=self._orders.clock() - self._moved)

    def _pass(self, engine: Engine) -> None:
        before, self._passed_at = engine.view.leases, engine.clock()
        end = process(engine, self._orders)
        self._in_trouble = self._in_trouble + 1 if end.is_trouble else 0
        self._tell.passed(in_trouble=end.is_trouble)
        if engine.view.leases != before:
            self._moved = self._orders.clock()
