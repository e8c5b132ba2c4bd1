"""Says when waiting for a merge request is over, and how it ended."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from refinery.queue.standing import BLOCKED, Code, Standing, standing
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.store.view import View


class Goal(StrEnum):
    """What somebody waits for."""

    LANDED = "landed"
    CLOSED = "closed"
    UNBLOCKED = "unblocked"


class Ending(StrEnum):
    """How the waiting ended; superseded ones are followed and never end it."""

    LANDED = "landed"
    CLOSED = "closed"
    UNBLOCKED = "unblocked"
    MUST_ACT = "author-must-act"


GOOD = frozenset({Ending.LANDED, Ending.UNBLOCKED})
_LANDED = frozenset({CloseReason.MERGED, CloseReason.ALREADY_MERGED})


def ending(view: View, mr: MergeRequest, goal: Goal, now: datetime) -> Ending | None:
    """How it ended; None while there is something to wait for.

    What only its author can put right does not end by itself: waiting for a landing stops there.
    """
    if mr.closed:
        return Ending.LANDED if mr.close_reason in _LANDED else Ending.CLOSED
    stands = standing(view, mr, now)
    if goal is Goal.UNBLOCKED:
        if stands.code is Code.NEEDS_REWORK:
            return Ending.MUST_ACT
        return None if stands.code in BLOCKED else Ending.UNBLOCKED
    if goal is Goal.LANDED and _must_act(mr, stands):
        return Ending.MUST_ACT
    return None


def _must_act(mr: MergeRequest, stands: Standing) -> bool:
    if stands.code is Code.BLOCKED_BY_ISSUE:
        return mr.block is not None
    return stands.code in (Code.NEEDS_REWORK, Code.DEPENDENCY_FAILED)
