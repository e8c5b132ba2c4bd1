"""Judges a replay: by what history holds, and by `git merge` in a working tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum

from refinery.records.merge_request import MergeRequest, Method
from refinery.records.names import Sha
from refinery.replay.history_replay import Fate, Replayed
from refinery.replay.merged_history import PastMerge
from refinery.repo.history import commits_between
from refinery.repo.merging import Conflict, Merge, Merged
from refinery.repo.objects import Commit
from refinery.repo.ordinary_merging import OrdinaryMerges
from refinery.repo.repository import Repository
from refinery.values import dataclass


class Reason(Enum):
    """Why the replay came out otherwise than history."""

    BY_HAND = "history resolved by hand"
    AFTER_ANOTHER = "one before it did not land as it did in history"
    OURS = "the queue is to blame"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One merge that came out otherwise; `merge` is None where no merge explains a commit."""

    merge: PastMerge | None
    reason: Reason
    expected: str
    found: str

    @property
    def ours(self) -> bool:
        """Whether it speaks against the queue."""
        return self.reason is Reason.OURS


@dataclass(slots=True)
class Judge:
    """Holds a replayed target against what git itself says."""

    repo: Repository
    ordinary: OrdinaryMerges
    method: Method

    def in_order(self, replayed: Sequence[Replayed]) -> Iterator[Disagreement]:
        """What differs from history, tree by tree."""
        for each in replayed:
            if each.fate is Fate.LANDED:
                yield from self._landed_in_order(each)
            elif each.fate is Fate.CONFLICT:
                yield from self._blocked_in_order(each)
            elif each.fate is Fate.LOST:
                yield _lost(each)
            elif each.fate is Fate.HOLLOW and each.past.changes:
                reason = self._cause(each.past, nothing_else=Reason.OURS)
                yield _differs(each, reason, f"tree {each.past.tree}", "nothing to land")

    def shuffled(self, replayed: Sequence[Replayed], base: Sha, tip: Sha) -> Iterator[Disagreement]:
        """What differs from `git merge` of the same heads in the order in which they landed."""
        line = commits_between(self.repo, base, tip, first_parent=True, reverse=True)
        yield from self._landed_shuffled(replayed, base, line)
        for each in sorted(replayed, key=lambda one: _based_on(line, one)):
            if each.fate is Fate.CONFLICT:
                yield from self._blocked(each, Reason.OURS)
            elif each.fate is Fate.LOST:
                yield _lost(each)
            elif each.fate is Fate.HOLLOW:
                yield from self._hollow(each, base, line)

    # In order

    def _landed_in_order(self, each: Replayed) -> Iterator[Disagreement]:
        landed = self._commit(each.mr)
        if landed.tree == each.past.tree:
            return
        git = self._merge(landed.parents[0], each.head)
        if git != Merged(landed.tree):
            yield _differs(each, Reason.OURS, f"git merge: {_worded(git)}", f"tree {landed.tree}")
            return
        reason = self._cause(each.past, nothing_else=Reason.AFTER_ANOTHER)
        yield _differs(each, reason, f"tree {each.past.tree}", f"tree {landed.tree}")

    def _blocked_in_order(self, each: Replayed) -> Iterator[Disagreement]:
        wrong = list(self._blocked(each, Reason.OURS))
        if wrong:
            yield from wrong
            return
        reason = self._cause(each.past, nothing_else=Reason.AFTER_ANOTHER)
        yield _differs(each, reason, f"tree {each.past.tree}", _conflict_words(each.mr))

    def _cause(self, past: PastMerge, *, nothing_else: Reason) -> Reason:
        """Whether git itself comes to another tree than history where history merged."""
        again = self._merge(past.onto, past.head)
        return nothing_else if again == Merged(past.tree) else Reason.BY_HAND

    # Shuffled

    def _landed_shuffled(
        self, replayed: Sequence[Replayed], base: Sha, line: Sequence[Commit]
    ) -> Iterator[Disagreement]:
        """git merges the heads one after the other, on its own commits, from the same start."""
        by_commit = {each.mr.merge_commit: each for each in replayed if each.mr}
        found = {commit.oid for commit in line}
        self.ordinary.stand_on(base)
        for commit in line:
            each = by_commit.get(commit.oid)
            if each is None:
                words = f"commit {commit.oid}"
                yield Disagreement(None, Reason.OURS, "only what was queued", words)
                continue
            git = self._step(each.head)
            if git != Merged(commit.tree):
                words = f"git merge: {_worded(git)}"
                yield _differs(each, Reason.OURS, words, f"tree {commit.tree}")
                self.ordinary.stand_on(commit.oid)
        for each in replayed:
            if each.fate is Fate.LANDED and each.mr and each.mr.merge_commit not in found:
                yield _differs(each, Reason.OURS, "on the target", f"{each.mr.merge_commit}")

    def _hollow(self, each: Replayed, base: Sha, line: Sequence[Commit]) -> Iterator[Disagreement]:
        """It has to change nothing where it was tried: when it was queued, or some time later."""
        tried = [self.repo.reader.commit(base), *(reversed(line) if each.mr else ())]
        if not any(self._merge(at.oid, each.head) == Merged(at.tree) for at in tried):
            yield _differs(each, Reason.OURS, "git merge: changes", "nothing to land")

    # Both

    def _blocked(self, each: Replayed, reason: Reason) -> Iterator[Disagreement]:
        """A conflict has to be one for git too, in the same files."""
        assert each.mr is not None
        assert each.mr.block is not None
        git = self._merge(each.mr.block.base, each.head)
        files = git.files if isinstance(git, Conflict) else None
        if isinstance(git, Merged) or (files is not None and files != each.mr.block.files):
            yield _differs(each, reason, f"git merge: {_worded(git)}", _conflict_words(each.mr))

    def _commit(self, mr: MergeRequest | None) -> Commit:
        assert mr is not None
        return self.repo.reader.commit(str(mr.merge_commit))

    def _merge(self, onto: Sha, head: Sha) -> Merge:
        self.ordinary.stand_on(onto)
        return self.ordinary.merge(head)

    def _step(self, head: Sha) -> Merge:
        squash = self.method is Method.SQUASH
        return self.ordinary.squash(head) if squash else self.ordinary.merge(head)


def _based_on(line: Sequence[Commit], each: Replayed) -> int:
    """Blocks on one base one after the other: fewer checkouts."""
    base = each.mr.block.base if each.mr and each.mr.block else None
    return next((at for at, commit in enumerate(line) if commit.oid == base), -1)


def _lost(each: Replayed) -> Disagreement:
    status = each.mr.status.value if each.mr else "no record"
    return _differs(each, Reason.OURS, "landed, in conflict or nothing to land", status)


def _differs(each: Replayed, reason: Reason, expected: str, found: str) -> Disagreement:
    return Disagreement(each.past, reason, expected, found)


def _conflict_words(mr: MergeRequest | None) -> str:
    files = mr.block.files if mr and mr.block else ()
    return f"conflict in {', '.join(files)}" if files else "no common history"


def _worded(git: Merge) -> str:
    if isinstance(git, Merged):
        return f"tree {git.tree}"
    return (
        f"conflict in {', '.join(git.files)}" if isinstance(git, Conflict) else "no common history"
    )
