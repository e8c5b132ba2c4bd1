"""The words beside a head: its place in the queue, or what came of it; pure functions of facts."""

from __future__ import annotations

from typing import assert_never

from refinery.queue.pull_requests import LONGEST_DESCRIPTION, HeadState, HeadStatus
from refinery.queue.standing import Code, Standing
from refinery.records.fitting import in_a_line
from refinery.records.merge_request import CloseReason, MergeRequest


def head_status(
    mr: MergeRequest, stands: Standing, place: tuple[int, int] | None
) -> HeadStatus | None:
    """What a head shows; `place` is its number among so many that are ready for the target."""
    said = _ended(mr) if mr.closed else _living(mr, stands, place)
    return HeadStatus(said[0], _shortened(said[1])) if said is not None else None


def _ended(mr: MergeRequest) -> tuple[HeadState, str] | None:
    reason = mr.close_reason
    why = f": {mr.error}" if mr.error else ""
    match reason:
        case CloseReason.MERGED:
            commit = f" as {mr.merge_commit[:12]}" if mr.merge_commit else ""
            return HeadState.SUCCESS, f"landed on {mr.target}{commit}"
        case CloseReason.ALREADY_MERGED | CloseReason.EMPTY:
            return HeadState.SUCCESS, f"nothing to land{why}"
        case CloseReason.REJECTED:
            return HeadState.FAILURE, f"rejected{why}"
        case CloseReason.CONFLICT:
            return HeadState.FAILURE, f"closed because of a conflict{why}"
        case CloseReason.SUPERSEDED | None:
            return None
        case _:
            assert_never(reason)


def _living(
    mr: MergeRequest, stands: Standing, place: tuple[int, int] | None
) -> tuple[HeadState, str] | None:
    match stands.code:
        case Code.READY:
            where = f"{ordinal(place[0])} of {place[1]}" if place else "queued"
            return HeadState.PENDING, f"{where} for {mr.target}"
        case Code.CLAIMED:
            return HeadState.PENDING, f"being tested for {mr.target}"
        case Code.PAUSED:
            return HeadState.PENDING, "queued: the queue is paused"
        case Code.HELD:
            held = f" by {mr.hold.by}: {mr.hold.reason}" if mr.hold else ""
            return HeadState.PENDING, f"held{held}"
        case Code.PROPOSED:
            number = mr.proposal.number if mr.proposal else None
            through = f" through pull request {number}" if number else ""
            return HeadState.PENDING, f"tested, lands on {mr.target}{through}"
        case Code.BLOCKED_BY_ISSUE:
            issue = mr.blocked_by or "an issue that is about to be opened"
            return HeadState.FAILURE, f"conflicts with {mr.target}: blocked by {issue}"
        case Code.NEEDS_REWORK:
            why = mr.failure.message.partition("\n")[0] if mr.failure else ""
            return HeadState.FAILURE, f"needs rework: {why}"
        case Code.BLOCKED_BY_MR:
            return HeadState.PENDING, f"waits for {stands.dependency}"
        case Code.DEPENDENCY_FAILED:
            return HeadState.FAILURE, f"depends on {stands.dependency}, which did not land"
        case Code.INTENT | Code.CLOSED:
            return None
        case _:
            assert_never(stands.code)


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def _shortened(text: str) -> str:
    clean = in_a_line(text)
    longest = LONGEST_DESCRIPTION
    return clean if len(clean) <= longest else f"{clean[: longest - 1]}…"
