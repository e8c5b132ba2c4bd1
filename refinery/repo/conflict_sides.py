"""Merges two commits as far as it goes: a tree with markers, and the sides of each conflict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from refinery.records.names import Sha
from refinery.repo.merging import Merged, Unrelated, grafted, merge_tree
from refinery.repo.objects import TreeEntry
from refinery.typed import TYPE_CHECKING, Final
from refinery.values import dataclass

if TYPE_CHECKING:
    from refinery.repo.repository import Repository

MARKERS: Final = (b"<<<<<<< ", b">>>>>>> ")
_REGULAR: Final = ("100644", "100755")


@dataclass(frozen=True, slots=True)
class Side:
    """A file as one commit has it."""

    mode: str
    oid: Sha


@dataclass(frozen=True, slots=True)
class ConflictedFile:
    """A path that git could not merge; None where a side has no such file."""

    path: str
    base: Side | None
    ours: Side | None
    theirs: Side | None

    @property
    def is_text(self) -> bool:
        """Whether both sides have it as a file of lines, as far as modes tell."""
        return all(side is not None and side.mode in _REGULAR for side in (self.ours, self.theirs))


@dataclass(frozen=True, slots=True)
class Halfway:
    """A merge that conflicts: `tree` has the conflicting files with markers, all others merged."""

    tree: Sha
    files: tuple[ConflictedFile, ...]


def merge_halfway(
    repo: Repository,
    ours: Sha,
    theirs: Sha,
    *,
    base: Sha | None = None,
    having: Sequence[Sha] = (),
) -> Halfway | Merged | Unrelated:
    """Merge two commits; `base` and `having` are those of `merge_tree`."""
    with grafted(repo, ours, theirs, base, having=having) as (one, other, env):
        command = ("merge-tree", "--write-tree", "-z", "--no-messages", "--end-of-options")
        done = repo.git.run(*command, one, other, ok=range(256), env=env)
        if done.returncode == 1 and done.stdout:
            tree, *entries = done.text.split("\0")
            return Halfway(Sha(tree), conflicted_files(entries))
    answer = merge_tree(repo, ours, theirs, base=base, having=having)
    assert isinstance(answer, Merged | Unrelated)
    return answer


def conflicted_files(entries: Iterable[str]) -> tuple[ConflictedFile, ...]:
    """`mode oid stage<tab>path` each; the stages of a path are base, ours and theirs."""
    stages: dict[str, dict[str, Side]] = {}
    for entry in filter(None, entries):
        facts, _, path = entry.partition("\t")
        mode, oid, stage = facts.split(" ")
        stages.setdefault(path, {})[stage] = Side(mode, Sha(oid))
    return tuple(
        ConflictedFile(path, sides.get("1"), sides.get("2"), sides.get("3"))
        for path, sides in sorted(stages.items())
    )


def has_markers(data: bytes) -> bool:
    """Whether a file still holds what git writes around a conflict."""
    return all(any(line.startswith(mark) for line in data.splitlines()) for mark in MARKERS)


def united(repo: Repository, file: ConflictedFile) -> bytes | None:
    """The lines of both sides, ours first, as git's `union` driver; None for what has no lines."""
    if not file.is_text or file.ours is None or file.theirs is None:
        return None
    from tempfile import TemporaryDirectory

    sides = (file.ours, file.base, file.theirs)
    with TemporaryDirectory(prefix="union-", dir=repo.state_dir) as folder:
        paths = [Path(folder) / name for name in ("ours", "base", "theirs")]
        for path, side in zip(paths, sides, strict=True):
            path.write_bytes(repo.reader.blob(side.oid) or b"" if side else b"")
        names = [str(path) for path in paths]
        done = repo.git.run("merge-file", "--union", "-p", "--", *names, ok=range(256))
    return done.stdout if done.returncode == 0 else None


def with_files(repo: Repository, tree: Sha, files: dict[str, Side]) -> Sha:
    """The tree with these files instead of what it has there."""
    below: dict[str, dict[str, Side]] = {}
    entries = {entry.name: entry for entry in repo.reader.tree(tree)}
    for path, side in files.items():
        name, slash, rest = path.partition("/")
        if slash:
            below.setdefault(name, {})[rest] = side
        else:
            entries[name] = TreeEntry(int(side.mode, 8), name, side.oid)
    for name, inner in below.items():
        there = entries.get(name)
        folder = there.oid if there is not None and there.is_tree else repo.writer.tree(())
        entries[name] = TreeEntry(0o040000, name, with_files(repo, folder, inner))
    return repo.writer.tree(entries.values())
