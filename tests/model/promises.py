"""What must hold for each step of the protocol, whoever takes it: the promises as predicates."""

from __future__ import annotations

from collections.abc import Callable

from refinery.queue.standing import live_claim
from refinery.records.merge_request import CloseReason
from refinery.values import replace
from tests.model.explorer import Rule
from tests.model.world import COMMITS, OUTSIDE, TREES, Move, State, Truth


def what_lands_was_tested(state: State, move: Move) -> str | None:
    if move.edit is None or not move.edit.moves:
        return None
    (moved,) = move.edit.moves
    assert moved.new is not None
    content = frozenset(COMMITS[moved.new])
    tested = {TREES[each] for each in move.after.tested}
    return None if content in tested else f"{sorted(content)} landed untested"


def nobody_lands_under_a_lost_claim(state: State, move: Move) -> str | None:
    if move.edit is None or not move.edit.moves:
        return None
    held = {name for name in move.edit.release if name in state.remote.view.claims}
    for landed in move.edit.put:
        live = live_claim(state.remote.view, landed.id, state.now)
        by = landed.landing.worker if landed.landing else ""
        claims = [state.remote.view.claims[name] for name in held]
        if not any(landed.id in each.candidate and each.worker == by for each in claims):
            return f"{by} landed {landed.id} without its claim; it is {live and live.worker}'s"
    return None


def what_people_stopped_does_not_land(state: State, move: Move) -> str | None:
    if move.edit is None or not move.edit.moves:
        return None
    view = state.remote.view
    if view.header.paused is not None:
        return "landed while the queue is paused"
    for landed in move.edit.put:
        before = view.mrs[landed.id]
        if before.closed or before.hold or before.block or before.failure:
            return f"landed {landed.id}, which may not"
    return None


def a_landing_moves_target_and_record_together(state: State, move: Move) -> str | None:
    content = {id for id in move.after.landed if id != OUTSIDE}
    merged = {
        mr.id for mr in move.after.remote.view.mrs.values() if mr.close_reason is CloseReason.MERGED
    }
    if len(move.after.landed) != len(set(move.after.landed)):
        return f"landed twice: {move.after.landed}"
    if move.after.is_torn:
        return None if merged <= content else f"recorded {merged}, and the target has {content}"
    return None if merged == content else f"recorded {merged}, and the target has {content}"


def the_target_only_grows(state: State, move: Move) -> str | None:
    before, after = state.landed, move.after.landed
    return None if after[: len(before)] == before else f"{before} was on the target, now {after}"


def what_is_closed_never_changes(state: State, move: Move) -> str | None:
    after = move.after.remote.view.mrs
    for id, mr in state.remote.view.mrs.items():
        if id not in after:
            return f"{id} was lost"
        if mr.closed and id not in state.remote.view.unfolded:
            now = after[id]
            if replace(now, untold=mr.untold, telling=mr.telling) != mr:
                return f"{id} was closed, and changed"
    return None


def nobody_is_blamed_who_is_fine(truth: Truth) -> Rule:
    def rule(state: State, move: Move) -> str | None:
        if move.edit is None:
            return None
        for mr in move.edit.put:
            if mr.failure is not None and not _is_at_fault(truth, mr.id, move.after):
                return f"{mr.id} is fine, and was refused: {mr.failure.message}"
        return None

    return rule


def _is_at_fault(truth: Truth, id: str, state: State) -> bool:
    if id in truth.bad:
        return True
    others = set(state.landed)
    return any(id in pair and set(pair) - {id} <= others for pair in truth.disagree)


def promises(truth: Truth) -> tuple[Callable[[State, Move], str | None], ...]:
    """All of them."""
    return (
        what_lands_was_tested,
        nobody_lands_under_a_lost_claim,
        what_people_stopped_does_not_land,
        a_landing_moves_target_and_record_together,
        the_target_only_grows,
        what_is_closed_never_changes,
        nobody_is_blamed_who_is_fine(truth),
    )
