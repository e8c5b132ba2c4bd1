"""Keeps the history of a ref short: begins it anew, after what it was is kept under another ref.

A fresh clone, such as every CI job has, fetches the whole history of the queue before it can do
anything; without this it would fetch more each day. First a ref below `history/` is put on the
line's tip, and once that is there the line begins anew: a commit with the same tree and no parent,
which names that tip. So there is no instant at which something is lost, on any server, whatever
dies in between; a ref that was put there in vain goes on with the next attempt.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from refinery.records.names import Ref, Sha
from refinery.repo.history import is_ancestor
from refinery.repo.refs import RefUpdate, Refused, Swapped
from refinery.repo.walking import length
from refinery.store import message
from refinery.store.edit import Event
from refinery.store.ref_store import RefStore
from refinery.store.trail import CONTINUES
from refinery.store.update import refused
from refinery.store.view import View
from refinery.values import dataclass

EVENT = "compacted"
LONGEST = 10_000  # transactions of the queue: so many are fetched in about a second
LONGEST_ARCHIVE = 200  # groups


@dataclass(frozen=True, slots=True)
class Line:
    """The line of a ref as it is at this instant, and how long it is."""

    ref: Ref
    tip: Sha
    commits: int


@dataclass(frozen=True, slots=True)
class Compacted:
    """A line that ended, and the ref that keeps it."""

    line: Line
    kept: Ref
    first: Sha


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Others changed the ref meanwhile: what was begun is ended by whoever comes next."""

    line: Line


def long_lines(store: RefStore, longest: Mapping[Ref, int] | None = None) -> list[Line]:
    """The refs whose lines have as many commits as they may have, as they are on the remote."""
    most = longest or {store.refs.queue: LONGEST, store.refs.archive: LONGEST_ARCHIVE}
    store.mirror.fetch(list(most))
    tips = store.mirror.known(most)
    lines = [Line(ref, tip, length(store.repo, tip)) for ref, tip in sorted(tips.items())]
    return [line for line in lines if line.commits >= most[line.ref]]


def compact(store: RefStore, view: View, line: Line, *, worker: str) -> Compacted | Overtaken:
    """Begin a line anew. Raises `PushRefused` where the remote forbids it."""
    kept = _keep(store, line)
    if kept is None:
        return Overtaken(line)
    subject = f"begin anew after {line.commits} commits, kept in {kept}"
    event = Event(EVENT, subject, worker=worker, details={CONTINUES: line.tip})
    tree = store.repo.reader.commit(line.tip).tree
    first = store.first_commit(view, tree, message.compose(event, os.urandom(16).hex()))
    if _push(store, RefUpdate(line.ref, line.tip, first)):
        return Compacted(line, kept, first)
    return Overtaken(line)


def _keep(store: RefStore, line: Line) -> Ref | None:
    """Put a ref on the tip of a line: the newest one where it has not ended a line yet."""
    begin = store.refs.kept(line.ref)
    there = {_number(ref, begin): oid for ref, oid in store.transport.list(f"{begin}*").items()}
    last = max(there, default=0)
    ref = Ref(f"{begin}{last}")
    if last and _is_on(store, there[last], line.tip):
        held = there[last]
        done = held == line.tip or _push(store, RefUpdate(ref, held, line.tip))
        return ref if done else None
    ref = Ref(f"{begin}{last + 1}")
    return ref if _push(store, RefUpdate(ref, None, line.tip)) else None


def _is_on(store: RefStore, commit: Sha, tip: Sha) -> bool:
    is_here = store.repo.reader.read(commit) is not None
    return is_here and is_ancestor(store.repo, commit, tip)


def _push(store: RefStore, update: RefUpdate) -> bool:
    """Whether it is done; an answer that was lost is taken for no, and found out the next time."""
    outcome = store.transport.push([update])
    if isinstance(outcome, Refused):
        raise refused(outcome)
    return isinstance(outcome, Swapped)


def _number(ref: Ref, begin: str) -> int:
    told = ref.removeprefix(begin)
    return int(told) if told.isdecimal() else 0
