"""Submitting: the one function behind every door; branch, pin and record go in one atomic push."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from refinery.config.config import Config
from refinery.errors import UsageError
from refinery.queue import submission
from refinery.queue.regrouping import joined, regrouped
from refinery.queue.submission import NothingToLand, Novelty, Relation, Request
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, Sha
from refinery.records.schema import InvalidRecord
from refinery.repo.history import is_ancestor
from refinery.repo.merging import Merged, Unrelated, merge_tree
from refinery.repo.objects import Commit
from refinery.repo.repository import Repository
from refinery.repo.waking import wake
from refinery.store.apply import applied
from refinery.store.edit import Edit, Event, RefMove
from refinery.store.message import one_line
from refinery.store.ref_store import RefStore
from refinery.store.update import Committed, update
from refinery.store.view import View
from refinery.submit import branches
from refinery.submit.aiming import NoTarget, check_target, of_interest, reason_for, target_of
from refinery.submit.authorship import authorship, tidy
from refinery.submit.branches import Overwrite, Standpoint, WouldLose
from refinery.submit.epic_branches import epic_branch
from refinery.submit.quota import refuse_over_quota
from refinery.submit.stacked import base_of, stacked
from refinery.typed import Protocol
from refinery.values import dataclass, field, replace

LONGEST_TITLE = 1000


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
    unit: str | None = None
    labels: tuple[str, ...] = ()
    hotfix: str | None = None
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
    """It was in the queue already; `pushed`: the remote's branch had to be moved.

    `regrouped`: it was asked to wait for more, or to land with others.
    """

    mr: MergeRequest
    pushed: bool
    view: View = field(repr=False)
    regrouped: bool = False
    notes: tuple[str, ...] = ()


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
    wanted = of_interest(branch, options)
    if options.epic and not options.target:
        view = view or door.store.read()  # its configuration tells how the epic's branch is called
        wanted.add(epic_branch(door, view, options.epic))
    if view is None or not wanted <= door.store.targets:
        door.store.targets |= wanted
        view = door.store.read()
    target = target_of(door, view, branch, options)
    if target not in view.targets and target not in door.store.targets:
        door.store.targets.add(target)
        view = door.store.read()
    head = (
        door.repo.reader.commit(options.head)
        if options.head
        else branches.head_commit(door.repo, view, stand)
    )
    prepared = Prepared(stand, head, target, view)
    check_target(prepared)
    return prepared


def carry_out(door: Door, options: Options, prepared: Prepared) -> Outcome:
    """Write what was prepared; should others be faster, it is decided again on what they left."""
    return together(door, [(options, prepared)])[0]


def together(door: Door, several: Sequence[tuple[Options, Prepared]]) -> list[Outcome]:
    """The same for several, those below first: all of them reach the queue in one push, or none."""
    each = [_Deciding(door, options, prepared) for options, prepared in several]

    def decide(view: View) -> Edit | None:
        edits: list[Edit] = []
        for one in each:
            choice = one(view)
            if isinstance(choice, Edit):
                edits.append(choice)
                view = applied(view, choice)
        return joined(edits) if edits else None

    done = update(door.store, decide, view=several[-1][1].view)
    if isinstance(done, Committed):
        wake(door.repo)
        return [one.outcome(done.view) for one in each]
    return [one.outcome(one.view) for one in each]


@dataclass(slots=True)
class _Deciding:
    """The decision as the store wants it: a function of the view, asked again after a lost race."""

    door: Door
    options: Options
    prepared: Prepared
    view: View = field(init=False)
    choice: Edit | submission.Unchanged | NothingToLand | None = None
    unchanged: MergeRequest | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.view = self.prepared.view

    def __call__(self, view: View) -> Edit | submission.Unchanged | NothingToLand:
        self.view = view
        self.choice = self._decided(view)
        return self.choice

    def outcome(self, view: View) -> Outcome:
        """What came of it, once that is the truth."""
        choice = self.choice
        assert choice is not None
        if isinstance(choice, NothingToLand):
            return choice
        if isinstance(choice, submission.Unchanged):
            return StillQueued(choice.mr, False, view)
        if not choice.submit:
            assert self.unchanged is not None
            moved, regrouped = bool(choice.moves), bool(choice.put)
            return StillQueued(self.unchanged, moved, view, regrouped, self.notes)
        mr = choice.submit[0]
        before = view.mrs.get(mr.supersedes) if mr.supersedes else None
        return Submitted(mr, submission.novelty(mr, before), before, view, self.notes)

    def _decided(self, view: View) -> Edit | submission.Unchanged | NothingToLand:
        check_target(replace(self.prepared, view=view))
        request = self._request(view)
        relation = relate(self.door.repo, view, request.target, request.head)
        choice = submission.submit(view, request, relation=relation, now=self.door.now())
        if isinstance(choice, NothingToLand):
            return choice
        move = self._move(view)
        if isinstance(choice, Edit):
            if isinstance(move, WouldLose):
                raise branches.moved(self.door.repo, move)
            config, _ = settings(self.door, view, request.target)
            refuse_over_quota(view, choice.submit[0], config)
            return replace(choice, moves=(move,) if move else ())
        again = self._regrouped(view, choice.mr, request)
        self.unchanged = again.put[-1] if again is not None else choice.mr
        if not isinstance(move, RefMove):
            return again or choice
        return replace(again or Edit(_pushed(choice.mr)), moves=(move,))

    def _regrouped(self, view: View, mr: MergeRequest, request: Request) -> Edit | None:
        """Only who asks for it has the queue written for a commit that is there already."""
        return regrouped(view, mr, request, self.door.now()) if self._is_grouped else None

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
            target_reason=reason_for(self.door, view, branch, target, options),
            convoy_id=_name(options.convoy),
            convoy_created_at=_convoy_began(view, options.convoy, self.door.now()),
            labels=tuple(dict.fromkeys(filter(None, map(tidy, options.labels)))),
            hotfix=one_line(options.hotfix or "")[:LONGEST_TITLE] or None,
            intent=options.intent,
        )
        return self._in_its_stack(view, bare, config)

    def _in_its_stack(self, view: View, bare: Request, config: Config) -> Request:
        """The request with whom it waits for, which costs a look at its commits."""
        before = submission.predecessor(view, bare)
        if submission.is_queued(before, bare) and not self._is_grouped:
            return bare
        base = base_of(view, bare)
        if base is not None:
            config, _ = settings(self.door, view, base.target)
        stack = stacked(self.door, view, bare, before, base, self.options.depends_on, config.stacks)
        self.notes += stack.notes
        told = self.options.unit
        unit = stack.unit if told is None else _name(told) or ""
        return replace(bare, depends_on=stack.depends_on, stands_on=stack.stands_on, unit=unit)

    @property
    def _is_grouped(self) -> bool:
        """Whether its author said what it is to wait for or to land with."""
        return self.options.unit is not None or bool(self.options.depends_on)


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
    "together",
]
