"""Which tests run which lines, and how long each takes: measured once, each test in a fork."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from pathlib import Path

from tools.mutation.forks import Task, done_in_forks
from tools.mutation.mutants import Mutant
from tools.mutation.session import Session

PATIENCE = 60
"""Seconds of processor time that a test may take."""


@dataclass(frozen=True)
class Covering:
    """The tests that pass by themselves, and what they run."""

    seconds: dict[str, float]
    tests: dict[tuple[str, int], frozenset[str]]
    left_out: tuple[str, ...]

    def asked(self, mutant: Mutant) -> list[str]:
        """The tests that run the statement which is changed, the fastest first."""
        file = str(mutant.path.resolve())
        found = {name for line in mutant.lines for name in self.tests.get((file, line), ())}
        return sorted(found, key=lambda name: (self.seconds[name], name))


def covering(session: Session, package: Path, *, jobs: int, kept: Path) -> Covering:
    """Measured again for tests and code that are not as they were."""
    old = json.loads(kept.read_text()) if kept.exists() else {}
    code = _code_hash(package)
    stamps = {name: code + _hash(item.path) for name, item in session.items.items()}
    told = {name: old[name] for name in stamps if name in old and old[name][0] == stamps[name]}
    new = [name for name in session.items if name not in told]
    print(f"{len(session.items)} tests, of which {len(new)} are looked at", flush=True)
    looks = _looks(session, new, package)
    try:
        for name, result in done_in_forks(looks, jobs=jobs, scratch=session.scratch):
            told[name] = [stamps[name], *(result if isinstance(result, list) else [0.0, None])]
    finally:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(old | told))
    return _gathered(told)


def _looks(session: Session, names: list[str], package: Path) -> Iterator[Task]:
    for name in names:
        yield Task(name, partial(_look, session, name, package), PATIENCE)


def _look(session: Session, name: str, package: Path) -> list[object]:
    began = time.perf_counter()
    lines = session.lines_run(name, package)
    return [time.perf_counter() - began, lines]


def _gathered(told: dict[str, list[object]]) -> Covering:
    tests: dict[tuple[str, int], set[str]] = defaultdict(set)
    seconds: dict[str, float] = {}
    for name, (_, took, lines) in told.items():
        if isinstance(lines, dict) and isinstance(took, float):
            seconds[name] = took
            for file, numbers in lines.items():
                for line in numbers:
                    tests[file, line].add(name)
    left_out = tuple(name for name in told if name not in seconds)
    return Covering(seconds, {it: frozenset(names) for it, names in tests.items()}, left_out)


def _code_hash(package: Path) -> str:
    files = [*sorted(package.rglob("*.py")), *sorted(Path("tests").rglob("*.py"))]
    parts = [_hash(each) for each in files if not each.name.startswith("test_")]
    return sha256("".join(parts).encode()).hexdigest()[:12]


@cache
def _hash(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]
