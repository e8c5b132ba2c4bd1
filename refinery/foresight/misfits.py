"""What builds taught of heads that do not fit, where trying two by two does not say why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from refinery.foresight.couples import Couple, couple
from refinery.records.names import Sha


class Misfits:
    """Heads that could not be put onto some others; one of those is the cause, or several are."""

    def __init__(self) -> None:
        self._met: dict[Sha, set[frozenset[Sha]]] = {}

    def add(self, head: Sha, others: frozenset[Sha]) -> bool:
        """Whether that is news."""
        met = self._met.setdefault(head, set())
        before = len(met)
        met.add(others)
        return len(met) > before

    def suspected(self, live: Collection[Sha]) -> set[Couple]:
        """Each two of whom it is worth knowing whether they are the cause."""
        return {
            couple(head, other)
            for head, others in self._all(live)
            for other in others
            if other in live
        }

    def unexplained(
        self, live: Collection[Sha], against: Callable[[Sha], Collection[Sha]]
    ) -> dict[Sha, set[Sha]]:
        """Whom to keep apart, both ways, as none of the others is known to be the cause alone."""
        found: dict[Sha, set[Sha]] = {}
        for head, others in self._all(live):
            if others.isdisjoint(against(head)):
                for other in others:
                    found.setdefault(head, set()).add(other)
                    found.setdefault(other, set()).add(head)
        return found

    def keep(self, live: Collection[Sha]) -> None:
        """Forget the heads that are gone."""
        self._met = {head: met for head, met in self._met.items() if head in live}

    def _all(self, live: Collection[Sha]) -> Iterator[tuple[Sha, frozenset[Sha]]]:
        for head, met in self._met.items():
            if head in live:
                for others in met:
                    yield head, others
