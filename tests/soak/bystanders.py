"""Who else is there while processes die: the operator, an author, and the one who heals."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from benchmarks.aftermath import claims
from benchmarks.crew import Crew, Shift
from refinery.queue.delivery import LEASE
from refinery.records.names import MrId
from tests.soak.battlefield import Field

ACCEPTED = (0, 1, 75)  # who lost a git or a server may say so; 3 would be a bug of ours
STALE = 5.0  # seconds after which the operator takes a lock for a dead one's


def heal(place: Field, shift: Shift, environment: dict[str, str]) -> None:
    """Who comes after the last kill and lives: first at once, then when every lease is over."""
    crew = Crew([place.box.clone("healthy").path], place.logs, environment=environment)
    crew.patience = 120
    shift.complaints += crew.work(lambda: not claims(place.box.origin)).complaints
    later = [sys.executable, "-m", "tests.faults.skewed", str(LEASE.total_seconds() + 60)]
    for _ in range(2):
        done = subprocess.run(
            [*later, "process", "--drain"],
            cwd=crew.clones[0],
            env={**os.environ, **environment, "REFINERY_WORKER": "healthy"},
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            shift.complaints.append(f"the healthy one ended with {done.returncode}: {done.stderr}")


class Bystander(ABC):
    """Somebody who is at work beside the workers for as long as the block runs."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @abstractmethod
    def _work(self) -> None:
        """Go on until `_over` is set, or there is nothing left to do."""


class Operator(Bystander):
    """Does on the server what `refinery doctor` says: removes the locks that the dead have left."""

    def __init__(self, origin: Path) -> None:
        super().__init__()
        self._origin = origin
        self.removed = 0

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        self._look(older_than=0.0)

    def _work(self) -> None:
        while not self._over.wait(1.0):
            self._look(older_than=STALE)

    def _look(self, *, older_than: float) -> None:
        for lock in self._locks():
            try:
                if time.time() - lock.stat().st_mtime >= older_than:
                    lock.unlink()
                    self.removed += 1
            except FileNotFoundError:
                continue

    def _locks(self) -> Iterator[Path]:
        yield from self._origin.glob("*.lock")
        for folder, _, names in os.walk(self._origin / "refs"):
            yield from (Path(folder, name) for name in names if name.endswith(".lock"))


class Author(Bystander):
    """Submits the late ones in turn; of three commands one is killed, and given again."""

    def __init__(self, place: Field, environment: dict[str, str], draw: random.Random) -> None:
        super().__init__()
        self._place = place
        self._environment = environment
        self._draw = draw
        self.kills = 0
        self.complaints: list[str] = []

    def _work(self) -> None:
        for branch in self._place.late:
            while (id := self._submitted(branch)) is None:
                if self._over.is_set():
                    self.complaints.append(f"{branch} could not be submitted")
                    return
            self._place.ids.append(id)
            self._over.wait(self._draw.uniform(0, 2))

    def _submitted(self, branch: str) -> MrId | None:
        command = subprocess.Popen(
            [sys.executable, "-m", "refinery", "submit", branch],
            cwd=self._place.box.path,
            env={**os.environ, **self._environment, "REFINERY_WORKER": "author"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        is_doomed = self._draw.random() < 0.3
        try:
            out, err = command.communicate(timeout=self._draw.uniform(0.1, 2) if is_doomed else 60)
        except subprocess.TimeoutExpired:
            command.kill()
            command.communicate()
            self.kills += 1
            return None
        if command.returncode not in ACCEPTED:
            self.complaints.append(f"submit ended with {command.returncode}: {err}")
        return MrId(out.strip()) if command.returncode == 0 else None
