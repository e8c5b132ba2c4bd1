"""What verdicts tell: which sets of merge requests fail, and whether the target itself is red."""

from __future__ import annotations

from collections.abc import Iterable

from refinery.queue.standing import Code, stands_in_records
from refinery.records.merge_request import Attempt, AttemptOutcome, CloseReason, MergeRequest
from refinery.records.names import Branch, MrId, Sha
from refinery.records.verdict import Result, Verdict
from refinery.store.view import View
from refinery.values import dataclass

_BLAMED = (AttemptOutcome.TESTS_FAIL, AttemptOutcome.TIMEOUT, AttemptOutcome.ERROR)


@dataclass(frozen=True, slots=True)
class FailingSet:
    """Merge requests that failed together and of which nobody knows yet which is at fault."""

    members: tuple[MrId, ...]
    verdict: Verdict


def verdicts_on(view: View, target: Branch, fingerprint: str) -> list[Verdict]:
    """What these checks said about a target and its candidates."""
    return [
        each
        for each in view.verdicts.values()
        if each.target == target and each.fingerprint == fingerprint
    ]


def base_verdict(view: View, target: Branch, fingerprint: str) -> Verdict | None:
    """What the checks said of the target's tip by itself, under these checks.

    A landing tests the very tree that becomes the tip, so after a landing the answer is known.
    """
    tree = view.target_trees.get(target)
    return view.verdict(tree, fingerprint) if tree else None


def sound_commits(view: View, target: Branch, verdicts: Iterable[Verdict]) -> set[Sha]:
    """The commits of the target that passed by themselves, and its tip, whatever that does.

    A failure on another commit says nothing of the members: the commit may have been the cause.
    """
    verdicts = tuple(verdicts)
    passed = {each.tree for each in verdicts if each.result is Result.PASS}
    found = {each.base for each in verdicts if not each.candidate and each.result is Result.PASS}
    for mr in view.mrs.values():
        if mr.landing is not None and mr.target == target and mr.landing.tree in passed:
            found.add(mr.landing.merged_as or mr.landing.commit)
    if target in view.targets:
        found.add(view.targets[target])
    return found


def blamed_attempts(mr: MergeRequest) -> list[Attempt]:
    """The failures that were put down to it: what failed before is explained, also on a new try."""
    return [each for each in mr.attempts if each.outcome in _BLAMED and each.tree is not None]


def failing_sets(view: View, target: Branch, fingerprint: str) -> list[FailingSet]:
    """The minimal sets that failed and are not explained yet, smallest first.

    Members that landed meanwhile are part of the target now; what is left is the suspect.  A member
    that was closed otherwise, failed alone or is blocked explains the failure, or the set cannot be
    built again: it is no longer a fact.
    """
    found = []
    about = verdicts_on(view, target, fingerprint)
    sound = sound_commits(view, target, about)
    for verdict in about:
        if verdict.result is Result.PASS or not verdict.candidate or verdict.base not in sound:
            continue
        members = _suspects(view, verdict)
        if members:
            found.append(FailingSet(members, verdict))
    found.sort(key=lambda each: (len(each.members), each.verdict.at, each.members))
    minimal: list[FailingSet] = []
    for each in found:
        if not any(set(other.members) <= set(each.members) for other in minimal):
            minimal.append(each)
    return minimal


def _suspects(view: View, verdict: Verdict) -> tuple[MrId, ...]:
    left = []
    for id in verdict.candidate:
        mr = view.mrs.get(id)
        if mr is None:
            return ()
        if mr.close_reason is CloseReason.MERGED:
            continue
        if stands_in_records(view, mr).code is not Code.READY:
            return ()
        left.append(id)
    return tuple(left)
