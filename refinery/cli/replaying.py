"""Sets a replay up: the scratch copy, the engine on it, the judge beside it, and the progress."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from refinery.app import open_queue
from refinery.cli.scratch import scratch_folder
from refinery.config.config import Check, Config
from refinery.doing import Doing, doing
from refinery.engine.engine import Engine
from refinery.engine.happenings import Blamed, Conflicted, Ended, Happening, Landed
from refinery.records.merge_request import Method
from refinery.records.names import Branch
from refinery.replay.history_judging import Disagreement, Judge
from refinery.replay.history_replay import (
    Clock,
    Fate,
    Replayed,
    replay_in_order,
    replay_shuffled,
    side_by_side,
)
from refinery.replay.merged_history import PastMerges, read_history
from refinery.repo.ordinary_merging import OrdinaryMerges
from refinery.repo.repository import Repository
from refinery.repo.scratch_copy import copy_branch, likely_branch, rewind
from refinery.typed import TYPE_CHECKING
from refinery.values import dataclass

if TYPE_CHECKING:
    from refinery.app import Queue


@dataclass(frozen=True, slots=True)
class Terms:
    """What was asked for; None: the default."""

    path: str
    last: int
    seed: int | None = None
    check: str | None = None
    batch: int | None = None
    method: str = "merge"
    target: str | None = None
    keep: str | None = None

    @property
    def config(self) -> Config:
        """The settings the engine works with."""
        checks = (Check("check", self.check),) if self.check else ()
        most = self.batch or Config().batch_max
        return Config(method=Method(self.method), checks=checks, batch_max=most)


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it; `seconds` are those of queueing and landing."""

    target: Branch
    seed: int | None
    asked: int
    past: PastMerges
    replayed: list[Replayed]
    disagreements: list[Disagreement]
    seconds: float
    judging_seconds: float
    kept: str | None

    @property
    def fates(self) -> list[str]:
        return [fate.value for fate in Fate]

    @property
    def faults(self) -> list[Disagreement]:
        return [each for each in self.disagreements if each.ours]

    @property
    def milliseconds_each(self) -> float:
        return 1000 * self.seconds / len(self.past.merges)

    def count(self, fate: str) -> int:
        return sum(each.fate.value == fate for each in self.replayed)


def replay(terms: Terms) -> Report:
    """Copy, queue, land, judge."""
    with (
        scratch_folder(terms.keep, prefix="refinery-replay-") as folder,
        _source(terms.path, folder) as source,
    ):
        target = likely_branch(source, terms.target)
        copy, tip = copy_branch(source, target, folder / "replayed.git")
        with copy:
            past = read_history(copy, tip, terms.last)
            rewind(copy, target, tip, past.base.oid)
        return _replayed(terms, target, past, folder)


def _source(told: str, folder: Path) -> Repository:
    """The repository at a path, or a clone of the one at a URL."""
    if not _is_url(told):
        return Repository.discover(Path(told).expanduser())
    from refinery.repo.clone import clone_bare

    with doing("cloning") as at:
        return clone_bare(told, folder / "source.git", CloneProgress(at))


def _is_url(told: str) -> bool:
    """As git decides: a scheme, or a host before the first colon; what is there is a path."""
    if Path(told).expanduser().exists():
        return False
    host, colon, _ = told.partition(":")
    return bool(colon) and "/" not in host


def _replayed(terms: Terms, target: Branch, past: PastMerges, folder: Path) -> Report:
    clock = Clock()
    with open_queue(str(folder / "replayed.git"), engine=True, clock=clock) as queue:
        with (
            doing("replaying", len(past.merges)) as at,
            _engine(queue, terms.config, Progress(at)) as engine,
        ):
            heads = [] if terms.seed is None else side_by_side(engine, past, target)
            base = engine.view.targets[target]
            began = time.monotonic()
            if terms.seed is None:
                replayed = replay_in_order(engine, past, target, clock)
            else:
                replayed = replay_shuffled(engine, heads, target, clock, seed=terms.seed)
            ended, tip = time.monotonic(), engine.view.targets[target]
        with doing("judging"), _judge(queue.repo, terms) as judge:
            in_order = terms.seed is None
            found = judge.in_order(replayed) if in_order else judge.shuffled(replayed, base, tip)
            disagreements = sorted(found, key=lambda each: each.merge.number if each.merge else 0)
    return Report(
        target=target,
        seed=terms.seed,
        asked=terms.last,
        past=past,
        replayed=replayed,
        disagreements=disagreements,
        seconds=ended - began,
        judging_seconds=time.monotonic() - ended,
        kept=str(folder / "replayed.git") if terms.keep else None,
    )


@contextmanager
def _engine(queue: Queue, config: Config, progress: Progress) -> Iterator[Engine]:
    engine = Engine.start(
        queue.repo,
        queue.store,
        outside=queue,
        worker=queue.worker,
        clock=queue.clock,
        tell=progress,
    )
    engine.settings = queue.store.settings = config
    try:
        yield engine
    finally:
        engine.close()


@contextmanager
def _judge(repo: Repository, terms: Terms) -> Iterator[Judge]:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="refinery-judge-") as folder:
        ordinary = OrdinaryMerges(repo, Path(folder))
        try:
            yield Judge(repo, ordinary, Method(terms.method))
        finally:
            ordinary.close()


class CloneProgress:
    """What git says while it clones."""

    def __init__(self, at: Doing) -> None:
        self._at = at

    def __call__(self, step: str, done: int, most: int | None) -> None:
        """Show one step of git's."""
        self._at.words, self._at.done, self._at.total = f"cloning: {step}", done, most


class Progress:
    """Counts how many merge requests of a replay are through."""

    def __init__(self, at: Doing) -> None:
        self._at = at

    def __call__(self, happening: Happening) -> None:
        """Count what ends a merge request's way."""
        if isinstance(happening, Landed):
            self._at.done += len(happening.mrs)
        elif isinstance(happening, (Conflicted, Blamed, Ended)):
            self._at.done += 1
