"""Answers with a conflict as it lies in its worktree, and with what became of it."""

from __future__ import annotations

from refinery.answers.resolve import Aborted, Finished, Outcome
from refinery.records.merge_request import MergeRequest, Resolved
from refinery.records.names import IssueRef
from refinery.repo.conflict_sides import ConflictedFile
from refinery.repo.side_worktree import How
from refinery.resolving.laying_out import LaidOut, NothingToResolve, OpenFile
from refinery.submit.resolving import Resubmitted
from refinery.submit.submitting import NothingToLand
from refinery.typed import Any, assert_never
from refinery.values import replace


def document(came: Outcome) -> dict[str, Any]:
    """The answer of `resolve`."""
    match came:
        case LaidOut():
            return laid_out(came)
        case NothingToResolve(mr=mr):
            return nothing(mr)
        case Finished(done=done, closed=closed):
            return submitted(done, closed)
        case Aborted(mr=mr):
            return aborted(mr)
        case _:
            assert_never(came)


def laid_out(state: LaidOut) -> dict[str, Any]:
    """`conflict` while files are left to resolve, then `resolved`."""
    mr, place = state.mr, state.place
    left = [_file(each, state) for each in state.files]
    return _document(
        mr,
        "conflict" if state.open else "resolved",
        how=place.how.value,
        worktree=str(place.path),
        sides=sides(state),
        step=state.step and {"number": state.step.number, "of": state.step.of},
        moved=state.moved,
        files=left,
        known=_known(state.known),
        next=f"refinery resolve {mr.id} --continue",
    )


def nothing(mr: MergeRequest) -> dict[str, Any]:
    """`clean`: it fits its target as it is."""
    return _document(mr, "clean", next=after_nothing(mr))


def aborted(mr: MergeRequest) -> dict[str, Any]:
    """`aborted`: there is no worktree any more."""
    return _document(mr, "aborted", next=f"refinery why {mr.id}")


def submitted(done: Resubmitted, closed: IssueRef | None) -> dict[str, Any]:
    """`submitted`: a new revision is queued; or `nothing-left`, where it has no changes."""
    if isinstance(done.outcome, NothingToLand):
        return _document(done.mr, "nothing-left", next=f"refinery reject {done.mr.id}")
    new = done.outcome.mr
    return _document(
        replace(done.mr, blocked_by=new.blocked_by),
        "submitted",
        how=done.place.how.value,
        revision=new.id,
        closed_issue=closed,
        next=after_submission(new, closed),
    )


def after_nothing(mr: MergeRequest) -> str:
    """What to run for what conflicts no more."""
    return _close(mr.blocked_by) or f"refinery why {mr.id}"


def after_submission(new: MergeRequest, closed: IssueRef | None) -> str:
    """What to run once it is queued."""
    waits = new.blocked_by is not None and closed is None
    return f"refinery why {new.id}" if waits else f"refinery wait {new.id}"


Side = dict[str, str | None]


def sides(state: LaidOut) -> dict[str, Side]:
    """What git means by its words: a rebase puts our commits on theirs, so there they change."""
    mr, place = state.mr, state.place
    target: Side = {"commit": place.onto, "is": mr.target}
    branch: Side = {"commit": place.head, "is": mr.branch}
    parted: Side = {"commit": state.parted, "is": f"where {mr.branch} left {mr.target}"}
    if place.how is How.MERGE:
        return {"base": parted, "ours": branch, "theirs": target}
    commit = state.step.commit if state.step else place.head
    stopped: Side = {"commit": commit, "is": f"a commit of {mr.branch}"}
    before: Side = {"commit": None, "is": "the commit before that one"}
    return {"base": before, "ours": target, "theirs": stopped}


def kind(file: ConflictedFile) -> str:
    """What the sides did to a file: the stages that git has of it say it."""
    there = (file.base is not None, file.ours is not None, file.theirs is not None)
    kinds = {
        (True, True, True): "both-changed",
        (False, True, True): "both-added",
        (True, True, False): "deleted-by-theirs",
        (True, False, True): "deleted-by-ours",
        (False, False, False): "resolved",
    }
    return kinds.get(there, "moved")


def _file(each: OpenFile, state: LaidOut) -> dict[str, Any]:
    file = each.file
    return {
        "path": file.path,
        "kind": kind(file),
        "markers": each.marked and not each.done,
        "resolved": each.done,
        "generator": each.generator,
        "base": file.base.oid if file.base else None,
        "ours": file.ours.oid if file.ours else None,
        "theirs": file.theirs.oid if file.theirs else None,
    }


def _known(known: tuple[Resolved, ...]) -> list[dict[str, Any]]:
    return [{"way": each.way.value, "files": [*each.files]} for each in known]


def _close(issue: IssueRef | None) -> str | None:
    tracker, _, number = (issue or "").partition("#")
    return f"refinery issue close {number}" if tracker == "local" else None


def _document(mr: MergeRequest, state: str, *, next: str, **more: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {
        "how": None,
        "worktree": None,
        "sides": None,
        "step": None,
        "moved": False,
        "files": [],
        "known": [],
        "revision": None,
        "closed_issue": None,
    }
    return {
        "id": mr.id,
        "branch": mr.branch,
        "target": mr.target,
        "issue": mr.blocked_by,
        "state": state,
        **empty,
        **more,
        "next": next,
    }
