"""Integration branches: created for an epic, filled by the queue, and landed as one unit."""

from __future__ import annotations

from refinery.errors import RefineryError
from refinery.queue.epics import EpicState, epic_state, issue_of, title_of
from refinery.records.names import Branch, MrId, Sha
from refinery.repo.history import log_trailers
from refinery.store.edit import Edit, Event, RefMove
from refinery.store.layout import target_ref
from refinery.store.message import MR
from refinery.store.update import Committed, update
from refinery.store.view import View
from refinery.submit.epic_branches import epic_branch
from refinery.submit.submitting import Door, NoTarget, Options, Outcome, submit
from refinery.values import dataclass


class NotReadyToLand(RefineryError):
    """The epic's branch is missing, empty, or still worked on."""

    code = "not-ready-to-land"


@dataclass(frozen=True, slots=True)
class Created:
    """The branch, where it began, and whether it was there before."""

    branch: Branch
    base: Branch
    head: Sha
    was_there: bool


def create(door: Door, epic: str, *, base: str | None = None, dry_run: bool = False) -> Created:
    """Make the epic's branch at the tip of `base` (the queue's target); one that is there stays."""
    branch, view = _seen(door, epic, base)
    begin = Branch(base or view.header.default_target)
    if branch in view.targets:
        return Created(branch, begin, view.targets[branch], was_there=True)
    if begin not in view.targets:
        raise NoTarget(
            f"there is no branch {begin!r} on the remote to begin at",
            hint="name another with --base, or push it first",
        )
    made = Created(branch, begin, view.targets[begin], was_there=False)
    if dry_run:
        return made

    def decide(now: View) -> Edit | Created:
        if branch in now.targets:
            return Created(branch, begin, now.targets[branch], was_there=True)
        head = now.targets[begin]
        event = Event("integration_created", f"create {branch} at {begin} ({head[:12]})")
        return Edit(event, moves=(RefMove(target_ref(branch), None, head),))

    done = update(door.store, decide, view=view)
    if isinstance(done, Committed):
        head = done.edit.moves[0].new
        assert head is not None
        return Created(branch, begin, head, was_there=False)
    return done


def status(door: Door, epic: str, *, target: str | None = None) -> EpicState:
    """What is on the epic's branch, and what it waits for."""
    branch, view = _seen(door, epic, target)
    onto = Branch(target or view.header.default_target)
    head, base = view.targets.get(branch), view.targets.get(onto)
    if base is None:
        raise NoTarget(
            f"the target {onto!r} does not exist on the remote", hint="name another with --target"
        )
    found = log_trailers(door.repo, base, head) if head else ()
    landed = [MrId(value) for _, pairs in found for key, value in pairs if key == MR]
    return epic_state(
        view, epic, branch, onto, head=head, commits=len(found), landed=list(dict.fromkeys(landed))
    )


def land(door: Door, state: EpicState, *, force: bool = False, title: str | None = None) -> Outcome:
    """Queue the branch as one merge request; an unfinished one only by `force`.

    Doing it again finds the merge request that is there, or queues what was added since.
    """
    if state.obstacle is not None and (not force or state.head is None or not state.commits):
        raise NotReadyToLand(
            f"{state.epic}: {state.obstacle}",
            hint="land or reject them first, or leave them out: --force"
            if state.unfinished
            else f"refinery integration create {state.epic}; then submit with --epic {state.epic}",
        )
    options = Options(
        branch=state.branch,
        target=state.target,
        head=state.head,
        title=title or title_of(state.epic),
        issue=issue_of(state.epic),
        epic=state.epic,
        move_branch=False,
    )
    return submit(door, options)


def _seen(door: Door, epic: str, *others: str | None) -> tuple[Branch, View]:
    """The epic's branch, and the view with it and others."""
    branch = epic_branch(door, door.store.read(), epic)
    door.store.targets |= {branch, *(Branch(each) for each in others if each)}
    return branch, door.store.read()
