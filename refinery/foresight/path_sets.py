"""What each head changes since it left its target, remembered from one question to the next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from refinery.foresight.remembering import recall, remember
from refinery.queue.forecasting import Subject
from refinery.records.names import Branch, Sha
from refinery.repo.repository import Repository
from refinery.repo.walking import changed_paths_many, merge_bases

FILE = "path-sets.json"
_SPARE = 256  # entries kept beyond those in use

Span = tuple[Sha, Sha]
"""A merge base and a head: what lies between them never changes."""

Paths = dict[Span, frozenset[str]]


def path_sets(
    repo: Repository, targets: Mapping[Branch, Sha], line: Sequence[Subject]
) -> dict[Subject, frozenset[str]]:
    """The files each head changes; a head without a merge base is left out."""
    spans = spans_of(repo, targets, line)
    changed = changed_in(repo, set(spans.values()))
    return {subject: changed[span] for subject, span in spans.items()}


def spans_of(
    repo: Repository, targets: Mapping[Branch, Sha], line: Sequence[Subject]
) -> dict[Subject, Span]:
    """Where each head left its target; a head without a merge base is left out."""
    spans: dict[Subject, Span] = {}
    for target in dict.fromkeys(each.target for each in line):
        same = [each for each in line if each.target == target]
        bases = merge_bases(repo, targets[target], [each.head for each in same])
        spans |= {each: (base, each.head) for each in same if (base := bases[each.head])}
    return spans


def changed_in(repo: Repository, spans: Collection[Span], *, keep: Iterable[Span] = ()) -> Paths:
    """The files that differ over each span; `keep` are others that will be asked about again."""
    cached = _load(repo)
    missing = sorted(set(spans) - cached.keys())
    if missing:
        cached |= zip(missing, _changed(repo, missing), strict=True)
        _save(repo, cached, used={*spans, *keep})
    return {span: cached[span] for span in spans}


def _changed(repo: Repository, spans: Sequence[Span]) -> list[frozenset[str]]:
    return changed_paths_many(repo, trees_of(repo, spans))


def trees_of(repo: Repository, spans: Sequence[Span]) -> list[tuple[Sha, Sha]]:
    """The trees at both ends of each span."""
    trees = repo.reader.tree_ids([oid for span in spans for oid in span])
    return [(trees[base], trees[head]) for base, head in spans]


def _load(repo: Repository) -> Paths:
    """A cache that cannot be read is an empty one."""
    try:
        rows = recall(repo, FILE)
        return {(Sha(base), Sha(head)): frozenset(paths) for base, head, paths in rows}
    except (ValueError, TypeError):
        return {}


def _save(repo: Repository, paths: Paths, *, used: set[Span]) -> None:
    """Once much of the cache is about heads that are gone, they are dropped."""
    kept = paths if len(paths) <= len(used) + _SPARE else used & paths.keys()
    remember(repo, FILE, [[*span, sorted(paths[span])] for span in kept])
