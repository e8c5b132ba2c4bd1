"""Teaches the shared memory how conflicts were resolved, from what came of them."""

from __future__ import annotations

from collections.abc import Iterable

from refinery.records.names import Sha
from refinery.repo.conflict_sides import ConflictedFile, Halfway, has_markers, merge_halfway
from refinery.repo.repository import Repository
from refinery.repo.rerere import Memory, Rerere
from refinery.resolving.by_file import marked
from refinery.store.edit import Event
from refinery.store.resolution_store import ResolutionStore
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Lesson:
    """Two commits that conflict, merged from `base` where that is given, and a tree without it."""

    ours: Sha
    theirs: Sha
    tree: Sha
    base: Sha | None = None


def teach(
    repo: Repository, memory: ResolutionStore, lessons: Iterable[Lesson], event: Event
) -> bool:
    """Remember what they show; whether anything of it was new."""
    found: dict[str, bytes] = {}
    for lesson in lessons:
        found |= _learnt(repo, lesson)
    return bool(found) and memory.learn(found, event)


def _learnt(repo: Repository, lesson: Lesson) -> Memory:
    halfway = merge_halfway(repo, lesson.ours, lesson.theirs, base=lesson.base)
    if not isinstance(halfway, Halfway):
        return {}
    before: dict[ConflictedFile, bytes] = {}
    after: dict[str, bytes] = {}
    for file in halfway.files:
        texts = marked(repo, halfway, file), repo.reader.blob(f"{lesson.tree}:{file.path}")
        if texts[0] is not None and texts[1] is not None and not has_markers(texts[1]):
            before[file], after[file.path] = texts[0], texts[1]
    if not before:
        return {}
    with Rerere.beside(repo) as rerere:
        known = rerere.conflicts(before)
        return rerere.learnt({path: after[path] for path in known})
