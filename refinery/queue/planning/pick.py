"""What a free worker tests next: the first rule that has something, and its reason in words.

    facts = facts_of(view, target, config, now)
    match pick(facts):
        case Candidate(): claim it, build it on the head, test it
        case Idle(): wait for news

Every worker computes this from the same facts and gets the same answer; whoever loses the claim
reads again, finds the candidate running, and is given the next.  `plan` is the list of what all
free workers would take, one after the other.
"""

from __future__ import annotations

from collections.abc import Callable

from refinery.queue.planning.facts import Candidate, Facts, Health, Idle, Purpose
from refinery.queue.planning.scene import Scene
from refinery.queue.planning.screens import chain, hedge, screen
from refinery.queue.planning.splits import split
from refinery.queue.planning.trains import OVERTAKEN, cut, train
from refinery.records.names import MrId

Rule = Callable[[Scene], Candidate | None]


def pick(facts: Facts) -> Candidate | Idle:
    """The candidate most worth a free worker's time."""
    return _next(Scene(facts), facts)


def plan(facts: Facts, most: int | None = None) -> tuple[Candidate, ...]:
    """What the free workers would take, in order; or so many of them."""
    free = facts.workers - len(facts.running) if most is None else most
    if free <= 0:
        return ()
    scene = Scene(facts)
    chosen: list[Candidate] = []
    while len(chosen) < free:
        candidate = _next(scene, facts)
        if isinstance(candidate, Idle):
            break
        chosen.append(candidate)
        scene.take(candidate)
    return tuple(chosen)


def _next(scene: Scene, facts: Facts) -> Candidate | Idle:
    if not facts.pending:
        return Idle("nothing is ready")
    for rule in RULES:
        candidate = rule(scene)
        if candidate is not None:
            return candidate
    return Idle("everything that waits is being tested")


def base_first(scene: Scene) -> Candidate | None:
    """Before anybody is suspected: is the target itself fine?"""
    facts = scene.facts
    if facts.health is not Health.UNKNOWN or not facts.evidence.failed:
        return None
    asked = (each.running for each in scene.builds if each.running.purpose is Purpose.BASE)
    if any(each.base == facts.head for each in asked):
        return None
    return Candidate((), Purpose.BASE, "something failed: is the target itself fine?")


def repair(scene: Scene) -> Candidate | None:
    """While the target is red, each by itself: only what repairs it can pass."""
    for id in scene.beginnable:
        members = scene.with_needs([id])
        failed = any(each.members <= members for each in scene.facts.evidence.failed)
        if not failed and not scene.is_running(members):
            return scene.candidate(members, Purpose.SCREEN, "the target is red: does it repair it?")
    return None


def overdue(scene: Scene) -> Candidate | None:
    """Who waits longest, when that is too long, it was overtaken twice, and nobody tests it."""
    longest = scene.longest_waiting(scene.beginnable)
    if not scene.waits_too_long(longest) or longest in scene.under_test:
        return None
    if scene.facts.evidence.overtaken.get(longest, 0) < OVERTAKEN:
        return None
    return _alone(scene, longest, "it has waited too long")


def anything(scene: Scene) -> Candidate | None:
    """While nothing runs at all, the first in order: the queue never stands still."""
    if scene.builds:
        return None
    return _alone(scene, scene.beginnable[0], "nothing else is running")


def _alone(scene: Scene, id: MrId, why: str) -> Candidate | None:
    members = scene.with_needs([id])
    if scene.is_running(members):
        return None
    return scene.candidate(members, Purpose.SPLIT, why)


def _unless_red(rule: Rule) -> Rule:
    return lambda scene: None if scene.facts.health is Health.RED else rule(scene)


def _if_red(rule: Rule) -> Rule:
    return lambda scene: rule(scene) if scene.facts.health is Health.RED else None


RULES: tuple[Rule, ...] = (
    base_first,
    _if_red(repair),
    *map(_unless_red, (overdue, cut, train, split, chain, screen, hedge, anything)),
)
