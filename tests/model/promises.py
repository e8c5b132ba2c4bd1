"""What must hold for each step of the protocol, whoever takes it: the promises as predicates."""

from __future__ import annotations

from collections.abc import Callable

from refinery.records.merge_request import CloseReason
from refinery.records.verdict import Result
from refinery.values import replace
from tests.model.explorer import Rule
from tests.model.world import COMMITS, OUTSIDE, TREES, Move, State, Truth, tree


def what_lands_was_tested(truth: Truth) -> Rule:
    """It has a verdict of its own; there is no passing one but of checks that really pass."""

    def rule(_: State, move: Move) -> str | None:
        if move.edit is None:
            return None
        passed = {each.tree for each in move.edit.verdicts if each.result is Result.PASS}
        lies = [sorted(TREES[each]) for each in passed if not truth.works(TREES[each])]
        if lies:
            return f"{lies[0]} is said to pass"
        for moved in move.edit.moves:
            assert moved.new is not None
            content = COMMITS[moved.new]
            if tree(content) not in passed:
                return f"{sorted(content)} landed untested"
        return None

    return rule


def nobody_lands_under_a_lost_claim(state: State, move: Move) -> str | None:
    if move.edit is None or not move.edit.moves:
        return None
    held = state.remote.view.claims.get(move.claim.names[0]) if move.claim else None
    if move.claim is None or held is None or held.token != move.claim.token:
        return "landed without its claim"
    landed = {mr.id for mr in move.edit.put}
    return None if landed <= set(move.claim.candidate) else f"landed {landed} without its claim"


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
    records = (*move.after.remote.view.mrs.values(), *move.after.archived)
    merged = {mr.id for mr in records if mr.close_reason is CloseReason.MERGED}
    if len(move.after.landed) != len(set(move.after.landed)):
        return f"landed twice: {move.after.landed}"
    if move.after.is_torn:
        return None if merged <= content else f"recorded {merged}, and the target has {content}"
    return None if merged == content else f"recorded {merged}, and the target has {content}"


def the_target_only_grows(state: State, move: Move) -> str | None:
    before, after = state.landed, move.after.landed
    return None if after[: len(before)] == before else f"{before} was on the target, now {after}"


def what_is_closed_never_changes(state: State, move: Move) -> str | None:
    after = {mr.id: mr for mr in move.after.archived} | dict(move.after.remote.view.mrs)
    for id, mr in state.remote.view.mrs.items():
        if id not in after:
            return f"{id} was lost"
        if mr.closed and id not in state.remote.view.unfolded:
            now = after[id]
            if replace(now, untold=mr.untold, telling=mr.telling) != mr:
                return f"{id} was closed, and changed"
    return None


def nobody_takes_a_claim_that_lives(state: State, move: Move) -> str | None:
    if move.edit is None:
        return None
    before = state.remote.view.claims
    for name, claim in move.edit.claim.items():
        held = before.get(name)
        lives = held is not None and not held.is_report and state.now < held.expires_at
        if lives and held is not None and held.token != claim.token:
            return f"{claim.worker} took a claim that lives"
    return None


def only_what_has_ended_is_archived(_: State, move: Move) -> str | None:
    alive = [mr.id for mr in move.edit.archive if not mr.closed] if move.edit else []
    return f"{alive[0]} is open, and archived" if alive else None


def a_branch_has_one_open_revision(_: State, move: Move) -> str | None:
    view = move.after.remote.view
    open = [mr for mr in view.mrs.values() if not mr.closed and mr.id not in view.unfolded]
    is_one = len({mr.branch for mr in open}) == len(open)
    return None if is_one else "two revisions of one branch are open"


def what_conflicts_stays_blocked(truth: Truth) -> Rule:
    def rule(state: State, move: Move) -> str | None:
        for mr in move.edit.put if move.edit else ():
            before = state.remote.view.mrs.get(mr.id)
            if before is None or before.block is None or mr.block is not None or mr.closed:
                continue
            if mr.head == before.block.head and truth.clashes(mr.id, state.landed):
                return f"{mr.id} still conflicts, and was let go on"
        return None

    return rule


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
        what_lands_was_tested(truth),
        nobody_lands_under_a_lost_claim,
        what_people_stopped_does_not_land,
        a_landing_moves_target_and_record_together,
        the_target_only_grows,
        what_is_closed_never_changes,
        nobody_takes_a_claim_that_lives,
        only_what_has_ended_is_archived,
        a_branch_has_one_open_revision,
        what_conflicts_stays_blocked(truth),
        nobody_is_blamed_who_is_fine(truth),
    )
