"""Words what the queue's rules refused, and what to do about it."""

from __future__ import annotations

from shlex import quote

from refinery.errors import RefineryError
from refinery.queue.claiming import ClaimedByOther, NotClaimed, NotFound, Unfit
from refinery.queue.freeze_orders import StillFrozen, TooMany
from refinery.queue.freeze_words import frozen_words, way_out
from refinery.queue.hotfixes import MayNot
from refinery.queue.operating import Already, Immutable, InProgress
from refinery.queue.standing import Code
from refinery.records.fitting import in_a_line
from refinery.records.merge_request import MergeRequest
from refinery.records.times import format_time


class RefusedRequest(RefineryError):
    """The queue's rules do not allow it; nothing was changed."""


def refuse(outcome: object) -> RefineryError:
    """The error that words a refusal."""
    match outcome:
        case NotFound(id=id):
            return RefusedRequest(
                f"MR {id} not found in queue",
                hint="`refinery list` shows what is there",
                code="no-such-merge-request",
            )
        case ClaimedByOther(mr=mr, claim=claim):
            return RefusedRequest(
                f"MR {mr.id} is already claimed by another worker: {in_a_line(claim.worker)}, "
                f"until {format_time(claim.expires_at)}",
                hint="its worker may give it back, and anyone else: "
                f"`refinery release --force {mr.id}`",
                code="claimed-by-another",
            )
        case Unfit(mr=mr, standing=stands):
            return RefusedRequest(
                _unfit(mr, stands.code), hint=f"refinery why {mr.id}", code="not-claimable"
            )
        case NotClaimed(id=id):
            return RefusedRequest(
                f"MR {id} is not claimed",
                hint=f"there is nothing to give back: refinery why {id}",
                code="not-claimed",
            )
        case Immutable(mr=mr):
            return RefusedRequest(
                f"closed merge requests are immutable: {mr.id} is {_ended(mr)}",
                hint=f"submit the branch again for another try: refinery submit {quote(mr.branch)}",
                code="already-ended",
            )
        case InProgress(mr=mr, claim=claim):
            return RefusedRequest(
                f"MR {mr.id} is being processed by {in_a_line(claim.worker)}",
                hint=f"wait for it: refinery wait {mr.id}",
                code="being-processed",
            )
        case Already(words=words):
            return RefusedRequest(
                in_a_line(words),
                hint="`refinery queue` shows how it stands",
                code="nothing-to-change",
            )
        case MayNot(mr=mr, person=person, allowed=allowed):
            who = f"those who may: {', '.join(allowed)}" if allowed else "it names nobody who may"
            return RefusedRequest(
                in_a_line(
                    f"{person} may not let hotfixes pass on {mr.target}: "
                    f"freeze.hotfix.allow of its configuration decides that; {who}"
                ),
                hint="if it cannot wait, somebody who may opens the target: "
                f"refinery thaw {quote(mr.target)}",
                code="may-not-allow",
            )
        case StillFrozen(frozen=frozen):
            way = way_out(frozen)
            return RefusedRequest(
                in_a_line(frozen_words(frozen)),
                hint=f"what ends it: {way}" if way else "only its end, or its tracker, opens it",
                code="still-frozen",
            )
        case TooMany(most=most):
            return RefusedRequest(
                f"there are {most} freezes already",
                hint="thaw some, or freeze a pattern: refinery status",
                code="too-many-freezes",
            )
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
        Code.UNIT_INCOMPLETE: "one of a unit, of which not all can land yet",
        Code.HELD: f"held by {mr.hold.by}: {mr.hold.reason}" if mr.hold else "held",
        Code.NEEDS_REWORK: "in need of rework",
        Code.PROPOSED: "tested, and about to land through a pull request",
        Code.INTENT: "announced, but its branch is not pushed yet",
        Code.PAUSED: "ready, but the queue is paused",
        Code.FROZEN: f"waiting for the end of a freeze of {mr.target}",
    }
    return in_a_line(f"MR {mr.id} cannot be claimed: it is {words[code]}")
