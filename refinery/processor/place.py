"""Where a processor leaves what in its clone, and what others may know of it from there."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from refinery.records.times import instant, parse_time
from refinery.repo.locking import try_lock
from refinery.repo.repository import Repository
from refinery.repo.waking import EAR
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class ProcessorState:
    """The running processor; no pid when none runs, whatever a file left behind says.

    `life` differs from one start to the next.  A processor `in_foreground` belongs to whoever
    started it (a service manager, a terminal), who also keeps what it says.  `doing` is a line for
    people; while there is `trouble`, it began at `trouble_since`.
    """

    pid: int | None
    started_at: datetime | None
    life: str = ""
    worker: str = ""
    in_foreground: bool = False
    every: str = ""
    longest: str = ""
    serves: tuple[str, ...] = ()
    doing: str = ""
    trouble: str | None = None
    trouble_since: datetime | None = None
    looked_at: datetime | None = None


NOBODY = ProcessorState(None, None)


@dataclass(frozen=True, slots=True)
class Place:
    """The files of one clone's processor."""

    directory: Path

    @classmethod
    def of(cls, repo: Repository) -> Place:
        """Where the processor of a repository has its files."""
        return cls(repo.state_dir)

    @property
    def lock(self) -> Path:
        """Held for a processor's whole life."""
        return self.directory / "processor.lock"

    @property
    def state(self) -> Path:
        """What it says of itself; its time is that of the last look at the queue."""
        return self.directory / "processor.json"

    @property
    def log(self) -> Path:
        """What it does, as lines with their times."""
        return self.directory / "processor.log"

    @property
    def last_words(self) -> Path:
        """What one in the background said outside of its log: why it could not start, a crash."""
        return self.directory / "processor.err"

    @property
    def ear(self) -> Path:
        """The pipe through which it is asked for something."""
        return self.directory / EAR


def processor_state(repo: Repository) -> ProcessorState:
    """Whether a processor runs: who holds the lock is alive, since the system drops it with him."""
    place = Place.of(repo)
    lock = try_lock(place.lock)
    if lock is not None:
        lock.release()
        return NOBODY
    try:
        told = json.loads(place.state.read_text())
        return _state(told, place.state.stat().st_mtime)
    except (OSError, ValueError, KeyError, TypeError):
        return NOBODY  # it holds the lock and is about to write the file


def _state(told: dict[str, object], written: float) -> ProcessorState:
    since, serves = told.get("trouble_since"), told.get("serves")
    trouble = told.get("trouble")
    return ProcessorState(
        pid=int(str(told["pid"])),
        started_at=parse_time(str(told["started_at"])),
        life=str(told.get("life", "")),
        worker=str(told.get("worker", "")),
        in_foreground=told.get("in_foreground") is True,
        every=str(told.get("every", "")),
        longest=str(told.get("longest", "")),
        serves=tuple(map(str, serves)) if isinstance(serves, list) else (),
        doing=str(told.get("doing", "")),
        trouble=str(trouble) if trouble else None,
        trouble_since=parse_time(since) if isinstance(since, str) else None,
        looked_at=instant(written) if written else None,
    )
