"""The order of the queue: by score, where authors take turns; what is processed comes first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from heapq import merge

from refinery.config.config import Config, ScoreWeights
from refinery.queue.fairness import Ask, by_turns, turns_had
from refinery.queue.score import score
from refinery.queue.standing import (
    BLOCKED,
    LANDABLE,
    Code,
    Standing,
    live_claim,
    standing,
    stands_by_itself,
)
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, MrId
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
    """Best first, ties by age, then by id; whoever submitted them."""
    return sorted(mrs, key=lambda mr: _by_score(mr, now, weights))


def by_priority(mrs: Iterable[MergeRequest]) -> list[MergeRequest]:
    """By priority, then age: the order of `unclaimed`."""
    return sorted(mrs, key=lambda mr: (mr.priority, mr.created_at, mr.id))


def live(view: View) -> list[MergeRequest]:
    """Everything that is not closed."""
    return [mr for mr in view.mrs.values() if not mr.closed]


class Moment:
    """What an order is worked out from; views are compared by identity."""

    def __init__(self, view: View, target: Branch, now: datetime, config: Config) -> None:
        self.view, self.target, self.now, self.config = view, target, now, config

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Moment)
            and self.view is other.view
            and (self.target, self.now) == (other.target, other.now)
            and self.config == other.config
        )

    def __hash__(self) -> int:
        return hash((id(self.view), self.target, self.now))


@lru_cache(maxsize=4)
def lined_up(at: Moment) -> Sequence[Ask]:
    """Everybody open for a target, in the order of their turns; worked out once for a moment."""
    weights = at.config.score
    asks = [
        Ask(
            id=mr.id,
            author=mr.worker,
            points=score(mr, at.now, weights) - weights.base,
            since=mr.created_at.timestamp(),
            able=stands_by_itself(at.view, mr, at.now).code in LANDABLE,
        )
        for mr in live(at.view)
        if mr.target == at.target
    ]
    return by_turns(asks, turns_had(at.view.header.turns, at.target), at.config.fairness)


def line_for(view: View, target: Branch, now: datetime, config: Config) -> list[MergeRequest]:
    """Everybody open for a target, first who is next; the same facts give the same order."""
    open = [mr for mr in live(view) if mr.target == target]
    if not config.fairness.points or len({mr.worker for mr in open}) < 2:
        return by_score(open, now, config.score)
    return [view.mrs[each.id] for each in lined_up(Moment(view, target, now, config))]


def in_order(view: View, now: datetime, config: Config) -> list[MergeRequest]:
    """Everybody open; of several targets, whose next one has the best score goes first."""
    targets = sorted({mr.target for mr in live(view)})
    lines = [line_for(view, each, now, config) for each in targets]
    return interleaved(lines, now, dict.fromkeys(targets, config))


def queue(view: View, now: datetime, config: Config) -> list[Entry]:
    """Every open merge request in order, those being processed first, at position 0."""
    ordered = [(mr, standing(view, mr, now)) for mr in in_order(view, now, config)]
    processing = [pair for pair in ordered if pair[1].code is Code.CLAIMED]
    waiting = [pair for pair in ordered if pair[1].code is not Code.CLAIMED]
    numbered = [(0, pair) for pair in processing] + list(enumerate(waiting, start=1))
    return [
        Entry(position, mr, stands, score(mr, now, config.score))
        for position, (mr, stands) in numbered
    ]


def ready(view: View, now: datetime, config: Config) -> list[MergeRequest]:
    """Unclaimed and not blocked by anything, first who is next."""
    return _with(view, now, config, {Code.READY})


def unclaimed(view: View, now: datetime) -> list[MergeRequest]:
    """Not claimed, or the claim ran out; by priority, then age."""
    return by_priority(mr for mr in live(view) if live_claim(view, mr.id, now) is None)


def blocked(view: View, now: datetime, config: Config) -> list[MergeRequest]:
    """Blocked by an open issue or another merge request, first who would be next."""
    return _with(view, now, config, BLOCKED)


def interleaved(
    lines: Iterable[list[MergeRequest]], now: datetime, configs: Mapping[Branch, Config]
) -> list[MergeRequest]:
    """The lines of several targets as one, each in its own order; the best score goes first."""
    return list(merge(*lines, key=lambda mr: _by_score(mr, now, configs[mr.target].score)))


def _by_score(
    mr: MergeRequest, now: datetime, weights: ScoreWeights
) -> tuple[float, datetime, MrId]:
    return -score(mr, now, weights), mr.created_at, mr.id


def _with(view: View, now: datetime, config: Config, codes: Collection[Code]) -> list[MergeRequest]:
    return [mr for mr in in_order(view, now, config) if standing(view, mr, now).code in codes]
