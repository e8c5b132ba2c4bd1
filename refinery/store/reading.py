"""Reads a view out of fetched refs: each record parsed once, each bad one reported by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from refinery import __version__
from refinery.errors import RefineryError
from refinery.records import document
from refinery.records.claim import Claim
from refinery.records.document import Record
from refinery.records.header import Pause, QueueHeader
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, CandidateId, MrId, Ref, Sha
from refinery.records.schema import UPGRADE, InvalidRecord, NewerFormat, newest
from refinery.records.times import EPOCH
from refinery.records.verdict import Verdict
from refinery.repo.objects import GitObject, parse_commit
from refinery.repo.repository import Repository
from refinery.store import layout
from refinery.store.layout import RefNames
from refinery.store.queue_tree import QueueTree
from refinery.store.view import ConfigAt, Damage, View, no_config, testing, with_reports

UNREADABLE = "(unreadable)"
_FAR = datetime(9999, 1, 1, tzinfo=UTC)


class StoreUnreadable(RefineryError):
    """The queue ref cannot be read: nothing is shown as empty, nothing is written over it."""

    code = "queue-unreadable"


class QueueTooNew(RefineryError):
    """The queue as a whole is in a format that only a newer refinery knows: none of it is read."""

    code = "newer-queue"
    usual_hint = f"upgrade: {UPGRADE}"


class ViewReader:
    """Turns refs into views; blobs that were read before are not read again."""

    def __init__(
        self, repo: Repository, refs: RefNames, tree: QueueTree, config_at: ConfigAt = no_config
    ) -> None:
        self._repo = repo
        self._config_at = config_at
        self._refs = refs
        self._tree = tree
        self._records: dict[Sha, object] = {}

    def view(self, known: Mapping[Ref, Sha], *, default_target: Branch) -> View:
        """The view of these refs."""
        damage: list[Damage] = []
        targets = {
            Branch(ref.removeprefix("refs/heads/")): oid
            for ref, oid in known.items()
            if ref.startswith("refs/heads/") and not ref.startswith(f"{self._refs.prefix}/")
        }
        files = self._queue_files(known.get(self._refs.queue))
        blobs = self._blobs(files)
        inbox = self._kept(
            known, self._own(known, "inbox", layout.RECORD, MergeRequest, damage), damage
        )
        folded = self._folded(files, blobs, damage)
        readable = self._own(known, "claims", layout.CLAIM, Claim, damage)
        claims = _unreadable_claims(self._refs, known, readable)
        for id, claim in readable.items():
            claims[id] = claim
        header = self._header(files, blobs, default_target, damage)
        verdicts = {verdict.key: verdict for verdict in self._verdicts(files, blobs, damage)}
        self._forget_all_but({*files.values(), *known.values()})
        return View(
            header=header,
            mrs={**inbox, **folded},
            unfolded=frozenset(inbox.keys() - folded.keys()),
            claims=claims,
            testing=testing(claims.values()),
            verdicts=with_reports(verdicts, claims.values()),
            damage=tuple(damage),
            leases=dict(known),
            targets=targets,
            target_trees=self.trees(targets),
            config_at=self._config_at,
        )

    def trees(self, commits: Mapping[Branch, Sha]) -> dict[Branch, Sha]:
        """The tree of each commit."""
        found = self._repo.reader.commits(list(commits.values())) if commits else ()
        return {branch: commit.tree for branch, commit in zip(commits, found, strict=True)}

    def _forget_all_but(self, current: set[Sha]) -> None:
        """A worker that stays up for weeks keeps what is in the queue, not what ever was."""
        self._records = {oid: kept for oid, kept in self._records.items() if oid in current}

    def _queue_files(self, tip: Sha | None) -> dict[str, Sha]:
        if tip is None:
            return {}
        return self._tree.files(tree_of(self._repo, self._refs.queue, tip))

    def _blobs(self, files: Mapping[str, Sha]) -> dict[Sha, GitObject | None]:
        wanted = [oid for oid in files.values() if oid not in self._records]
        found = self._repo.reader.read_many(wanted)
        return dict(zip(wanted, found, strict=True))

    def _folded(
        self,
        files: Mapping[str, Sha],
        blobs: Mapping[Sha, GitObject | None],
        damage: list[Damage],
    ) -> dict[MrId, MergeRequest]:
        records = {}
        for path, oid in files.items():
            if not path.startswith(f"{layout.MRS}/"):
                continue
            where = f"{self._refs.queue}:{path}"
            record = self._record(MergeRequest, oid, blobs.get(oid), where, damage)
            if record is None:
                continue
            if path != layout.mr_path(record.id):
                damage.append(Damage(where, f"/id: {record.id!r} does not belong in this file"))
            else:
                records[record.id] = record
        return records

    def _verdicts(
        self,
        files: Mapping[str, Sha],
        blobs: Mapping[Sha, GitObject | None],
        damage: list[Damage],
    ) -> Iterator[Verdict]:
        for path, oid in files.items():
            if path.startswith(f"{layout.VERDICTS}/"):
                where = f"{self._refs.queue}:{path}"
                verdict = self._record(Verdict, oid, blobs.get(oid), where, damage)
                if verdict is not None:
                    yield verdict

    def _header(
        self,
        files: Mapping[str, Sha],
        blobs: Mapping[Sha, GitObject | None],
        default_target: Branch,
        damage: list[Damage],
    ) -> QueueHeader:
        oid = files.get(layout.HEADER)
        if oid is None:
            return QueueHeader(default_target=default_target)
        where = f"{self._refs.queue}:{layout.HEADER}"
        header = self._record(QueueHeader, oid, blobs.get(oid), where, damage)
        # Nobody can know whether the queue is paused: it is, until the header can be read.
        pause = Pause(by="refinery", reason=f"{layout.HEADER} cannot be read", at=EPOCH)
        return header or QueueHeader(default_target=default_target, paused=pause)

    def _own(
        self,
        known: Mapping[Ref, Sha],
        folder: str,
        file: str,
        cls: type[Record],
        damage: list[Damage],
    ) -> dict[MrId, Record]:
        """The records that have a ref of their own, by the id in the ref's name."""
        below = self._refs.below(folder)
        refs = [(ref, oid) for ref, oid in known.items() if ref.startswith(below)]
        wanted = [oid for _, oid in refs if oid not in self._records]
        found = self._repo.reader.read_many([f"{oid}:{file}" for oid in wanted])
        blobs = dict(zip(wanted, found, strict=True))
        records = {}
        for ref, oid in refs:
            record = self._record(cls, oid, blobs.get(oid), f"{ref}:{file}", damage)
            id = MrId(ref.removeprefix(below))
            if record is None:
                continue
            if not _belongs(record, id):
                damage.append(Damage(f"{ref}:{file}", "the record is not the one its ref names"))
            else:
                records[id] = record
        return records

    def _kept(
        self,
        known: Mapping[Ref, Sha],
        inbox: Mapping[MrId, MergeRequest],
        damage: list[Damage],
    ) -> dict[MrId, MergeRequest]:
        """The submissions whose commit came along, as the parent of the record's own."""
        kept = {}
        refs = [self._refs.inbox(id) for id in inbox]
        found = self._repo.reader.read_many([known[ref] for ref in refs])
        for ref, mr, carrier in zip(refs, inbox.values(), found, strict=True):
            if carrier and carrier.kind == "commit" and mr.head in parse_commit(carrier).parents:
                kept[mr.id] = mr
            else:
                problem = f"/head: {mr.head} is not the commit that came with the record"
                damage.append(Damage(f"{ref}:{layout.RECORD}", problem))
        return kept

    def _record(
        self,
        cls: type[Record],
        oid: Sha,
        found: GitObject | None,
        where: str,
        damage: list[Damage],
    ) -> Record | None:
        known = self._records.get(oid)
        if isinstance(known, cls):
            return known
        if found is None or found.kind != "blob":
            damage.append(Damage(where, "is missing" if found is None else f"is a {found.kind}"))
            return None
        try:
            record = document.read(cls, found.data, where=where)
        except InvalidRecord as error:
            if isinstance(error, NewerFormat) and cls is QueueHeader:
                raise QueueTooNew(
                    f"{where} is in format {error.version}, written by a newer refinery; this one,"
                    f" {__version__}, knows formats up to {newest('queue')}"
                ) from None
            pointer = f"{error.pointer}: " if error.pointer else ""
            damage.append(Damage(where, pointer + error.problem, error.hint))
            return None
        self._records[oid] = record
        return record


def tree_of(repo: Repository, ref: Ref, tip: Sha) -> Sha:
    """The tree of a ref's commit; whatever else stands there is neither read nor written over."""
    commit, tree = repo.reader.read_many([tip, f"{tip}^{{tree}}"])
    if commit is None or commit.kind != "commit" or tree is None:
        raise StoreUnreadable(
            f"{ref}: {tip} is not a commit", hint="`refinery fsck` says what the ref holds"
        )
    return tree.oid


def _belongs(record: object, id: MrId) -> bool:
    if isinstance(record, Claim):
        return id in record.names
    return isinstance(record, MergeRequest) and record.id == id


def _unreadable_claims(
    refs: RefNames, known: Mapping[Ref, Sha], readable: Iterable[MrId]
) -> dict[MrId | CandidateId, Claim]:
    """A claim that cannot be read is a claim all the same: unknown is not free."""
    below = refs.below("claims")
    broken = {MrId(ref.removeprefix(below)) for ref in known if ref.startswith(below)}
    return {
        id: Claim(
            token="0" * 32,
            worker=UNREADABLE,
            candidate=(id,),
            target=Branch("-"),
            claimed_at=EPOCH,
            expires_at=_FAR,
        )
        for id in broken - set(readable)
    }
