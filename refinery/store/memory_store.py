"""The queue in memory: the same contract without git, for tests of decisions and for simulation."""

from __future__ import annotations

from refinery.records import document
from refinery.records.header import QueueHeader
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, MrId, Ref, Sha
from refinery.store.apply import applied
from refinery.store.edit import Applied, Edit, Lost, Swap
from refinery.store.footprint import footprint
from refinery.store.layout import RefNames
from refinery.store.view import View
from refinery.values import replace


class MemoryStore:
    """Each ref is a counter: an edit wins when no ref it touches has moved since its view."""

    def __init__(self, *, default_target: str = "main") -> None:
        self.refs = RefNames()
        self.archived: dict[MrId, MergeRequest] = {}
        self.events: list[str] = []
        self._moves = 0
        self._view = View(header=QueueHeader(default_target=Branch(default_target)))

    def read(self) -> View:
        """The current state."""
        return self._view

    def swap(self, view: View, edit: Edit) -> tuple[Swap, View]:
        """Compare every ref of the edit's footprint with the state, then apply it as a whole."""
        for mr in (*edit.put, *edit.submit, *edit.archive):
            document.write(mr)
        for verdict in edit.verdicts:
            document.write(verdict)
        for claim in edit.claim.values():
            document.write(claim)
        touched = footprint(self.refs, edit)
        touched.pop(self.refs.archive, None)  # no view knows its tip: it is read to be written
        for ref in touched:
            if view.leases.get(ref) != self._view.leases.get(ref):
                return Lost(f"{ref} moved", (ref,)), view
        leases = dict(self._view.leases)
        for ref, survives in touched.items():
            if survives:
                self._moves += 1
                leases[ref] = Sha(f"{self._moves:040x}")
            else:
                leases.pop(ref, None)
        self.archived.update({mr.id: mr for mr in edit.archive})
        self.events.append(edit.event.name)
        self._view = replace(applied(self._view, edit), leases=leases)
        return Applied(edit), self._view

    def set_target(self, branch: str, tip: Sha) -> None:
        """Move a target from outside."""
        targets = {**self._view.targets, Branch(branch): tip}
        leases = {**self._view.leases, Ref(f"refs/heads/{branch}"): tip}
        self._view = replace(self._view, targets=targets, leases=leases)
