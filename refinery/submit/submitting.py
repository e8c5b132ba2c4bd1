"""Submitting: the one function behind every door; branch, pin and record go in one atomic push."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from refinery.config.config import Config
from refinery.errors import RefineryError, UsageError
from refinery.queue import submission
from refinery.queue.submission import NothingToLand, Novelty, Relation, Request
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, Sha, branch_ref
from refinery.records.schema import InvalidRecord
from refinery.repo.history import is_ancestor
from refinery.repo.merging import Merged, Unrelated, merge_tree
from refinery.repo.objects import Commit
from refinery.repo.repository import Repository
from refinery.repo.waking import wake
from refinery.store.edit import Edit, Event, RefMove
from refinery.store.message import one_line
from refinery.store.ref_store import RefStore
from refinery.store.update import Committed, update
from refinery.store.view import View
from refinery.submit import branches
from refinery.submit.authorship import authorship, tidy
from refinery.submit.branches import Overwrite, Standpoint, WouldLose
from refinery.submit.dependencies import Dependencies, resolve
from refinery.values import dataclass, field, replace

LONGEST_TITLE = 1000


class NoTarget(RefineryError):
    """The branch to land on does not exist, or is the one that was submitted."""


class Door(Protocol):
    """What a submission needs of the queue it is made to."""

    @property
    def repo(self) -> Repository: ...

    @property
    def store(self) -> RefStore: ...

    @property
    def name(self) -> str: ...

    def config(self, view: View, target: Branch | None = None) -> Config: ...

    def now(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Options:
    """What was said about a submission; None: find it out.

    `head` names the commit where it is not the branch's own tip; without `move_branch` the remote's
    branch stays where it is; an `intent` becomes ready once that branch shows the head.
    """

    branch: str | None = None
    target: str | None = None
    head: Sha | None = None
    priority: int | None = None
    issue: str | None = None
    title: str | None = None
    worker: str | None = None
    epic: str | None = None
    convoy: str | None = None
    agent_bead: str | None = None
    depends_on: tuple[str, ...] = ()
    overwrite: Overwrite = Overwrite.NEVER
    move_branch: bool = True
    intent: bool = False


@dataclass(frozen=True, slots=True)
class Submitted:
    """It is in the queue; `before` is the revision it replaces or tries again."""

    mr: MergeRequest
    novelty: Novelty
    before: MergeRequest | None
    view: View = field(repr=False)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StillQueued:
    """It was in the queue already; `pushed`: only the remote's branch had to be moved."""

    mr: MergeRequest
    pushed: bool
    view: View = field(repr=False)


Outcome = Submitted | StillQueued | NothingToLand


@dataclass(frozen=True, slots=True)
class Prepared:
    """A submission with every question answered but whether it wins its race."""

    stand: Standpoint
    head: Commit
    target: Branch
    view: View = field(repr=False)


def submit(door: Door, options: Options, *, view: View | None = None) -> Outcome:
    """Queue a branch; doing it again changes nothing."""
    return carry_out(door, options, prepare(door, options, view=view))


def prepare(door: Door, options: Options, *, view: View | None = None) -> Prepared:
    """Find the branch, its head and its target; a `view` that was just read saves reading it."""
    _check(options)
    branch = branches.chosen_branch(door.repo, options.branch)
    stand = branches.standpoint(door.repo, door.store.mirror, branch)
    wanted = _of_interest(branch, options)
    if view is None or not wanted <= door.store.targets:
        door.store.targets |= wanted
        view = door.store.read()
    target = _target(view, branch, options)
    if target not in view.targets and target not in door.store.targets:
        door.store.targets.add(target)
        view = door.store.read()
    head = (
        door.repo.reader.commit(options.head)
        if options.head
        else branches.head_commit(door.repo, view, stand)
    )
    prepared = Prepared(stand, head, target, view)
    _check_target(prepared)
    return prepared


def carry_out(door: Door, options: Options, prepared: Prepared) -> Outcome:
    """Write what was prepared; should others be faster, it is decided again on what they left."""
    deciding = _Deciding(door, options, prepared)
    done: Committed | submission.Unchanged | NothingToLand
    done = update(door.store, deciding, view=prepared.view)
    if isinstance(done, NothingToLand):
        return done
    if isinstance(done, submission.Unchanged):
        return StillQueued(done.mr, False, deciding.view)
    wake(door.repo)
    if not done.edit.submit:
        assert deciding.unchanged is not None
        return StillQueued(deciding.unchanged, True, done.view)
    mr = done.edit.submit[0]
    before = done.view.mrs.get(mr.supersedes) if mr.supersedes else None
    notes = (*deciding.dependencies.notes, *deciding.notes)
    return Submitted(mr, submission.novelty(mr, before), before, done.view, notes)


@dataclass(slots=True)
class _Deciding:
    """The decision as the store wants it: a function of the view, asked again after a lost race."""

    door: Door
    options: Options
    prepared: Prepared
    view: View = field(init=False)
    unchanged: MergeRequest | None = None
    dependencies: Dependencies = field(default_factory=Dependencies)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.view = self.prepared.view

    def __call__(self, view: View) -> Edit | submission.Unchanged | NothingToLand:
        self.view = view
        _check_target(replace(self.prepared, view=view))
        request = self._request(view)
        relation = relate(self.door.repo, view, request.target, request.head)
        choice = submission.submit(view, request, relation=relation, now=self.door.now())
        if isinstance(choice, NothingToLand):
            return choice
        move = self._move(view)
        if isinstance(choice, Edit):
            if isinstance(move, WouldLose):
                raise branches.moved(self.door.repo, move)
            return replace(choice, moves=(move,) if move else ())
        self.unchanged = choice.mr
        return Edit(_pushed(choice.mr), moves=(move,)) if isinstance(move, RefMove) else choice

    def _move(self, view: View) -> RefMove | WouldLose | None:
        if not self.options.move_branch:
            return None
        stand, head = self.prepared.stand, self.prepared.head.oid
        return branches.move(self.door.repo, view, stand, head, self.options.overwrite)

    def _request(self, view: View) -> Request:
        options, head, target = self.options, self.prepared.head, self.prepared.target
        branch = self.prepared.stand.branch
        config, self.notes = settings(self.door, view, target)
        written = authorship(self.door.repo, branch, head, config.worker_patterns)
        bare = Request(
            branch=branch,
            target=target,
            head=head.oid,
            worker=_name(options.worker) or written.worker or "",
            title=one_line(options.title or head.subject)[:LONGEST_TITLE] or branch,
            priority=options.priority,
            source_issue=_name(options.issue) or written.issue,
            rig=_name(self.door.name),
            agent_bead=_name(options.agent_bead),
            epic=_name(options.epic),
            target_reason=_reason(view, branch, target, options),
            convoy_id=_name(options.convoy),
            convoy_created_at=_convoy_began(view, options.convoy, self.door.now()),
            intent=options.intent,
        )
        before = submission.predecessor(view, bare)
        self.dependencies = resolve(
            self.door.store, view, options.depends_on, instead_of=before.id if before else None
        )
        return replace(bare, depends_on=self.dependencies.ids)


def settings(
    door: Door, view: View, target: Branch | None = None
) -> tuple[Config, tuple[str, ...]]:
    """The target's configuration; one that cannot be read costs a note, never a submission."""
    try:
        return door.config(view, target), ()
    except InvalidRecord as broken:
        return Config(), (f"{broken.message}: submitted with the default configuration",)


def relate(repo: Repository, view: View, target: Branch, head: Sha) -> Relation:
    """How a head relates to its target, by a trial merge.

    In a shallow clone two lines may look unrelated that are not: there nothing is concluded.
    """
    tip = view.targets[target]
    merged = merge_tree(repo, tip, head)
    if isinstance(merged, Unrelated) and not repo.shallow:
        return Relation.UNRELATED
    if not isinstance(merged, Merged) or merged.tree != view.target_trees[target]:
        return Relation.AHEAD
    return Relation.IN_TARGET if is_ancestor(repo, head, tip) else Relation.EMPTY


def _check(options: Options) -> None:
    if options.priority is not None and not 0 <= options.priority <= 4:
        raise UsageError(f"priority {options.priority}: it goes from 0 (urgent) to 4 (whenever)")


def _of_interest(branch: Branch, options: Options) -> set[Branch]:
    """The branches to ask the remote about, beside the default target."""
    wanted = {branch} if options.move_branch or options.head is None else set()
    if options.target:
        return wanted | {branches.checked_branch(options.target, "target")}
    return wanted | {integration(options.epic)} if options.epic else wanted


def integration(epic: str) -> Branch:
    """The branch that collects the work of an epic, where there is one."""
    return branches.checked_branch(f"integration/{epic}", "target")


def _target(view: View, branch: Branch, options: Options) -> Branch:
    """As given; the epic's own branch; as it was, where the branch is queued once; the default."""
    if options.target:
        return branches.checked_branch(options.target, "target")
    if options.epic and integration(options.epic) in view.targets:
        return integration(options.epic)
    before = {mr.target for mr in view.mrs.values() if mr.branch == branch and not mr.closed}
    return before.pop() if len(before) == 1 else view.header.default_target


def _reason(view: View, branch: Branch, target: Branch, options: Options) -> str:
    if options.target:
        return "given"
    if options.epic and target == integration(options.epic):
        return f"the integration branch of {tidy(options.epic)}"
    for mr in view.mrs.values():
        if (mr.branch, mr.target) == (branch, target) and not mr.closed and mr.target_reason:
            return mr.target_reason
    return "default"


def _check_target(prepared: Prepared) -> None:
    target, branch = prepared.target, prepared.stand.branch
    if target == branch:
        raise NoTarget(
            f"{branch!r} is the target itself",
            hint=f"put the work on a branch of its own: git switch -c <branch> {branch}",
        )
    if target not in prepared.view.targets:
        raise NoTarget(
            f"the target {target!r} does not exist on the remote",
            hint="name another with --target, or push it first: "
            f"git push <remote> <commit>:{branch_ref(target)}",
        )


def _name(text: str | None) -> str | None:
    return tidy(text or "") or None


def _convoy_began(view: View, convoy: str | None, now: datetime) -> datetime | None:
    """A convoy is as old as its first member."""
    name = _name(convoy)
    if name is None:
        return None
    known = [
        mr.convoy_created_at
        for mr in view.mrs.values()
        if mr.convoy_id == name and mr.convoy_created_at
    ]
    return min(known, default=now)


def _pushed(mr: MergeRequest) -> Event:
    return Event("pushed", f"push {mr.branch} at {mr.head[:12]}", (mr.id,), mr.worker)


__all__ = [
    "Door",
    "NoTarget",
    "NothingToLand",
    "Options",
    "Outcome",
    "Overwrite",
    "Prepared",
    "Relation",
    "StillQueued",
    "Submitted",
    "carry_out",
    "prepare",
    "settings",
    "submit",
]
