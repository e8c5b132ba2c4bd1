"""How long the targets passed their own checks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from refinery.queue.runs import Run
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import Branch
from refinery.records.verdict import Result
from refinery.values import dataclass

_GREEN, _RED = True, False


@dataclass(frozen=True, slots=True)
class Greenness:
    """Time in which a target was known to be green or red; several targets count together.

    `passes` and `failures` are the answers behind it: landings, and runs on a target by itself.
    """

    green_seconds: float = 0.0
    red_seconds: float = 0.0
    passes: int = 0
    failures: int = 0

    @property
    def share(self) -> float | None:
        """The green part of the time that is known."""
        known = self.green_seconds + self.red_seconds
        return self.green_seconds / known if known else None


def greenness_of(
    mrs: Iterable[MergeRequest], runs: Iterable[Run], *, since: datetime, until: datetime
) -> Greenness:
    """From the first answer of the period on: before it nobody knows.

    What lands has passed, and is the target from then on.  A target that failed by itself is red
    until it passes or something lands, whenever it may have become so.
    """
    answers: dict[Branch, list[tuple[datetime, bool]]] = {}
    for at, target, is_green in [*_landings(mrs), *_own_runs(runs)]:
        if since <= at <= until:
            answers.setdefault(target, []).append((at, is_green))
    lengths = {_GREEN: 0.0, _RED: 0.0}
    counts = {_GREEN: 0, _RED: 0}
    for told in answers.values():
        told.sort()
        ends = [*(at for at, _ in told[1:]), until]
        for (at, is_green), end in zip(told, ends, strict=True):
            lengths[is_green] += (end - at).total_seconds()
            counts[is_green] += 1
    return Greenness(lengths[_GREEN], lengths[_RED], counts[_GREEN], counts[_RED])


def _landings(mrs: Iterable[MergeRequest]) -> set[tuple[datetime, Branch, bool]]:
    """Each landing once, however many landed together."""
    return {
        (mr.closed_at, mr.target, _GREEN)
        for mr in mrs
        if mr.close_reason is CloseReason.MERGED and mr.closed_at is not None
        if mr.landing is not None and mr.landing.result == Result.PASS.value
    }


def _own_runs(runs: Iterable[Run]) -> list[tuple[datetime, Branch, bool]]:
    """What could not run says nothing."""
    return [
        (each.at, each.target, each.result is Result.PASS)
        for each in runs
        if not each.members and each.target is not None and each.result is not Result.ERROR
    ]
