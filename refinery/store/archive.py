"""Reads the archive: closed merge requests in groups, each one commit with a tree of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from refinery.doing import counted_off
from refinery.records import document
from refinery.records.merge_request import MergeRequest
from refinery.records.names import MR_ID, MrId, Sha
from refinery.records.schema import InvalidRecord
from refinery.repo.objects import GitObject
from refinery.repo.repository import Repository
from refinery.repo.walking import files_ever
from refinery.store.layout import SUFFIX
from refinery.store.ref_store import RefStore
from refinery.store.view import Damage
from refinery.values import dataclass, field


@dataclass(frozen=True, slots=True)
class Archived:
    """Records out of the archive, newest group first, and what could not be read."""

    mrs: Mapping[MrId, MergeRequest] = field(default_factory=dict)
    damage: tuple[Damage, ...] = ()


@dataclass(frozen=True, slots=True)
class Archive:
    """Which closed merge requests there are, and where; none is parsed before it is asked for."""

    repo: Repository
    ref: str
    blobs: Mapping[MrId, Sha]

    def read(self, ids: Iterable[MrId] | None = None) -> Archived:
        """The records of these ids, or all of them."""
        wanted = list(self.blobs if ids is None else ids)
        found = self.repo.reader.read_many([self.blobs[id] for id in wanted])
        mrs: dict[MrId, MergeRequest] = {}
        damage: list[Damage] = []
        for id, blob in zip(counted_off("reading the archive", wanted), found, strict=True):
            record = _record(id, blob, f"{self.ref}:{id}{SUFFIX}")
            if isinstance(record, Damage):
                damage.append(record)
            else:
                mrs[id] = record
        return Archived(mrs, tuple(damage))


def fetch_archive(store: RefStore, *, since: int | None = None) -> Archive:
    """The archive as it is on the remote; views leave it out, so that they cost what is live.

    `since` leaves out groups from before that second: all in them had ended by then.
    """
    ref = store.refs.archive
    store.mirror.fetch([ref])
    tip = store.mirror.known([ref]).get(ref)
    files = files_ever(store.repo, tip, since=since) if tip else {}
    ids = {path.removesuffix(SUFFIX): oid for path, oid in files.items() if path.endswith(SUFFIX)}
    return Archive(
        store.repo, ref, {MrId(id): oid for id, oid in ids.items() if MR_ID.fullmatch(id)}
    )


def _record(id: MrId, blob: GitObject | None, where: str) -> MergeRequest | Damage:
    if blob is None or blob.kind != "blob":
        return Damage(where, "is missing" if blob is None else f"is a {blob.kind}")
    try:
        record = document.read(MergeRequest, blob.data, where=where)
    except InvalidRecord as error:
        pointer = f"{error.pointer}: " if error.pointer else ""
        return Damage(where, pointer + error.problem, error.hint)
    return record if record.id == id else Damage(where, f"/id: it is the record of {record.id!r}")
