"""What a verdict means: land what it shows, say who must act, or only remember it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from refinery.config.config import Config
from refinery.queue.candidate import Built, Misfit
from refinery.queue.claiming import holds, taken_by_hand
from refinery.queue.evidence import blamed_attempts, sound_commits, verdicts_on
from refinery.queue.folding import newer_revision
from refinery.queue.freeze_words import frozen_words
from refinery.queue.freezing import frozen
from refinery.queue.halting import hold_of, pause_of
from refinery.queue.hotfixes import passing
from refinery.queue.planning.blame import blamed
from refinery.queue.planning.facts import Facts
from refinery.queue.planning.from_view import Known, facts_of
from refinery.queue.planning.landing import landable
from refinery.queue.reporting import reported, reports
from refinery.queue.spending import spent
from refinery.queue.standing import LANDED, stands_for
from refinery.queue.turns import header_after
from refinery.queue.units import left_out
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
from refinery.store.apply import applied
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


@dataclass(frozen=True, slots=True)
class Moved:
    """Others landed a part of it meanwhile: what is left has to be made anew on the target's tip.

    If it comes to the tree that was tested it lands.
    """

    members: tuple[MrId, ...]
    base: Sha


Way = Callable[[View, Built, Verdict | None, Claim, Config, datetime], "Edit | Stale"]
"""How a candidate lands: at once, or through a pull request."""


def settle(
    view: View,
    built: Built,
    verdict: Verdict,
    claim: Claim,
    config: Config,
    now: datetime,
    *,
    known: Known | None = None,
    land_as: Way | None = None,
    aside: bool = False,
) -> Edit | Moved:
    """Land what was tested, if that is best now; else remember the verdict, and whom it blames.

    With `aside` a verdict that changes nothing else is left in the claim.
    """
    if passed(view, verdict):
        return _forgotten(view, claim, "the same tree passed meanwhile")
    after = with_verdict(view, verdict, claim)
    facts = facts_of(after, built.target, config, now, known=known)
    if verdict.result is Result.PASS and pause_of(view, now) is None and holds(view, claim):
        found = landable(facts)
        members = facts.whole(found.members) if found is not None else ()
        if members and set(members) <= set(built.ids):
            tip = view.targets.get(built.target)
            if tip is not None and built.base != tip:
                return Moved(members, tip)
            if members == built.ids:
                landing = (land_as or land)(view, built, verdict, claim, config, now)
                if isinstance(landing, Edit):
                    return landing
    put = refused(after, facts, config, now)
    report = reported(view, verdict, claim) if aside and not put else None
    return report if isinstance(report, Edit) else record(view, verdict, claim, put)


def with_verdict(view: View, verdict: Verdict, claim: Claim) -> View:
    """What will be known once the verdict is recorded and the claim is given back."""
    return applied(view, Edit(Event("tested", ""), verdicts=(verdict,), release=claim.names))


def _forgotten(view: View, claim: Claim, why: str) -> Edit:
    names = claim.names if holds(view, claim) else ()
    return Edit(event=Event("released", why, claim.candidate, claim.worker), release=names)


def refuse(view: View, facts: Facts, config: Config, now: datetime, *, worker: str) -> Edit | None:
    """Send back everyone whose fault is proven by what is recorded."""
    put = refused(view, facts, config, now)
    if not put:
        return None
    return Edit(_refused_event(put, worker), put=put)


def refused(view: View, facts: Facts, config: Config, now: datetime) -> tuple[MergeRequest, ...]:
    """The records of those at fault, each with the failure that shows it."""
    return tuple(
        _blamed(view.mrs[each.id], failure, now)
        for each in blamed(facts)
        if (failure := _evidence_against(view, each.id, config)) is not None
    )


def _evidence_against(view: View, id: MrId, config: Config) -> Verdict | None:
    """The failing verdict of this try that holds it and as few others as can be, the newest."""
    mr = view.mrs[id]
    about = verdicts_on(view, mr.target, config.fingerprint)
    sound = sound_commits(view, mr.target, about)
    before = max((each.at for each in blamed_attempts(mr)), default=None)
    failures = [
        each
        for each in about
        if id in each.candidate and each.result is not Result.PASS and each.base in sound
        if before is None or each.at > before
    ]
    failures.sort(key=lambda each: (each.at, each.key), reverse=True)
    return min(failures, key=lambda each: len(each.candidate), default=None)


def land(
    view: View, built: Built, verdict: Verdict | None, claim: Claim, config: Config, now: datetime
) -> Edit | Stale:
    """The one atomic edit of a landing: target, records, claims and pins, or the reason why not.

    Everything that was true when the candidate was chosen is asked again here: the store applies
    the edit only if the view it was made from still holds.
    """
    why = why_not(view, built, claim, now)
    if why is not None:
        return Stale(why)
    landing = evidence_of(built, verdict, claim, config, mode="push")
    return Edit(
        event=Event(
            name="merged",
            subject=landed_subject(view, built),
            mrs=built.ids,
            worker=claim.worker,
            details={
                "Refinery-Target": built.target,
                "Refinery-Commit": built.commit,
                **passing(view, built.target, built.ids, now),
                **newly_spent(view, verdict),
            },
        ),
        put=tuple(
            landed(view.mrs[member.id], member.commit, landing, now) for member in built.members
        ),
        verdicts=() if verdict is None else (verdict,),
        forget=_forgettable(view),
        header=header_after(
            view, built.target, built.commit, landed=built.ids, rules=config.fairness, now=now
        ),
        release=(*claim.names, *(id for id in built.ids if id in view.claims)),
        pins=dict.fromkeys(built.ids),
        moves=(RefMove(target_ref(built.target), built.base, built.commit),),
    )


def why_not(view: View, built: Built, claim: Claim, now: datetime) -> str | None:
    """Why a candidate that was built and tested may not land after all."""
    if view.targets.get(built.target) != built.base:
        return f"{built.target} moved"
    if pause_of(view, now) is not None:
        return "the queue was paused"
    if not holds(view, claim):
        return "the claim was lost"
    for id in built.ids:
        mr = view.mrs.get(id)
        if mr is None or mr.closed:
            return f"{id} was closed"
        taken = taken_by_hand(view, id, now)
        if taken is not None:
            return f"{taken.worker} took {id}"
        if hold_of(mr, now) is not None:
            return f"{id} is held"
        freeze = frozen(view, mr, now)
        if freeze is not None:
            return frozen_words(freeze)
        if mr.block is not None or mr.blocked_by is not None or mr.failure is not None:
            return f"{id} may not land any more"
        if newer_revision(view, mr) is not None:
            return f"{id} was submitted again"
    return out_of_order(view, built.ids)


def out_of_order(view: View, ids: Sequence[MrId]) -> str | None:
    """Why these may not land in this order, or not without others."""
    ahead: set[MrId] = set()
    for id in ids:
        for dependency in view.mrs[id].depends_on if id in view.mrs else ():
            below = stands_for(view, dependency)
            if below is not None and below.id not in ahead and below.close_reason not in LANDED:
                return f"{id} waits for {below.id}"
        ahead.add(id)
    missing = left_out(view, ids)
    return f"{missing.id} is of the same unit" if missing is not None else None


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


def _blamed(mr: MergeRequest, verdict: Verdict, now: datetime) -> MergeRequest:
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


def _refused_event(refused: tuple[MergeRequest, ...], worker: str) -> Event:
    failure = refused[0].failure
    words = failure.message.partition("\n")[0] if failure else ""
    subject = f"{refused[0].id} needs rework: {as_line(words)}"
    return Event("merge_failed", subject, tuple(mr.id for mr in refused), worker)


def _tested_event(verdict: Verdict, refused: tuple[MergeRequest, ...]) -> Event:
    members, worker = verdict.candidate, verdict.worker
    if refused:
        return _refused_event(refused, worker)
    few = ", ".join(members[:3]) + (" ..." if len(members) > 3 else "")
    what = few or f"{verdict.target} at {verdict.base[:12]}"
    return Event("tested", f"{what}: {verdict.result.value}", members, worker)


def newly_spent(view: View, verdict: Verdict | None) -> Mapping[str, str]:
    """What a verdict cost, once: one that was only looked up cost nothing."""
    known = None if verdict is None else view.verdict(verdict.tree, verdict.fingerprint)
    is_new = verdict is not None and (
        known is None or (known.at, known.runs) != (verdict.at, verdict.runs)
    )
    return spent(verdict if is_new else None)


def passed(view: View, verdict: Verdict) -> bool:
    """Whether the tree of a verdict that is no pass is known to pass: that is final."""
    known = view.verdict(verdict.tree, verdict.fingerprint)
    return known is not None and known.result is Result.PASS and verdict.result is not Result.PASS


def record(
    view: View,
    verdict: Verdict,
    claim: Claim | None = None,
    refused: tuple[MergeRequest, ...] = (),
) -> Edit:
    """Remember a verdict, with those whose fault it proves; the claim on it is given back."""
    held = claim is not None and holds(view, claim)
    return Edit(
        event=replace(_tested_event(verdict, refused), details=newly_spent(view, verdict)),
        put=refused,
        verdicts=() if passed(view, verdict) else (verdict,),
        forget=_forgettable(view),
        release=claim.names if claim is not None and held else (),
    )


def combined(before: Verdict | None, new: Verdict) -> Verdict:
    """Two runs of one tree as one verdict: a pass after a failure means that the check is flaky."""
    if before is None or before.key != new.key:
        return new
    return replace(new, runs=before.runs + new.runs, flaky=before.result is not new.result)


def _forgettable(view: View) -> tuple[VerdictKey, ...]:
    """The oldest verdicts beyond the limit; those are about targets long gone."""
    reported = {each.verdict.key for each in reports(view).values() if each.verdict is not None}
    written = [each for key, each in view.verdicts.items() if key not in reported]
    surplus = len(written) - KEPT_VERDICTS
    if surplus <= 0:
        return ()
    oldest = sorted(written, key=lambda verdict: (verdict.at, verdict.key))
    return tuple(verdict.key for verdict in oldest[: surplus + KEPT_VERDICTS // 4])


def sent_back(view: View, misfit: Misfit, now: datetime, *, worker: str) -> Edit | None:
    """Send back what its author has to change first."""
    mr = view.mrs.get(misfit.id)
    if mr is None or mr.closed or mr.failure is not None:
        return None
    attempt = Attempt(
        at=now,
        worker=worker,
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
        event=Event("merge_failed", f"{mr.id} needs rework: {misfit.words}", (mr.id,), worker),
        put=(changed,),
    )


def set_aside(view: View, id: MrId, attempt: Attempt, config: Config) -> Edit | None:
    """Remember the trouble that kept one from landing; it stays ready.

    Trouble may be the target's: it counts against a merge request only when the target has moved on
    since it was met first, so others land.  On the same commit it is written once.
    """
    mr = view.mrs.get(id)
    if mr is None or mr.closed:
        return None
    before = [each for each in mr.attempts if each.outcome is attempt.outcome]
    if any(each.base == attempt.base for each in before):
        return None
    counted = replace(with_attempt(mr, attempt), retry_count=mr.retry_count + bool(before))
    subject = f"{id} could not be landed: {attempt.note}"
    return Edit(
        event=Event("merge_failed", subject, (id,), attempt.worker),
        put=(parked(counted, config, attempt.at),),
    )


def parked(mr: MergeRequest, config: Config, now: datetime) -> MergeRequest:
    """The record as it is, or parked once it failed as often as the config allows.

    A parked one waits for a person (`refinery retry`) or a new revision.
    """
    if mr.failure is not None or mr.retry_count < config.attempts_max:
        return mr
    words = f"parked after {mr.retry_count} failed attempts"
    last = f"; the last: {mr.attempts[-1].note}" if mr.attempts and mr.attempts[-1].note else ""
    return replace(mr, failure=Failure(type=FailureType.ATTEMPTS, at=now, message=words + last))
