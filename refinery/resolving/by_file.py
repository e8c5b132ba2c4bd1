"""Resolves conflicting files by what is declared for them and by what is remembered of others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from refinery.config.resolve import Resolve
from refinery.records.merge_request import Resolved, Way
from refinery.records.names import Sha
from refinery.repo.conflict_sides import (
    ConflictedFile,
    Halfway,
    Side,
    has_markers,
    united,
    with_files,
)
from refinery.repo.process import GitError
from refinery.repo.repository import Repository
from refinery.repo.rerere import Rerere
from refinery.store.resolution_store import ResolutionStore
from refinery.values import dataclass, field


@dataclass(slots=True)
class Settlement:
    """What came of each file: what it is now, by which way, and why the others are as they were.

    A generated file stands there as one side had it, until it is made again.
    """

    files: dict[str, Side] = field(default_factory=dict)
    ways: dict[Way, list[str]] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)

    @property
    def generated(self) -> Collection[str]:
        """The files that a command has to make."""
        return self.ways.get(Way.REGENERATE, ())

    def take(self, way: Way, path: str, side: Side) -> None:
        """This way resolved the file."""
        self.files[path] = side
        self.ways.setdefault(way, []).append(path)

    def leave(self, path: str, why: str) -> None:
        """Nothing resolved it."""
        self.left[path] = why


def settle_files(
    repo: Repository, halfway: Halfway, wanted: Resolve, memory: ResolutionStore
) -> Settlement:
    """Try for each file what is wanted for it, once."""
    done = Settlement()
    others = []
    for file in halfway.files:
        if wanted.generator(file.path) is not None:
            _take_a_side(done, file)
        elif wanted.is_united(file.path):
            _unite(repo, done, file)
        else:
            others.append(file)
    if not wanted.rerere:
        for file in others:
            done.leave(file.path, "nothing is declared for it")
    elif others:
        _remember(repo, done, halfway, others, memory)
    return done


def settled_tree(repo: Repository, halfway: Halfway, done: Settlement) -> Sha:
    """The tree with every file as it was settled."""
    return with_files(repo, halfway.tree, done.files)


def told(ways: Mapping[Way, Iterable[str]]) -> tuple[Resolved, ...]:
    """The ways as they are recorded, in the order in which they are declared."""
    return tuple(Resolved(way, tuple(dict.fromkeys(ways[way]))) for way in Way if way in ways)


def _take_a_side(done: Settlement, file: ConflictedFile) -> None:
    side = file.ours or file.theirs
    if side is None:
        done.leave(file.path, "both sides deleted it or moved it")
    else:
        done.take(Way.REGENERATE, file.path, side)


def _unite(repo: Repository, done: Settlement, file: ConflictedFile) -> None:
    data = united(repo, file)
    if data is None:
        done.leave(file.path, "union needs a text file on both sides")
    elif has_markers(data):
        done.leave(file.path, "union left conflict markers")
    else:
        done.take(Way.UNION, file.path, _side(repo, file, data))


def _remember(
    repo: Repository,
    done: Settlement,
    halfway: Halfway,
    files: Iterable[ConflictedFile],
    memory: ResolutionStore,
) -> None:
    known, trouble = {}, "no conflict like this is remembered"
    texts = {file: data for file in files if (data := marked(repo, halfway, file)) is not None}
    try:
        known = recalled(repo, texts, memory) if texts else {}
    except GitError as error:
        trouble = error.message
    for file in files:
        if file.path in known:
            done.take(Way.RERERE, file.path, _side(repo, file, known[file.path]))
        elif file in texts:
            done.leave(file.path, trouble)
        else:
            done.leave(file.path, _no_text(file))


def _no_text(file: ConflictedFile) -> str:
    gone = file.ours is None or file.theirs is None
    return "one side deleted or moved it" if gone else "it is no text on both sides"


def recalled(
    repo: Repository, texts: Mapping[ConflictedFile, bytes], memory: ResolutionStore
) -> dict[str, bytes]:
    """The files whose conflicts were resolved before, as git resolves them by that."""
    with Rerere.beside(repo) as rerere:
        remembered = memory.recall(set(rerere.conflicts(texts).values()))
        return rerere.recalled(remembered) if remembered else {}


def marked(repo: Repository, halfway: Halfway, file: ConflictedFile) -> bytes | None:
    """A conflicting file with its markers; None where it has none."""
    data = repo.reader.blob(f"{halfway.tree}:{file.path}") if file.is_text else None
    return data if data is not None and has_markers(data) else None


def _side(repo: Repository, file: ConflictedFile, data: bytes) -> Side:
    assert file.ours is not None
    assert file.theirs is not None
    changed = file.base is not None and file.base.mode == file.ours.mode
    return Side(file.theirs.mode if changed else file.ours.mode, repo.writer.blob(data))
