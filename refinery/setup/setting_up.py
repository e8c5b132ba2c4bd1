"""Carries out the set-up of a queue, as it was planned: the remote first, then this clone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from refinery.config.config import FILE
from refinery.records.names import Sha
from refinery.repo.checkout_sync import LeftAlone, fast_forward
from refinery.repo.repository import Repository
from refinery.repo.settings import add_setting, set_setting
from refinery.repo.signing import is_signed, sign_commit
from refinery.setup.forges import Forge
from refinery.setup.planned_file import Place, PlannedFile, by_hand
from refinery.setup.setup_plan import Plan, queue_exists
from refinery.store.edit import Edit, Event, RefMove
from refinery.store.layout import target_ref
from refinery.store.queue_tree import QueueTree
from refinery.store.ref_store import RefStore
from refinery.store.update import Committed, PushRefused, update
from refinery.store.view import View
from refinery.values import dataclass, replace


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
            notes += _by_hand_after(refusal, planned)
            _push(repo, store, done, worker, clock)
    if done.place is Place.WORKTREE and repo.worktree:
        for file in done.files:
            _write_here(repo.worktree, file)
    if commit is not None:
        notes += _follow(repo, planned, commit)
    for setting in planned.settings:
        if setting.more:
            add_setting(repo, setting.key, setting.value)
        else:
            set_setting(repo, setting.key, setting.value)
    return Outcome(done, commit, tuple(notes))


def _write_here(worktree: Path, file: PlannedFile) -> None:
    """A file of another branch that happens to be checked out is not written over."""
    path = worktree / file.path
    there = path.read_bytes() if path.is_file() else None
    if there != (None if file.old is None else file.old.encode()) or path.is_symlink():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.text.encode())


def _goes_to_target(planned: Plan) -> bool:
    return bool(planned.files) and planned.place is Place.TARGET


def _without_target(repo: Repository, planned: Plan, refusal: PushRefused) -> Plan:
    """The same plan for a target that may not be pushed to: files stay in the working tree."""
    if not _goes_to_target(planned):
        raise refusal
    kept = planned.files if repo.worktree else ()
    return replace(planned, files=kept, place=Place.WORKTREE)


def _by_hand_after(refusal: PushRefused, planned: Plan) -> list[str]:
    notes = [refusal.message.splitlines()[0]]
    if planned.forge is Forge.GITHUB:
        notes.append("a personal token needs the scope `workflow` to push a workflow file")
    return [*notes, by_hand(planned.target, [file.path for file in planned.files])]


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
    """The target with one more commit, made without a working tree; None if nothing changes."""
    tip = view.targets.get(planned.target)
    if tip is None:
        return None
    files = [file for file in planned.files if _is_still(repo, tip, file)]
    if not files:
        return None
    changes: dict[str, Sha | None] = {
        file.path: repo.writer.blob(file.text.encode()) for file in files
    }
    tree = QueueTree(repo.reader, repo.writer).rewrite(repo.reader.commit(tip).tree, changes)
    who = repo.signature(int(clock().timestamp()))
    config = view.config(planned.target)
    asked = config is not None and config.signatures.landings
    signed = is_signed(repo, required=asked, what=f"a commit on {planned.target}")
    write = partial(sign_commit, repo) if signed else repo.writer.commit
    commit = write(tree=tree, parents=[tip], author=who, committer=who, message=_message(files))
    return RefMove(target_ref(planned.target), tip, commit)


def _is_still(repo: Repository, tip: Sha, file: PlannedFile) -> bool:
    """Whether nobody has changed the file since it was planned."""
    found = repo.reader.read(f"{tip}:{file.path}")
    return (found.data if found else None) == (None if file.old is None else file.old.encode())


def _message(files: Sequence[PlannedFile]) -> str:
    verb = "Add" if files[0].old is None else "Update"
    what = "configuration" if files[0].path == FILE else "workflow"
    return f"{verb} the merge queue's {what}\n"


def _follow(repo: Repository, planned: Plan, commit: Sha) -> list[str]:
    old = repo.reader.commit(commit).parents[0]
    left = fast_forward(repo, planned.target, old=old, new=commit)
    if isinstance(left, LeftAlone) and repo.worktree is not None:
        brought = " and ".join(file.path for file in planned.files)
        return [f"your checkout was left alone ({left.why}): `git pull` brings {brought}"]
    return []
