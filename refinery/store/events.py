"""Reads the audit trail: each commit of the queue ref is one event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from refinery.records.names import MrId, Sha
from refinery.records.times import EPOCH, instant
from refinery.repo.objects import Commit
from refinery.repo.trailers import trailers
from refinery.store import message
from refinery.store.ref_store import RefStore
from refinery.store.trail import Trail
from refinery.store.view import View
from refinery.values import dataclass

CLOCKS_DIFFER = timedelta(days=1)  # at most: nothing was told of it before it was submitted


@dataclass(frozen=True, slots=True)
class Happened:
    """One transaction of the queue ref; `details` are the trailers only this kind of event has."""

    commit: Sha
    event: str
    subject: str
    at: datetime
    worker: str
    mrs: tuple[MrId, ...]
    details: Mapping[str, str]


def read_events(
    store: RefStore,
    view: View,
    *,
    limit: int | None = None,
    about: MrId | None = None,
    since: datetime | None = None,
) -> tuple[Happened, ...]:
    """The newest events first, above them submissions that nobody has folded yet.

    `about`: only those that name this merge request; `since`: none that is older.
    """
    trail = Trail(store, store.refs.queue, view.leases.get(store.refs.queue))
    folded = trail.newest(
        # Only narrows: the id may also begin another one, or stand in somebody's title.
        limit=limit if about is None else None,
        saying=() if about is None else [f"{message.MR}: {about}"],
        since=None if since is None else int(since.timestamp()),
    )
    events = [*_waiting(store, view), *map(happened, folded)]
    return tuple(event for event in events if about is None or about in event.mrs)[:limit]


def _waiting(store: RefStore, view: View) -> list[Happened]:
    inbox = store.refs.below("inbox")
    tips = [oid for ref, oid in view.leases.items() if ref.startswith(inbox)]
    submitted = map(happened, store.repo.reader.commits(tips))
    return sorted(submitted, key=lambda event: (event.at, event.mrs), reverse=True)


def happened(commit: Commit) -> Happened:
    """What a commit of the queue ref says."""
    told = trailers(commit.message)
    ours = {message.EVENT, message.MR, message.WORKER, message.OPERATION}
    first = dict(reversed(told))
    mr = message.MR.lower()
    return Happened(
        commit=commit.oid,
        event=first.get(message.EVENT, ""),
        subject=commit.subject,
        at=_when(commit.committer),
        worker=first.get(message.WORKER, ""),
        mrs=tuple(MrId(value) for key, value in told if key.lower() == mr),
        details={key: value for key, value in told if key not in ours},
    )


def _when(line: str) -> datetime:
    """The instant of a raw `Name <mail> seconds zone` line."""
    try:
        return instant(int(line.rpartition(">")[2].split()[0]))
    except (IndexError, ValueError, OverflowError, OSError):
        return EPOCH  # anybody may have written the commit, whatever date it claims
