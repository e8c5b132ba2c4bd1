"""The queue before and after a push, read side by side: only what differs is parsed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from refinery.records import document
from refinery.records.document import Record
from refinery.records.header import QueueHeader
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, MrId, Sha
from refinery.records.schema import InvalidRecord
from refinery.repo.repository import Repository
from refinery.store import layout
from refinery.store.queue_tree import QueueTree
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record that differs; None: absent on that side, or (before only) unreadable."""

    id: MrId
    before: MergeRequest | None
    after: MergeRequest | None
    was_there: bool


class QueueChange:
    """Two commits of the queue ref; both the same when the push leaves it alone."""

    def __init__(self, repo: Repository, old: Sha | None, new: Sha | None, ref: str) -> None:
        self.repo = repo
        self.old = old
        self.new = new
        self.ref = ref
        self._records: dict[Sha, object] = {}

    @cached_property
    def _tree(self) -> QueueTree:
        return QueueTree(self.repo.reader, self.repo.writer)

    @cached_property
    def before(self) -> dict[str, Sha]:
        """The files of the old commit."""
        return self._files(self.old)

    @cached_property
    def after(self) -> dict[str, Sha]:
        """The files of the new commit."""
        return self.before if self.new == self.old else self._files(self.new)

    @cached_property
    def changed(self) -> list[str]:
        """The paths that differ."""
        both = self.before.keys() | self.after.keys()
        return sorted(path for path in both if self.before.get(path) != self.after.get(path))

    @cached_property
    def known(self) -> frozenset[MrId]:
        """The ids in the queue afterwards."""
        return frozenset(id for path in self.after if (id := record_id(path)) is not None)

    @cached_property
    def header_before(self) -> QueueHeader | None:
        """The old header."""
        return self.header(self.before)

    @cached_property
    def header_after(self) -> QueueHeader | None:
        """The new header; raises `InvalidRecord` when it cannot be read."""
        return self.header(self.after)

    def header(self, files: dict[str, Sha]) -> QueueHeader | None:
        """The header among these files."""
        oid = files.get(layout.HEADER)
        return None if oid is None else self.read(QueueHeader, oid, layout.HEADER)

    def records(self) -> Iterator[RecordChange]:
        """The records that differ; raises `InvalidRecord` for a new one that cannot be read."""
        for path in self.changed:
            id = record_id(path)
            if id is not None:
                old, new = self.before.get(path), self.after.get(path)
                before = self._readable(old, path)
                after = self.read(MergeRequest, new, path) if new else None
                yield RecordChange(id, before, after, old is not None)

    def record(self, id: MrId) -> MergeRequest | None:
        """The record of an id afterwards."""
        return self._readable(self.after.get(layout.mr_path(id)), layout.mr_path(id))

    def all_after(self) -> Iterator[MergeRequest]:
        """Every record afterwards that can be read."""
        for id in sorted(self.known):
            found = self.record(id)
            if found is not None:
                yield found

    def read(self, cls: type[Record], oid: Sha, path: str) -> Record:
        """One record; `InvalidRecord` when it is not what it must be."""
        known = self._records.get(oid)
        if isinstance(known, cls):
            return known
        found = self.repo.reader.read(oid)
        where = f"{self.ref}:{path}"
        if found is None or found.kind != "blob":
            raise InvalidRecord(where, "", "is not a file")
        record = document.read(cls, found.data, where=where)
        self._records[oid] = record
        return record

    def _readable(self, oid: Sha | None, path: str) -> MergeRequest | None:
        try:
            return self.read(MergeRequest, oid, path) if oid else None
        except InvalidRecord:
            return None

    def _files(self, commit: Sha | None) -> dict[str, Sha]:
        return {} if commit is None else self._tree.files(self.repo.reader.commit(commit).tree)


def record_id(path: str) -> MrId | None:
    """The id a record's path stands for; None for the path of anything else."""
    name = path.rpartition("/")[2]
    id = MrId(name.removesuffix(layout.SUFFIX))
    return id if id and name.endswith(layout.SUFFIX) and path == layout.mr_path(id) else None


def targets_of(header: QueueHeader | None) -> set[Branch]:
    """The branches that a queue guards by itself."""
    if header is None:
        return set()
    return {header.default_target, *map(Branch, header.landed)}
