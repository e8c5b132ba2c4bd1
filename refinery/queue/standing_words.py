"""Where a merge request stands, in one line; the same words on every screen and on the forge."""

from __future__ import annotations

from refinery.queue.freeze_words import for_one, told_time
from refinery.queue.standing import Code, Standing
from refinery.records.fitting import in_a_line
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.typed import assert_never


def words_of(mr: MergeRequest, stands: Standing, place: tuple[int, int] | None = None) -> str:
    """What it waits for, or what came of it; `place` is its number among so many for its target."""
    return in_a_line(_ended(mr) if mr.closed else _living(mr, stands, place))


def _ended(mr: MergeRequest) -> str:
    reason = mr.close_reason
    why = f": {mr.error}" if mr.error else ""
    match reason:
        case CloseReason.MERGED:
            commit = f" as {mr.merge_commit[:12]}" if mr.merge_commit else ""
            return f"landed on {mr.target}{commit}"
        case CloseReason.ALREADY_MERGED | CloseReason.EMPTY:
            return f"nothing to land{why}"
        case CloseReason.REJECTED:
            return f"rejected{why}"
        case CloseReason.CONFLICT:
            return f"closed because of a conflict{why}"
        case CloseReason.SUPERSEDED:
            return f"superseded by {mr.superseded_by or 'a newer revision'}"
        case None:
            return "closed"
        case _:
            assert_never(reason)


def _living(mr: MergeRequest, stands: Standing, place: tuple[int, int] | None) -> str:
    match stands.code:
        case Code.READY:
            where = f"{ordinal(place[0])} of {place[1]}" if place else "queued"
            return f"{where} for {mr.target}"
        case Code.CLAIMED:
            return f"being tested for {mr.target}"
        case Code.PAUSED:
            return "queued: the queue is paused"
        case Code.HELD:
            return held_words(mr)
        case Code.FROZEN:
            return for_one(stands.frozen, mr) if stands.frozen else f"{mr.target} is frozen"
        case Code.PROPOSED:
            number = mr.proposal.number if mr.proposal else None
            through = f" through pull request {number}" if number else ""
            return f"tested, lands on {mr.target}{through}"
        case Code.INTENT:
            return "announced, not pushed yet"
        case Code.BLOCKED_BY_ISSUE:
            issue = mr.blocked_by or "an issue that is about to be opened"
            return f"conflicts with {mr.target}: blocked by {issue}"
        case Code.NEEDS_REWORK:
            why = mr.failure.message.partition("\n")[0] if mr.failure else ""
            return f"needs rework: {why}"
        case Code.BLOCKED_BY_MR:
            return f"waits for {stands.dependency}"
        case Code.DEPENDENCY_FAILED:
            return f"depends on {stands.dependency}, which did not land"
        case Code.UNIT_INCOMPLETE:
            return f"lands with its unit, of which {stands.dependency} cannot yet"
        case Code.CLOSED:
            return "closed"
        case _:
            assert_never(stands.code)


def held_words(mr: MergeRequest) -> str:
    """Who holds it, and why; until when where that is known."""
    hold = mr.hold
    if hold is None:
        return "held"
    until = f" until {told_time(hold.until, 'UTC')}" if hold.until else ""
    return f"held by {hold.by}{until}: {hold.reason}"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
