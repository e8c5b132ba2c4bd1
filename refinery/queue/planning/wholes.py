"""Units as the planner sees them: one change that stands for all of its merge requests.

So no rule can take one apart: what is tested together, lands or is refused is all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import prod

from refinery.queue.planning.facts import Change
from refinery.records.merge_request import MergeRequest
from refinery.records.names import MrId
from refinery.values import dataclass, field


@dataclass(frozen=True, slots=True)
class Wholes:
    """The units of one target: the last to land stands for all, in their order of landing."""

    units: Mapping[MrId, tuple[MrId, ...]] = field(default_factory=dict)
    last: Mapping[MrId, MrId] = field(default_factory=dict)

    def one(self, id: MrId) -> MrId:
        """The change that a merge request is of."""
        return self.last.get(id, id)

    def folded(self, members: Iterable[MrId]) -> tuple[MrId, ...]:
        """The changes of a candidate; a unit that it held a part of is not what it tested."""
        ids = tuple(members)
        return ids if self.last.keys().isdisjoint(ids) else tuple(self._folded(ids))

    def _folded(self, ids: tuple[MrId, ...]) -> Iterator[MrId]:
        for id in ids:
            last = self.last.get(id)
            if last is None:
                yield id
            elif not set(self.units[last]) <= set(ids):
                yield MrId(f"part of {id}")  # nobody who waits
            elif id == last:
                yield id

    def changes(self, single: Iterable[Change]) -> tuple[Change, ...]:
        """One change for each unit, at the place of its last; the others as they are."""
        found = {each.id: each for each in single}
        if not self.units:
            return tuple(found.values())
        return tuple(
            self._one_of([found[member] for member in self.units.get(id, (id,))])
            for id in found
            if self.one(id) == id
        )

    def _one_of(self, together: list[Change]) -> Change:
        own = {each.id for each in together}
        return Change(
            id=together[-1].id,
            belief=prod(each.belief for each in together),
            since=min(each.since for each in together),
            needs=self._others(own, (id for each in together for id in each.needs)),
            clashes=self._others(own, (id for each in together for id in each.clashes)),
        )

    def _others(self, own: set[MrId], ids: Iterable[MrId]) -> frozenset[MrId]:
        return frozenset(self.one(id) for id in ids if id not in own)


def wholes_of(mrs: Mapping[MrId, MergeRequest], waiting: Iterable[MrId]) -> Wholes:
    """The units among those that could land, which are there as a whole or not at all."""
    found: dict[str, list[MrId]] = {}
    for id in waiting:
        unit = mrs[id].unit
        if unit is not None:
            found.setdefault(unit, []).append(id)
    units = {ids[-1]: tuple(ids) for ids in found.values()}
    return Wholes(units, {id: last for last, ids in units.items() for id in ids})
