"""Makes branches of the real changes of a real project, all ready to be queued at once.

The history is a `git fast-import` stream that is found beside the checkout, or where
REFINERY_REAL_HISTORY says; it is no part of this project.  Changes that were made years apart
conflict, as each is written on top of those before it.  So the project is there as it was at
several times, each time in a folder of its own, and a change is put into the folder of its time.
"""

from __future__ import annotations

import lzma
import os
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.sealing import CHECKOUT
from benchmarks.told import Told
from benchmarks.world import World, git
from refinery.records.names import Sha
from refinery.replay.merged_history import PastMerge, read_history
from refinery.repo.merging import Merged, merge_many
from refinery.repo.objects import TreeEntry
from refinery.repo.repository import Repository
from refinery.repo.walking import changed_paths_many

TOGETHER = 100  # merges that are tried on the project as it was before the first of them
_FILE, _FOLDER = 0o100644, 0o40000


class NoHistory(Exception):
    """The real history is not here."""


@dataclass(frozen=True)
class Era:
    """The project at one time, in its folder, and who wants to change it to which tree."""

    folder: str
    tree: Sha
    changes: tuple[tuple[PastMerge, Sha], ...]


@dataclass(frozen=True)
class RealChange:
    """One change that merges cleanly onto its era."""

    era: Era
    merge: PastMerge
    tree: Sha


def real_history() -> Path:
    """Where the stream is; NoHistory says what to do about it."""
    told = os.environ.get("REFINERY_REAL_HISTORY")
    path = Path(told) if told else CHECKOUT.parent / "shared" / "data" / "real-history.fi.xz"
    if not path.is_file():
        raise NoHistory(f"no {path.name} beside the checkout; REFINERY_REAL_HISTORY names one")
    return path


@dataclass
class RealChanges:
    """The project's history, read once, for as many worlds as are wanted.

    `changes` are those that go together: none of them conflicts with another.
    """

    repo: Repository
    eras: tuple[Era, ...]
    changes: tuple[RealChange, ...]

    @classmethod
    def read(cls, folder: Path, stream: Path) -> RealChanges:
        """Import the history into `folder` and find all that could land."""
        path = folder / "history.git"
        git(folder, "init", "-q", "--bare", "-b", "main", str(path))
        git(path, "fast-import", "--quiet", stdin=lzma.decompress(stream.read_bytes()))
        repo = Repository.discover(path)
        eras = tuple(_eras(repo, Sha(git(path, "rev-parse", "main"))))
        changes = [RealChange(era, merge, tree) for era in eras for merge, tree in era.changes]
        return cls(repo, eras, tuple(_at_peace(repo, changes)))

    def draw(self, count: int, *, seed: int) -> list[RealChange]:
        """So many of them, in an order of the seed's."""
        if len(self.changes) < count:
            raise NoHistory(f"it has {len(self.changes)} changes that go together, not {count}")
        drawn = list(self.changes)
        random.Random(f"order {seed}").shuffle(drawn)
        return drawn[:count]

    def world(
        self, root: Path, changes: Mapping[Told, RealChange], files: Mapping[str, str]
    ) -> World:
        """A bare origin whose main holds the eras and these files, a clone, and the branches."""
        root.mkdir(parents=True)
        world = World(root, [told.branch for told in changes])
        base = self._commit(self._tree({}, files), (), "The project at several times")
        heads = {"main": base}
        for told, change in changes.items():
            tree = self._tree({change.era.folder: change.tree}, {**files, **told.files})
            heads[told.branch] = self._commit(tree, (base,), f"Change {change.merge.number}")
        git(root, "init", "-q", "--bare", "-b", "main", str(world.origin))
        for setting in ("gc.auto", "receive.autogc"):
            git(world.origin, "config", setting, "0")
        git(world.origin, "config", "core.logAllRefUpdates", "always")
        specs = [f"{oid}:refs/heads/{branch}" for branch, oid in heads.items()]
        git(self.repo.path, "push", "-q", str(world.origin), *specs)
        git(root, "clone", "-q", str(world.origin), str(world.clone))
        git(world.clone, "config", "gc.auto", "0")
        git(world.clone, "fetch", "-q", "origin", "refs/heads/change/*:refs/heads/change/*")
        return world

    def close(self) -> None:
        """End the processes that were started."""
        self.repo.close()

    def _tree(self, changed: Mapping[str, Sha], files: Mapping[str, str]) -> Sha:
        entries = [
            TreeEntry(_FOLDER, era.folder, changed.get(era.folder, era.tree)) for era in self.eras
        ]
        return self.repo.writer.tree([*entries, *_entries(self.repo, files)])

    def _commit(self, tree: Sha, parents: Sequence[Sha], message: str) -> Sha:
        return _commit(self.repo, tree, parents, message)


def _eras(repo: Repository, tip: Sha) -> Iterator[Era]:
    merges = read_history(repo, tip, 100_000).merges
    for start in range(0, len(merges), TOGETHER):
        some = merges[start : start + TOGETHER]
        tree = repo.reader.commit(some[0].onto).tree
        tried = [_on(repo, tree, merge) for merge in some]
        found = merge_many(repo, tried, quarantine=False)
        clean = tuple(
            (merge, each.tree)
            for merge, each in zip(some, found, strict=True)
            if isinstance(each, Merged) and each.tree != tree
        )
        yield Era(f"era-{start // TOGETHER + 1:02}", tree, clean)


def _on(repo: Repository, tree: Sha, merge: PastMerge) -> tuple[Sha, Sha]:
    """Two commits whose merge puts the change onto `tree`, from the files that it began with."""
    root = _commit(repo, merge.fork_tree, (), "began with")
    head = repo.reader.commit(merge.head).tree
    return _commit(repo, tree, (root,), "then"), _commit(repo, head, (root,), "changed")


def _at_peace(repo: Repository, changes: list[RealChange]) -> Iterator[RealChange]:
    """Those that conflict with none that was taken before them."""
    roots = {each.era.folder: _commit(repo, each.era.tree, (), "era") for each in changes}
    starts = [roots[each.era.folder] for each in changes]
    heads = [
        _commit(repo, each.tree, (start,), "change")
        for each, start in zip(changes, starts, strict=True)
    ]
    paths = changed_paths_many(repo, [(each.era.tree, each.tree) for each in changes])
    pairs = [
        (one, other)
        for one in range(len(changes))
        for other in range(one)
        if starts[one] == starts[other] and paths[one] & paths[other]
    ]
    merged = merge_many(repo, [(heads[one], heads[other]) for one, other in pairs])
    clashes = {
        pair for pair, found in zip(pairs, merged, strict=True) if not isinstance(found, Merged)
    }
    taken: list[int] = []
    for at, each in enumerate(changes):
        if not any((at, other) in clashes for other in taken):
            taken.append(at)
            yield each


def _commit(repo: Repository, tree: Sha, parents: Sequence[Sha], message: str) -> Sha:
    who = repo.signature(1_700_000_000)
    return repo.writer.commit(
        tree=tree, parents=parents, author=who, committer=who, message=message
    )


def _entries(repo: Repository, files: Mapping[str, str]) -> list[TreeEntry]:
    """The entries of these files, with the folders they lie in."""
    folders: dict[str, dict[str, str]] = defaultdict(dict)
    entries = []
    for path, content in files.items():
        name, slash, rest = path.partition("/")
        if slash:
            folders[name][rest] = content
        else:
            entries.append(TreeEntry(_FILE, name, repo.writer.blob(content.encode())))
    for name, inside in folders.items():
        entries.append(TreeEntry(_FOLDER, name, repo.writer.tree(_entries(repo, inside))))
    return entries
