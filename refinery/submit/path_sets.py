"""What each head changes since it left its target, remembered from one forecast to the next."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence

from refinery.queue.forecasting import Subject
from refinery.records.names import Branch, Sha
from refinery.repo.repository import Repository
from refinery.repo.walking import changed_paths_many, merge_bases

_FILE = "path-sets.json"
_SPARE = 256  # entries kept beyond those in use

Span = tuple[Sha, Sha]
"""A merge base and a head: what lies between them never changes."""

Paths = dict[Span, frozenset[str]]


def path_sets(
    repo: Repository, targets: Mapping[Branch, Sha], line: Sequence[Subject]
) -> dict[Subject, frozenset[str]]:
    """The files each head changes; a head without a merge base is left out."""
    spans = _spans(repo, targets, line)
    cached = _load(repo)
    missing = sorted(set(spans.values()) - cached.keys())
    if missing:
        cached |= zip(missing, _changed(repo, missing), strict=True)
        _save(repo, cached, used=set(spans.values()))
    return {subject: cached[span] for subject, span in spans.items()}


def _spans(
    repo: Repository, targets: Mapping[Branch, Sha], line: Sequence[Subject]
) -> dict[Subject, Span]:
    spans: dict[Subject, Span] = {}
    for target in dict.fromkeys(each.target for each in line):
        same = [each for each in line if each.target == target]
        bases = merge_bases(repo, targets[target], [each.head for each in same])
        spans |= {each: (base, each.head) for each in same if (base := bases[each.head])}
    return spans


def _changed(repo: Repository, spans: Sequence[Span]) -> list[frozenset[str]]:
    commits = list(dict.fromkeys(oid for span in spans for oid in span))
    trees = {commit.oid: commit.tree for commit in repo.reader.commits(commits)}
    return changed_paths_many(repo, [(trees[base], trees[head]) for base, head in spans])


def _load(repo: Repository) -> Paths:
    """A cache that cannot be read is an empty one."""
    try:
        rows = json.loads((repo.state_dir / _FILE).read_bytes())
        return {(Sha(base), Sha(head)): frozenset(paths) for base, head, paths in rows}
    except (OSError, ValueError, TypeError):
        return {}


def _save(repo: Repository, paths: Paths, *, used: set[Span]) -> None:
    """Replace the cache in one step; once much of it is about heads that are gone, drop those."""
    kept: Iterable[Span] = paths if len(paths) <= len(used) + _SPARE else used
    rows = [[*span, sorted(paths[span])] for span in kept]
    new = repo.state_dir / f"{_FILE}.{os.getpid()}"
    try:
        new.write_text(json.dumps(rows))
        new.replace(repo.state_dir / _FILE)
    except OSError:
        new.unlink(missing_ok=True)  # full or read-only: the next forecast computes it again
