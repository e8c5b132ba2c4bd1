"""Walks histories in bulk: newest commits, every file a line of commits added, many merge bases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from refinery.records.names import Sha
from refinery.repo.history import merge_base
from refinery.repo.objects import Commit
from refinery.repo.process import GitError
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.repo.repository import Repository


def newest(
    repo: Repository,
    tip: Sha,
    *,
    limit: int | None = None,
    saying: Sequence[str] = (),
    since: int | None = None,
    after: Sha | None = None,
) -> tuple[Commit, ...]:
    """The newest commits of a history, which is a line: no more of it is walked than is wanted.

    `saying`: only those whose message holds one of the texts; `since`: only those committed at that
    second or later; `after`: only those that this commit lacks.
    """
    ids = newest_ids(repo, tip, limit=limit, saying=saying, since=since, after=after)
    return repo.reader.commits(ids)


def newest_ids(
    repo: Repository,
    tip: Sha,
    *,
    limit: int | None = None,
    saying: Sequence[str] = (),
    since: int | None = None,
    after: Sha | None = None,
) -> list[Sha]:
    """The same, as their ids."""
    listing = repo.git.text(
        "rev-list",
        *(() if limit is None else (f"--max-count={limit}",)),
        *(() if since is None else (f"--max-age={since}",)),
        *(("--fixed-strings", *(f"--grep={text}" for text in saying)) if saying else ()),
        *("--end-of-options", tip),
        *(() if after is None else (f"^{after}",)),
        timeout=600,
    )
    return [Sha(oid) for oid in listing.split()]


def first_commit(repo: Repository, tip: Sha) -> Commit:
    """The commit that a line of history begins with."""
    asked = ("rev-list", "--max-parents=0", "--max-count=1", "--end-of-options", tip)
    return repo.reader.commit(repo.git.text(*asked, timeout=600))


def length(repo: Repository, tip: Sha) -> int:
    """How many commits a line has."""
    asked = ("rev-list", "--count", "--end-of-options", tip)
    return int(repo.git.text(*asked, timeout=600))


def files_ever(
    repo: Repository, tips: Sequence[Sha], *, since: int | None = None
) -> dict[str, Sha]:
    """Every file of every commit: its path in its own commit -> the newest blob under that path.

    `since` leaves out commits that were made before that second.
    """
    age = () if since is None else (f"--max-age={since}",)
    listing = repo.git.text("rev-list", "--objects", *age, "--end-of-options", *tips, timeout=600)
    found: dict[str, Sha] = {}
    for line in listing.split("\n"):
        oid, _, path = line.partition(" ")
        if path:
            found.setdefault(path, Sha(oid))
    return found


def merge_bases(repo: Repository, target: Sha, heads: Sequence[Sha]) -> dict[Sha, Sha | None]:
    """The merge base of each head with one target, nearly always with one process for all.

    What a head has that the target lacks is listed with its parents; where exactly one commit of
    the target lies right below, that is the merge base.
    """
    parents = lacking(repo, target, heads)
    found: dict[Sha, Sha | None] = {}
    for head in dict.fromkeys(heads):
        below, _ = above_and_below(parents, head)
        found[head] = below.pop() if len(below) == 1 else merge_base(repo, target, head)
    return found


def lacking(repo: Repository, target: Sha, heads: Sequence[Sha]) -> dict[Sha, list[Sha]]:
    """What the heads have that the target lacks, with parents; commits without any included."""
    asked = "".join(f"{head}\n" for head in heads) + f"^{target}\n"
    listing = repo.git.text("rev-list", "--parents", "--stdin", stdin=asked.encode(), timeout=600)
    rows = (line.split(" ") for line in listing.split("\n") if line)
    return {Sha(oid): [Sha(parent) for parent in its] for oid, *its in rows}


def above_and_below(parents: Mapping[Sha, list[Sha]], head: Sha) -> tuple[set[Sha], set[Sha]]:
    """The target's commits right below a head, and the head's own above them.

    The head itself is below where the target has it.
    """
    below: set[Sha] = set()
    own: set[Sha] = set()
    seen = {head}
    left = [head]
    while left:
        oid = left.pop()
        if oid not in parents:
            below.add(oid)
            continue
        own.add(oid)
        new = [parent for parent in parents[oid] if parent not in seen]
        seen.update(new)
        left.extend(new)
    return below, own


def changed_paths_many(repo: Repository, pairs: Sequence[tuple[Sha, Sha]]) -> list[frozenset[str]]:
    """The files that differ between the two trees of each pair, with one process for all."""
    return [frozenset(paths) for paths in differences(repo, pairs, "--name-only")]


def differences(repo: Repository, pairs: Sequence[tuple[Sha, Sha]], form: str) -> list[list[str]]:
    """What diff-tree says of each pair of trees, a row a file, with one process for all.

    `form` is how it says that: --name-only or --numstat.
    """
    if not pairs:
        return []
    asked = "".join(f"{old} {new}\n" for old, new in pairs).encode()
    done = repo.git.run(
        *("diff-tree", "--stdin", "-r", "-z", form, "--no-renames", "--no-ext-diff"),
        stdin=asked,
        timeout=600,
    )
    # Not `text`, which takes the end of the last header away where nothing follows it.
    return _by_pair(done.stdout.decode("utf-8", "surrogateescape").split("\0"), pairs)


def _by_pair(fields: Sequence[str], pairs: Sequence[tuple[Sha, Sha]]) -> list[list[str]]:
    """The rows after each pair's header line; a pair without a difference has only the header."""
    headers = iter([f"{old} {new}\n" for old, new in pairs])
    found: list[list[str]] = []
    header = next(headers)
    for field in fields:
        row = field
        while header and row.startswith(header):
            found.append([])
            row = row.removeprefix(header)
            header = next(headers, "")
        if row and found:
            found[-1].append(row)
    if len(found) < len(pairs):  # git passes over a tree that it cannot read
        raise GitError("diff-tree", 128, "a tree cannot be read")
    return found
