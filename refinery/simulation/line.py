"""The order of those that wait in a simulated queue: the very turns that a real one takes."""

from __future__ import annotations

from collections.abc import Iterable

from refinery.config.fairness import Fairness
from refinery.queue.fairness import Ask, after, by_turns
from refinery.queue.planning.facts import Evidence, Running
from refinery.queue.quotas import kept_back
from refinery.records.header import Turns
from refinery.records.names import Branch, MrId

POINTS = 200.0  # of a usual priority


class Line:
    """Who waits, in order of arrival, and the turns had; all are as urgent as each other."""

    def __init__(self, rules: Fairness) -> None:
        self.rules = rules
        self.had = Turns(Branch("main"))
        self.asks: dict[MrId, Ask] = {}
        self._order: tuple[MrId, ...] | None = None

    def join(self, id: MrId, author: str, at: float) -> None:
        """It is submitted."""
        self.asks[id] = Ask(id, author, POINTS, at)
        self._order = None

    def left(self, id: MrId) -> None:
        """It waits no more."""
        del self.asks[id]
        self._order = None

    def landed(self, members: Iterable[MrId]) -> None:
        """These have had their turns."""
        authors = [self.asks.pop(id).author for id in members]
        waiting = {each.author for each in self.asks.values()}
        self.had = after(self.had, authors, waiting, self.rules)
        self._order = None

    def order(self) -> tuple[MrId, ...]:
        """First who is next."""
        if self._order is None:
            turns = by_turns(self.asks.values(), self.had, self.rules)
            self._order = tuple(each.id for each in turns)
        return self._order

    def kept_back(self, running: Iterable[Running], evidence: Evidence) -> frozenset[MrId]:
        """Whose test may not begin because of a quota."""
        if not self.rules.has_quotas:
            return frozenset()
        kept = kept_back(
            [(id, self.asks[id].author) for id in self.order() if id not in evidence.tested],
            running=frozenset[MrId]().union(*(each.members for each in running)),
            rules=self.rules,
        )
        return frozenset(kept)
