"""Answers with merge requests that fit a filter: live ones in the queue's order, then closed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import dropwhile, islice

from refinery.answers.asking import Say, config_or_default, report
from refinery.answers.finding import find
from refinery.answers.merge_request import merge_request
from refinery.app import Queue
from refinery.queue.order import queue as in_order
from refinery.queue.standing import BLOCKED, Code, standing
from refinery.records.merge_request import MergeRequest
from refinery.store.view import View
from refinery.typed import Any
from refinery.values import dataclass

STATUSES = ("open", "in_progress", "blocked", "closed", "all")


@dataclass(frozen=True, slots=True)
class Filter:
    """What is wanted; None: whatever it is. `status` is `ready`, one of STATUSES, or all live."""

    status: str | None = None
    worker: str | None = None
    epic: str | None = None
    target: str | None = None

    def fits(self, mr: MergeRequest) -> bool:
        """Whether a merge request is one of those."""
        wanted = ((self.worker, mr.worker), (self.epic, mr.epic), (self.target, mr.target))
        return all(asked is None or asked == is_ for asked, is_ in wanted)


@dataclass(frozen=True, slots=True)
class Listed:
    """Those that fit, in order."""

    view: View
    mrs: tuple[MergeRequest, ...]
    now: datetime


def listed(
    queue: Queue,
    wanted: Filter,
    *,
    number: int | None = None,
    after: str | None = None,
    say: Say,
) -> Listed:
    """The merge requests that fit: all, or the first so many, or those that come after one.

    What ended long ago is read only as far back as it is wanted.
    """
    view, now = queue.view(), queue.now()
    report(view.damage, say=say)
    found = _of_status(queue, view, wanted.status, now, say)
    if after is not None:
        found = _after(find(queue, view, after), found)
    fitting = (mr for mr in found if wanted.fits(mr))
    return Listed(view, tuple(islice(fitting, number)), now)


def _after(last: MergeRequest, found: Iterator[MergeRequest]) -> Iterator[MergeRequest]:
    """What comes after one that was listed before."""
    return islice(dropwhile(lambda mr: mr.id != last.id, found), 1, None)


def document(found: Listed) -> list[dict[str, Any]]:
    """The answer of `list`, and of all that show some of it."""
    return [merge_request(found.view, mr, found.now) for mr in found.mrs]


def _of_status(
    queue: Queue, view: View, status: str | None, now: datetime, say: Say
) -> Iterator[MergeRequest]:
    if status != "closed":
        config = config_or_default(queue, view, say=say)
        wanted = _wanted(status)
        live = (entry.mr for entry in in_order(view, now, config))
        yield from (mr for mr in live if wanted(standing(view, mr, now).code))
    if status in ("closed", "all"):
        yield from _closed(queue, view, say)


def _wanted(status: str | None) -> Callable[[Code], bool]:
    match status:
        case "ready":
            return lambda code: code is Code.READY
        case "open":
            return lambda code: code is not Code.CLAIMED
        case "in_progress":
            return lambda code: code is Code.CLAIMED
        case "blocked":
            return lambda code: code in BLOCKED
        case _:
            return lambda code: True


def _closed(queue: Queue, view: View, say: Say) -> Iterator[MergeRequest]:
    """Those still in the view, then those in the archive, the last that were put there first.

    The archive is read after the view: one that moves between the two is seen at least once.
    """
    from refinery.store.archive import fetch_archive

    recent = {mr.id: mr for mr in view.mrs.values() if mr.closed}
    yield from _newest_first(recent.values())
    for archived in fetch_archive(queue.store).newest():
        report(archived.damage, say=say)
        yield from _newest_first(mr for id, mr in archived.mrs.items() if id not in recent)


def _newest_first(mrs: Iterable[MergeRequest]) -> list[MergeRequest]:
    return sorted(mrs, key=lambda mr: (mr.closed_at or mr.created_at, mr.id), reverse=True)
