"""Asks which lines of which files differ between trees, in the words that merges are decided by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from refinery.records.names import Sha
from refinery.repo.process import GitError
from refinery.typed import TYPE_CHECKING, Final
from refinery.values import dataclass

if TYPE_CHECKING:
    from refinery.repo.repository import Repository

_REGULAR: Final = (b"100644", b"100755")
_LARGE: Final = "1m"  # files from here on are not looked into

Hunk = tuple[int, int, int]
"""Lines of the old text that were replaced, the first and the one after the last, and by how many
the text grew.  What was put in between two lines replaces none before the second."""


@dataclass(frozen=True, slots=True)
class Edited:
    """A text file whose lines were changed: from which content to which, and where, in order.

    `new` is None where nobody has made that content.
    """

    old: Sha
    new: Sha | None
    hunks: tuple[Hunk, ...]


Edits = Mapping[str, Edited]
"""By path."""


def edited_lines_many(
    repo: Repository, pairs: Sequence[tuple[Sha, Sha]], *, only: Sequence[str] = ()
) -> list[Edits]:
    """The edited text files of each pair of trees, all or `only` some, with one process for all.

    What is not plain text, or changed otherwise than line by line (added, deleted, its mode), is
    left out.  The lines are found as git's merges find them.
    """
    if not pairs:
        return []
    asked = "".join(f"{old} {new}\n" for old, new in pairs).encode()
    listing = repo.git.run(
        *("--literal-pathspecs", "-c", "core.quotePath=false"),
        *("-c", f"core.bigFileThreshold={_LARGE}"),
        *("diff-tree", "--stdin", "-r", "--raw", "-p", "-U0", "--no-abbrev", "--diff-filter=M"),
        *("--no-renames", "--no-ext-diff", "--no-textconv", "--no-color"),
        *("--histogram", "--no-indent-heuristic", "--ignore-submodules=all"),
        *(("--", *only) if only else ()),
        stdin=asked,
        timeout=600,
    )
    return _by_pair(listing.stdout, pairs)


class _Reading:
    """The listing of one pair: raw lines that name the files, then a patch for each of them."""

    def __init__(self) -> None:
        self._named: list[tuple[str, Sha, Sha] | None] = []
        self._hunks: list[list[Hunk]] = []

    def name(self, raw: bytes) -> None:
        """A file, if lines say what changed in it."""
        about, _, path = raw.partition(b"\t")
        before, after, old, new, _ = about[1:].split(b" ")
        plain = before == after and before in _REGULAR and not path.startswith(b'"')
        named = path.decode("utf-8", "surrogateescape"), Sha(old.decode()), Sha(new.decode())
        self._named.append(named if plain else None)

    def next_patch(self) -> None:
        """The patch of the next file begins."""
        self._hunks.append([])

    def hunk(self, header: bytes) -> None:
        """One of the patch."""
        self._hunks[-1].append(_hunk(header))

    def edits(self) -> Edits:
        """Those files whose patch has lines."""
        return {
            named[0]: Edited(*named[1:], tuple(hunks))
            for named, hunks in zip(self._named, self._hunks, strict=False)
            if named is not None and hunks
        }


def _by_pair(listing: bytes, pairs: Sequence[tuple[Sha, Sha]]) -> list[Edits]:
    found = {f"{old} {new}".encode(): _Reading() for old, new in pairs}
    seen = set()
    reading = _Reading()
    for line in listing.split(b"\n"):
        # Lines of the files begin with one of these, so that none is taken for what git says.
        if line.startswith((b"+", b"-", b"\\")):
            continue
        if line in found:
            reading = found[line]
            seen.add(line)
        elif line.startswith(b":"):
            reading.name(line)
        elif line.startswith(b"diff --git "):
            reading.next_patch()
        elif line.startswith(b"@@ "):
            reading.hunk(line)
    if len(seen) < len(found):  # git passes over a tree that it cannot read
        raise GitError("diff-tree", 128, "a tree cannot be read")
    return [found[f"{old} {new}".encode()].edits() for old, new in pairs]


def _hunk(header: bytes) -> Hunk:
    """What `@@ -first[,count] +first[,count] @@` says."""
    _, minus, plus, *_ = header.split(b" ")
    first, _, count = minus[1:].partition(b",")
    old, new = int(count or 1), int(plus.partition(b",")[2] or 1)
    begin = int(first) if old else int(first) + 1
    return begin, begin + old, new - old


def clear_of_each_other(one: Edits, other: Edits, paths: frozenset[str], *, lines: int) -> bool:
    """Whether both edited the same content at each path, and nowhere within so many lines."""
    for path in paths:
        mine, theirs = one.get(path), other.get(path)
        if mine is None or theirs is None or mine.old != theirs.old:
            return False
        if not _are_apart(mine.hunks, theirs.hunks, lines):
            return False
    return True


def carried(edits: Edits, drift: Edits, *, lines: int) -> dict[str, Edited]:
    """The edits as they are on top of `drift`, which was made to the same content.

    An edit within so many lines of it is left out.
    """
    found = {}
    for path, edit in edits.items():
        below = drift.get(path)
        moved = edit if below is None else _moved(edit, below, lines)
        if moved is not None:
            found[path] = moved
    return found


def _are_apart(one: Sequence[Hunk], other: Sequence[Hunk], lines: int) -> bool:
    mine = theirs = 0
    while mine < len(one) and theirs < len(other):
        first, end, _ = one[mine]
        other_first, other_end, _ = other[theirs]
        if end + lines <= other_first:
            mine += 1
        elif other_end + lines <= first:
            theirs += 1
        else:
            return False
    return True


def _moved(edit: Edited, below: Edited, lines: int) -> Edited | None:
    if below.new is None or edit.old != below.old or not _are_apart(edit.hunks, below.hunks, lines):
        return None
    hunks = []
    for first, end, growth in edit.hunks:
        shift = sum(grown for start, _, grown in below.hunks if start < first)
        hunks.append((first + shift, end + shift, growth))
    return Edited(below.new, None, tuple(hunks))
