"""The processor: one background process a repository, with a lock, a pid file and a log."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

from refinery.errors import RefineryError, TryAgain
from refinery.records.times import format_time, now, parse_time
from refinery.repo.locking import FileLock, try_lock
from refinery.repo.repository import Repository
from refinery.values import dataclass

START_WAIT = 10.0  # seconds until a started processor has its lock
LOCK_WAIT = 1.0
POLL = 0.02
LOG_BYTES = 5 << 20  # then the log is moved aside, and one old one is kept


class ProcessorTrouble(RefineryError):
    """The processor could not be started."""


class StillStopping(TryAgain):
    """It was asked to stop and is finishing what it has begun."""


@dataclass(frozen=True, slots=True)
class ProcessorState:
    """The running processor; no pid when none runs, whatever a file left behind says."""

    pid: int | None
    started_at: datetime | None


def state_file(repo: Repository) -> Path:
    """Pid and start of the processor."""
    return repo.state_dir / "processor.json"


def log_file(repo: Repository) -> Path:
    """What the processor says."""
    return repo.state_dir / "processor.log"


def _lock_file(repo: Repository) -> Path:
    return repo.state_dir / "processor.lock"


def processor_state(repo: Repository) -> ProcessorState:
    """Whether a processor runs: who holds the lock is alive, since the system drops it with him."""
    lock = try_lock(_lock_file(repo))
    if lock is not None:
        lock.release()
        return ProcessorState(None, None)
    try:
        told = json.loads(state_file(repo).read_text())
        return ProcessorState(int(told["pid"]), parse_time(told["started_at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return ProcessorState(None, None)  # it holds the lock and is about to write the file


class ProcessorLock:
    """Held by the processor for its whole life."""

    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        self._lock: FileLock | None = None

    def __enter__(self) -> ProcessorLock:
        # Whoever asks for the state holds the lock for an instant: one failure means nothing.
        deadline = time.monotonic() + LOCK_WAIT
        while (lock := try_lock(_lock_file(self._repo))) is None and time.monotonic() < deadline:
            time.sleep(POLL)
        self._lock = lock
        if lock is None:
            raise ProcessorTrouble(
                "a processor runs for this repository already", hint="refinery status"
            )
        told = {"pid": os.getpid(), "started_at": format_time(now())}
        temporary = state_file(self._repo).with_suffix(f".{os.getpid()}")
        temporary.write_text(json.dumps(told))
        temporary.replace(state_file(self._repo))
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(FileNotFoundError):
            state_file(self._repo).unlink()
        if self._lock is not None:
            self._lock.release()


def start(repo: Repository, *, every: str) -> int | None:
    """Start a processor in the background; its pid, or None when one runs already."""
    if processor_state(repo).pid is not None:
        return None
    log = log_file(repo)
    _rotate(log)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "refinery", "start", "--foreground", "--every", every],
            cwd=repo.path,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_WAIT
    while time.monotonic() < deadline:
        pid = processor_state(repo).pid
        if pid is not None:
            return pid
        if process.poll() is not None:
            break
        time.sleep(POLL)
    raise ProcessorTrouble(
        "the processor did not start", hint=f"its log says why: {log}\n{_last_lines(log)}"
    )


def stop(repo: Repository, *, wait: float) -> bool:
    """Ask the processor to end after what it has begun; False when none runs."""
    pid = processor_state(repo).pid
    if pid is None:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + wait
    while processor_state(repo).pid == pid:
        if time.monotonic() >= deadline:
            raise StillStopping(
                f"the processor (pid {pid}) is still finishing what it has begun",
                hint=f"wait, or end it at once: kill {pid}",
            )
        time.sleep(POLL)
    return True


def _rotate(log: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))


def _last_lines(log: Path) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-5:])
    except OSError:
        return ""
