"""Walks a branch's first-parent line: what was merged into it, and on which of it a head builds."""

from __future__ import annotations

from collections.abc import Sequence

from refinery.records.names import Sha
from refinery.repo.history import commits_between
from refinery.repo.objects import Commit
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.repo.repository import Repository


def since_merges(repo: Repository, tip: Sha, count: int) -> tuple[Commit, ...]:
    """The line up to its newest merge, oldest first, from the commit below the last `count` merges.

    Octopus merges are not counted.  Empty where nothing was merged.
    """
    merges = repo.git.text(
        *("rev-list", "--first-parent", "--min-parents=2", "--max-parents=2"),
        *(f"--max-count={count}", "--end-of-options", tip),
        timeout=600,
    ).split()
    if not merges:
        return ()
    below = repo.reader.commit(Sha(merges[-1])).parents[0]
    line = commits_between(repo, below, Sha(merges[0]), first_parent=True, reverse=True)
    return (repo.reader.commit(below), *line)


def built_on(repo: Repository, line: Sequence[Sha], heads: Sequence[Sha]) -> list[int]:
    """For each head the newest commit of the line that it contains, as its index.

    0 also stands for everything before the line's first commit.
    """
    index = {oid: number for number, oid in enumerate(line)}
    asked = "".join(f"{oid}\n" for oid in (*heads, line[-1])) + f"^{line[0]}\n"
    listing = repo.git.text(
        *("rev-list", "--parents", "--topo-order", "--reverse", "--stdin"),
        stdin=asked.encode(),
        timeout=600,
    )
    for row in filter(None, listing.split("\n")):
        oid, *parents = map(Sha, row.split(" "))
        below = max((index.get(parent, 0) for parent in parents), default=0)
        index.setdefault(oid, below)
    return [index.get(head, 0) for head in heads]
