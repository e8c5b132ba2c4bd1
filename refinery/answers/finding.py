"""Finds the merge request a command is about, among the live ones and then in the archive."""

from __future__ import annotations

from refinery.app import Queue
from refinery.errors import RefineryError, UsageError
from refinery.queue.lookup import NoSuchMergeRequest, find_id, find_mr
from refinery.records.merge_request import MergeRequest
from refinery.records.names import MrId, trimmed
from refinery.store.view import View
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.store.archive import Archive


class UnreadableMergeRequest(RefineryError):
    """There is one of this id, but its record cannot be read."""

    code = "unreadable-merge-request"


def find(queue: Queue, view: View, text: str | None) -> MergeRequest:
    """The one that `text` names, or that is of the branch that is checked out.

    The archive is asked only when the queue lacks it.
    """
    if text is None:
        return _of_this_branch(queue, view)
    try:
        return view.mrs[find_mr(text, view.mrs)]
    except NoSuchMergeRequest:
        from refinery.store.archive import fetch_archive

        archive, wanted = fetch_archive(queue.store), trimmed(text)
        named = archive.find(wanted)
        if not named and (last := _last_of_branch(wanted, archive)) is not None:
            return last
        named = named or archive.blobs  # somebody may have repaired a group by hand
        id = find_id(text, named)
    read = archive.of({id: named[id]})
    if id in read.mrs:
        return read.mrs[id]
    raise UnreadableMergeRequest(
        f"{id}: {'; '.join(f'{each.where}: {each.problem}' for each in read.damage)}",
        hint="`refinery fsck` checks every record",
    )


def this_branch(queue: Queue) -> str:
    """The branch that is checked out, for who names no merge request."""
    branch = queue.repo.current_branch()
    if branch is None:
        raise UsageError(
            "no branch is checked out, so nothing says which merge request is meant",
            hint="name it by its id or its branch; `refinery list` shows them",
        )
    return branch


def _of_this_branch(queue: Queue, view: View) -> MergeRequest:
    branch = this_branch(queue)
    try:
        return find(queue, view, branch)
    except NoSuchMergeRequest:
        raise NoSuchMergeRequest(
            f"there is no merge request of this branch, {branch!r}",
            hint="`refinery submit` queues it; `refinery list` shows what is there",
        ) from None


def _last_of_branch(branch: str, archive: Archive) -> MergeRequest | None:
    """The last of this branch that was archived."""
    for some in archive.newest():
        found = [mr for mr in some.mrs.values() if mr.branch == branch]
        if found:
            return max(found, key=lambda mr: (mr.submitted_at, mr.id))
    return None


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
