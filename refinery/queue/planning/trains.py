"""Rules for what is shown fine: the train that lands it, and cuts where a train failed."""

from __future__ import annotations

from refinery.queue.planning.facts import LANDS_IN_LINE, Candidate, Purpose
from refinery.queue.planning.scene import Line, Scene
from refinery.records.names import MrId

GAP = 2.0  # runs between two trains, over the number of workers ...
SHORTEST_GAP = 0.2  # ... in runs
LONGEST_GAP = 1.0
BUILDS_ON = 0.5  # a train is put on a line that is at least so likely, else on one that is sure
AT_LEAST = 0.49  # nobody joins a train that would then be less likely
WITH_UNTESTED = 0.5  # untested ones ride along where workers are few, down to this chance
OVERTAKEN = 2  # who was overtaken so often comes first
CUT_AT = (0.5, 0.75, 0.25)


def cut(scene: Scene) -> Candidate | None:
    """Parts of a combination that failed though each of it is fine: from the front, so that each
    can land, and several at once where workers are free."""
    for failed in sorted(scene.odds.combinations, key=len):
        order = sorted(failed, key=scene.place.__getitem__)
        running = 0
        for share in CUT_AT:
            front = order[: min(len(order) - 1, max(1, round(share * len(order))))]
            members = scene.with_needs(front)
            if not members or members == failed:
                continue
            if scene.is_running(members):
                running += 1
            elif not running or scene.free > 2:
                why = (
                    f"{len(failed)} that are fine by themselves failed together: do {len(members)}?"
                )
                return scene.candidate(members, Purpose.CUT, why)
    return None


def train(scene: Scene) -> Candidate | None:
    """Everything that is shown fine, to land in one build."""
    fine = [id for id in scene.shown_fine() if not _in_combination(scene, id)]
    if not fine or (scene.line and not _last_is_old(scene)):
        return None
    on = scene.likely if scene.likely.chance >= BUILDS_ON else scene.sure
    members = _with_fine(scene, on, fine)
    fine_count = len(members - on.members)
    members = _with_untested(scene, members)
    if members == on.members or scene.is_running(members):
        return None
    riding = len(members - on.members) - fine_count
    why = f"{fine_count} shown fine by themselves, to land together"
    why += f", and {riding} untested" if riding else ""
    why += f", on {len(on.members)} that are likely to land" if on.members else ""
    return scene.candidate(members, Purpose.TRAIN, why, on)


def _in_combination(scene: Scene, id: MrId) -> bool:
    return any(id in failed for failed in scene.odds.combinations)


def _last_is_old(scene: Scene) -> bool:
    rates, workers = scene.facts.rates, scene.facts.workers
    gap = min(LONGEST_GAP, max(SHORTEST_GAP, GAP / workers)) * rates.minutes
    trains = (
        each.running.started
        for each in scene.builds
        if each.running.purpose in LANDS_IN_LINE - {Purpose.CHAIN}
    )
    return scene.facts.now - max(trains, default=-gap) >= gap


def _with_fine(scene: Scene, on: Line, fine: list[MrId]) -> frozenset[MrId]:
    """The line and who is fine: the overtaken first, then in order, while the train is likely."""
    overtaken = scene.facts.evidence.overtaken
    fine.sort(key=lambda id: overtaken.get(id, 0) < OVERTAKEN)
    members = set(on.members)
    doubtful = bool(scene.odds.combinations or scene.facts.rates.interaction)
    for id in [*fine, *fine]:  # again for those whose needs came after them
        if id in members or len(members) >= scene.facts.most or not scene.joins(id, members):
            continue
        if (
            doubtful
            and len(members) > len(on.members)
            and scene.odds.of(frozenset({*members, id})) < AT_LEAST
        ):
            continue
        members.add(id)
    return frozenset(members)


def _with_untested(scene: Scene, members: frozenset[MrId]) -> frozenset[MrId]:
    """The train, and those that no worker would be left for."""
    untested = scene.untested()
    if len(untested) <= scene.free - 1:
        return members
    chance = scene.odds.of(members)
    joined = set(members)
    for id in untested:
        chance *= scene.odds.belief[id]
        if chance < WITH_UNTESTED or len(joined) >= scene.facts.most:
            break
        if scene.joins(id, joined):
            joined.add(id)
    return frozenset(joined)
