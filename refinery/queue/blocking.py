"""Conflicts: what blocks, what the issue says about it, and what lets it go on."""

from __future__ import annotations

from datetime import datetime

from refinery.config.config import Config
from refinery.queue.candidate import Clash, Hollow
from refinery.queue.claiming import holds
from refinery.queue.settling import parked, with_attempt
from refinery.queue.standing import newest_revision
from refinery.records.claim import Claim
from refinery.records.fitting import as_line
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

KEPT_FILES = 200


def conflicted(
    view: View, clash: Clash, claim: Claim, config: Config, now: datetime
) -> Edit | None:
    """Block a merge request on the issue that is about to be opened; it keeps its place and age.

    The intent is recorded before the issue exists: whoever finds a block without an issue looks for
    the marker and opens it if need be, so a crash in between opens neither two nor none.
    """
    mr = view.mrs.get(clash.id)
    if mr is None or mr.closed or not holds(view, claim, clash.id):
        return None
    attempt = Attempt(
        at=now,
        worker=claim.worker,
        outcome=AttemptOutcome.CONFLICT,
        base=clash.base,
        note=as_line(_files_in_words(clash.files)),
    )
    blocked = replace(
        with_attempt(mr, attempt),
        retry_count=mr.retry_count + 1,
        block=Block("conflict", mr.head, clash.base, _kept(clash.files)),
    )
    blocked = parked(blocked, config, now)
    return Edit(
        event=Event(
            name="conflict",
            subject=f"{mr.id} conflicts with {mr.target}: {_files_in_words(clash.files)}",
            mrs=(mr.id,),
            worker=claim.worker,
        ),
        put=(blocked,),
        release=(mr.id,),
    )


def hollow(view: View, member: Hollow, claim: Claim, now: datetime) -> Edit | None:
    """Close a merge request that changes nothing, in its own words."""
    mr = view.mrs.get(member.id)
    if mr is None or mr.closed or not holds(view, claim, member.id):
        return None
    reason = CloseReason.ALREADY_MERGED if member.in_target else CloseReason.EMPTY
    words = (
        f"{mr.head[:12]} is already in {mr.target}"
        if member.in_target
        else f"merging {mr.head[:12]} changes nothing: {mr.target} has all of it"
    )
    return Edit(
        event=Event("closed", f"{mr.id}: {words}", (mr.id,), claim.worker),
        put=(replace(mr, status=Status.CLOSED, close_reason=reason, closed_at=now, error=words),),
        release=(mr.id,),
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
    why = "its head moved" if moved else f"it merges cleanly into {mr.target} now"
    return Edit(
        event=Event("unblocked", f"{id} re-enters the queue: {why}", (id,)),
        put=(replace(mr, blocked_by=None, block=None),),
    )


def reblocked(view: View, id: MrId, issue: IssueRef) -> Edit | None:
    """A reopened issue blocks again what has not ended; its newest revision counts."""
    mr = newest_revision(view, id)
    if mr is None or mr.closed or mr.block is not None or mr.target not in view.targets:
        return None
    block = Block("conflict", mr.head, view.targets[mr.target])
    return Edit(
        event=Event("blocked", f"{mr.id} is blocked again: {issue} was reopened", (mr.id,)),
        put=(replace(mr, blocked_by=issue, block=block),),
    )


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


def _kept(files: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(as_line(file) for file in files[:KEPT_FILES])


def _files_in_words(files: tuple[str, ...]) -> str:
    if not files:
        return "no common history"
    shown = ", ".join(files[:3])
    return shown if len(files) <= 3 else f"{shown} and {len(files) - 3} more"
