"""Merges by whole files, without a process: where no path was changed on both sides.

That is most of a long candidate, and `git merge-tree` would be started once for each member.  What
is answered here is what git answers (tests/repo/test_plain_merging.py holds them side by side):
where only one side changed an entry that side's is taken, and git's detection of renames can say
otherwise only about a path that the other side changed too, or about a folder that one side took
away and the other changed.  Whatever is not plain is left to git.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from refinery.records.names import Sha
from refinery.repo.objects import BadObject, TreeEntry
from refinery.repo.process import GitError
from refinery.repo.sizes import is_partial
from refinery.repo.walking import above_and_below, lacking
from refinery.repo.writing import InvalidTree
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.repo.repository import Repository

FEWEST = 3  # heads: for fewer it costs as much to find out what they stand on


class _NotPlain(Exception):
    """Git has to look at it."""


class PlainMerges:
    """Heads that are put on one base, one on top of the other."""

    def __init__(self, repo: Repository, base: Sha, heads: Sequence[Sha]) -> None:
        self._repo = repo
        self._folders: dict[Sha, dict[str, TreeEntry]] = {}
        self._forks: dict[Sha, tuple[Sha, Sha]] = {}
        self._own: dict[Sha, set[Sha]] = {}
        self._stacked: set[Sha] = set()
        if len(heads) >= FEWEST and not is_partial(repo):
            self._look(base, heads)

    def onto(self, tree: Sha, head: Sha) -> Sha | None:
        """The tree of the head merged into a stack that has come to `tree`; None: ask git."""
        if head not in self._forks or not self._stacked.isdisjoint(self._own[head]):
            return None
        fork, theirs = self._forks[head]
        try:
            return self._merged(fork, tree, theirs)
        except (_NotPlain, BadObject, GitError, InvalidTree):
            return None

    def stacked(self, head: Sha) -> None:
        """This head is in the stack now: who shares commits with it has another merge base."""
        self._stacked |= self._own.get(head, set())

    def _look(self, base: Sha, heads: Sequence[Sha]) -> None:
        try:
            parents = lacking(self._repo, base, heads)
            found = {head: above_and_below(parents, head) for head in dict.fromkeys(heads)}
            self._own = {head: own for head, (_, own) in found.items()}
            forks = {head: min(below) for head, (below, _) in found.items() if len(below) == 1}
            commits = self._repo.reader.commits([base, *forks, *forks.values()])
            trees = {commit.oid: commit.tree for commit in commits}
            pairs = {head: (trees[fork], trees[head]) for head, fork in forks.items()}
            self._load_what_differs(trees[base], pairs.values())
        except (BadObject, GitError):
            return  # git will say what is wrong, of whom
        self._forks = pairs

    def _load_what_differs(self, base: Sha, pairs: Iterable[tuple[Sha, Sha]]) -> None:
        """The folders that heads changed, before, after and on the base: one question a level."""
        level: list[tuple[Sha, Sha, Sha | None]] = [
            (old, new, base) for old, new in pairs if old != new
        ]
        while level:
            self._load([oid for each in level for oid in each if oid is not None])
            level = [below for each in level for below in self._differing_below(*each)]

    def _differing_below(
        self, old: Sha, new: Sha, base: Sha | None
    ) -> Iterator[tuple[Sha, Sha, Sha | None]]:
        before, on_base = self._folders[old], self._folders[base] if base is not None else {}
        for name, entry in self._folders[new].items():
            was, here = before.get(name), on_base.get(name)
            if entry.is_tree and was is not None and was.is_tree and was.oid != entry.oid:
                yield was.oid, entry.oid, here.oid if here is not None and here.is_tree else None

    def _merged(self, base: Sha | None, ours: Sha, theirs: Sha) -> Sha:
        """Three trees into one; without a base both have made the folder."""
        if theirs == base:
            return ours
        if ours == base:
            return theirs
        self._load([oid for oid in (base, ours, theirs) if oid is not None])
        old = self._folders[base] if base is not None else {}
        mine, new = self._folders[ours], self._folders[theirs]
        entries = dict(mine)
        for name in {*old, *new}:
            before, here, there = old.get(name), mine.get(name), new.get(name)
            if there == before:
                continue
            taken = there if here == before else self._both(name, before, here, there)
            if taken is None:
                del entries[name]
            else:
                entries[name] = taken
        return self._written(entries)

    def _both(
        self,
        name: str,
        before: TreeEntry | None,
        here: TreeEntry | None,
        there: TreeEntry | None,
    ) -> TreeEntry | None:
        """An entry that both changed: a folder, or nothing that is plain."""
        if here is None or there is None or not (here.is_tree and there.is_tree):
            raise _NotPlain
        if before is not None and not before.is_tree:
            raise _NotPlain
        merged = self._merged(before.oid if before else None, here.oid, there.oid)
        return TreeEntry(here.mode, name, merged) if self._folders[merged] else None

    def _load(self, oids: Sequence[Sha]) -> None:
        missing = [oid for oid in dict.fromkeys(oids) if oid not in self._folders]
        if missing:
            for oid, entries in zip(missing, self._repo.reader.trees(missing), strict=True):
                self._folders[oid] = {entry.name: entry for entry in entries}

    def _written(self, entries: dict[str, TreeEntry]) -> Sha:
        oid = self._repo.writer.tree(entries.values())
        self._folders[oid] = entries
        return oid
