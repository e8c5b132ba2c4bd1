"""What may land now without another build, and which running builds are of no more use.

Landing is a choice: a pass of few can wait for a build of many that it would make stale.  The
engine asks `landable` with fresh facts after every verdict and at the start of every pass; it
builds the members on the head, and lands them only if that tree is the one that passed.
"""

from __future__ import annotations

from refinery.queue.planning.facts import LANDS_IN_LINE, Facts, Idle, PassedSet, Purpose, Running
from refinery.queue.planning.pick import pick
from refinery.queue.planning.scene import Build, Scene
from refinery.records.names import MrId
from refinery.values import dataclass, replace

PREFERS_NOW = 1.1  # how much one landing now counts against one in a likely build
RESTART = 1.1  # runs lost by whoever's build is made stale
HOPELESS = 0.12
TOO_FAR_TO_STOP = 0.5  # of a run: a stale build of many that is further is worth its answer


@dataclass(frozen=True, slots=True)
class Landable:
    """Members, in order, whose tree on the head has passed."""

    members: tuple[MrId, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A running build that can neither land nor teach, or whose worker is needed more elsewhere."""

    running: Running
    why: str


def landable(facts: Facts) -> Landable | None:
    """The most that may land now as it was tested; None while nothing may or it is worth a wait."""
    if not facts.evidence.passed:
        return None
    pending = {each.id for each in facts.pending}
    found = [
        each
        for each in facts.evidence.passed
        if facts.fits(frozenset(each.members), each.base)
        and pending.union(facts.landed_since(each.base)).issuperset(each.members)
    ]
    if not found:
        return None
    scene = Scene(facts)
    for each in sorted(found, key=lambda it: (-len(it.members), it.members)):
        left = tuple(id for id in each.members if id in pending)
        if 0 < len(left) <= facts.most and _worth_it(scene, each, left):
            return Landable(left, f"{len(left)} passed as they would land")
    return None


def _worth_it(scene: Scene, passed: PassedSet, left: tuple[MrId, ...]) -> bool:
    """Whether landing now beats waiting for a likelier, larger build that it would make stale."""
    if passed.purpose is Purpose.SPLIT and len(left) == 1 and scene.waits_too_long(left[0]):
        return True
    members = frozenset(left)
    lost = max((_lost(scene, each, members) for each in scene.line), default=0.0)
    return len(left) * PREFERS_NOW >= lost


def _lost(scene: Scene, build: Build, members: frozenset[MrId]) -> float:
    if members <= build.members:
        return 0.0
    wait = RESTART - scene.remaining(build)
    return build.chance * len(build.members - members) * wait


def cancelled(facts: Facts) -> tuple[Cancelled, ...]:
    """The running builds to stop, and why."""
    scene = Scene(facts)
    useless = []
    for build in scene.builds:
        why = _useless(scene, build)
        if why is not None:
            useless.append(Cancelled(build.running, why))
    return tuple(useless) or _yielding(scene)


def _useless(scene: Scene, build: Build) -> str | None:
    running, members = build.running, build.members
    if running.purpose is Purpose.BASE:
        return None
    if not members:
        return "all its members have landed or left"
    gone = frozenset(running.members) - members
    if not gone <= frozenset(scene.facts.landed_since(running.base)):
        return "it holds one that left the queue"
    in_line = running.purpose in LANDS_IN_LINE
    if not build.fresh:
        if all(id in scene.odds.fine for id in members):
            return "it is out of date, and all its members are known to be fine"
        if len(members) > 1 and in_line and scene.remaining(build) > 1 - TOO_FAR_TO_STOP:
            return "it is out of date, and would not tell who is fine"
    elif len(members) > 1 and in_line and build.chance < HOPELESS:
        return "what failed meanwhile makes it hopeless"
    return None


def _yielding(scene: Scene) -> tuple[Cancelled, ...]:
    """The youngest hedge, if its worker is needed and no other is free."""
    facts = scene.facts
    hedges = [each for each in facts.running if each.purpose is Purpose.HEDGE]
    if not hedges or len(facts.running) < facts.workers:
        return ()
    youngest = max(hedges, key=lambda each: (each.started, each.members))
    others = tuple(each for each in facts.running if each is not youngest)
    wanted = pick(replace(facts, running=others))
    if isinstance(wanted, Idle) or wanted.purpose is Purpose.HEDGE:
        return ()
    return (Cancelled(youngest, "its worker is needed for something necessary"),)
