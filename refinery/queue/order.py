"""The order of the queue: by score, ties by age, then by id; what is processed comes first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from refinery.config.config import ScoreWeights
from refinery.queue.score import score
from refinery.queue.standing import BLOCKED, Code, Standing, live_claim, standing
from refinery.records.merge_request import MergeRequest
from refinery.store.view import View
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the queue; position 0 is being processed."""

    position: int
    mr: MergeRequest
    standing: Standing
    score: float


def by_score(
    mrs: Iterable[MergeRequest], now: datetime, weights: ScoreWeights
) -> list[MergeRequest]:
    """Best first; the same facts give the same order on every machine."""
    return sorted(mrs, key=lambda mr: (-score(mr, now, weights), mr.created_at, mr.id))


def by_priority(mrs: Iterable[MergeRequest]) -> list[MergeRequest]:
    """By priority, then age: the order of `unclaimed`."""
    return sorted(mrs, key=lambda mr: (mr.priority, mr.created_at, mr.id))


def live(view: View) -> list[MergeRequest]:
    """Everything that is not closed."""
    return [mr for mr in view.mrs.values() if not mr.closed]


def queue(view: View, now: datetime, weights: ScoreWeights) -> list[Entry]:
    """Every open merge request in order, those being processed first, at position 0."""
    ordered = [(mr, standing(view, mr, now)) for mr in by_score(live(view), now, weights)]
    processing = [pair for pair in ordered if pair[1].code is Code.CLAIMED]
    waiting = [pair for pair in ordered if pair[1].code is not Code.CLAIMED]
    numbered = [(0, pair) for pair in processing] + list(enumerate(waiting, start=1))
    return [
        Entry(position, mr, stands, score(mr, now, weights)) for position, (mr, stands) in numbered
    ]


def ready(view: View, now: datetime, weights: ScoreWeights) -> list[MergeRequest]:
    """Unclaimed and not blocked by anything, best first."""
    return by_score(_with(view, now, {Code.READY}), now, weights)


def unclaimed(view: View, now: datetime) -> list[MergeRequest]:
    """Not claimed, or the claim ran out; by priority, then age."""
    return by_priority(mr for mr in live(view) if live_claim(view, mr.id, now) is None)


def blocked(view: View, now: datetime, weights: ScoreWeights) -> list[MergeRequest]:
    """Blocked by an open issue or another merge request, best first."""
    return by_score(_with(view, now, BLOCKED), now, weights)


def _with(view: View, now: datetime, codes: Iterable[Code]) -> list[MergeRequest]:
    wanted = frozenset(codes)
    return [mr for mr in live(view) if standing(view, mr, now).code in wanted]
