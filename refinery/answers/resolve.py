"""Does what `resolve` is asked: lays a conflict out, goes on with it, or gives it up."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from shlex import quote

from refinery.answers.finding import find, newest_revision
from refinery.app import Queue, open_queue
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, IssueRef, branch_ref
from refinery.repo.checkout_sync import LeftAlone, fast_forward
from refinery.repo.refs import RefUpdate, resolve, update_refs
from refinery.repo.repository import Repository
from refinery.repo.side_worktree import How, checked_out_at
from refinery.resolving.laying_out import CannotResolve, LaidOut, NothingToResolve
from refinery.resolving.workplace import Workplace, around, forget, load
from refinery.store.view import View
from refinery.submit.resolving import Resubmitted, begin, go_on
from refinery.submit.submitting import NothingToLand
from refinery.typed import assert_never
from refinery.values import StrEnum, dataclass


class Step(StrEnum):
    """What is wanted of it."""

    BEGIN = "begin"
    CONTINUE = "continue"
    ABORT = "abort"


@dataclass(frozen=True, slots=True)
class Finished:
    """It was submitted, its issue closed; `follow` says how the clone's own branch came along."""

    done: Resubmitted
    closed: IssueRef | None
    follow: str


@dataclass(frozen=True, slots=True)
class Aborted:
    """There is no worktree any more; None: there was none."""

    mr: MergeRequest
    place: Workplace | None


Outcome = LaidOut | NothingToResolve | Finished | Aborted


def opened(rig: str | None, step: Step, *, worker: str | None = None) -> tuple[Queue, str | None]:
    """The queue; in a worktree that will be gone, from outside, with whose it is."""
    engine = step is Step.CONTINUE
    queue = open_queue(rig, pins=True, engine=engine, worker=worker)
    here = around(queue.repo)
    if here is None:
        return queue, None
    queue.close()
    outside = str(queue.repo.common_dir)
    return open_queue(outside, pins=True, engine=engine, worker=worker), here.id


def carried_out(
    queue: Queue, text: str | None, step: Step, *, at: Path | None = None, how: How | None = None
) -> Outcome:
    """Do one step for the merge request that `text` names."""
    view, mr, place = _found(queue, text)
    match step:
        case Step.BEGIN:
            return begin(queue, view, mr, at=at, how=how)
        case Step.CONTINUE:
            return _gone_on(queue, view, mr, place)
        case Step.ABORT:
            if place is not None:
                forget(queue.repo, place)
            return Aborted(mr, place)
        case _:
            assert_never(step)


def _found(queue: Queue, text: str | None) -> tuple[View, MergeRequest, Workplace | None]:
    """The merge request, and where it is being resolved."""
    view = queue.view()
    mr = find(queue, view, text)
    queue.store.targets |= {mr.target, mr.branch}
    view = queue.view()
    place = load(queue.repo, mr.id)
    if place is None and mr.supersedes is not None:  # it was submitted, and not put away
        place = load(queue.repo, mr.supersedes)
        mr = view.mrs.get(mr.supersedes, mr) if place else mr
    return view, mr, place


def _gone_on(
    queue: Queue, view: View, mr: MergeRequest, place: Workplace | None
) -> LaidOut | Finished:
    if place is None:
        raise CannotResolve(
            f"the conflict of {mr.id} is not laid out here", hint=f"refinery resolve {mr.id}"
        )
    done = go_on(queue, view, mr, place, newest_revision(queue, view, mr))
    if isinstance(done, LaidOut):
        return done
    finished = Finished(done, _close_issue(queue, done), _follow(queue.repo, done))
    forget(queue.repo, place)
    return finished


def _close_issue(queue: Queue, done: Resubmitted) -> IssueRef | None:
    """Close the issue of the embedded tracker; a forge's own is closed there."""
    from refinery.engine import conflicts
    from refinery.store.update import PushRefused

    if isinstance(done.outcome, NothingToLand):
        return None
    new = done.outcome.mr
    issue = new.blocked_by
    if issue is None or issue.partition("#")[0] != "local":
        return None
    queue.local_tracker().close(issue, f"Resolved in {new.id}.")
    with suppress(PushRefused):  # who may not write the queue leaves it to the next pass
        conflicts.closed(queue.engine(lambda _: None), issue)
    return issue


def _follow(repo: Repository, done: Resubmitted) -> str:
    """Bring the clone's own branch along, where nothing is in the way; else how to."""
    if isinstance(done.outcome, NothingToLand):
        return ""
    ref, old, new = branch_ref(done.mr.branch), done.mr.head, done.outcome.mr.head
    if resolve(repo, ref) != old:
        return ""
    if not checked_out_at(repo, ref):
        update_refs(repo, [RefUpdate(ref, old, new)], message=f"refinery resolve {done.mr.id}")
    elif isinstance(fast_forward(repo, Branch(done.mr.branch), old=old, new=new), LeftAlone):
        there = f"{done.mr.branch} is still at {old[:12]} here"
        return f"{there}: git switch {quote(done.mr.branch)} && git reset --keep {new[:12]}"
    return f"{done.mr.branch} is at {new[:12]} here, too"
