"""Where one fault at a time is tried: a small queue, made anew for each, and what must follow."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from tests.faults.agreement import disagreements
from tests.sandbox import Result, Sandbox, make_template

CONFIG = """\
version: 1
checks:
- name: test
  run: if grep -qr bad --include='*.txt' .; then exit 1; fi
"""
LATER = 700.0  # seconds after which every claim and every lease of a word has run out


def story(box: Sandbox) -> None:
    """Two that land together, one that conflicts with the first."""
    box.advance({".refinery.yaml": CONFIG, "shared.txt": "0\n"})
    box.request("one", {"shared.txt": "one\n"}, onto="main", priority=0)
    box.request("two", {"two.txt": "two\n"}, onto="main", priority=1)
    box.request("clash", {"shared.txt": "clash\n"}, onto="main", priority=2)


@dataclass
class Ground:
    """The queue as it is before each trial."""

    root: Path
    kept: Sandbox
    start: str
    _serial: Iterator[int] = field(default_factory=count)

    @classmethod
    def made(cls, root: Path, play: Callable[[Sandbox], object] = story) -> Ground:
        """Play the story once."""
        (template := root / "template").mkdir(parents=True)
        make_template(template)
        (root / "kept").mkdir()
        kept = Sandbox.copied(template, root / "kept")
        play(kept)
        kept.close()
        start = kept.git("rev-parse", "main", cwd=kept.origin)
        return cls(root, kept, start)

    @contextmanager
    def fresh(self) -> Iterator[Sandbox]:
        """A copy of it, which goes afterwards."""
        folder = self.root / f"trial-{next(self._serial)}"
        folder.mkdir()
        box = self.kept.copy(folder)
        try:
            yield box
        finally:
            box.close()
            shutil.rmtree(folder, ignore_errors=True)

    def wrong(self, box: Sandbox, *, by: str = "") -> list[str]:
        """What is wrong although a healthy worker ran, `by` name, or from the same clone."""
        worker = box.clone(by) if by else box
        box.clock.tick(LATER)
        done = worker.cli("process", "--drain")
        if done.code != 0:
            return [f"the healthy one ended with {done.code}: {done.err}"]
        found = disagreements(worker, since=self.start)
        if sorted(worker.landed) != ["one", "two"]:
            found.append(f"landed are {worker.landed}")
        if worker.mr("clash").blocked_by is None:
            found.append("clash is not blocked")
        return found


def drain(box: Sandbox) -> Result:
    """A run, in this process; who waits for better times gives up soon."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in _IMPATIENT.items():
            patch.setattr(f"refinery.{name}", value)
        return box.cli("process", "--drain")


_IMPATIENT = {
    "store.update.MAX_LOSSES": 2,
    "store.update.LONGEST_PAUSE": 0.01,
    "store.issue_store.MAX_LOSSES": 2,
    "store.issue_store.LONGEST_PAUSE": 0.01,
    "engine.working.MOST_SETTLES": 2,
    "engine.working.MOST_TRIES": 2,
    "engine.working.SETTLE_AGAIN": 0.01,
}


def remove_locks(repository: Path) -> list[str]:
    """What `refinery doctor` tells an operator to do after a server was killed; what was there."""
    locks = [*repository.glob("*.lock")]
    for folder, _, names in os.walk(repository / "refs"):
        locks += [Path(folder, name) for name in names if name.endswith(".lock")]
    for lock in locks:
        lock.unlink()
    return [str(lock.relative_to(repository)) for lock in locks]


def age_locks(repository: Path, seconds: float) -> None:
    """As if whoever left them had died so long ago."""
    for lock in repository.rglob("*.lock"):
        then = lock.stat().st_mtime - seconds
        os.utime(lock, (then, then))
