"""Reads the archive: closed merge requests in groups, each one commit with a tree of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from refinery.doing import counted_off
from refinery.records import document
from refinery.records.merge_request import MergeRequest
from refinery.records.names import MR_ID, MrId, Ref, Sha
from refinery.records.schema import InvalidRecord
from refinery.repo.objects import GitObject
from refinery.repo.repository import Repository
from refinery.repo.walking import files_ever, newest_ids
from refinery.store.layout import SUFFIX
from refinery.store.message import MR
from refinery.store.ref_store import RefStore
from refinery.store.trail import Trail
from refinery.store.view import Damage
from refinery.values import dataclass, field

_PORTION = 4  # groups that are read at once


@dataclass(frozen=True, slots=True)
class Archived:
    """Records out of the archive, newest group first, and what could not be read."""

    mrs: Mapping[MrId, MergeRequest] = field(default_factory=dict)
    damage: tuple[Damage, ...] = ()


class Archive:
    """Which closed merge requests there are, and where; nothing is read before it is asked for.

    `since` leaves out groups from before that second: all in them had ended by then.
    """

    def __init__(self, repo: Repository, ref: Ref, trail: Trail, since: int | None = None) -> None:
        self.repo = repo
        self.ref = ref
        self._trail = trail
        self._since = since

    @cached_property
    def blobs(self) -> dict[MrId, Sha]:
        """All there are, newest first."""
        tips = list(self._trail.lines(since=self._since))
        files = files_ever(self.repo, tips, since=self._since) if tips else {}
        return _ids(files.items())

    def read(self, ids: Iterable[MrId] | None = None) -> Archived:
        """The records of these ids, or all of them."""
        return self.of(self.blobs if ids is None else {id: self.blobs[id] for id in ids})

    def of(self, blobs: Mapping[MrId, Sha]) -> Archived:
        """The records that are in these blobs."""
        found = self.repo.reader.read_many([*blobs.values()])
        mrs: dict[MrId, MergeRequest] = {}
        damage: list[Damage] = []
        for id, blob in zip(counted_off("reading the archive", [*blobs]), found, strict=True):
            record = _record(id, blob, f"{self.ref}:{id}{SUFFIX}")
            if isinstance(record, Damage):
                damage.append(record)
            else:
                mrs[id] = record
        return Archived(mrs, tuple(damage))

    def find(self, text: str) -> dict[MrId, Sha]:
        """The blobs of those whose ids begin with the text, with or without "mr-".

        Groups name their members in trailers, which are looked through much faster than trees.
        """
        begin = (text, f"mr-{text}")
        groups = self._trail.newest(saying=[f"{MR}: {each}" for each in begin], since=self._since)
        members = self._members([group.tree for group in groups]) if text else {}
        return {id: blob for id, blob in members.items() if id.startswith(begin)}

    def newest(self) -> Iterator[Archived]:
        """All records, newest first, a few groups at a time: who needs few reads few."""
        before: dict[MrId, Sha] = {}  # a line begins with the group that the one before ended with
        for tip in self._trail.lines(since=self._since):
            groups = newest_ids(self.repo, tip, since=self._since)
            for start in range(0, len(groups), _PORTION):
                trees = [f"{group}^{{tree}}" for group in groups[start : start + _PORTION]]
                members = self._members(trees)
                yield self.of({id: oid for id, oid in members.items() if id not in before})
                before = members

    def _members(self, groups: Sequence[str]) -> dict[MrId, Sha]:
        """Those of a few groups, the newest first."""
        entries = [each for tree in self.repo.reader.trees(groups) for each in tree]
        return _ids((each.name, each.oid) for each in entries)


def fetch_archive(store: RefStore, *, since: int | None = None) -> Archive:
    """The archive as it is on the remote; views leave it out, so that they cost what is live."""
    ref = store.refs.archive
    store.mirror.fetch([ref])
    tip = store.mirror.known([ref]).get(ref)
    return Archive(store.repo, ref, Trail(store, ref, tip), since)


def _ids(files: Iterable[tuple[str, Sha]]) -> dict[MrId, Sha]:
    """Whose records they are; of two for one the first counts."""
    found: dict[MrId, Sha] = {}
    for path, oid in files:
        id = path.removesuffix(SUFFIX)
        if id != path and MR_ID.fullmatch(id):
            found.setdefault(MrId(id), oid)
    return found


def _record(id: MrId, blob: GitObject | None, where: str) -> MergeRequest | Damage:
    if blob is None or blob.kind != "blob":
        return Damage(where, "is missing" if blob is None else f"is a {blob.kind}")
    try:
        record = document.read(MergeRequest, blob.data, where=where)
    except InvalidRecord as error:
        pointer = f"{error.pointer}: " if error.pointer else ""
        return Damage(where, pointer + error.problem, error.hint)
    return record if record.id == id else Damage(where, f"/id: it is the record of {record.id!r}")
