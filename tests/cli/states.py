"""Puts a sandbox's queue into the states that views show, past the commands that lead there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from refinery.queue.claiming import Claimant, claim
from refinery.queue.folding import fold
from refinery.records.merge_request import Block, CloseReason, MergeRequest, Status
from refinery.records.names import IssueRef, MrId
from refinery.store.edit import Edit, Event
from refinery.store.update import Committed
from refinery.store.view import View
from tests.sandbox import Sandbox


def write(box: Sandbox, edit: Edit | None) -> View:
    """One transaction that has to succeed."""
    box.clock.tick()
    assert edit is not None
    done = box.queue().update(lambda _: edit)
    assert isinstance(done, Committed)
    return done.view


def fold_all(box: Sandbox) -> None:
    """Take what was submitted into the queue."""
    edit = fold(box.queue().store.read(), box.clock())
    if edit is not None:
        write(box, edit)


def change(box: Sandbox, id: MrId, event: str = "changed", **fields: Any) -> MergeRequest:
    """A record with other fields."""
    fold_all(box)
    box.clock.tick()
    changed = replace(box.view().mrs[id], **fields)
    released = (id,) if changed.closed and id in box.view().claims else ()
    told = Event(event, f"{event} {id}", (id,), "ada")
    write(box, Edit(told, put=(changed,), release=released))
    return changed


def close(box: Sandbox, id: MrId, reason: CloseReason, **fields: Any) -> MergeRequest:
    """It has ended."""
    ended = {"status": Status.CLOSED, "close_reason": reason, "closed_at": box.clock.tick()}
    return change(box, id, "closed", **ended, **fields)


def take(box: Sandbox, ids: Iterable[MrId], worker: str = "bob", minutes: float = 10) -> None:
    """A worker's claim."""
    fold_all(box)
    by = Claimant(worker, "0" * 32, box.clock.tick(), timedelta(minutes=minutes))
    edit = claim(box.view(), [*ids], by)
    assert isinstance(edit, Edit)
    write(box, edit)


def conflict(box: Sandbox, id: MrId, issue: str | None = "local#1", **fields: Any) -> MergeRequest:
    """It conflicts with main as it is, in x.txt."""
    main = box.sha("main")
    assert main is not None
    block = replace(Block("conflict", box.view().mrs[id].head, main, ("x.txt",)), **fields)
    return change(
        box, id, "conflict", block=block, blocked_by=None if issue is None else IssueRef(issue)
    )


def archive_closed(box: Sandbox) -> list[MrId]:
    """Move every closed one to the archive, as if it were old."""
    store = box.queue().store
    view = store.read()
    closed = tuple(mr for mr in view.mrs.values() if mr.closed)
    header = replace(view.header, archived=view.header.archived + 1)
    ids = tuple(mr.id for mr in closed)
    done = box.queue().update(
        lambda _: Edit(Event("archived", "archive", ids), archive=closed, header=header), view=view
    )
    assert isinstance(done, Committed)
    return [*ids]


def break_record(box: Sandbox, ref: str, path: str, text: str = "id: [") -> None:
    """Somebody edits a ref of the queue by hand, and badly."""
    stream = (
        f"commit {ref}\ncommitter Eve <eve@example.com> 1700000000 +0000\ndata 3\nbad\n"
        f"from {ref}^0\nM 100644 inline {path}\ndata {len(text.encode())}\n{text}\n"
    )
    box.git("fast-import", "--quiet", cwd=box.origin, stdin=stream)
