"""Health and statistics of a queue: a queue is well while nothing that is ready waits for long."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from refinery.queue.standing import Code, standing
from refinery.records.merge_request import AttemptOutcome, CloseReason, MergeRequest
from refinery.store.view import View
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts over what is not archived yet; `since` is when the oldest of those ended."""

    closed: dict[str, int]
    conflicts: int
    failures: int
    archived_groups: int
    since: datetime | None


def counts(view: View, now: datetime) -> dict[Code, int]:
    """How many live merge requests stand where; every code is there."""
    found = Counter(standing(view, mr, now).code for mr in view.mrs.values())
    return {code: found[code] for code in Code if code is not Code.CLOSED}


def oldest_ready(view: View, now: datetime) -> MergeRequest | None:
    """The one that has been waiting longest although nothing holds it back."""
    waiting = [mr for mr in view.mrs.values() if standing(view, mr, now).code is Code.READY]
    return min(waiting, key=lambda mr: (waiting_since(mr), mr.id), default=None)


def waiting_since(mr: MergeRequest) -> datetime:
    """Since when nobody has done anything about it."""
    return max([mr.submitted_at, *(attempt.at for attempt in mr.attempts[-1:])])


def last_merge(view: View) -> MergeRequest | None:
    """The newest landing that is not archived."""
    merged = [
        mr
        for mr in view.mrs.values()
        if mr.close_reason is CloseReason.MERGED and mr.closed_at is not None
    ]
    return max(merged, key=lambda mr: (mr.closed_at, mr.id), default=None)


def statistics(view: View) -> Statistics:
    """What happened lately."""
    ended = [mr for mr in view.mrs.values() if mr.closed]
    reasons = Counter(mr.close_reason for mr in ended)
    outcomes = Counter(attempt.outcome for mr in view.mrs.values() for attempt in mr.attempts)
    conflicts = outcomes[AttemptOutcome.CONFLICT]
    return Statistics(
        closed={reason.value: reasons[reason] for reason in CloseReason},
        conflicts=conflicts,
        failures=outcomes.total() - conflicts - outcomes[AttemptOutcome.LANDED],
        archived_groups=view.header.archived,
        since=min((mr.closed_at for mr in ended if mr.closed_at), default=None),
    )
