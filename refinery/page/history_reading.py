"""Reads a queue's past for its history; what was read once is kept, and only the new is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from refinery.audit.measuring import begin
from refinery.page.history import Clash, History, history
from refinery.page.history_spans import Stretch
from refinery.queue.measures import Measures, Past, Period, measure
from refinery.records import document
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, MrId, Sha
from refinery.records.schema import InvalidRecord
from refinery.repo.objects import Commit, GitObject
from refinery.repo.process import GitError
from refinery.store.archive import fetch_archive
from refinery.store.events import Happened, happened
from refinery.store.layout import mr_path
from refinery.store.ref_store import RefStore
from refinery.store.trail import Trail
from refinery.store.view import Damage, View
from refinery.values import dataclass, field

MOST_EVENTS = 100_000


@dataclass(frozen=True, slots=True)
class _Trail:
    """The events from `since` up to `tip`, newest first; `whole`: the queue is no older."""

    tip: Sha | None
    since: datetime
    events: tuple[Happened, ...]
    whole: bool


@dataclass(slots=True)
class Chronicle:
    """What was read of one queue's past; not for several threads at once.

    `damage` is what could not be read of the archive.
    """

    most: int = MOST_EVENTS
    damage: tuple[Damage, ...] = ()
    _trail: _Trail | None = None
    _archived: dict[MrId, tuple[Sha, MergeRequest | None]] = field(default_factory=dict)
    _archived_since: datetime | None = None
    _groups: int = 0
    _clashes: dict[Sha, tuple[Clash, ...]] = field(default_factory=dict)

    def read(self, store: RefStore, view: View, since: datetime) -> None:
        """Know what happened from that instant up to the view; what is older is forgotten."""
        self._trail = self._followed(store, view, since)
        self._read_archive(store, view, since)
        self._read_clashes(store, self._trail.events)

    def measures(self, view: View, stretch: Stretch, target: Branch | None = None) -> Measures:
        """The figures of a stretch, of one target or all; `read` has gone back as far."""
        return measure(view, self._past(view, stretch, target))

    def history(self, view: View, stretch: Stretch, target: Branch | None = None) -> History:
        """The history of a stretch, of one target or all; `read` has gone back as far."""
        measures = self.measures(view, stretch, target)
        clashes = [each for those in self._clashes.values() for each in those]
        return history(stretch, measures, view, self._records(stretch.since), clashes)

    @property
    def events(self) -> tuple[Happened, ...]:
        """The trail, newest first."""
        return self._trail.events if self._trail is not None else ()

    @property
    def archived(self) -> dict[MrId, MergeRequest]:
        """The records that were archived in this time."""
        return {id: mr for id, (_, mr) in self._archived.items() if mr is not None}

    def targets(self, view: View) -> tuple[Branch, ...]:
        """Every branch that something was queued for."""
        archived = (mr.target for mr in self.archived.values())
        live = (mr.target for mr in view.mrs.values())
        return tuple(sorted({view.header.default_target, *archived, *live}))

    def _past(self, view: View, stretch: Stretch, target: Branch | None) -> Past:
        every = self.events
        archived = self._records(stretch.since)
        events = tuple(each for each in every if stretch.since <= each.at <= stretch.until)
        is_cut = len(every) >= self.most
        since = begin(
            every,
            {**archived, **view.mrs},
            stretch.since,
            cut=is_cut,
            whole=self._trail is not None and self._trail.whole,
        )
        period = Period(
            since=min(since, stretch.until),
            until=stretch.until,
            target=target,
            events=len(events),
            complete=not is_cut or since <= stretch.since,
        )
        return Past(period, events, archived)

    def _records(self, since: datetime) -> dict[MrId, MergeRequest]:
        """Those that ended since then: the others have no part in it."""
        return {
            id: mr
            for id, mr in self.archived.items()
            if mr.closed_at is not None and mr.closed_at >= since
        }

    def _followed(self, store: RefStore, view: View, since: datetime) -> _Trail:
        tip, known = view.leases.get(store.refs.queue), self._trail
        if tip is None:
            return _Trail(None, since, (), whole=True)
        new: Sequence[Commit] = ()
        trail = Trail(store, store.refs.queue, tip)
        if known is None or known.since > since or not _goes_on(trail, known.tip):
            new = trail.newest(limit=self.most, since=int(since.timestamp()))
            known = _Trail(None, since, (), whole=not new or not new[-1].parents)
        elif known.tip != tip:
            new = trail.newest(after=known.tip)
        kept = [each for each in known.events if each.at >= since]
        whole = known.whole and len(kept) == len(known.events)
        return _Trail(tip, since, (*map(happened, new), *kept)[: self.most], whole)

    def _read_archive(self, store: RefStore, view: View, since: datetime) -> None:
        asked, groups = self._archived_since, view.header.archived
        if groups and (asked is None or asked > since or groups != self._groups):
            before = self._archived
            archive = fetch_archive(store, since=int(since.timestamp()))
            new = [
                id
                for id, blob in archive.blobs.items()
                if id not in before or before[id][0] != blob
            ]
            found = archive.read(new)
            read = {id: (archive.blobs[id], found.mrs.get(id)) for id in new}
            self._archived = {id: read.get(id) or before[id] for id in archive.blobs}
            self.damage = found.damage
        self._archived_since, self._groups = since, groups

    def _read_clashes(self, store: RefStore, events: Iterable[Happened]) -> None:
        """From the records as the commits of these events hold them: all the files are there."""
        conflicts = [each for each in events if each.event == "conflict"]
        new = [
            (each, id) for each in conflicts if each.commit not in self._clashes for id in each.mrs
        ]
        names = [f"{each.commit}:{mr_path(id)}" for each, id in new]
        blobs = store.repo.reader.read_many(names)
        found: dict[Sha, tuple[Clash, ...]] = {}
        for (event, id), blob in zip(new, blobs, strict=True):
            found[event.commit] = (*found.get(event.commit, ()), *_clash(event, id, blob))
        self._clashes = {
            each.commit: found.get(each.commit) or self._clashes.get(each.commit, ())
            for each in conflicts
        }


def _goes_on(trail: Trail, known: Sha | None) -> bool:
    """Whether the queue went on from there; one that was rewritten did not."""
    try:
        return known is not None and trail.holds(known)
    except GitError:
        return False  # the commit is not here any more


def _clash(event: Happened, id: MrId, blob: GitObject | None) -> tuple[Clash, ...]:
    """Nothing where the record cannot be read, which `refinery fsck` says."""
    if blob is None or blob.kind != "blob":
        return ()
    try:
        mr = document.read(MergeRequest, blob.data, where=f"{event.commit}:{id}")
    except InvalidRecord:
        return ()
    files = mr.block.files if mr.block is not None else ()
    return (Clash(id, mr.target, event.at, files),)
