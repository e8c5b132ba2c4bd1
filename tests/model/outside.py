"""What people, time and crashes do to a queue, at any moment."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from refinery.queue import blocking, operating
from refinery.records.names import IssueRef, MrId
from refinery.store.edit import Edit
from refinery.store.view import View
from refinery.values import replace as changed
from tests.decisions.makers import MAIN, a_sha, an_id, an_mr
from tests.model.world import (
    LASTS,
    OUTSIDE,
    Move,
    State,
    Truth,
    a_request,
    commit,
    pushed,
    shown,
    tree,
)

ISSUE = "local#{}"
TIMES = {"time": LASTS + LASTS / 10, "half": LASTS * 6 / 10}


def happenings(state: State, event: str, truth: Truth) -> Iterator[Move]:
    """How an event may come about now; what befalls a worker is up to those who move it."""
    kind, _, name = event.partition(" ")
    if kind in TIMES:
        yield from _time_passes(state, kind)
    elif kind == "push":
        yield _pushed_from_outside(state)
    elif kind == "revise":
        yield from _revised(state, an_id(name))
    elif kind == "submit":
        yield _submitted(state, name)
    elif kind == "close":
        yield from _closed(state, truth, is_heard=name != "unheard")
    elif kind in ("hold", "reject", "pause", "resume"):
        yield from _by_hand(state, kind, an_id(name))


def _time_passes(state: State, kind: str) -> Iterator[Move]:
    """So much that every claim of now has run out, or half of that."""
    if any(claim.live(state.now) for claim in state.remote.view.claims.values()):
        yield Move(f"{TIMES[kind]} pass", replace(state, now=state.now + TIMES[kind]))


def _pushed_from_outside(state: State) -> Move:
    content = (*state.landed, OUTSIDE)
    view = state.remote.view
    moved = changed(
        view, targets={**view.targets, MAIN: commit(content)}, target_trees={MAIN: tree(content)}
    )
    return Move("somebody pushes to the target", shown(state, moved))


def _submitted(state: State, name: str) -> Move:
    new = a_request(name, state.now)
    view = state.remote.view
    waiting = changed(view, mrs={**view.mrs, new.id: new}, unfolded=view.unfolded | {new.id})
    return Move(f"somebody submits {new.id}", shown(state, waiting))


def _revised(state: State, id: MrId) -> Iterator[Move]:
    """The author pushes another commit: it lies in the inbox until somebody folds it."""
    view = state.remote.view
    old = view.mrs.get(id)
    if old is None or old.closed:
        return
    head = a_sha(f"another head of {id}")
    new = an_mr(f"{id}2", branch=old.branch, created_at=state.now, head=head)
    waiting = changed(view, mrs={**view.mrs, new.id: new}, unfolded=view.unfolded | {new.id})
    yield Move(f"the author revises {id}", shown(state, waiting))


def _closed(state: State, truth: Truth, *, is_heard: bool) -> Iterator[Move]:
    """Somebody says that a conflict is resolved; a hook lets go on, unless its message is lost."""
    for id in (id for id, is_open in state.issues if is_open):
        issues = tuple((each, is_open and each != id) for each, is_open in state.issues)
        after = replace(state, issues=issues)
        if not is_heard:
            yield Move(f"the issue of {id} is closed, and nobody hears of it", after)
            continue
        edit = blocking.unblocked_together(state.remote.view, clean(state.remote.view, {id}, truth))
        if edit is not None:
            yield Move(f"the issue of {id} is closed", pushed(after, edit), edit)


def clean(view: View, issues: Collection[MrId], truth: Truth) -> dict[MrId, bool]:
    """Whom these issues block, and whether they can be put on the target by now."""
    blocking_now = {IssueRef(ISSUE.format(id)) for id in issues}
    landed = tuple(mr.id for mr in view.mrs.values() if mr.landing is not None)
    return {
        mr.id: not truth.clashes(mr.id, landed)
        for mr in view.mrs.values()
        if mr.blocked_by in blocking_now
    }


def _by_hand(state: State, kind: str, id: MrId) -> Iterator[Move]:
    view, now, by = state.remote.view, state.now, "eve"
    if kind in ("hold", "reject") and id not in view.mrs:
        return  # it is archived
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
