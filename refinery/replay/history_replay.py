"""Queues what a history merged again and lands it with the real engine, in order or shuffled."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import Enum

from refinery.engine.engine import Engine
from refinery.engine.process import process
from refinery.engine.run import End, Orders
from refinery.errors import RefineryError
from refinery.queue.submission import Request, submit
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import Branch, MrId, Sha
from refinery.records.times import now
from refinery.replay.merged_history import PastMerge, PastMerges, waves
from refinery.repo.refs import RefUpdate, Swapped
from refinery.store.archive import fetch_archive
from refinery.store.layout import target_ref
from refinery.store.message import one_line
from refinery.store.update import Committed
from refinery.submit.submitting import LONGEST_TITLE, relate
from refinery.values import dataclass


class CannotReplay(RefineryError):
    """The replay itself could not be carried out."""

    code = "cannot-replay"


class Clock:
    """The wall clock, put forward by a second for each submission: no two are of the same age."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return now() + self._ahead

    def tick(self) -> None:
        self._ahead += timedelta(seconds=1)


class Fate(Enum):
    """What became of a merge that was queued again."""

    LANDED = "landed"
    CONFLICT = "conflict"
    HOLLOW = "hollow"
    FAILED = "failed"
    UNTESTED = "untested"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Replayed:
    """A merge of the history and its merge request; None: the target had all of it already."""

    past: PastMerge
    head: Sha
    mr: MergeRequest | None
    fate: Fate


@dataclass(frozen=True, slots=True)
class Head:
    """The commit that is queued for a merge of the history."""

    past: PastMerge
    commit: Sha


def replay_in_order(
    engine: Engine, past: PastMerges, target: Branch, clock: Clock
) -> list[Replayed]:
    """Land the merges as history did: what waited together in one wave, each on history's own tree.

    Between waves the target gets what history holds at that place, as a push from outside; so what
    was pushed directly is there, and one difference does not become the cause of the next.
    """
    replayed: list[Replayed] = []
    for wave in waves(past, engine.config(target).batch_max):
        _carry(engine, target, wave[0].onto)
        heads = [Head(merge, merge.head) for merge in wave]
        replayed += _process(engine, heads, target, clock)
    return replayed


def replay_shuffled(
    engine: Engine, heads: Sequence[Head], target: Branch, clock: Clock, *, seed: int
) -> list[Replayed]:
    """Queue all of them at once, in an order that the seed decides."""
    order = list(heads)
    random.Random(seed).shuffle(order)
    return _process(engine, order, target, clock)


def side_by_side(engine: Engine, past: PastMerges, target: Branch) -> list[Head]:
    """The heads as if none had waited for another, the target put on what they have in common.

    A head that builds on a later commit of the line would bring all before it along.  It is
    replaced by its own changes since that commit: one commit on a root that has the commit's tree,
    and the target has all those roots among its parents, so that git merges from them.
    """
    heads: list[Head] = []
    roots: dict[Sha, None] = {}
    for merge in past.merges:
        if merge.builds_on == 0:
            heads.append(Head(merge, merge.head))
            continue
        root = _commit(engine, merge.fork_tree, (), "The files that a branch began with")
        tree = engine.repo.reader.commit(merge.head).tree
        roots[root] = None
        heads.append(Head(merge, _commit(engine, tree, (root,), f"{merge.name}: {merge.head}")))
    if roots:
        words = f"The files of {past.base.oid[:12]}, beside those that branches began with"
        start = _commit(engine, past.base.tree, (past.base.oid, *roots), words)
        _push(engine, target, start)
    return heads


def _carry(engine: Engine, target: Branch, commit: Sha) -> None:
    tip = engine.view.targets[target]
    if tip == commit:
        return
    tree = engine.repo.reader.commit(commit).tree
    words = f"Go on from {commit[:12]}, as history did"
    _push(engine, target, _commit(engine, tree, (tip, commit), words))


def _commit(engine: Engine, tree: Sha, parents: Sequence[Sha], message: str) -> Sha:
    who = engine.repo.signature(0)
    return engine.repo.writer.commit(
        tree=tree, parents=parents, author=who, committer=who, message=message
    )


def _push(engine: Engine, target: Branch, commit: Sha) -> None:
    """Move the target past the queue, as somebody's own push does."""
    tip = engine.view.targets[target]
    moved = engine.store.transport.push([RefUpdate(target_ref(target), tip, commit)])
    if not isinstance(moved, Swapped):
        raise CannotReplay(f"the scratch copy's {target!r} cannot be moved: {moved}")
    engine.refresh()


def _process(engine: Engine, heads: Sequence[Head], target: Branch, clock: Clock) -> list[Replayed]:
    queued = [(head, _queue(engine, head, target, clock)) for head in heads]
    end = process(engine, Orders())
    if end is End.CANNOT_CHECK:
        raise CannotReplay(
            "the check cannot run", hint="it is started by `sh -c` in a checkout of the merged tree"
        )
    records = _records(engine, [id for _, id in queued if id])
    return [
        Replayed(head.past, head.commit, records.get(id) if id else None, _fate(records, id, end))
        for head, id in queued
    ]


def _queue(engine: Engine, head: Head, target: Branch, clock: Clock) -> MrId | None:
    """Submit one head; None where the target has all of it."""
    clock.tick()
    request = Request(
        branch=Branch(head.past.name),
        target=target,
        head=head.commit,
        worker="history",
        title=one_line(head.past.subject)[:LONGEST_TITLE] or head.past.name,
    )
    done = engine.change(
        lambda view: submit(
            view,
            request,
            relation=relate(engine.repo, view, target, head.commit),
            now=engine.clock(),
        )
    )
    return done.edit.submit[0].id if isinstance(done, Committed) else None


def _records(engine: Engine, ids: Iterable[MrId]) -> dict[MrId, MergeRequest]:
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
