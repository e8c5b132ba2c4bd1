"""The header after a landing: where the target is, and the turns that authors have had."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from refinery.config.fairness import Fairness
from refinery.queue.fairness import after, turns_had
from refinery.queue.standing import LANDABLE, stands_by_itself
from refinery.records.header import QueueHeader, Turns
from refinery.records.names import Branch, MrId, Sha
from refinery.store.view import View
from refinery.values import replace


def header_after(
    view: View,
    target: Branch,
    commit: Sha,
    *,
    landed: Collection[MrId],
    rules: Fairness,
    now: datetime,
) -> QueueHeader:
    """The header once these have landed on the target, which is then at `commit`."""
    return replace(
        view.header,
        landed={**view.header.landed, target: commit},
        turns=_turns_after(view, target, landed, rules, now),
    )


def _turns_after(
    view: View, target: Branch, landed: Collection[MrId], rules: Fairness, now: datetime
) -> tuple[Turns, ...]:
    others = tuple(each for each in view.header.turns if each.target != target)
    if not rules.points:
        return others
    waiting = {
        mr.worker
        for mr in view.mrs.values()
        if mr.target == target and not mr.closed and mr.id not in landed
        if stands_by_itself(view, mr, now).code in LANDABLE
    }
    authors = [view.mrs[id].worker for id in landed if id in view.mrs]
    found = after(turns_had(view.header.turns, target), authors, waiting, rules)
    return (*others, found) if found.authors or found.fleets else others
