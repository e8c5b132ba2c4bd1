"""Rules for what is untested: on top of what is likely to land, else by itself on the head."""

from __future__ import annotations

from math import ceil

from refinery.queue.planning.facts import Candidate, Profile, Purpose
from refinery.queue.planning.scene import LIKELY, Line, Scene
from refinery.records.names import MrId

FIRST = 0.5  # the first of a line is at least so likely
TOGETHER = 0.5  # a screen of several is at least so likely to pass
ON_SURE = 0.93  # a screen stands on a line that is at least so likely: its pass can land
PATIENCE = 0.6  # economy: runs that changes may wait, together, for the answer of the line
WORTH_A_HEDGE = 0.25  # the part of a run that a hedge must be expected to save


def chain(scene: Scene) -> Candidate | None:
    """Untested ones on top of what is likely to land: with the first pass they land."""
    untested = scene.untested()
    on = scene.likely
    if not untested or (not on.members and scene.line_covers) or _is_patient(scene, untested):
        return None
    added = _while_likely(scene, untested, on)
    if not added:
        return None
    why = "untested" if len(added) == 1 else f"{len(added)} untested"
    if on.members:
        why += f", on top of {len(on.members)} that are likely to land"
    members = on.members | frozenset(added)
    if scene.is_running(members):
        return None
    return scene.candidate(members, Purpose.CHAIN, why, on)


def screen(scene: Scene) -> Candidate | None:
    """Untested ones by themselves, as many as it takes to have all workers busy."""
    untested = scene.untested()
    if not untested or _is_patient(scene, untested):
        return None
    members: set[MrId] = set()
    chance = 1.0
    for id in untested:
        wanted = {id, *scene.changes[id].needs} - members
        chance *= scene.odds.belief[id]
        if members and (len(members) >= _share(scene, untested) or chance < TOGETHER):
            break
        if all(scene.changes[each].clashes.isdisjoint(members) for each in wanted):
            members |= wanted
    why = f"{_what_is_in_doubt(scene, members)}: {len(members)} untested by themselves"
    on = scene.sure if scene.sure.chance >= ON_SURE else Line()
    for line in (on, Line()):
        together = line.members | members
        fits = len(together) <= scene.facts.most or not line.members
        if fits and not scene.is_running(together) and _agree(scene, line, members):
            return scene.candidate(together, Purpose.SCREEN, why, line)
    return None


def hedge(scene: Scene) -> Candidate | None:
    """One that rides on a doubtful line, by itself, if the answer would save enough time."""
    if scene.facts.profile is not Profile.FAST:
        return None
    best, chosen = WORTH_A_HEDGE, None
    alone = {id for each in scene.builds if not each.in_line for id in each.members}
    for build in scene.line:
        for id in build.members:
            if id in scene.odds.fine or id in alone or scene.odds.suspected(id):
                continue
            belief = scene.odds.belief[id]
            saves = (1 - build.chance / belief) * scene.remaining(build) * belief
            if (saves, -scene.place[id]) > (best, -scene.place.get(chosen or id, 0)):
                best, chosen = saves, id
    if chosen is None:
        return None
    members = scene.with_needs([chosen])
    if scene.is_running(members):
        return None
    return scene.candidate(members, Purpose.HEDGE, "the line it rides on is doubtful")


def _is_patient(scene: Scene, untested: list[MrId]) -> bool:
    """Whether it saves a build to wait for what the line says, and costs few changes little."""
    if scene.facts.profile is not Profile.ECONOMY or not scene.line:
        return False
    soonest = min(scene.remaining(build) for build in scene.line)
    return soonest * len(untested) < PATIENCE


def _share(scene: Scene, untested: list[MrId]) -> int:
    """How many each free worker has to take."""
    return max(1, min(scene.facts.most, ceil(len(untested) / scene.free)))


def _while_likely(scene: Scene, untested: list[MrId], on: Line) -> list[MrId]:
    added: list[MrId] = []
    members = set(on.members)
    for id in untested:
        if len(added) >= _share(scene, untested) or len(members) >= scene.facts.most:
            break
        if not scene.joins(id, members) or scene.odds.belief[id] < scene.least_belief:
            continue
        if members and scene.odds.of(frozenset({*members, id})) < (LIKELY if on.members else FIRST):
            break
        added.append(id)
        members.add(id)
    return added


def _what_is_in_doubt(scene: Scene, members: set[MrId]) -> str:
    if any(scene.odds.belief[id] < scene.least_belief for id in members):
        return "too doubtful to build upon"
    return "what is likely to land is in doubt"


def _agree(scene: Scene, line: Line, members: set[MrId]) -> bool:
    return all(scene.changes[id].clashes.isdisjoint(line.members) for id in members)
