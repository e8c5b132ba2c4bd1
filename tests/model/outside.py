"""What people, time and crashes do to a queue, at any moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from refinery.queue import blocking, operating
from refinery.records.names import IssueRef, MrId
from refinery.store.edit import Edit
from refinery.values import replace as changed
from tests.decisions.makers import MAIN, a_sha, an_id, an_mr
from tests.model.world import (
    LASTS,
    OUTSIDE,
    Actor,
    Move,
    Stage,
    State,
    Truth,
    commit,
    pushed,
    shown,
    tree,
    with_actor,
)

ISSUE = "local#{}"


def happenings(state: State, event: str, truth: Truth) -> Iterator[Move]:
    """How an event may come about now; what a push may suffer is up to those who push."""
    kind, _, name = event.partition(" ")
    if kind == "crash":
        yield from _crashes(state)
    elif kind == "time":
        yield from _time_passes(state)
    elif kind == "push":
        yield _pushed_from_outside(state)
    elif kind == "revise":
        yield from _revised(state, an_id(name))
    elif kind == "close":
        yield from _closed(state, truth)
    elif kind in ("hold", "reject", "pause", "resume"):
        yield from _by_hand(state, kind, an_id(name))


def _crashes(state: State) -> Iterator[Move]:
    for index, actor in enumerate(state.actors):
        if actor.stage is not Stage.IDLE:
            dead = Actor(actor.name, lives=actor.lives + 1)
            yield Move(f"{actor.name} is killed", with_actor(state, index, dead))


def _time_passes(state: State) -> Iterator[Move]:
    """So much that every claim of now has run out."""
    if any(claim.live(state.now) for claim in state.remote.view.claims.values()):
        yield Move("the claims run out", replace(state, now=state.now + LASTS + LASTS / 10))


def _pushed_from_outside(state: State) -> Move:
    content = (*state.landed, OUTSIDE)
    view = state.remote.view
    moved = changed(
        view, targets={**view.targets, MAIN: commit(content)}, target_trees={MAIN: tree(content)}
    )
    return Move("somebody pushes to the target", shown(state, moved))


def _revised(state: State, id: MrId) -> Iterator[Move]:
    """The author pushes another commit: it lies in the inbox until somebody folds it."""
    view = state.remote.view
    old = view.mrs[id]
    if old.closed:
        return
    head = a_sha(f"another head of {id}")
    new = an_mr(f"{id}2", branch=old.branch, created_at=state.now, head=head)
    waiting = changed(view, mrs={**view.mrs, new.id: new}, unfolded=view.unfolded | {new.id})
    yield Move(f"the author revises {id}", shown(state, waiting))


def _closed(state: State, truth: Truth) -> Iterator[Move]:
    """Somebody says that a conflict is resolved; a hook reads the queue and lets go on."""
    for id in (id for id, is_open in state.issues if is_open):
        clean = {
            mr.id: not truth.clashes(mr.id, state.landed)
            for mr in state.remote.view.mrs.values()
            if mr.blocked_by == IssueRef(ISSUE.format(id))
        }
        edit = blocking.unblocked_together(state.remote.view, clean)
        if edit is not None:
            issues = tuple((each, is_open and each != id) for each, is_open in state.issues)
            closed = pushed(replace(state, issues=issues), edit)
            yield Move(f"the issue of {id} is closed", closed, edit)


def _by_hand(state: State, kind: str, id: MrId) -> Iterator[Move]:
    view, now, by = state.remote.view, state.now, "eve"
    if kind == "pause":
        choice: object = operating.pause(view, reason="lunch", by=by, now=now)
    elif kind == "resume":
        choice = operating.resume(view, by=by)
    elif kind == "hold":
        choice = operating.hold(view, id, reason="wait", by=by, now=now)
    else:
        choice = operating.reject(view, id, reason="no", by=by, now=now)
    if isinstance(choice, Edit):
        yield Move(f"somebody says {kind} {id}", pushed(state, choice), choice)
