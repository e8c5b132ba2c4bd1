"""The figures of scale: what grows with a queue, a crowd on one remote, a day in one process.

They are those of the benchmarks `growth`, `crowd` and `busy-day`.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.catalogue import BENCHMARKS
from benchmarks.rival import NoRival, Rival
from tests.soak.figure import Figure, of_result

PART = "scale"
_MEASURED = ("growth", "crowd", "busy-day")


def figures(scratch: Path, *, quick: bool) -> list[Figure]:
    """All of their rows."""
    bench = Bench(scratch, quick, _no_rival)
    found = []
    for name in _MEASURED:
        how = f"python -m benchmarks --only {name}"
        found += [of_result(PART, result, how=how) for result in BENCHMARKS[name](bench)]
        bench.discard()
    return found


def _no_rival() -> Rival:
    raise NoRival("nobody is compared with")
