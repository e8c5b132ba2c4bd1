"""What verdicts tell: which sets of merge requests fail, and whether the target itself is red."""

from __future__ import annotations

from datetime import datetime

from refinery.queue.standing import Code, stands_by_itself
from refinery.records.merge_request import CloseReason
from refinery.records.names import Branch, MrId, Sha
from refinery.records.verdict import Result, Verdict
from refinery.store.view import View
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class FailingSet:
    """Merge requests that failed together and of which nobody knows yet which is at fault."""

    members: tuple[MrId, ...]
    verdict: Verdict


def base_verdict(view: View, target: Branch, fingerprint: str) -> Verdict | None:
    """What the checks said of the target's tip by itself, under these checks.

    A landing tests the very tree that becomes the tip, so after a landing the answer is known.
    """
    tree = view.target_trees.get(target)
    return view.verdict(tree, fingerprint) if tree else None


def passed_at(view: View, target: Branch, commit: Sha, fingerprint: str) -> bool:
    """Whether the checks passed on this very commit of the target, its tip or one before it.

    A tip that is green now says nothing of a failure on the commit that it repaired.
    """
    if view.targets.get(target) == commit:
        tip = base_verdict(view, target, fingerprint)
        return tip is not None and tip.result is Result.PASS
    by_itself = any(
        each.base == commit and not each.candidate and each.result is Result.PASS
        for each in view.verdicts.values()
        if each.fingerprint == fingerprint
    )
    landings = (mr.landing for mr in view.mrs.values() if mr.landing is not None)
    return by_itself or any(
        each.commit == commit and each.fingerprint == fingerprint and each.result == "pass"
        for each in landings
    )


def failing_sets(view: View, target: Branch, fingerprint: str, now: datetime) -> list[FailingSet]:
    """The minimal sets that failed and are not explained yet, smallest first.

    Members that landed meanwhile are part of the target now; what is left is the suspect.  A member
    that was closed otherwise, failed alone or is blocked explains the failure, or the set cannot be
    built again: it is no longer a fact.
    """
    found = []
    for verdict in view.verdicts.values():
        if verdict.result is Result.PASS or not verdict.candidate:
            continue
        if verdict.fingerprint != fingerprint or verdict.target != target:
            continue
        members = _suspects(view, verdict, now)
        if members:
            found.append(FailingSet(members, verdict))
    found.sort(key=lambda each: (len(each.members), each.verdict.at, each.members))
    minimal: list[FailingSet] = []
    for each in found:
        if not any(set(other.members) <= set(each.members) for other in minimal):
            minimal.append(each)
    return minimal


def failed_alone_on(view: View, mr: MrId, base: Sha, fingerprint: str) -> bool:
    """Whether this one failed by itself on exactly this commit of the target."""
    return any(
        verdict.candidate == (mr,)
        and verdict.base == base
        and verdict.fingerprint == fingerprint
        and verdict.result is not Result.PASS
        for verdict in view.verdicts.values()
    )


def _suspects(view: View, verdict: Verdict, now: datetime) -> tuple[MrId, ...]:
    left = []
    for id in verdict.candidate:
        mr = view.mrs.get(id)
        if mr is None:
            return ()
        if mr.close_reason is CloseReason.MERGED:
            continue
        if stands_by_itself(view, mr).code is not Code.READY:
            return ()
        left.append(id)
    return tuple(left)
