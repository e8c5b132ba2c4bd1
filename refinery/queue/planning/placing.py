"""Who of a target could land, nobody ahead of what it stands on, units side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from refinery.queue.claiming import taken_by_hand
from refinery.queue.standing import (
    LANDABLE,
    LANDED,
    Code,
    is_left_behind,
    stands_by_itself,
    stands_for,
)
from refinery.queue.units import unit_of
from refinery.records.merge_request import MergeRequest
from refinery.records.names import MrId
from refinery.store.view import View

_DEEPEST = 200


def placed(
    view: View,
    line: Sequence[MergeRequest],
    now: datetime,
    *,
    skip: frozenset[MrId],
    clashes: Mapping[MrId, frozenset[MrId]],
) -> dict[MrId, frozenset[MrId]]:
    """Those of the line that could land, with the waiting ones each stands on, which come before.

    Who stands on very many that were not looked at before it waits until some of them landed; and
    so does who would conflict with one that it stands on.
    """
    placing = _Placing(view, line, now, skip, clashes)
    for mr in line:
        placing.place(mr, frozenset())
    return placing.found


class _Placing:
    def __init__(
        self,
        view: View,
        line: Sequence[MergeRequest],
        now: datetime,
        skip: frozenset[MrId],
        clashes: Mapping[MrId, frozenset[MrId]],
    ) -> None:
        self.found: dict[MrId, frozenset[MrId]] = {}
        self._view = view
        self._clashes = clashes
        self._open = {mr.id for mr in line}
        self._able = {
            mr.id: stands_by_itself(view, mr, now).code
            for mr in line
            if mr.id not in skip and taken_by_hand(view, mr.id, now) is None
        }

    def place(self, mr: MergeRequest, above: frozenset[MrId]) -> frozenset[MrId] | None:
        """Whom it stands on, all of them placed before it; None if it cannot land yet."""
        if mr.id in self.found:
            return self.found[mr.id]
        together = unit_of(self._view, mr) or (mr,)
        own = {each.id for each in together}
        if len(above) >= _DEEPEST or not above.isdisjoint(own):
            return None
        if any(self._able.get(id) not in LANDABLE for id in own):
            return None
        below: dict[MrId, set[MrId]] = {id: set() for id in own}
        for each in together:
            found = self._below(each, own, above)
            if found is None or not found.isdisjoint(self._clashes.get(each.id, frozenset())):
                return None
            below[each.id] = found
        for each in _in_order(together, below):
            self.found[each.id] = frozenset(below[each.id] - own)
        return self.found[mr.id]

    def _below(self, mr: MergeRequest, own: set[MrId], above: frozenset[MrId]) -> set[MrId] | None:
        needs: set[MrId] = set()
        for dependency in mr.depends_on:
            found = stands_for(self._view, dependency)
            if found is not None and found.id in self._open:
                its = frozenset[MrId]() if found.id in own else self.place(found, above | own)
                if its is None:
                    return None
                needs |= {found.id, *its}
            elif self._able[mr.id] is Code.BLOCKED_BY_MR and not self._is_done(found, mr):
                return None
        return needs

    def _is_done(self, below: MergeRequest | None, mr: MergeRequest) -> bool:
        if below is None or below.close_reason not in LANDED:
            return False
        return not is_left_behind(self._view, mr, below)


def _in_order(
    together: Iterable[MergeRequest], below: Mapping[MrId, set[MrId]]
) -> list[MergeRequest]:
    """Those of a unit, none ahead of what it depends on."""
    left = list(together)
    ordered: list[MergeRequest] = []
    while left:
        ids = {each.id for each in left}
        free = [each for each in left if ids.isdisjoint(below[each.id])] or left[:1]
        ordered += free
        left = [each for each in left if each not in free]
    return ordered
