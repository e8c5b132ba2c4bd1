"""Writes the objects of an edit: records as blobs, trees of them, commits that say why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from refinery.records import document
from refinery.records.claim import Claim
from refinery.records.document import AnyRecord
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Ref, Sha
from refinery.repo.repository import Repository
from refinery.store import layout, message
from refinery.store.edit import Edit
from refinery.store.layout import RefNames
from refinery.store.queue_tree import QueueTree
from refinery.store.reading import StoreUnreadable
from refinery.store.view import View
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class EditWriter:
    """Writes into one repository; no ref moves."""

    repo: Repository
    refs: RefNames
    tree: QueueTree
    clock: Callable[[], datetime]
    signs: Callable[[View], bool]

    def values(self, view: View, edit: Edit, operation: str) -> dict[Ref, Sha]:
        """What each ref that the edit sets has to point at."""
        values = {move.ref: move.new for move in edit.moves if move.new is not None}
        values |= {self.refs.pin(id): head for id, head in edit.pins.items() if head is not None}
        text = message.compose(edit.event, operation)
        signed = edit.touches_queue and self.signs(view)
        if edit.touches_queue:
            values[self.refs.queue] = self._queue_commit(view, edit, text, signed=signed)
        if edit.archive:
            values[self.refs.archive] = self._archive_commit(view, edit, text, signed=signed)
        for mr in edit.submit:
            values[self.refs.inbox(mr.id)] = self._inbox_commit(mr, text)
        written: dict[Claim, Sha] = {}
        for id, claim in edit.claim.items():
            if claim not in written:
                written[claim] = self._claim_commit(claim, text)
            values[self.refs.claim(id)] = written[claim]
        return values

    def _queue_commit(self, view: View, edit: Edit, text: str, *, signed: bool) -> Sha:
        changes: dict[str, Sha | None] = {layout.mr_path(mr.id): self._blob(mr) for mr in edit.put}
        changes |= {layout.mr_path(mr.id): None for mr in edit.archive}
        changes |= {layout.verdict_path(key): None for key in edit.forget}
        changes |= {layout.verdict_path(each.key): self._blob(each) for each in edit.verdicts}
        tip = view.leases.get(self.refs.queue)
        if edit.header is not None or tip is None:
            if not edit.mends:
                self._refuse_over_damage(view)
            changes[layout.HEADER] = self._blob(edit.header or view.header)
        root = self.repo.reader.commit(tip).tree if tip else None
        tree = self.tree.rewrite(root, changes)
        return self.commit(tree, [tip] if tip else [], text, signed=signed)

    def _refuse_over_damage(self, view: View) -> None:
        where = f"{self.refs.queue}:{layout.HEADER}"
        damage = next((each for each in view.damage if each.where == where), None)
        if damage is not None:
            raise StoreUnreadable(
                f"{where} cannot be read, so it is not written over: {damage.problem}",
                hint="`refinery fsck` shows it; `git log -p` of the ref has the last good one",
            )

    def _archive_commit(self, view: View, edit: Edit, text: str, *, signed: bool) -> Sha:
        tree = self.tree.rewrite(
            None, {f"{mr.id}{layout.SUFFIX}": self._blob(mr) for mr in edit.archive}
        )
        tip = view.leases.get(self.refs.archive)
        return self.commit(tree, [tip] if tip else [], text, signed=signed)

    def _inbox_commit(self, mr: MergeRequest, text: str) -> Sha:
        tree = self.tree.rewrite(None, {layout.RECORD: self._blob(mr)})
        return self.commit(tree, [mr.head], text)

    def _claim_commit(self, claim: Claim, text: str) -> Sha:
        return self.commit(self.tree.rewrite(None, {layout.CLAIM: self._blob(claim)}), [], text)

    def _blob(self, record: AnyRecord) -> Sha:
        return self.repo.writer.blob(document.write(record))

    def commit(self, tree: Sha, parents: list[Sha], text: str, *, signed: bool = False) -> Sha:
        """A commit of ours, of this moment."""
        who = self.repo.signature(int(self.clock().timestamp()))
        if signed:
            from refinery.repo.signing import sign_commit

            return sign_commit(
                self.repo, tree=tree, parents=parents, author=who, committer=who, message=text
            )
        return self.repo.writer.commit(
            tree=tree, parents=parents, author=who, committer=who, message=text
        )
