"""Knows a branch's history by its commits' ids alone, with one process however long it is."""

from __future__ import annotations

from functools import cached_property

from refinery.records.names import Sha
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.repo.repository import Repository


class Lineage:
    """The first-parent line of one tip, oldest first; the rest is read when it is asked for."""

    def __init__(self, repo: Repository, tip: Sha) -> None:
        self._repo = repo
        self._tip = tip
        self.line = self._rev_list("--first-parent", "--reverse")
        self.position = {oid: index for index, oid in enumerate(self.line)}

    def holds(self, oid: Sha) -> bool:
        """Whether the tip contains the commit, on the line or merged into it."""
        return oid in self.position or oid in self._everything

    @cached_property
    def _everything(self) -> frozenset[Sha]:
        return frozenset(self._rev_list())

    def _rev_list(self, *options: str) -> tuple[Sha, ...]:
        asked = ("rev-list", *options, "--end-of-options", self._tip)
        return tuple(Sha(oid) for oid in self._repo.git.text(*asked, timeout=600).split())
