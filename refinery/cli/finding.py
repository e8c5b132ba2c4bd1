"""Finds the merge request a command is about, among the live ones and then in the archive."""

from __future__ import annotations

from refinery.app import Queue
from refinery.errors import RefineryError
from refinery.queue.lookup import NoSuchMergeRequest, find_id
from refinery.records.merge_request import MergeRequest
from refinery.records.names import MrId
from refinery.store.view import View


class UnreadableMergeRequest(RefineryError):
    """There is one of this id, but its record cannot be read."""


def find(queue: Queue, view: View, text: str) -> MergeRequest:
    """The one whose id `text` is or begins; the archive is asked only when the queue lacks it."""
    try:
        return view.mrs[find_id(text, view.mrs)]
    except NoSuchMergeRequest:
        from refinery.store.archive import fetch_archive

        archive = fetch_archive(queue.store)
        id = find_id(text, archive.blobs)
    read = archive.read([id])
    if id in read.mrs:
        return read.mrs[id]
    raise UnreadableMergeRequest(
        f"{id}: {'; '.join(f'{each.where}: {each.problem}' for each in read.damage)}",
        hint="`refinery fsck` checks every record",
    )


def newest_revision(queue: Queue, view: View, mr: MergeRequest) -> MergeRequest:
    """The revision that a superseded one ended in."""
    seen: set[MrId] = set()
    while mr.superseded_by is not None and mr.superseded_by not in seen:
        seen.add(mr.superseded_by)
        mr = find(queue, view, mr.superseded_by)
    return mr


def with_target(queue: Queue, view: View, mr: MergeRequest) -> View:
    """A view that also knows the tip of the target; the common one is there already."""
    if mr.closed or mr.target in view.targets or mr.target in queue.store.targets:
        return view
    queue.store.targets.add(mr.target)
    return queue.view()


def remote_of(queue: Queue) -> str:
    """What commands for people call the queue's repository; `.` for itself."""
    return queue.repo.remote_name() or "origin"
