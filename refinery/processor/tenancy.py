"""A processor's right to a clone: locks that end with it, and what it says of itself meanwhile."""

from __future__ import annotations

import contextlib
import json
import os
import time
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from refinery.errors import RefineryError
from refinery.processor.place import Place, ProcessorState
from refinery.records.times import format_time
from refinery.repo.locking import FileLock, try_lock
from refinery.repo.masking import masked
from refinery.repo.repository import IN_PLACE, Repository
from refinery.values import replace

LOCK_WAIT = 1.0
POLL = 0.02
SAY_AGAIN = 5.0
NAMES = ("REFINERY_WORKER", "GT_REFINERY_WORKER")

_PLAIN = ("pid", "life", "worker", "in_foreground", "every", "longest", "doing", "trouble")


class AlreadyRuns(RefineryError):
    """There is a processor for this repository, or one of this worker's name."""

    code = "already-runs"


class Tenancy:
    """A processor's right to a clone, and what it says of itself there while it has it."""

    def __init__(self, place: Place, state: ProcessorState, locks: tuple[FileLock, ...]) -> None:
        self.place = place
        self._state = state
        self._locks = locks
        self._looked_at = 0.0

    @classmethod
    def take(cls, place: Place, state: ProcessorState, *, worker_lock: Path | None) -> Tenancy:
        """The only processor of this clone, and of this worker's name where that was given."""
        lock = _held(place.lock)
        if lock is None:
            raise AlreadyRuns(
                "a processor runs for this repository already", hint="refinery status"
            )
        locks = [lock]
        if worker_lock is not None:
            named = _held(worker_lock)
            if named is None:
                lock.release()
                raise AlreadyRuns(
                    f"a processor that is called {state.worker!r} serves this repository already, "
                    "from another clone",
                    hint="give this one another name in REFINERY_WORKER, or none",
                )
            locks.append(named)
        tenancy = cls(place, state, tuple(locks))
        tenancy._write()
        return tenancy

    @property
    def worker(self) -> str:
        """The name under which it claims."""
        return self._state.worker

    def serves(self, paths: tuple[str, ...]) -> None:
        """Say which repositories the same process serves."""
        self._renew(replace(self._state, serves=paths))

    def tell(self, doing: str, trouble: str | None, since: datetime | None) -> None:
        """Say what it does, and what is wrong; nothing is written where nothing changed."""
        self._renew(replace(self._state, doing=doing, trouble=trouble, trouble_since=since))

    def looked(self) -> None:
        """It has looked at the queue just now; to say so every few seconds is enough."""
        if abs(time.time() - self._looked_at) < SAY_AGAIN:
            return
        self._looked_at = time.time()
        with contextlib.suppress(OSError):
            os.utime(self.place.state, (self._looked_at, self._looked_at))

    def leave(self) -> None:
        """Nobody runs here any more."""
        with contextlib.suppress(OSError):
            self.place.state.unlink()
        for lock in self._locks:
            lock.release()

    def _renew(self, state: ProcessorState) -> None:
        if state != self._state:
            self._state = state
            self._write()

    def _write(self) -> None:
        temporary = self.place.state.with_suffix(f".{os.getpid()}")
        try:
            temporary.write_text(json.dumps(_told(self._state)))
            os.utime(temporary, (self._looked_at, self._looked_at))
            temporary.replace(self.place.state)
        except OSError:
            return  # a full disk stops the checks, and is said there


def _held(path: Path) -> FileLock | None:
    """The lock; whoever asks for the state holds it for an instant, so one failure says nothing."""
    deadline = time.monotonic() + LOCK_WAIT
    while (lock := try_lock(path)) is None and time.monotonic() < deadline:
        time.sleep(POLL)
    return lock


def worker_lock(repo: Repository, worker: str) -> Path | None:
    """Where a name was given, another clone here may serve the same repository under it.

    Each would take the other's claims for its own.
    """
    remote = repo.remote_name()
    if remote in (None, IN_PLACE) or not any(os.environ.get(name) for name in NAMES):
        return None
    url = repo.setting(f"remote.{remote}.url") or str(remote)
    if (local := repo.path / Path(url).expanduser()).exists():
        url = str(local.resolve())
    try:
        state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
        folder = Path(state) / "refinery" / "workers"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None  # nowhere to keep it: the clone's own lock has to do
    return folder / f"{sha256(f'{masked(url)} {worker}'.encode()).hexdigest()[:32]}.lock"


def _told(state: ProcessorState) -> dict[str, object]:
    times = {"started_at": state.started_at, "trouble_since": state.trouble_since}
    return {
        **{name: getattr(state, name) for name in _PLAIN},
        **{name: format_time(at) if at else None for name, at in times.items()},
        "serves": list(state.serves),
    }
