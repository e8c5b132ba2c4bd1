"""What a verdict means: land it, ask again, split it, or say who must act."""

from __future__ import annotations

from datetime import datetime

from refinery.config.config import Config
from refinery.queue.candidate import Built, Misfit
from refinery.queue.claiming import holds
from refinery.records.claim import Claim
from refinery.records.fitting import as_line, as_text
from refinery.records.merge_request import (
    Attempt,
    AttemptOutcome,
    CloseReason,
    Failure,
    FailureType,
    Landing,
    MergeRequest,
    Status,
)
from refinery.records.names import MrId, Sha
from refinery.records.verdict import Result, Verdict, VerdictKey
from refinery.store.edit import Edit, Event, RefMove
from refinery.store.layout import target_ref
from refinery.store.view import View
from refinery.values import dataclass, replace

KEPT_ATTEMPTS = 20
KEPT_VERDICTS = 300

_FAILURES = {
    Result.FAIL: (FailureType.TESTS_FAIL, AttemptOutcome.TESTS_FAIL),
    Result.TIMEOUT: (FailureType.TIMEOUT, AttemptOutcome.TIMEOUT),
    Result.ERROR: (FailureType.ERROR, AttemptOutcome.ERROR),
}


@dataclass(frozen=True, slots=True)
class Stale:
    """What was built no longer fits: the target moved, or a member may not land any more."""

    why: str


def land(
    view: View, built: Built, verdict: Verdict | None, claim: Claim, config: Config, now: datetime
) -> Edit | Stale:
    """The one atomic edit of a landing: target, records, claims and pins, or the reason why not.

    Everything that was true when the candidate was chosen is asked again here: the store applies
    the edit only if the view it was made from still holds.
    """
    why = why_not(view, built, claim)
    if why is not None:
        return Stale(why)
    landing = evidence_of(built, verdict, claim, config, mode="push")
    return Edit(
        event=Event(
            name="merged",
            subject=landed_subject(view, built),
            mrs=built.ids,
            worker=claim.worker,
            details={"Refinery-Target": built.target, "Refinery-Commit": built.commit},
        ),
        put=tuple(
            landed(view.mrs[member.id], member.commit, landing, now) for member in built.members
        ),
        verdicts=() if verdict is None else (verdict,),
        forget=_forgettable(view),
        header=replace(view.header, landed={**view.header.landed, built.target: built.commit}),
        release=built.ids,
        pins=dict.fromkeys(built.ids),
        moves=(RefMove(target_ref(built.target), built.base, built.commit),),
    )


def why_not(view: View, built: Built, claim: Claim) -> str | None:
    """Why a candidate that was built and tested may not land after all."""
    if view.targets.get(built.target) != built.base:
        return f"{built.target} moved"
    if view.header.paused is not None:
        return "the queue was paused"
    for id in built.ids:
        mr = view.mrs.get(id)
        if mr is None or mr.closed:
            return f"{id} was closed"
        if not holds(view, claim, id):
            return f"the claim on {id} was lost"
        if mr.hold is not None:
            return f"{id} is held"
        if mr.block is not None or mr.blocked_by is not None or mr.failure is not None:
            return f"{id} may not land any more"
    return None


def evidence_of(
    built: Built, verdict: Verdict | None, claim: Claim, config: Config, *, mode: str
) -> Landing:
    """What is recorded of a landing."""
    return Landing(
        base=built.base,
        commit=built.commit,
        tree=built.tree,
        candidate=built.ids,
        method=built.method,
        fingerprint=config.fingerprint,
        result="none" if verdict is None else verdict.result.value,
        worker=claim.worker,
        mode=mode,
    )


def landed(mr: MergeRequest, commit: Sha, landing: Landing, now: datetime) -> MergeRequest:
    """The record of what landed as `commit`."""
    return replace(
        mr,
        status=Status.CLOSED,
        close_reason=CloseReason.MERGED,
        closed_at=now,
        merge_commit=commit,
        landing=landing,
        proposal=None,
        blocked_by=None,
        block=None,
        failure=None,
    )


def landed_subject(view: View, built: Built) -> str:
    """A landing in a line."""
    if len(built.members) == 1:
        mr = view.mrs[built.ids[0]]
        return f"land {mr.id} on {built.target}: {mr.title}"
    return f"land {len(built.members)} merge requests on {built.target}"


def failed(
    view: View, built: Built, verdict: Verdict, claim: Claim, config: Config, now: datetime
) -> Edit:
    """The edit after checks that did not pass: the fact is recorded, the claims are given back.

    A set of one is at fault once its tree failed twice while the target itself passes; until then
    nobody is blamed.  Nor is anybody whose tree passed elsewhere meanwhile.
    """
    held = tuple(id for id in built.ids if holds(view, claim, id))
    if passed(view, verdict):
        why = "the same tree passed meanwhile"
        return Edit(
            event=Event("released", f"release {len(held)} unchanged: {why}", held, claim.worker),
            release=held,
        )
    blamed = [
        _blamed(view.mrs[id], verdict, config, now)
        for id in held
        if id in view.mrs and not view.mrs[id].closed
        if len(built.members) == 1 and at_fault(view, verdict, config)
    ]
    return Edit(
        event=_failed_event(built, verdict, claim, blamed),
        put=tuple(blamed),
        verdicts=(verdict,),
        release=held,
    )


def at_fault(view: View, verdict: Verdict, config: Config) -> bool:
    """Whether a failing tree of one member is evidence against it."""
    from refinery.queue.evidence import passed_at

    confirmed = verdict.runs >= 2 or not config.retry_failing
    return confirmed and passed_at(view, verdict.target, verdict.base, config.fingerprint)


def _blamed(mr: MergeRequest, verdict: Verdict, config: Config, now: datetime) -> MergeRequest:
    type, outcome = _FAILURES[verdict.result]
    attempt = Attempt(
        at=now,
        worker=verdict.worker,
        outcome=outcome,
        base=verdict.base,
        tree=verdict.tree,
        candidate=verdict.candidate,
        note=_in_a_line(verdict),
    )
    return replace(
        with_attempt(mr, attempt),
        retry_count=mr.retry_count + 1,
        failure=Failure(
            type=type,
            at=now,
            message=failure_words(verdict),
            base=verdict.base,
            tree=verdict.tree,
        ),
    )


def failure_words(verdict: Verdict) -> str:
    """What failed, with the end of its output."""
    bad = [each for each in verdict.checks if each.verdict is not Result.PASS]
    parts = [
        f"check {each.name}: {each.note or each.verdict.value}"
        + (f"\n{each.tail.rstrip()}" if each.tail else "")
        for each in bad
    ]
    return as_text("\n".join(parts)) or verdict.result.value


def _in_a_line(verdict: Verdict) -> str:
    return as_line(failure_words(verdict).partition("\n")[0])


def with_attempt(mr: MergeRequest, attempt: Attempt) -> MergeRequest:
    """The record with one more attempt; only the newest are kept."""
    return replace(mr, attempts=(*mr.attempts, attempt)[-KEPT_ATTEMPTS:])


def _failed_event(
    built: Built, verdict: Verdict, claim: Claim, blamed: list[MergeRequest]
) -> Event:
    if blamed:
        subject = f"{blamed[0].id} needs rework: {_in_a_line(verdict)}"
        return Event("merge_failed", subject, built.ids, claim.worker)
    what = "they fail together" if len(built.members) > 1 else "it fails"
    subject = f"{what}: {', '.join(built.ids[:3])}{' ...' if len(built.ids) > 3 else ''}"
    return Event("tested", subject, built.ids, claim.worker)


def passed(view: View, verdict: Verdict) -> bool:
    """Whether the tree of a verdict that is no pass is known to pass: that is final."""
    known = view.verdict(verdict.tree, verdict.fingerprint)
    return known is not None and known.result is Result.PASS and verdict.result is not Result.PASS


def record(view: View, verdict: Verdict) -> Edit | None:
    """The edit that only remembers a verdict."""
    if passed(view, verdict):
        return None
    return Edit(
        event=Event(
            name="tested",
            subject=f"{verdict.target} at {verdict.base[:12]}: {verdict.result.value}",
            worker=verdict.worker,
        ),
        verdicts=(verdict,),
        forget=_forgettable(view),
    )


def combined(before: Verdict | None, new: Verdict) -> Verdict:
    """Two runs of one tree as one verdict: a pass after a failure means that the check is flaky."""
    if before is None or before.key != new.key:
        return new
    return replace(new, runs=before.runs + new.runs, flaky=before.result is not new.result)


def _forgettable(view: View) -> tuple[VerdictKey, ...]:
    """The oldest verdicts beyond the limit; those are about targets long gone."""
    surplus = len(view.verdicts) - KEPT_VERDICTS
    if surplus <= 0:
        return ()
    oldest = sorted(view.verdicts.values(), key=lambda verdict: (verdict.at, verdict.key))
    return tuple(verdict.key for verdict in oldest[: surplus + KEPT_VERDICTS // 4])


def given_back(view: View, ids: tuple[MrId, ...], claim: Claim, why: str) -> Edit | None:
    """The edit that releases what is still held under a claim, unharmed."""
    held = tuple(id for id in ids if holds(view, claim, id))
    if not held:
        return None
    return Edit(
        event=Event("released", f"release {len(held)} unchanged: {why}", held, claim.worker),
        release=held,
    )


def sent_back(view: View, misfit: Misfit, claim: Claim, now: datetime) -> Edit | None:
    """Send back what its author has to change first."""
    mr = view.mrs.get(misfit.id)
    if mr is None or mr.closed or not holds(view, claim, misfit.id):
        return None
    attempt = Attempt(
        at=now,
        worker=claim.worker,
        outcome=AttemptOutcome(misfit.type.value),
        base=misfit.base,
        note=as_line(misfit.words),
    )
    changed = replace(
        with_attempt(mr, attempt),
        retry_count=mr.retry_count + 1,
        failure=Failure(type=misfit.type, at=now, message=as_text(misfit.words), base=misfit.base),
    )
    return Edit(
        event=Event(
            "merge_failed", f"{mr.id} needs rework: {misfit.words}", (mr.id,), claim.worker
        ),
        put=(changed,),
        release=(mr.id,),
    )


def set_aside(view: View, id: MrId, attempt: Attempt, claim: Claim, config: Config) -> Edit | None:
    """Release one that trouble kept from landing; it stays ready, and the trouble is remembered.

    Trouble may be the target's: it counts against a merge request only when the target has moved on
    since it was met first, so others land.  On the same commit it is written once.
    """
    mr = view.mrs.get(id)
    if mr is None or mr.closed or not holds(view, claim, id):
        return None
    before = [each for each in mr.attempts if each.outcome is attempt.outcome]
    put: tuple[MergeRequest, ...] = ()
    if all(each.base != attempt.base for each in before):
        counted = replace(with_attempt(mr, attempt), retry_count=mr.retry_count + bool(before))
        put = (parked(counted, config, attempt.at),)
    subject = f"{id} could not be landed: {attempt.note}"
    return Edit(event=Event("merge_failed", subject, (id,), claim.worker), put=put, release=(id,))


def parked(mr: MergeRequest, config: Config, now: datetime) -> MergeRequest:
    """The record as it is, or parked once it failed as often as the config allows.

    A parked one waits for a person (`refinery retry`) or a new revision.
    """
    if mr.failure is not None or mr.retry_count < config.attempts_max:
        return mr
    words = f"parked after {mr.retry_count} failed attempts"
    last = f"; the last: {mr.attempts[-1].note}" if mr.attempts and mr.attempts[-1].note else ""
    return replace(mr, failure=Failure(type=FailureType.ATTEMPTS, at=now, message=words + last))
