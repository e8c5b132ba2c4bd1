"""Words what the queue's rules refused, and what to do about it."""

from __future__ import annotations

from refinery.cli.output import plain
from refinery.errors import RefineryError
from refinery.queue.claiming import ClaimedByOther, NotClaimed, NotFound, Unfit
from refinery.queue.operating import Already, Immutable, InProgress
from refinery.queue.standing import Code
from refinery.records.merge_request import MergeRequest
from refinery.records.times import format_time


class RefusedRequest(RefineryError):
    """The queue's rules do not allow it; nothing was changed."""


def refuse(outcome: object) -> RefineryError:
    """The error that words a refusal."""
    match outcome:
        case NotFound(id=id):
            return RefusedRequest(
                f"MR {id} not found in queue", hint="`refinery list` shows what is there"
            )
        case ClaimedByOther(mr=mr, claim=claim):
            return RefusedRequest(
                f"MR {mr.id} is already claimed by another worker: {plain(claim.worker)}, "
                f"until {format_time(claim.expires_at)}",
                hint="its worker may give it back, and anyone else: "
                f"`refinery release --force {mr.id}`",
            )
        case Unfit(mr=mr, standing=stands):
            return RefusedRequest(_unfit(mr, stands.code), hint=f"refinery why {mr.id}")
        case NotClaimed(id=id):
            return RefusedRequest(
                f"MR {id} is not claimed", hint=f"there is nothing to give back: refinery why {id}"
            )
        case Immutable(mr=mr):
            return RefusedRequest(
                f"closed merge requests are immutable: {mr.id} is {_ended(mr)}",
                hint="submit the branch again for another try",
            )
        case InProgress(mr=mr, claim=claim):
            return RefusedRequest(
                f"MR {mr.id} is being processed by {plain(claim.worker)}",
                hint=f"wait for it: refinery wait {mr.id}",
            )
        case Already(words=words):
            return RefusedRequest(plain(words))
        case _:
            raise AssertionError(f"not a refusal: {outcome!r}")


def _ended(mr: MergeRequest) -> str:
    return mr.close_reason.value.replace("_", " ") if mr.close_reason else "closed"


def _unfit(mr: MergeRequest, code: Code) -> str:
    words = {
        Code.CLOSED: f"closed ({_ended(mr)})",
        Code.BLOCKED_BY_ISSUE: f"blocked by {mr.blocked_by or 'a conflict'}",
        Code.BLOCKED_BY_MR: "blocked by a merge request it depends on",
        Code.DEPENDENCY_FAILED: "blocked: a merge request it depends on did not land",
        Code.HELD: f"held by {mr.hold.by}: {mr.hold.reason}" if mr.hold else "held",
        Code.NEEDS_REWORK: "in need of rework",
        Code.PROPOSED: "tested, and about to land through a pull request",
        Code.INTENT: "announced, but its branch is not pushed yet",
        Code.PAUSED: "ready, but the queue is paused",
    }
    return plain(f"MR {mr.id} cannot be claimed: it is {words[code]}")
