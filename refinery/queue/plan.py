"""What is to be done for one target: refuse, land what has passed, or test; with its reason.

The planner decides (`queue/planning`); here it is asked, unless the target as a whole has to wait.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from refinery.queue.candidate import Candidate
from refinery.queue.claiming import under_test
from refinery.queue.halting import pause_of
from refinery.queue.planning import pick as planner
from refinery.queue.planning.facts import Candidate as Planned
from refinery.queue.planning.facts import Facts, Health, PassedSet, Purpose
from refinery.queue.planning.landing import landable
from refinery.queue.proposing import proposed_for
from refinery.records.names import Branch
from refinery.store.view import View
from refinery.values import dataclass, replace


class Stuck(Enum):
    """Whether somebody has to act before this target goes on."""

    NO = "no"
    RED = "the target fails its own checks"
    BROKEN_CONFIG = "its configuration is broken"
    CANNOT_CHECK = "its checks cannot run"


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing is to be done for this target now, and why; `others` test something for it."""

    target: Branch
    why: str
    stuck: Stuck = Stuck.NO
    others: int = 0


def waits(view: View, target: Branch, *, now: datetime) -> Idle | None:
    """Why nothing may be done for the target as a whole."""
    pause = pause_of(view, now)
    if pause is not None:
        return Idle(target, f"the queue is paused: {pause.reason}")
    if target not in view.targets:
        return Idle(target, f"the target {target!r} does not exist on the remote")
    proposal = proposed_for(view, target)
    if proposal is not None:
        named = f"pull request {proposal.number}" if proposal.number else proposal.branch
        others = sum(each.target == target for each in under_test(view, now))
        return Idle(target, f"{named} is about to land", others=others)
    return None


def next_candidate(
    target: Branch, facts: Facts, *, unlike: frozenset[PassedSet] = frozenset(), place: int = 0
) -> Candidate | Idle:
    """The candidate most worth a worker's time now.

    `unlike` passed, but would not land as the tree that passed.  With `place` it is the one that is
    left when so many other workers have taken theirs; where there are fewer, one of these.
    """
    passed = tuple(each for each in facts.evidence.passed if each not in unlike)
    found = landable(replace(facts, evidence=replace(facts.evidence, passed=passed)))
    if found is not None:
        members = facts.whole(found.members)
        return Candidate(target, members, Purpose.TRAIN, found.why, has_passed=True)
    choices = planner.plan(facts, 1 + place)
    if choices:
        choice = choices[place % len(choices)]
        return Candidate(target, facts.whole(choice.members), choice.purpose, choice.why)
    return _idle(target, facts)


def line_up(facts: Facts) -> tuple[Planned, ...]:
    """What all free workers would take, one after the other."""
    return tuple(
        replace(
            each,
            members=facts.whole(each.members),
            assumed=len(facts.whole(each.members[: each.assumed])),
        )
        for each in planner.plan(facts)
    )


def _idle(target: Branch, facts: Facts) -> Idle:
    others = len(facts.running)
    if not facts.pending:
        return Idle(target, facts.frozen or "nothing is ready", others=others)
    if facts.health is Health.RED:
        why = f"{target} itself fails its checks, and nothing in the queue repairs it"
        return Idle(target, why, stuck=Stuck.NO if others else Stuck.RED, others=others)
    if facts.kept_back:
        some = len(facts.kept_back)
        waits = "waits" if some == 1 else "wait"
        why = f"{some} {waits} until fewer of the same author or fleet are being tested"
        return Idle(target, why, others=others)
    return Idle(target, "everything that waits is being tested", others=others)
