"""Rule for what failed: split the oldest failing set until one is left, and see that one again."""

from __future__ import annotations

from math import ceil

from refinery.queue.planning.blame import MOST_RUNS
from refinery.queue.planning.facts import Candidate, Purpose
from refinery.queue.planning.scene import Build, Scene
from refinery.records.names import MrId

ASIDE = frozenset({Purpose.SPLIT, Purpose.SCREEN, Purpose.HEDGE})
MANY_FREE = 3  # with so many free workers other parts are tested while one is
ANSWERED_BY = 0.3  # a running part of the set that is at least so likely will tell


def split(scene: Scene) -> Candidate | None:
    """A part of a set that failed; as many parts as workers are free for them."""
    for suspects in scene.odds.suspects:
        if _is_being_asked(scene, suspects) or _is_clear(scene, suspects):
            continue
        part = _part(scene, suspects)
        members = scene.with_needs(part)
        if members and not scene.is_running(members):
            return scene.candidate(members, Purpose.SPLIT, _why(suspects, part))
    return None


def _is_clear(scene: Scene, suspects: frozenset[MrId]) -> bool:
    """Whether one more run of it would say nothing new: what it waits for is the target's own."""
    failed = scene.facts.evidence.failed
    return any(each.members == suspects and each.runs >= MOST_RUNS for each in failed)


def _is_being_asked(scene: Scene, suspects: frozenset[MrId]) -> bool:
    for build in scene.builds:
        if scene.free < MANY_FREE and _is_part(build, suspects):
            return True
        if build.in_line and build.members < suspects and build.chance > ANSWERED_BY:
            return True
    return False


def _is_part(build: Build, suspects: frozenset[MrId]) -> bool:
    return (
        build.running.purpose in ASIDE
        and not suspects.isdisjoint(build.members)
        and not suspects <= build.members
    )


def _part(scene: Scene, suspects: frozenset[MrId]) -> list[MrId]:
    """Likely good ones first: they land, and what is left gets smaller."""
    belief = scene.odds.belief
    ordered = sorted(suspects, key=lambda id: (-belief[id], scene.place[id]))
    if len(ordered) == 1:
        return ordered
    busy: set[MrId] = set()
    for build in scene.builds:
        if build.running.purpose in ASIDE and not suspects <= build.members:
            busy |= build.members
    open = [id for id in ordered if id not in busy]
    parts = 2 if scene.free <= MANY_FREE else min(len(ordered), max(2, scene.free // 2))
    size = max(1, ceil(len(ordered) / parts))
    return open[: min(size, len(ordered) - 1)]


def _why(suspects: frozenset[MrId], part: list[MrId]) -> str:
    if len(suspects) == 1:
        return "it failed: does it fail by itself, and again?"
    return f"{len(part)} of the {len(suspects)} of which one is to blame for a failure"
