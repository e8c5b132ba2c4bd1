"""Reads what the figures of a queue are made of: its trail and archive, back to some day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from refinery.audit.changed import traits_of_changes
from refinery.config.config import Config
from refinery.queue.accuracy import Accuracy, accuracy
from refinery.queue.measures import Measures, Past, Period, measure
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, MrId
from refinery.repo.objects import Commit
from refinery.store.archive import Archived, fetch_archive
from refinery.store.events import Happened, happened
from refinery.store.ref_store import RefStore
from refinery.store.trail import Trail
from refinery.store.view import Damage, View
from refinery.values import dataclass

MOST_EVENTS = 20_000


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures, how good landing times were, and what could not be read of the archive."""

    measures: Measures
    damage: tuple[Damage, ...] = ()
    accuracy: Accuracy | None = None


def measured(
    store: RefStore,
    view: View,
    *,
    since: datetime,
    now: datetime,
    target: Branch | None = None,
    most: int = MOST_EVENTS,
    look_at_changes: bool = False,
    configs: Mapping[Branch, Config] | None = None,
) -> Measured:
    """The figures from `since` on, of all targets or one.

    It costs what lies in the period: at most `most` transactions are read, the newest ones, and the
    period then is as long as they go back.  `look_at_changes` also asks git what changes touch.
    With the `configs` of targets, their landing times are looked back at too.
    """
    trail = Trail(store, store.refs.queue, view.leases.get(store.refs.queue))
    commits = trail.newest(limit=most, since=int(since.timestamp()))
    events = tuple(map(happened, commits))
    archived = _archived(store, view, since)
    records = {**archived.mrs, **view.mrs}
    period = Period(
        since=begin(events, records, since, cut=len(events) >= most, whole=_is_whole(commits)),
        until=now,
        target=target,
        events=len(events),
        complete=len(events) < most,
    )
    traits = traits_of_changes(store.repo, records, view.targets) if look_at_changes else {}
    past = Past(period, events, archived.mrs, traits)
    about = {it: its for it, its in (configs or {}).items() if target in (None, it)}
    looked_back = accuracy(view, records, about, since=period.since, now=now) if about else None
    return Measured(measure(view, past), archived.damage, looked_back)


def begin(
    events: Sequence[Happened],
    records: Mapping[MrId, MergeRequest],
    since: datetime,
    *,
    cut: bool,
    whole: bool,
) -> datetime:
    """Where a period begins: not before the queue did, nor before what was read of it.

    `cut`: there are older events in the period than these; `whole`: there is none older at all.
    """
    if cut:
        return max(since, min(each.at for each in events))
    if not whole:
        return since
    known = [*(each.at for each in events), *(mr.submitted_at for mr in records.values())]
    return max(since, min(known, default=since))


def _is_whole(commits: Sequence[Commit]) -> bool:
    return not commits or not commits[-1].parents


def _archived(store: RefStore, view: View, since: datetime) -> Archived:
    """Those that were archived in the period; what ended in it was archived later still."""
    if not view.header.archived:
        return Archived()
    return fetch_archive(store, since=int(since.timestamp())).read()
