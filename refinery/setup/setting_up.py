"""Carries out the set-up of a queue, as it was planned: the remote first, then this clone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from refinery.config.config import FILE
from refinery.records.names import Branch, Sha
from refinery.repo.checkout_sync import LeftAlone, fast_forward
from refinery.repo.repository import Repository
from refinery.repo.settings import add_setting, set_setting
from refinery.setup.setup_plan import Place, Plan, by_hand, queue_exists
from refinery.store.edit import Edit, Event, RefMove
from refinery.store.layout import target_ref
from refinery.store.queue_tree import QueueTree
from refinery.store.ref_store import RefStore
from refinery.store.update import Committed, PushRefused, update
from refinery.store.view import View
from refinery.values import dataclass, replace

COMMIT_MESSAGE = "Add the merge queue's configuration\n"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done, and what a person has to do besides."""

    plan: Plan
    commit: Sha | None = None
    notes: tuple[str, ...] = ()


def carry_out(
    repo: Repository, store: RefStore, planned: Plan, *, worker: str, clock: Callable[[], datetime]
) -> Outcome:
    """Do what was planned: the remote first, so that a refusal leaves nothing half done here."""
    notes = list(planned.notes)
    commit = None
    done = planned
    if planned.header is not None or _goes_to_target(planned):
        try:
            commit = _push(repo, store, planned, worker, clock)
        except PushRefused as refusal:
            done = _without_target(repo, planned, refusal)
            notes += [f"{refusal.message.splitlines()[0]}", by_hand(planned.target)]
            _push(repo, store, done, worker, clock)
    if done.file is not None and done.file.place is Place.WORKTREE and repo.worktree:
        _write_here(repo.worktree / FILE, done.file.text)
    if commit is not None:
        notes += _follow(repo, planned.target, commit)
    for setting in planned.settings:
        if setting.more:
            add_setting(repo, setting.key, setting.value)
        else:
            set_setting(repo, setting.key, setting.value)
    return Outcome(done, commit, tuple(notes))


def _write_here(path: Path, text: str) -> None:
    """A file of another branch that happens to be checked out is not written over."""
    if not path.exists():
        path.write_text(text, encoding="utf-8", newline="\n")


def _goes_to_target(planned: Plan) -> bool:
    return planned.file is not None and planned.file.place is Place.TARGET


def _without_target(repo: Repository, planned: Plan, refusal: PushRefused) -> Plan:
    """The same plan for a target that may not be pushed to: the file stays in the working tree."""
    if planned.file is None or planned.file.place is not Place.TARGET:
        raise refusal
    kept = replace(planned.file, place=Place.WORKTREE) if repo.worktree else None
    return replace(planned, file=kept)


@dataclass(frozen=True, slots=True)
class _Nothing:
    """Somebody else has just done it."""


def _push(
    repo: Repository,
    store: RefStore,
    planned: Plan,
    worker: str,
    clock: Callable[[], datetime],
) -> Sha | None:
    """Create or change the queue ref and put the file on the target, in one atomic push."""

    def decide(view: View) -> Edit | _Nothing:
        header = planned.header
        if header is not None and queue_exists(view, store):
            differs = view.header.default_target != header.default_target
            header = replace(view.header, default_target=header.default_target) if differs else None
        move = _move(repo, view, planned, clock) if _goes_to_target(planned) else None
        if header is None and move is None:
            return _Nothing()
        event = Event("initialized", f"set up the queue for {planned.target}", worker=worker)
        return Edit(event=event, header=header, moves=(move,) if move else ())

    done = update(store, decide)
    if not isinstance(done, Committed) or not done.edit.moves:
        return None
    return done.edit.moves[0].new


def _move(
    repo: Repository, view: View, planned: Plan, clock: Callable[[], datetime]
) -> RefMove | None:
    """The target with one more commit, made without a working tree; None if the file is there."""
    tip = view.targets.get(planned.target)
    if tip is None or planned.file is None or repo.reader.read(f"{tip}:{FILE}") is not None:
        return None
    blob = repo.writer.blob(planned.file.text.encode())
    tree = QueueTree(repo.reader, repo.writer).rewrite(repo.reader.commit(tip).tree, {FILE: blob})
    who = repo.signature(int(clock().timestamp()))
    commit = repo.writer.commit(
        tree=tree, parents=[tip], author=who, committer=who, message=COMMIT_MESSAGE
    )
    return RefMove(target_ref(planned.target), tip, commit)


def _follow(repo: Repository, target: Branch, commit: Sha) -> list[str]:
    old = repo.reader.commit(commit).parents[0]
    left = fast_forward(repo, target, old=old, new=commit)
    if isinstance(left, LeftAlone) and repo.worktree is not None:
        return [f"your checkout was left alone ({left.why}): `git pull` brings {FILE}"]
    return []
