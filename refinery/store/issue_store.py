"""The embedded tracker's records: one ref, one file an issue, each change one compare-and-swap."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from refinery.records import document
from refinery.records.issue import Issue
from refinery.records.names import IssueRef, Sha
from refinery.records.schema import InvalidRecord
from refinery.repo.refs import RefUpdate, Refused, Swapped
from refinery.repo.remote import RefTransport, Unknown
from refinery.repo.repository import Repository
from refinery.store import message
from refinery.store.edit import Event
from refinery.store.layout import ISSUES, SUFFIX, RefNames
from refinery.store.mirror import Mirror
from refinery.store.queue_tree import QueueTree
from refinery.store.reading import tree_of
from refinery.store.update import FIRST_PAUSE, LONGEST_PAUSE, MAX_LOSSES, Contention, refused
from refinery.store.view import Damage
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class IssueView:
    """All issues of one instant, and those that cannot be read."""

    issues: Mapping[IssueRef, Issue]
    damage: tuple[Damage, ...]
    tip: Sha | None

    def next_id(self) -> IssueRef:
        """The number after the highest there is, readable or not."""
        taken = [issue.number for issue in self.issues.values()]
        taken += [_number_in(item.where) for item in self.damage]
        return IssueRef(f"local#{max(taken, default=0) + 1}")


@dataclass(frozen=True, slots=True)
class IssueEdit:
    """Issues to write, and the event this is."""

    event: Event
    put: tuple[Issue, ...]


class IssueStore:
    """Issues in refs/refinery/issues, through the same transport as the queue."""

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
        self._ref = refs.issues
        self._clock = clock
        self._mirror = Mirror(repo, transport)
        self._tree = QueueTree(repo.reader, repo.writer)
        self._parsed: dict[Sha, Issue] = {}

    def read(self) -> IssueView:
        """Every issue as it is on the remote."""
        self._mirror.fetch([self._ref])
        tip = self._mirror.known([self._ref]).get(self._ref)
        files = self._tree.files(tree_of(self._repo, self._ref, tip)) if tip else {}
        self._parsed = {oid: self._parsed[oid] for oid in files.values() if oid in self._parsed}
        damage = tuple(self._parse(files))
        issues = [self._parsed[oid] for oid in files.values() if oid in self._parsed]
        return IssueView({issue.id: issue for issue in issues}, damage, tip)

    def _parse(self, files: Mapping[str, Sha]) -> Iterator[Damage]:
        """Read what was not read before; what cannot be read is yielded."""
        new = [(path, oid) for path, oid in files.items() if oid not in self._parsed]
        found = self._repo.reader.read_many([oid for _, oid in new])
        for (path, oid), blob in zip(new, found, strict=True):
            where = f"{self._ref}:{path}"
            try:
                issue = document.read(Issue, blob.data if blob else b"", where=where)
            except InvalidRecord as error:
                yield Damage(where, f"{error.pointer}: {error.problem}", error.hint)
                continue
            if path == issue_path(issue):
                self._parsed[oid] = issue
            else:
                yield Damage(where, f"/id: {issue.id!r} does not belong in this file")

    def update(self, decide: Callable[[IssueView], IssueEdit | None]) -> IssueEdit | None:
        """Run a pure decision until it holds; None when there was nothing to change."""
        subject = ""
        for losses in range(MAX_LOSSES):
            view = self.read()
            edit = decide(view)
            if edit is None:
                return None
            subject = edit.event.subject
            commit = self._commit(view, edit)
            outcome = self._transport.push([RefUpdate(self._ref, view.tip, commit)])
            if isinstance(outcome, Swapped):
                return edit
            if isinstance(outcome, Refused):
                raise refused(outcome)
            if isinstance(outcome, Unknown) and self._holds(commit):
                return edit
            time.sleep(random.uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2**losses)))
        raise Contention(f"update {subject!r}: lost {MAX_LOSSES} races in a row")

    def _commit(self, view: IssueView, edit: IssueEdit) -> Sha:
        changes: dict[str, Sha | None] = {
            issue_path(issue): self._repo.writer.blob(document.write(issue)) for issue in edit.put
        }
        root = self._repo.reader.commit(view.tip).tree if view.tip else None
        who = self._repo.signature(int(self._clock().timestamp()))
        return self._repo.writer.commit(
            tree=self._tree.rewrite(root, changes),
            parents=[view.tip] if view.tip else [],
            author=who,
            committer=who,
            message=message.compose(edit.event, os.urandom(16).hex()),
        )

    def _holds(self, commit: Sha) -> bool:
        from refinery.repo.history import is_ancestor

        self._mirror.fetch([self._ref])
        tip = self._mirror.known([self._ref]).get(self._ref)
        return tip is not None and is_ancestor(self._repo, commit, tip)


def issue_path(issue: Issue) -> str:
    """Where an issue lies in the tracker's tree."""
    return f"{ISSUES}/{issue.number}{SUFFIX}"


def _number_in(where: str) -> int:
    name = where.rpartition("/")[2].removesuffix(SUFFIX)
    return int(name) if name.isdigit() else 0
