"""Walks a ref of the queue through all of its lines: where one was begun anew, the one before it.

`refinery.store.compaction` begins lines and keeps those that ended; nothing else has to know.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from refinery.errors import RefineryError
from refinery.records.names import Ref, Sha
from refinery.repo.history import is_ancestor
from refinery.repo.objects import Commit
from refinery.repo.signature import Signature
from refinery.repo.trailers import trailer
from refinery.repo.walking import first_commit, length, newest, newest_ids
from refinery.store.ref_store import RefStore

CONTINUES = "Refinery-Continues"
_PORTION = 2_000  # commits that are read at once


class HistoryMissing(RefineryError):
    """A line continues another one that no ref of the remote keeps."""

    code = "history-missing"


class Trail:
    """The commits of one ref up to a tip; what is kept elsewhere is fetched once it is needed."""

    def __init__(self, store: RefStore, ref: Ref, tip: Sha | None) -> None:
        self._store = store
        self._repo = store.repo
        self._ref = ref
        self._tip = tip
        self._firsts: dict[Sha, Commit] = {}

    def lines(self, *, since: int | None = None) -> Iterator[Sha]:
        """The tips of its lines, newest first; `since`: none that ended before that second."""
        tip = self._tip
        while tip is not None:
            yield tip
            first = self.first(tip)
            if since is not None and Signature.parse(first.committer).when < since:
                return
            tip = self._before(first)

    def newest(
        self,
        *,
        limit: int | None = None,
        saying: Sequence[str] = (),
        since: int | None = None,
        after: Sha | None = None,
    ) -> tuple[Commit, ...]:
        """The newest commits, as `walking.newest` gives them of one line."""
        found: list[Commit] = []
        for tip in self.lines(since=since):
            left = None if limit is None else limit - len(found)
            some = newest(self._repo, tip, limit=left, saying=saying, since=since, after=after)
            found += some
            is_cut = since is not None and not saying and not (some and not some[-1].parents)
            if is_cut or len(found) == limit or (after and is_ancestor(self._repo, after, tip)):
                break
        return tuple(found)

    def commits(self) -> Iterator[Commit]:
        """All of them, newest first, a portion at a time."""
        for tip in self.lines():
            ids = newest_ids(self._repo, tip)
            for start in range(0, len(ids), _PORTION):
                yield from self._repo.reader.commits(ids[start : start + _PORTION])

    def length(self) -> int:
        """How many there are, without those that only begin a line anew."""
        lengths = [length(self._repo, tip) for tip in self.lines()]
        return sum(lengths) - max(0, len(lengths) - 1)

    def holds(self, commit: Sha) -> bool:
        """Whether the commit is a part of it; one that is not here is a `GitError`."""
        return any(is_ancestor(self._repo, commit, tip) for tip in self.lines())

    def first(self, tip: Sha) -> Commit:
        """The commit that a line begins with."""
        if tip not in self._firsts:
            self._firsts[tip] = first_commit(self._repo, tip)
        return self._firsts[tip]

    def _before(self, first: Commit) -> Sha | None:
        """The tip of the line that this one continues."""
        before = continued(first)
        if before is None or self._repo.reader.read(before) is not None:
            return before
        self._store.mirror.fetch([f"{self._store.refs.kept(self._ref)}*"], prune=False)
        if self._repo.reader.read(before) is None:
            raise HistoryMissing(
                f"{self._ref} continues {before}, which the remote does not keep",
                hint="a clone that has it can give it back; `refinery fsck` says more",
            )
        return before


def continued(first: Commit) -> Sha | None:
    """What the first commit of a line says that it continues; None for a queue's very first."""
    told = trailer(first.message, CONTINUES)
    return None if told is None or first.parents else Sha(told)
