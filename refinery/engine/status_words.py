"""The words beside a head: its place in the queue, or what came of it; pure functions of facts."""

from __future__ import annotations

from refinery.queue.estimate_words import at_what_time
from refinery.queue.estimating import Estimate
from refinery.queue.pull_requests import LONGEST_DESCRIPTION, HeadState, HeadStatus
from refinery.queue.standing import Code, Standing
from refinery.queue.standing_words import words_of
from refinery.records.fitting import in_a_line
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.typed import assert_never


def head_status(
    mr: MergeRequest,
    stands: Standing,
    place: tuple[int, int] | None,
    estimate: Estimate | None = None,
) -> HeadStatus | None:
    """What a head shows; `place` is its number among so many that are ready for the target."""
    state = _ended(mr) if mr.closed else _living(stands)
    if state is None:
        return None
    words = words_of(mr, stands, place)
    expected = at_what_time(estimate) if estimate is not None else ""
    if expected and stands.code in (Code.READY, Code.CLAIMED):
        words = f"{words}, {expected}"
    return HeadStatus(state, _shortened(words))


def _ended(mr: MergeRequest) -> HeadState | None:
    reason = mr.close_reason
    match reason:
        case CloseReason.MERGED | CloseReason.ALREADY_MERGED | CloseReason.EMPTY:
            return HeadState.SUCCESS
        case CloseReason.REJECTED | CloseReason.CONFLICT:
            return HeadState.FAILURE
        case CloseReason.SUPERSEDED | None:
            return None
        case _:
            assert_never(reason)


def _living(stands: Standing) -> HeadState | None:
    match stands.code:
        case Code.READY | Code.CLAIMED | Code.PAUSED | Code.FROZEN | Code.HELD | Code.PROPOSED:
            return HeadState.PENDING
        case Code.BLOCKED_BY_MR | Code.UNIT_INCOMPLETE:
            return HeadState.PENDING
        case Code.BLOCKED_BY_ISSUE | Code.NEEDS_REWORK | Code.DEPENDENCY_FAILED:
            return HeadState.FAILURE
        case Code.INTENT | Code.CLOSED:
            return None
        case _:
            assert_never(stands.code)


def _shortened(text: str) -> str:
    clean = in_a_line(text)
    longest = LONGEST_DESCRIPTION
    return clean if len(clean) <= longest else f"{clean[: longest - 1]}…"
