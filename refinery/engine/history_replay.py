"""Queues what a history merged again and lands it with the real engine, in order or shuffled."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import Enum

from refinery.config.config import Config
from refinery.engine.engine import Engine
from refinery.engine.merged_history import PastMerge, PastMerges, waves
from refinery.engine.process import End, Orders, process
from refinery.engine.submitting import LONGEST_TITLE, relate
from refinery.errors import RefineryError
from refinery.queue.submission import Request, submit
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import Branch, MrId, Sha
from refinery.records.times import now
from refinery.repo.refs import RefUpdate, Swapped
from refinery.store.archive import fetch_archive
from refinery.store.layout import target_ref
from refinery.store.message import one_line
from refinery.store.update import Committed
from refinery.values import dataclass, field


class CannotReplay(RefineryError):
    """The replay itself could not be carried out."""


class Clock:
    """The wall clock, put forward by a second for each submission: no two are of the same age."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return now() + self._ahead

    def tick(self) -> None:
        self._ahead += timedelta(seconds=1)


@dataclass(slots=True)
class ReplayEngine(Engine):
    """The engine with a configuration from outside: the history's own trees hold none for it."""

    settings: Config = field(default_factory=Config)

    def config(self, target: Branch) -> Config:
        """The replay's own settings, whatever the target's tip says."""
        return self.settings


class Fate(str, Enum):
    """What became of a merge that was queued again."""

    LANDED = "landed"
    CONFLICT = "conflict"
    HOLLOW = "hollow"
    FAILED = "failed"
    UNTESTED = "untested"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Replayed:
    """A merge of the history and its merge request; None: there was nothing to land from the start."""

    past: PastMerge
    mr: MergeRequest | None
    fate: Fate


def replay_in_order(
    engine: ReplayEngine, past: PastMerges, target: Branch, clock: Clock
) -> list[Replayed]:
    """Land the merges as history did: what waited together in one wave, each on history's own tree.

    Between waves the target gets what history holds at that place, as a push from outside; so what
    was pushed directly is there, and one difference does not become the cause of the next.
    """
    replayed: list[Replayed] = []
    for wave in waves(past, engine.settings.batch_max):
        _carry(engine, target, wave[0].onto)
        replayed += _process(engine, wave, target, clock)
    return replayed


def replay_shuffled(
    engine: ReplayEngine, past: PastMerges, target: Branch, clock: Clock, *, seed: int
) -> list[Replayed]:
    """Queue all of them at once, on the tree before the first, in an order that the seed decides."""
    order = list(past.merges)
    random.Random(seed).shuffle(order)
    return _process(engine, order, target, clock)


def _carry(engine: ReplayEngine, target: Branch, commit: Sha) -> None:
    tip = engine.view.targets[target]
    if tip == commit:
        return
    who = engine.repo.signature(int(engine.clock().timestamp()))
    carried = engine.repo.writer.commit(
        tree=engine.repo.reader.commit(commit).tree,
        parents=(tip, commit),
        author=who,
        committer=who,
        message=f"Go on from {commit[:12]}, as history did",
    )
    moved = engine.store.transport.push([RefUpdate(target_ref(target), tip, carried)])
    if not isinstance(moved, Swapped):
        raise CannotReplay(f"the scratch copy's {target!r} cannot be moved: {moved}")
    engine.refresh()


def _process(
    engine: ReplayEngine, merges: Sequence[PastMerge], target: Branch, clock: Clock
) -> list[Replayed]:
    queued = [(merge, _queue(engine, merge, target, clock)) for merge in merges]
    end = process(engine, Orders())
    if end is End.CANNOT_CHECK:
        raise CannotReplay(
            "the check cannot run", hint="it is started by `sh -c` in a checkout of the merged tree"
        )
    records = _records(engine, [id for _, id in queued if id])
    return [
        Replayed(merge, records.get(id) if id else None, _fate(records, id, end))
        for merge, id in queued
    ]


def _queue(engine: ReplayEngine, merge: PastMerge, target: Branch, clock: Clock) -> MrId | None:
    """Submit one head; None where the target has all of it."""
    clock.tick()
    request = Request(
        branch=Branch(merge.name),
        target=target,
        head=merge.head,
        worker="history",
        title=one_line(merge.subject)[:LONGEST_TITLE] or merge.name,
    )
    done = engine.change(
        lambda view: submit(
            view,
            request,
            relation=relate(engine.repo, view, target, merge.head),
            now=engine.clock(),
        )
    )
    return done.edit.submit[0].id if isinstance(done, Committed) else None


def _records(engine: ReplayEngine, ids: Iterable[MrId]) -> dict[MrId, MergeRequest]:
    """The records as the store has them now, read anew, from the archive if need be."""
    engine.refresh()
    wanted = set(ids)
    found = {id: mr for id, mr in engine.view.mrs.items() if id in wanted}
    if len(found) < len(wanted):
        archive = fetch_archive(engine.store)
        found |= archive.read((wanted - set(found)) & set(archive.blobs)).mrs
    return found


def _fate(records: dict[MrId, MergeRequest], id: MrId | None, end: End) -> Fate:
    if id is None:
        return Fate.HOLLOW
    mr = records.get(id)
    if mr is None:
        return Fate.LOST
    if mr.close_reason is CloseReason.MERGED:
        return Fate.LANDED
    if mr.close_reason in (CloseReason.EMPTY, CloseReason.ALREADY_MERGED):
        return Fate.HOLLOW
    if mr.block is not None and mr.blocked_by is not None:
        return Fate.CONFLICT
    if mr.failure is not None:
        return Fate.FAILED
    return Fate.UNTESTED if end is End.RED else Fate.LOST

