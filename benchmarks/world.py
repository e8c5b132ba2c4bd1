"""Makes the repositories that are measured: a bare origin, a clone, branches, queues."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from refinery.app import Queue, open_queue
from refinery.queue.submission import Relation, Request, submit
from refinery.records import document
from refinery.records.header import QueueHeader
from refinery.records.merge_request import CloseReason, MergeRequest, Status
from refinery.records.names import Branch, MrId, Sha, derive_id
from refinery.store.edit import Edit, Event
from refinery.store.layout import HEADER, mr_path
from refinery.store.update import Committed
from refinery.values import replace

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
_CONFIG = """\
version: 1
batch: {"max": %d}
checks:
- {"name": "test", "run": "true"}
"""


def run(command: Sequence[str | Path], *, cwd: Path, stdin: bytes = b"") -> str:
    """Run a command to its end; whatever goes wrong ends the benchmark."""
    done = subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, check=False)
    if done.returncode != 0:
        said = (done.stdout + done.stderr).decode(errors="replace")
        raise RuntimeError(f"{' '.join(map(str, command))[:200]}: {said}")
    return done.stdout.decode(errors="replace").strip()


def git(cwd: Path, *arguments: str, stdin: bytes = b"") -> str:
    """Run git."""
    return run(["git", *arguments], cwd=cwd, stdin=stdin)


@dataclass
class World:
    """A bare origin, a clone of it, and branches that each add a file of their own."""

    root: Path
    branches: list[str] = field(default_factory=list)

    @property
    def origin(self) -> Path:
        """The bare repository."""
        return self.root / "origin.git"

    @property
    def clone(self) -> Path:
        """The clone that commands are run in."""
        return self.root / "clone"

    def refinery(self, *arguments: str, cwd: Path | None = None) -> str:
        """Run the command line in a process of its own."""
        return run([sys.executable, "-m", "refinery", *arguments], cwd=cwd or self.clone)

    def queue(self, *, cwd: Path | None = None, worker: str = "bench") -> Queue:
        """The queue, opened in this process."""
        return open_queue(str(cwd or self.clone), worker=worker)

    def head(self, branch: str) -> Sha:
        """The commit a branch of the clone is at."""
        return Sha(git(self.clone, "rev-parse", f"refs/heads/{branch}"))

    def submit_all(self) -> list[MrId]:
        """Queue and fold every branch with one push."""
        with self.queue() as queue:
            view = queue.view()
            made = []
            for branch in self.branches:
                request = Request(
                    Branch(branch), Branch("main"), self.head(branch), "bench", f"Change {branch}"
                )
                choice = submit(view, request, relation=Relation.AHEAD, now=queue.now())
                assert isinstance(choice, Edit)
                made += choice.submit
            edit = Edit(
                Event("queued", "queue them all"),
                put=tuple(made),
                pins={mr.id: mr.head for mr in made},
            )
            assert isinstance(queue.update(lambda _: edit), Committed)
        return [mr.id for mr in made]

    def fill(self, *, live: int = 0, closed: int = 0) -> None:
        """Write as many records straight into the origin, past everything but git."""
        head = git(self.clone, "rev-parse", "HEAD")
        if live:
            header = document.write(QueueHeader(default_target=Branch("main")))
            files = [(HEADER, header)]
            files += [(mr_path(mr.id), document.write(mr)) for mr in _records(live, Sha(head))]
            git(self.origin, "fast-import", "--quiet", stdin=_commit("refs/refinery/queue", files))
        if closed:
            groups = _groups(list(_records(closed, Sha(head), closed=True)), 100)
            stream = b"".join(
                _commit(
                    "refs/refinery/archive",
                    [(f"{mr.id}.yaml", document.write(mr)) for mr in group],
                    fresh=True,
                )
                for group in groups
            )
            git(self.origin, "fast-import", "--quiet", stdin=stream)


@dataclass(frozen=True)
class Snapshot:
    """A world as it was, to be put back before each round."""

    world: World

    @property
    def _kept(self) -> Path:
        return self.world.root.with_name(f"{self.world.root.name}.kept")

    @classmethod
    def of(cls, world: World) -> Snapshot:
        """Keep a copy of it."""
        made = cls(world)
        shutil.copytree(world.root, made._kept, symlinks=True)
        return made

    def restore(self) -> None:
        """Put it back under its own path, which worktrees and databases remember."""
        shutil.rmtree(self.world.root)
        shutil.copytree(self._kept, self.world.root, symlinks=True)


def make(root: Path, *, branches: int = 0, batch: int = 1, files: int = 2) -> World:
    """A repository of so many files and branches; a check that does nothing is declared."""
    root.mkdir(parents=True)
    world = World(root, [f"change-{number}" for number in range(branches)])
    git(root, "init", "-q", "--bare", "-b", "main", str(world.origin))
    for setting in ("gc.auto", "receive.autogc"):
        git(world.origin, "config", setting, "0")
    git(world.origin, "fast-import", "--quiet", stdin=_history(world, batch, files))
    git(root, "clone", "-q", str(world.origin), str(world.clone))
    git(world.clone, "config", "gc.auto", "0")
    if branches:
        git(world.clone, "fetch", "-q", "origin", "refs/heads/change-*:refs/heads/change-*")
    return world


def _history(world: World, batch: int, files: int) -> bytes:
    base = [(".refinery.yaml", (_CONFIG % batch).encode())]
    base += [(f"src/{number // 100}/{number}.txt", b"%d\n" % number) for number in range(files)]
    stream = [_commit("refs/heads/main", base, mark=b"mark :1\n")]
    stream += [
        _commit(f"refs/heads/{branch}", [(f"new/{branch}.txt", b"new\n")], parent=b"from :1\n")
        for branch in world.branches
    ]
    return b"".join(stream)


def _commit(
    ref: str,
    files: Sequence[tuple[str, bytes]],
    *,
    parent: bytes = b"",
    mark: bytes = b"",
    fresh: bool = False,
) -> bytes:
    """One commit for fast-import on top of its last to this ref; `fresh`: without its files."""
    parts = [
        f"commit {ref}\n".encode(),
        mark,
        b"committer Ada Author <ada@example.com> 1767225600 +0000\ndata 6\nchange\n",
        parent,
        b"deleteall\n" if fresh else b"",
    ]
    for path, content in files:
        parts.append(f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n")
    return b"".join(parts) + b"\n"


def _groups(records: list[MergeRequest], size: int) -> Iterator[list[MergeRequest]]:
    for start in range(0, len(records), size):
        yield records[start : start + size]


def _records(count: int, head: Sha, *, closed: bool = False) -> Iterator[MergeRequest]:
    for number in range(count):
        branch = f"polecat/worker-{number % 50}/gt-{number}"
        born = BEGAN + timedelta(seconds=number)
        mr = MergeRequest(
            id=derive_id(branch, "main", head, "closed" if closed else ""),
            branch=Branch(branch),
            target=Branch("main"),
            head=head,
            status=Status.OPEN,
            priority=number % 5,
            title=f"Change number {number}, with a title of usual length",
            worker=f"worker-{number % 50}",
            created_at=born,
            submitted_at=born,
            retry_count=0,
            source_issue=f"gt-{number}",
            rig="origin",
        )
        yield (
            replace(
                mr,
                status=Status.CLOSED,
                close_reason=CloseReason.MERGED,
                closed_at=born,
                merge_commit=head,
            )
            if closed
            else mr
        )
