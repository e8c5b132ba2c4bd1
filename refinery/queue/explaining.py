"""Explains where a merge request stands: words, evidence, and the command to run next."""

from __future__ import annotations

from datetime import datetime
from shlex import quote

from refinery.config.config import Config
from refinery.queue.evidence import FailingSet, base_verdict, failing_sets
from refinery.queue.explaining_stacks import waiting
from refinery.queue.folding import INTENT_LASTS
from refinery.queue.forecasting import listed
from refinery.queue.freeze_words import for_one, next_step, sentence, told_time
from refinery.queue.freezing import rules_of
from refinery.queue.order import ready
from refinery.queue.resolving import in_words
from refinery.queue.settling import failure_words
from refinery.queue.standing import Code, Standing, standing
from refinery.queue.standing_words import held_words
from refinery.queue.taking_turns import Turn, turns_of
from refinery.records.claim import Claim
from refinery.records.merge_request import Block, CloseReason, Failure, FailureType, MergeRequest
from refinery.records.names import MrId, Sha
from refinery.records.times import span
from refinery.records.verdict import Result, Verdict
from refinery.store.reading import UNREADABLE
from refinery.store.view import View
from refinery.typed import assert_never
from refinery.values import dataclass

MOST_TRIED = 3  # ways that did not help, in words


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a merge request is where it is.

    `evidence` is the end of what the checks printed, `suspect` the commit that is probably at
    fault, `suspects` the merge requests among which the fault is, `next` the command to run.
    """

    code: Code
    words: str
    next: str | None = None
    evidence: str = ""
    suspect: Sha | None = None
    suspects: tuple[MrId, ...] = ()
    files: tuple[str, ...] = ()
    waits_for: str | None = None


def explain(
    view: View,
    mr: MergeRequest,
    config: Config,
    now: datetime,
    *,
    remote: str = "origin",
    place: tuple[int, int] | None = None,
    turn: Turn | None = None,
) -> Explanation:
    """What is known of one merge request; `remote` is how commands name the target's repository.

    `place` is where it is among how many that can land on its target, `turn` what came of taking
    turns, where these are known already.
    """
    stands = standing(view, mr, now)
    code = stands.code
    match code:
        case Code.CLOSED:
            return _closed(mr)
        case Code.CLAIMED:
            return _claimed(mr, stands, now)
        case Code.HELD:
            return _held(mr)
        case Code.PROPOSED:
            return _proposed(mr)
        case Code.INTENT:
            return _announced(mr, now, remote)
        case Code.BLOCKED_BY_ISSUE:
            return _blocked(mr, remote)
        case Code.NEEDS_REWORK:
            return _rework(mr)
        case Code.BLOCKED_BY_MR | Code.DEPENDENCY_FAILED | Code.UNIT_INCOMPLETE:
            return _dependent(view, mr, stands, now, remote)
        case Code.PAUSED:
            return _paused(view)
        case Code.FROZEN:
            return _frozen(view, mr, stands, now)
        case Code.READY:
            base = base_verdict(view, mr.target, config.fingerprint)
            if base is not None and base.result is not Result.PASS:
                return _red(mr, base, remote)
            return _ready(view, mr, config, now, place, turn)
        case _:
            assert_never(code)


def _closed(mr: MergeRequest) -> Explanation:
    reason = mr.close_reason
    if reason is None:
        return Explanation(Code.CLOSED, "Closed.")
    match reason:
        case CloseReason.MERGED:
            at = f" as {mr.merge_commit[:12]}" if mr.merge_commit else ""
            return Explanation(Code.CLOSED, f"Landed on {mr.target}{at}.{_resolved(mr)}")
        case CloseReason.SUPERSEDED:
            new = mr.superseded_by
            words = f"Superseded by {new}, a newer revision." if new else "Superseded."
            command = f"refinery why {new}" if new else None
            return Explanation(Code.CLOSED, words, command, waits_for=new)
        case CloseReason.REJECTED:
            return Explanation(Code.CLOSED, _sentence("Rejected", mr.error))
        case CloseReason.CONFLICT:
            return Explanation(Code.CLOSED, _sentence("Closed because of a conflict", mr.error))
        case CloseReason.ALREADY_MERGED | CloseReason.EMPTY:
            return Explanation(Code.CLOSED, _sentence("There was nothing to land", mr.error))
        case _:
            assert_never(reason)


def _sentence(start: str, reason: str | None) -> str:
    return f"{start}: {reason.rstrip('.')}." if reason else f"{start}."


def _claimed(mr: MergeRequest, stands: Standing, now: datetime) -> Explanation:
    claim = stands.claim
    assert claim is not None
    if claim.worker == UNREADABLE:
        words = "Its claim cannot be read, so nobody knows whether it is being processed."
        return Explanation(Code.CLAIMED, words, f"refinery release --force {mr.id}")
    since = span((now - claim.claimed_at).total_seconds())
    left = span((claim.expires_at - now).total_seconds())
    words = (
        f"{claim.worker} has been processing it{_company(claim)} for {since}; "
        f"the claim ends in {left} unless it is renewed."
    )
    return Explanation(Code.CLAIMED, words, f"refinery wait {mr.id}")


def _company(claim: Claim) -> str:
    others = len(claim.candidate) - 1
    return f" with {others} other{'s' if others > 1 else ''}" if others > 0 else ""


def _held(mr: MergeRequest) -> Explanation:
    assert mr.hold is not None
    words = sentence(held_words(mr))
    return Explanation(Code.HELD, words, f"refinery unhold {mr.id}")


def _proposed(mr: MergeRequest) -> Explanation:
    assert mr.proposal is not None
    number, asks = mr.proposal.number, mr.proposal.why
    where = (
        f"pull request {number}" if number else f"{mr.proposal.branch}, whose pull request is due"
    )
    words = f"Tested; the forge lands it through {where}" + (
        f": {asks.rstrip('.')}." if asks else "."
    )
    return Explanation(Code.PROPOSED, words, f"refinery wait {mr.id}")


def _announced(mr: MergeRequest, now: datetime, remote: str) -> Explanation:
    left = span((mr.submitted_at + INTENT_LASTS - now).total_seconds())
    words = (
        f"Announced but not pushed: it is queued once {mr.branch} is {mr.head[:12]} on the remote, "
        f"and forgotten in {left} otherwise."
    )
    return Explanation(Code.INTENT, words, f"git push {quote(remote)} {quote(mr.branch)}")


def _blocked(mr: MergeRequest, remote: str) -> Explanation:
    block, issue = mr.block, mr.blocked_by
    if block is None:
        words = f"Blocked until {issue} is closed."
        return Explanation(Code.BLOCKED_BY_ISSUE, words, _show_issue(mr), waits_for=issue)
    if block.head != mr.head:
        words = (
            f"An earlier revision conflicted in {_places(block)}; this one goes on "
            f"as soon as {issue or 'its issue'} is closed."
        )
        command = _close_issue(mr)
    else:
        words = _unmoved(mr, block)
        command = f"refinery resolve {mr.id}" if block.files else _rebase(mr, remote)
    return Explanation(Code.BLOCKED_BY_ISSUE, words, command, files=block.files, waits_for=issue)


def _unmoved(mr: MergeRequest, block: Block) -> str:
    places = _places(block)
    if block.answered:
        return (
            f"Issue {mr.blocked_by} is closed, but the head has not moved "
            f"and it still conflicts in {places}: push a new revision."
        )
    tracked = f"{mr.blocked_by} is open" if mr.blocked_by else "its issue is about to be opened"
    return (
        f"Conflicts with {mr.target}@{block.base[:12]} in {places}; {tracked}: "
        f"resolve it, push a new revision and close the issue.{_tried(block)}"
    )


def _tried(block: Block) -> str:
    """The issue has all of it."""
    if not block.tried:
        return ""
    more = len(block.tried) - MOST_TRIED
    rest = f"; and {more} more" if more > 0 else ""
    return f" Tried before: {'; '.join(block.tried[:MOST_TRIED])}{rest}."


def _places(block: Block) -> str:
    return listed(block.files) or "everything (no common history)"


def _show_issue(mr: MergeRequest) -> str | None:
    tracker, _, number = (mr.blocked_by or "").partition("#")
    return f"refinery issue show {number}" if tracker == "local" else None


def _close_issue(mr: MergeRequest) -> str | None:
    tracker, _, number = (mr.blocked_by or "").partition("#")
    return f"refinery issue close {number}" if tracker == "local" else None


def _rebase(mr: MergeRequest, remote: str) -> str:
    return f"git switch {quote(mr.branch)} && git rebase {_tip(mr, remote)}"


def _tip(mr: MergeRequest, remote: str) -> str:
    """How commands name the target as it is now."""
    return quote(mr.target if remote == "." else f"{remote}/{mr.target}")


def _rework(mr: MergeRequest) -> Explanation:
    failure = mr.failure
    assert failure is not None
    first, _, rest = failure.message.partition("\n")
    type = failure.type
    suspect: Sha | None = None
    match type:
        case FailureType.TESTS_FAIL | FailureType.BUILD_FAIL:
            advice = f"Fix it on {mr.branch} and push a new revision."
            command, suspect = f"git switch {quote(mr.branch)}", mr.head
        case FailureType.NOT_FAST_FORWARD:
            advice, command = "Rebase it and push a new revision.", f"refinery resolve {mr.id}"
        case FailureType.TIMEOUT:
            advice = "Make it faster, or try it again."
            command, suspect = f"refinery retry {mr.id}", mr.head
        case FailureType.ERROR | FailureType.ATTEMPTS:
            advice = "Once the cause is gone, try it again."
            command = f"refinery retry {mr.id}"
        case _:
            assert_never(type)
    if mr.unit is not None and failure.tree is not None:
        advice = f"It is of unit {mr.unit}: mend whichever is at fault, then retry this one."
        command = f"refinery retry {mr.id}"
    words = f"Needs rework: {first.rstrip('.')}{_tested_on(mr, failure)}.{_resolved(mr)} {advice}"
    return Explanation(Code.NEEDS_REWORK, words, command, evidence=rest, suspect=suspect)


def _resolved(mr: MergeRequest) -> str:
    """That it is not tested as its author wrote it."""
    if mr.resolution is None:
        return ""
    return (
        f" Its conflict with {mr.target} was resolved on the way: {in_words(mr.resolution.ways)}."
    )


def _tested_on(mr: MergeRequest, failure: Failure) -> str:
    if failure.base is None or failure.tree is None:
        return ""
    return f" (on {mr.target}@{failure.base[:12]})"


def _dependent(
    view: View, mr: MergeRequest, stands: Standing, now: datetime, remote: str
) -> Explanation:
    found = waiting(view, mr, stands, now, remote=remote)
    return Explanation(stands.code, found.words, found.next, waits_for=found.waits_for)


def _paused(view: View) -> Explanation:
    pause = view.header.paused
    assert pause is not None
    until = f" until {told_time(pause.until, 'UTC')}" if pause.until else ""
    words = f"The queue was paused by {pause.by}{until}: {pause.reason}"
    return Explanation(Code.PAUSED, words, "refinery resume")


def _frozen(view: View, mr: MergeRequest, stands: Standing, now: datetime) -> Explanation:
    holds = stands.frozen
    assert holds is not None
    left = f" That is in {span((holds.until - now).total_seconds())}." if holds.until else ""
    words = f"It waits: {for_one(holds, mr).rstrip('.')}.{left}"
    if mr.hotfix is None and rules_of(view, mr.target).hotfix.is_open:
        words += " What cannot wait asks to pass with `refinery hotfix ask`."
    issue = holds.freeze.issue if holds.freeze is not None else None
    return Explanation(Code.FROZEN, words, next_step(holds, mr), waits_for=issue)


def _ready(
    view: View,
    mr: MergeRequest,
    config: Config,
    now: datetime,
    place: tuple[int, int] | None,
    turn: Turn | None,
) -> Explanation:
    for failing in failing_sets(view, mr.target, config.fingerprint):
        if mr.id in failing.members and len(failing.members) > 1:
            return _suspected(mr, failing)
    number, of = place or _place(view, mr, config, now)
    turn = turn or turns_of(view, mr.target, now, config).get(mr.id)
    words = f"Ready: number {number} of {of} for {mr.target}.{_resolved(mr)}"
    words += f" {turn.words}" if turn is not None and turn.words else ""
    expired = view.claims.get(mr.id)
    if expired is not None:
        ago = span((now - expired.expires_at).total_seconds())
        words += f" The claim of {expired.worker} ran out {ago} ago; the next worker takes over."
    return Explanation(Code.READY, words, f"refinery wait {mr.id}")


def _place(view: View, mr: MergeRequest, config: Config, now: datetime) -> tuple[int, int]:
    line = [each.id for each in ready(view, now, config) if each.target == mr.target]
    return line.index(mr.id) + 1, len(line)


def _red(mr: MergeRequest, base: Verdict, remote: str) -> Explanation:
    """What a person does about a target that fails by itself, or whose checks cannot be run."""
    at, evidence = f"{mr.target} itself", failure_words(base)
    if base.result is Result.ERROR:
        words = (
            f"Its checks could not run on {at} at {base.base[:12]}, and nobody is blamed for it: "
            "put right what they need on the workers; then each is tried again."
        )
        return Explanation(Code.READY, words, "refinery doctor", evidence=evidence)
    words = (
        f"{at} fails its checks at {base.base[:12]}, and nobody is blamed for it: each merge "
        "request is tried by itself until one repairs it. Submit the repair with priority 0."
    )
    start = f"git switch -c {quote(f'repair-{mr.target}')} {_tip(mr, remote)}"
    return Explanation(Code.READY, words, start, evidence=evidence, suspect=base.base)


def _suspected(mr: MergeRequest, failing: FailingSet) -> Explanation:
    others = [id for id in failing.members if id != mr.id]
    words = (
        f"It failed together with {listed(others)}; "
        "parts of the set are tested until the fault is found."
    )
    return Explanation(
        Code.READY,
        words,
        f"refinery wait {mr.id}",
        evidence=failure_words(failing.verdict),
        suspects=failing.members,
    )
