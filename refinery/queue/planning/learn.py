"""What a verdict means: folds passes, failures, landings and refusals into evidence.

The order of passes and failures does not matter; a landing or refusal takes its members out of all
that was known.  Nothing is concluded here: whom a failure blames is read from the evidence by
`blame.py`, when everything else is known too.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from refinery.queue.planning.facts import Evidence, FailedSet, PassedSet, Purpose
from refinery.records.names import MrId
from refinery.values import dataclass, replace


@dataclass(frozen=True, slots=True)
class Passed:
    """The checks passed on the target at place `base` with these members on top."""

    members: tuple[MrId, ...]
    base: int
    purpose: Purpose = Purpose.TRAIN


@dataclass(frozen=True, slots=True)
class Failed:
    """The checks failed, `runs` times, on the target at place `base` with these members on top."""

    members: tuple[MrId, ...]
    base: int
    runs: int = 1


@dataclass(frozen=True, slots=True)
class Landed:
    """These landed; the head's place is now `head`.  `overtook` are older ones they went past.

    `newest` is when the last of them was made, if that is known.
    """

    members: tuple[MrId, ...]
    head: int
    overtook: tuple[MrId, ...] = ()
    newest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """These left the queue without landing: refused, rejected, superseded or held.

    Who left because it is bad explains every failure it was in; who left otherwise takes them
    along too, since those candidates cannot be built again.  Who is `back` to be tried again has
    failed for reasons that are gone, and what passed with it has passed.
    """

    members: tuple[MrId, ...]
    back: bool = False


News = Passed | Failed | Landed | Gone


def apply(evidence: Evidence, news: News, *, pending: frozenset[MrId]) -> Evidence:
    """The evidence after the news; `pending` is who was waiting when it came."""
    match news:
        case Passed():
            return _passed(evidence, news, pending)
        case Failed():
            return _failed(evidence, news, pending)
        case Landed():
            return _landed(evidence, news)
        case Gone():
            members = frozenset(news.members)
            return _back(evidence, members) if news.back else _gone(evidence, members)


def _passed(evidence: Evidence, news: Passed, pending: frozenset[MrId]) -> Evidence:
    shown = [id for id in news.members if id in pending]
    fine = dict(evidence.fine)
    for id in shown:
        fine[id] = max(news.base, fine.get(id, 0))
    members = frozenset(news.members)
    return replace(
        evidence,
        fine=fine,
        tested=evidence.tested.union(shown),
        passed=(*evidence.passed, PassedSet(news.members, news.base, news.purpose)),
        failed=tuple(
            each for each in evidence.failed if each.base > news.base or not each.members <= members
        ),
    )


def _failed(evidence: Evidence, news: Failed, pending: frozenset[MrId]) -> Evidence:
    """A failure is about those who still wait; the others of the candidate have landed since.

    Failures of these with others that are fine by now were the same failure.
    """
    suspects = pending.intersection(news.members)
    if not suspects:
        return evidence
    fine = evidence.fine
    before = sum(
        each.runs
        for each in evidence.failed
        if suspects < each.members
        and all(fine.get(id, -1) >= each.since for id in each.members - suspects)
    )
    found = FailedSet(suspects, news.base, news.runs + before)
    if len(suspects) == 1:
        fine = {id: place for id, place in fine.items() if id not in suspects}
    return replace(
        evidence,
        fine=fine,
        tested=evidence.tested | suspects,
        failed=smallest((*evidence.failed, found)),
    )


def _landed(evidence: Evidence, news: Landed) -> Evidence:
    members = frozenset(news.members)
    overtaken = {id: times for id, times in evidence.overtaken.items() if id not in members}
    for id in news.overtook:
        overtaken[id] = overtaken.get(id, 0) + 1
    left = (_without(each, members, news.head) for each in evidence.failed)
    return Evidence(
        fine={id: place for id, place in evidence.fine.items() if id not in members},
        failed=smallest(each for each in left if each.members),
        passed=tuple(each for each in evidence.passed if members < frozenset(each.members)),
        tested=evidence.tested - members,
        overtaken=overtaken,
    )


def _without(failed: FailedSet, members: frozenset[MrId], head: int) -> FailedSet:
    if failed.members.isdisjoint(members):
        return failed
    return replace(failed, members=failed.members - members, since=head)


def _gone(evidence: Evidence, members: frozenset[MrId]) -> Evidence:
    return Evidence(
        fine={id: place for id, place in evidence.fine.items() if id not in members},
        failed=tuple(each for each in evidence.failed if each.members.isdisjoint(members)),
        passed=tuple(each for each in evidence.passed if members.isdisjoint(each.members)),
        tested=evidence.tested - members,
        overtaken={id: times for id, times in evidence.overtaken.items() if id not in members},
    )


def _back(evidence: Evidence, members: frozenset[MrId]) -> Evidence:
    failed = tuple(each for each in evidence.failed if each.members.isdisjoint(members))
    return replace(evidence, failed=failed)


def smallest(found: Iterable[FailedSet]) -> tuple[FailedSet, ...]:
    """Only the minimal sets; the runs of the same set add up, those of a larger one are kept count
    of in the smaller."""
    by_members: dict[frozenset[MrId], FailedSet] = {}
    for each in found:
        known = by_members.get(each.members)
        by_members[each.members] = each if known is None else _both(known, each)
    sets = sorted(by_members.values(), key=lambda each: (len(each.members), sorted(each.members)))
    minimal: dict[frozenset[MrId], FailedSet] = {}
    by_first: dict[MrId, list[frozenset[MrId]]] = {}  # a part begins with one of the whole
    for each in sets:
        members = each.members
        parts = [part for id in members for part in by_first.get(id, ()) if part < members]
        for part in parts:
            known = minimal[part]
            minimal[part] = replace(known, again=known.again + each.runs + each.again)
        if not parts:
            minimal[members] = each
            by_first.setdefault(min(members), []).append(members)
    return tuple(minimal.values())


def _both(one: FailedSet, other: FailedSet) -> FailedSet:
    return FailedSet(
        one.members,
        max(one.base, other.base),
        one.runs + other.runs,
        max(one.since, other.since),
        one.again + other.again,
    )
