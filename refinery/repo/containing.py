"""Finds how a commit got onto a line of history: which commit of the line brought it."""

from __future__ import annotations

import re

from refinery.records.names import SHA, Sha
from refinery.repo.history import is_ancestor
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.repo.repository import Repository

_HEX = re.compile(r"[0-9a-f]{4,64}")
_MOST = 100_000  # commits of a line that are looked through


def full_id(repo: Repository, text: str) -> Sha | None:
    """The commit that a full id or an unambiguous beginning of one names, if it is here."""
    if not _HEX.fullmatch(text):
        return None
    name = f"{text}^{{commit}}"
    told = ("rev-parse", "--verify", "--quiet", "--end-of-options", name)
    found = repo.git.run(*told, ok=(0, 1, 128)).text
    return Sha(found) if SHA.fullmatch(found) else None


def line_since(repo: Repository, sha: Sha, tip: Sha) -> list[Sha] | None:
    """The commits of the tip's first-parent line from the one that brought `sha`, oldest first.

    That one is `sha` itself where it is on the line.  None where the tip does not contain it.
    """
    if not is_ancestor(repo, sha, tip):
        return None
    listing = repo.git.text(
        *("rev-list", "--first-parent", "--parents", f"--max-count={_MOST}"),
        *("--end-of-options", f"{sha}..{tip}"),
        timeout=60,
    )
    rows = [row.split(" ") for row in listing.split("\n") if row]
    rows.reverse()
    first = _first_with(repo, sha, [Sha(row[0]) for row in rows])
    line = [Sha(row[0]) for row in rows[first:]]
    is_on_line = not rows or (first < len(rows) and rows[first][1:2] == [sha])
    return [sha, *line] if is_on_line else line


def _first_with(repo: Repository, sha: Sha, line: list[Sha]) -> int:
    """Where on the line the commit came in: all after it have it, none before it has."""
    low, high = 0, len(line)
    while low < high:
        middle = (low + high) // 2
        if is_ancestor(repo, sha, line[middle]):
            high = middle
        else:
            low = middle + 1
    return low
