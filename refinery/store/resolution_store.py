"""The shared memory of resolved conflicts: one ref, whose tree is git's rr-cache by month."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from datetime import datetime

from refinery.records.names import Sha
from refinery.repo.refs import Lost, RefUpdate, Refused, Swapped
from refinery.repo.remote import RefTransport
from refinery.repo.repository import Repository
from refinery.store import message
from refinery.store.edit import Event
from refinery.store.layout import RefNames
from refinery.store.mirror import Mirror
from refinery.store.queue_tree import QueueTree
from refinery.store.reading import tree_of
from refinery.store.update import refused
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.repo.rerere import Memory

KEPT_MONTHS = 12
LARGEST = 512_000  # bytes of a file that is worth remembering whole
_TRIES = 5


class ResolutionStore:
    """`<year>-<month>/<id>/preimage` and `postimage` in refs/refinery/resolutions.

    Losing it costs nothing but the same work once more, so it is no part of any other push.
    """

    def __init__(
        self,
        repo: Repository,
        transport: RefTransport,
        *,
        refs: RefNames,
        clock: Callable[[], datetime],
    ) -> None:
        self._repo = repo
        self._transport = transport
        self._ref = refs.resolutions
        self._clock = clock
        self._mirror = Mirror(repo, transport)
        self._tree = QueueTree(repo.reader, repo.writer)

    def recall(self, ids: Collection[str]) -> Memory:
        """What is remembered of these conflicts."""
        if not ids:
            return {}
        _, files = self._read()
        wanted = {
            path.partition("/")[2]: oid
            for path, oid in sorted(files.items())  # of two months, the later
            if path.split("/")[1] in ids
        }
        found = self._repo.reader.read_many(list(wanted.values()))
        return {name: blob.data for name, blob in zip(wanted, found, strict=True) if blob}

    def learn(self, memory: Memory, event: Event) -> bool:
        """Remember these; whether anything was new.

        Raises `PushRefused` where the remote does not take it.
        """
        small = {name: data for name, data in memory.items() if len(data) <= LARGEST}
        whole = {name.partition("/")[0] for name in memory} - {
            name.partition("/")[0] for name in memory.keys() - small.keys()
        }
        new = {
            name: self._repo.writer.blob(data)
            for name, data in small.items()
            if name.partition("/")[0] in whole
        }
        for _ in range(_TRIES):
            tip, files = self._read()
            changes = self._changes(files, new)
            if not changes:
                return False
            commit = self._commit(tip, changes, event)
            outcome = self._transport.push([RefUpdate(self._ref, tip, commit)])
            if isinstance(outcome, Refused):
                raise refused(outcome)
            if not isinstance(outcome, Lost):
                return isinstance(outcome, Swapped)
        return False

    def _read(self) -> tuple[Sha | None, dict[str, Sha]]:
        self._mirror.fetch([self._ref])
        tip = self._mirror.known([self._ref]).get(self._ref)
        if tip is None:
            return None, {}
        files = self._tree.files(tree_of(self._repo, self._ref, tip))
        return tip, {path: oid for path, oid in files.items() if path.count("/") == 2}

    def _changes(self, files: dict[str, Sha], new: dict[str, Sha]) -> dict[str, Sha | None]:
        """The new ones in this month's folder and nowhere else, without what is too old."""
        now = self._clock()
        month = f"{now:%Y-%m}"
        oldest = now.year * 12 + now.month - KEPT_MONTHS
        put = {f"{month}/{name}": oid for name, oid in new.items()}
        if all(files.get(path) == oid for path, oid in put.items()):
            return {}
        ids = {name.partition("/")[0] for name in new}
        gone = [path for path in files if path.split("/")[1] in ids or _number(path[:7]) < oldest]
        return {**dict.fromkeys(gone), **put}

    def _commit(self, tip: Sha | None, changes: dict[str, Sha | None], event: Event) -> Sha:
        root = self._repo.reader.commit(tip).tree if tip else None
        who = self._repo.signature(int(self._clock().timestamp()))
        return self._repo.writer.commit(
            tree=self._tree.rewrite(root, changes),
            parents=[tip] if tip else [],
            author=who,
            committer=who,
            message=message.compose(event, os.urandom(16).hex()),
        )


def _number(month: str) -> int:
    """Months since year 0; a folder that is no month is as old as can be."""
    year, _, rest = month.partition("-")
    return int(year) * 12 + int(rest) if year.isdecimal() and rest.isdecimal() else 0
