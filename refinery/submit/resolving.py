"""Resolving by hand: a conflict in its worktree, and its submission as a new revision."""

from __future__ import annotations

from pathlib import Path

from refinery.errors import RefineryError
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Sha
from refinery.repo.side_worktree import How
from refinery.resolving.laying_out import CannotResolve, Conflicting, LaidOut, NothingToResolve
from refinery.resolving.teaching import Lesson, teach
from refinery.resolving.workplace import Workplace
from refinery.store.edit import Event
from refinery.store.resolution_store import ResolutionStore
from refinery.store.view import View
from refinery.submit.branches import Overwrite
from refinery.submit.submitting import Door, NoTarget, Options, Outcome, settings, submit
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Resubmitted:
    """What somebody made of it is queued, as a new revision."""

    mr: MergeRequest
    place: Workplace
    outcome: Outcome


def begin(
    door: Door, view: View, mr: MergeRequest, *, at: Path | None = None, how: How | None = None
) -> LaidOut | NothingToResolve:
    """Lay the conflict out; where that was done before, say how it stands."""
    if mr.closed:
        raise CannotResolve(f"{mr.id} has ended", hint=f"refinery why {mr.id}")
    return _conflicting(door, view, mr).lay_out(at=at, how=how)


def go_on(
    door: Door, view: View, mr: MergeRequest, place: Workplace, now: MergeRequest
) -> LaidOut | Resubmitted:
    """Take what was made of it: what conflicts next, or a new revision in the queue.

    `now` is the revision that is in the queue.  After an interruption it can be called again.
    """
    conflicting = _conflicting(door, view, mr)
    head = conflicting.go_on(place)
    if isinstance(head, LaidOut):
        return head
    if head == place.head:
        raise CannotResolve(
            f"nothing was done in {place.path}: it is at the head of {mr.id}",
            hint=f"`refinery resolve {mr.id} --abort`, and begin again",
        )
    if now.head not in (mr.head, head):
        raise CannotResolve(
            f"{mr.id} was superseded by {now.id} meanwhile",
            hint=f"`refinery resolve {mr.id} --abort`, and look at {now.id}",
        )
    outcome = submit(door, _options(view, mr, head))
    _learn(conflicting, place, head)
    return Resubmitted(mr, place, outcome)


def _conflicting(door: Door, view: View, mr: MergeRequest) -> Conflicting:
    tip = view.targets.get(mr.target)
    if tip is None:
        raise NoTarget(
            f"the target {mr.target!r} does not exist on the remote", hint=f"refinery why {mr.id}"
        )
    config, _ = settings(door, view, mr.target)
    store = door.store
    memory = ResolutionStore(door.repo, store.transport, refs=store.refs, clock=door.now)
    return Conflicting(door.repo, mr, tip, config, memory)


def _options(view: View, mr: MergeRequest, head: Sha) -> Options:
    """The same request for another commit; a branch that went on meanwhile is not overwritten."""
    there = view.targets.get(mr.branch)
    return Options(
        branch=mr.branch,
        target=mr.target,
        head=head,
        title=mr.title,
        worker=mr.worker,
        issue=mr.source_issue,
        overwrite=Overwrite.ALWAYS if there == mr.head else Overwrite.NEVER,
        move_branch=there is not None,
    )


def _learn(conflicting: Conflicting, place: Workplace, head: Sha) -> None:
    """Remember it for others, where that is wanted; who may not write there has lost nothing."""
    if not conflicting.config.resolve.rerere:
        return
    repo, id = conflicting.repo, conflicting.mr.id
    lesson = Lesson(place.onto, place.head, repo.reader.commit(head).tree)
    event = Event("learnt", f"how {id} was resolved by hand", (id,))
    try:
        teach(repo, conflicting.memory, [lesson], event)
    except RefineryError:
        return
