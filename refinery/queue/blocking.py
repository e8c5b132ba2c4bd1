"""Conflicts: what blocks, what the issue says about it, and what lets it go on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from refinery.config.config import Config
from refinery.queue.candidate import Clash, Hollow
from refinery.queue.forecasting import listed
from refinery.queue.settling import parked, with_attempt
from refinery.queue.standing import newest_revision
from refinery.records.fitting import as_line, as_lines
from refinery.records.merge_request import (
    Attempt,
    AttemptOutcome,
    Block,
    CloseReason,
    MergeRequest,
    Status,
)
from refinery.records.names import IssueRef, MrId
from refinery.store.edit import Edit, Event
from refinery.store.view import View
from refinery.values import dataclass, replace


def conflicted(
    view: View, clash: Clash, config: Config, now: datetime, *, worker: str
) -> Edit | None:
    """Block a merge request on the issue that is about to be opened; it keeps its place and age.

    The intent is recorded before the issue exists: whoever finds a block without an issue looks for
    the marker and opens it if need be, so a crash in between opens neither two nor none.
    """
    mr = view.mrs.get(clash.id)
    if mr is None or mr.closed or mr.block is not None or view.targets.get(mr.target) != clash.base:
        return None
    attempt = Attempt(
        at=now,
        worker=worker,
        outcome=AttemptOutcome.CONFLICT,
        base=clash.base,
        note=as_line(_files_in_words(clash.files)),
    )
    blocked = replace(
        with_attempt(mr, attempt),
        retry_count=mr.retry_count + 1,
        block=Block(
            "conflict", mr.head, clash.base, as_lines(clash.files), tried=as_lines(clash.tried)
        ),
        resolution=None,
    )
    blocked = parked(blocked, config, now)
    return Edit(
        event=Event(
            name="conflict",
            subject=f"{mr.id} conflicts with {mr.target}: {_files_in_words(clash.files)}",
            mrs=(mr.id,),
            worker=worker,
        ),
        put=(blocked,),
        pins={mr.id: mr.head} if mr.resolution else {},
    )


def hollow(view: View, member: Hollow, now: datetime, *, worker: str) -> Edit | None:
    """Close a merge request that changes nothing, in its own words."""
    mr = view.mrs.get(member.id)
    if mr is None or mr.closed or view.targets.get(mr.target) != member.base:
        return None
    reason = CloseReason.ALREADY_MERGED if member.in_target else CloseReason.EMPTY
    words = (
        f"{mr.head[:12]} is already in {mr.target}"
        if member.in_target
        else f"merging {mr.head[:12]} changes nothing: {mr.target} has all of it"
    )
    return Edit(
        event=Event("closed", f"{mr.id}: {words}", (mr.id,), worker),
        put=(replace(mr, status=Status.CLOSED, close_reason=reason, closed_at=now, error=words),),
        release=(mr.id,) if mr.id in view.claims else (),
        pins={mr.id: None},
    )


def blocked_on(view: View, id: MrId, issue: IssueRef) -> Edit | None:
    """Record the number of the issue that was opened for a block."""
    mr = view.mrs.get(id)
    if mr is None or mr.closed or mr.block is None or mr.blocked_by == issue:
        return None
    return Edit(
        event=Event("blocked", f"{id} is blocked by {issue}", (id,)),
        put=(replace(mr, blocked_by=issue),),
    )


@dataclass(frozen=True, slots=True)
class StillConflicts:
    """The issue was closed, but nothing changed: it stays blocked, and is told once."""

    mr: MergeRequest
    files: tuple[str, ...]


def unblocked(
    view: View, id: MrId, *, clean: bool, files: tuple[str, ...] = ()
) -> Edit | StillConflicts | None:
    """What the closing of its issue means: a head that moved, or a clean trial merge, goes on."""
    mr = view.mrs.get(id)
    if mr is None or mr.closed or mr.block is None:
        return None
    moved = mr.head != mr.block.head
    if not moved and not clean:
        return StillConflicts(mr, files)
    return Edit(
        event=Event("unblocked", reentry(mr), (id,)),
        put=(replace(mr, blocked_by=None, block=None, was_blocked_by=mr.blocked_by),),
    )


def reentry(mr: MergeRequest) -> str:
    """Why a blocked merge request goes on, in words."""
    moved = mr.block is not None and mr.head != mr.block.head
    why = "its head moved" if moved else f"it can be put on {mr.target} now"
    return f"{mr.id} re-enters the queue: {why}"


def unblocked_together(view: View, clean: Mapping[MrId, bool]) -> Edit | None:
    """All that go on of those whose issues were closed, in one transaction."""
    edits = [unblocked(view, id, clean=is_clean) for id, is_clean in clean.items()]
    return _together([each for each in edits if isinstance(each, Edit)], "re-enter the queue")


def reblocked(view: View, id: MrId, issue: IssueRef) -> Edit | None:
    """A reopened issue blocks again what has not ended; its newest revision counts."""
    mr = newest_revision(view, id)
    if mr is None or mr.closed or mr.block is not None or mr.target not in view.targets:
        return None
    block = Block("conflict", mr.head, view.targets[mr.target])
    return Edit(
        event=Event("blocked", f"{mr.id} is blocked again: {issue} was reopened", (mr.id,)),
        put=(replace(mr, blocked_by=issue, block=block, was_blocked_by=None),),
    )


def reblocked_together(view: View, issues: Collection[IssueRef]) -> Edit | None:
    """Block again whatever the closing of these issues had let go on, in one transaction."""
    edits = [
        reblocked(view, mr.id, mr.was_blocked_by)
        for mr in view.mrs.values()
        if not mr.closed and mr.was_blocked_by is not None and mr.was_blocked_by in issues
    ]
    return _together([each for each in edits if each], "are blocked again: reopened issues")


def answered(view: View, id: MrId, *, is_answered: bool) -> Edit | None:
    """Remember that a closing without effect was answered, or that the issue is open again."""
    mr = view.mrs.get(id)
    if mr is None or mr.closed or mr.block is None or mr.block.answered == is_answered:
        return None
    word = "still conflicts" if is_answered else "is open again"
    return Edit(
        event=Event("answered", f"{id}: {mr.blocked_by} {word}", (id,)),
        put=(replace(mr, block=replace(mr.block, answered=is_answered)),),
    )


def answered_together(view: View, ids: Iterable[MrId], *, is_answered: bool) -> Edit | None:
    """`answered` for many, in one transaction."""
    edits = [answered(view, id, is_answered=is_answered) for id in ids]
    words = "still conflict" if is_answered else "have their issues open again"
    return _together([each for each in edits if each], words)


def _together(edits: Sequence[Edit], words: str) -> Edit | None:
    """Decisions of one kind, each about a merge request of its own, as one transaction."""
    if len(edits) < 2:
        return edits[0] if edits else None
    ids = tuple(id for edit in edits for id in edit.event.mrs)
    return Edit(
        event=Event(edits[0].event.name, f"{len(ids)} merge requests {words}", ids),
        put=tuple(mr for edit in edits for mr in edit.put),
    )


def _files_in_words(files: tuple[str, ...]) -> str:
    return listed(files, 3) or "no common history"
