"""Asks how much changed between two commits: which files, and how many lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from refinery.records.names import Sha
from refinery.repo.objects import parse_commit
from refinery.values import dataclass

if TYPE_CHECKING:
    from refinery.repo.repository import Repository

Span = tuple[Sha, Sha]


@dataclass(frozen=True, slots=True)
class Size:
    """The files that differ, and how many lines were added and removed; binary files have none."""

    paths: frozenset[str]
    lines: int


def is_partial(repo: Repository) -> bool:
    """Whether the clone leaves objects on the remote: asking for one would fetch it."""
    return repo.setting("extensions.partialclone") is not None


def sizes(repo: Repository, spans: Sequence[Span]) -> dict[Span, Size]:
    """What each span of two commits changes, with one process; what is not here is left out."""
    trees = _trees(repo, spans)
    known = [span for span in dict.fromkeys(spans) if trees.keys() >= set(span)]
    if not known:
        return {}
    pairs = [(trees[old], trees[new]) for old, new in known]
    asked = "".join(f"{old} {new}\n" for old, new in pairs).encode()
    listing = repo.git.text(
        *("diff-tree", "--stdin", "-r", "-z", "--numstat", "--no-renames", "--no-ext-diff"),
        stdin=asked,
        timeout=600,
    )
    found = _by_pair(listing.split("\0"), pairs)
    return dict(zip(known, found, strict=True))


def _trees(repo: Repository, spans: Sequence[Span]) -> dict[Sha, Sha]:
    """The trees of those commits that are here."""
    commits = list(dict.fromkeys(oid for span in spans for oid in span))
    objects = repo.reader.read_many(commits) if commits else []
    return {
        oid: parse_commit(found).tree
        for oid, found in zip(commits, objects, strict=True)
        if found is not None and found.kind == "commit"
    }


def _by_pair(fields: Sequence[str], pairs: Sequence[Span]) -> list[Size]:
    """The rows after each pair's header line; a pair without a difference has only the header."""
    headers = iter([f"{old} {new}\n" for old, new in pairs])
    found: list[tuple[set[str], list[int]]] = []
    header = next(headers)
    for field in fields:
        row = field
        while header and row.startswith(header):
            found.append((set(), []))
            row = row.removeprefix(header)
            header = next(headers, "")
        if row:
            added, removed, path = row.split("\t", 2)
            found[-1][0].add(path)
            found[-1][1].extend(int(each) for each in (added, removed) if each != "-")
    return [Size(frozenset(paths), sum(lines)) for paths, lines in found]
