"""Says when waiting for a merge request is over, and how it ended."""

from __future__ import annotations

from datetime import datetime

from refinery.queue.standing import BLOCKED, Code, Standing, standing
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.store.view import View
from refinery.values import StrEnum


class Goal(StrEnum):
    """What somebody waits for."""

    LANDED = "landed"
    CLOSED = "closed"
    UNBLOCKED = "unblocked"


class Ending(StrEnum):
    """How the waiting ended; superseded ones are followed and never end it."""

    LANDED = "landed"
    UNBLOCKED = "unblocked"
    CLOSED = "closed"
    NEEDS_REWORK = "needs-rework"
    CONFLICT = "conflict"
    DEPENDENCY_FAILED = "dependency-failed"

    @property
    def exit_code(self) -> int:
        """What `wait` ends with: scripts rely on these."""
        return _EXIT_CODES[self]


_EXIT_CODES = {
    Ending.LANDED: 0,
    Ending.UNBLOCKED: 0,
    Ending.CLOSED: 10,
    Ending.NEEDS_REWORK: 11,
    Ending.CONFLICT: 12,
    Ending.DEPENDENCY_FAILED: 13,
}
_LANDED = frozenset({CloseReason.MERGED, CloseReason.ALREADY_MERGED})
_FOR_THE_AUTHOR = {
    Code.NEEDS_REWORK: Ending.NEEDS_REWORK,
    Code.BLOCKED_BY_ISSUE: Ending.CONFLICT,
    Code.DEPENDENCY_FAILED: Ending.DEPENDENCY_FAILED,
}


def ending(view: View, mr: MergeRequest, goal: Goal, now: datetime) -> Ending | None:
    """How it ended; None while there is something to wait for.

    What only its author can put right does not end by itself: waiting for a landing stops there.
    """
    if mr.closed:
        return Ending.LANDED if mr.close_reason in _LANDED else Ending.CLOSED
    stands = standing(view, mr, now)
    if goal is Goal.UNBLOCKED:
        if stands.code is Code.NEEDS_REWORK:
            return Ending.NEEDS_REWORK
        return None if stands.code in BLOCKED else Ending.UNBLOCKED
    return _for_the_author(mr, stands) if goal is Goal.LANDED else None


def _for_the_author(mr: MergeRequest, stands: Standing) -> Ending | None:
    """What only its author can put right; an issue without a conflict is not such."""
    if stands.code is Code.BLOCKED_BY_ISSUE and mr.block is None:
        return None
    return _FOR_THE_AUTHOR.get(stands.code)
