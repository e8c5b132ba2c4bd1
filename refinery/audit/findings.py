"""What an inspection looks at and what it finds, as values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from refinery.records.merge_request import MergeRequest
from refinery.records.names import MrId, Ref, Sha
from refinery.repo.repository import Repository
from refinery.store.issue_store import IssueView
from refinery.store.layout import RefNames
from refinery.store.ref_store import RefStore
from refinery.store.trail import Trail
from refinery.store.view import Damage, View
from refinery.values import StrEnum, dataclass

TIDIED = "refinery process --once puts it right"


class Severity(StrEnum):
    """An error needs a person, a warning the next run; an info is only worth knowing.

    OK is what `doctor` says of a thing that it looked at and that is well.
    """

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    OK = "ok"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be: a stable code, where, in words, and what to do."""

    severity: Severity
    code: str
    where: str
    what: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Inspection:
    """How much was looked at, and all that was found."""

    refs: int
    records: int
    findings: tuple[Finding, ...]

    def count(self, severity: Severity) -> int:
        """How many findings are of this weight."""
        return sum(each.severity is severity for each in self.findings)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One queue of one instant.

    `present` are the refs the remote has under the prefix; `heads` those pinned commits of open
    merge requests that were fetched; `issues` is None where their ref cannot be read.
    """

    store: RefStore
    now: datetime
    view: View
    present: Mapping[Ref, Sha]
    archived: Mapping[MrId, MergeRequest]
    archive_damage: tuple[Damage, ...]
    issues: IssueView | None
    heads: frozenset[Sha]

    @property
    def repo(self) -> Repository:
        """Where all of it was fetched to."""
        return self.store.repo

    @property
    def refs(self) -> RefNames:
        """The queue's refs."""
        return self.store.refs

    def trail(self, ref: Ref) -> Trail:
        """All commits of a ref, those of lines that ended included."""
        return Trail(self.store, ref, self.present.get(ref))

    def below(self, folder: str) -> Iterator[tuple[MrId, Ref, Sha]]:
        """The refs of one folder, with the ids in their names."""
        start = self.refs.below(folder)
        for ref, oid in sorted(self.present.items()):
            if ref.startswith(start):
                yield MrId(ref.removeprefix(start)), ref, oid

    def find(self, id: MrId) -> MergeRequest | None:
        """A merge request, live or archived."""
        return self.view.mrs.get(id) or self.archived.get(id)

    def is_damaged(self, id: MrId) -> bool:
        """Whether there is a record of this id that cannot be read: its absence means nothing."""
        damage = (*self.view.damage, *self.archive_damage)
        return any(f"{id}.yaml" in item.where or f"/{id}:" in item.where for item in damage)

    @property
    def open(self) -> list[MergeRequest]:
        """All that are not closed."""
        return [mr for mr in self.view.mrs.values() if not mr.closed]
