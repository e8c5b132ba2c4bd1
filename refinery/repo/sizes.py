"""Asks how much changed between two commits: which files, and how many lines."""

from __future__ import annotations

from collections.abc import Sequence

from refinery.records.names import Sha
from refinery.repo.objects import parse_commit
from refinery.repo.walking import differences
from refinery.typed import TYPE_CHECKING
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
    rows = differences(repo, pairs, "--numstat")
    return {span: _size(each) for span, each in zip(known, rows, strict=True)}


def _trees(repo: Repository, spans: Sequence[Span]) -> dict[Sha, Sha]:
    """The trees of those commits that are here."""
    commits = list(dict.fromkeys(oid for span in spans for oid in span))
    objects = repo.reader.read_many(commits)
    return {
        oid: parse_commit(found).tree
        for oid, found in zip(commits, objects, strict=True)
        if found is not None and found.kind == "commit"
    }


def _size(rows: Sequence[str]) -> Size:
    paths, lines = set(), 0
    for row in rows:
        added, removed, path = row.split("\t", 2)
        paths.add(path)
        lines += sum(int(each) for each in (added, removed) if each != "-")
    return Size(frozenset(paths), lines)
