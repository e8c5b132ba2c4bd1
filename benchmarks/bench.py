"""What a benchmark is given: how much to do, where to do it, and the rival."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measuring import Result
from benchmarks.rival import NoRival, Rival
from benchmarks.world import World, make

Benchmark = Callable[["Bench"], list[Result]]


@dataclass
class Bench:
    """One run: `quick` does a little of everything, for trying the benchmarks themselves."""

    root: Path
    quick: bool
    find_rival: Callable[[], Rival]
    _big: World | None = field(default=None)

    def rounds(self, full: int, quick: int) -> int:
        """How often each side is measured."""
        return quick if self.quick else full

    def size(self, full: int, quick: int) -> int:
        """How much there is to work on."""
        return quick if self.quick else full

    def few(self, sizes: Sequence[int]) -> list[int]:
        """The sizes that something is tried with; quickly only the small ones."""
        return [size for size in sizes if size <= 1_000] if self.quick else [*sizes]

    def rival(self) -> Rival:
        """The rival, or `NoRival`."""
        return self.find_rival()

    def world(self, name: str, *, branches: int = 0, batch: int = 1, files: int = 2) -> World:
        """A fresh world."""
        return make(self.root / name, branches=branches, batch=batch, files=files)

    def big(self) -> World:
        """A repository of 50,000 files with a hundred branches, made once for all who need it."""
        if self._big is None:
            files = self.size(50_000, 2_000)
            self._big = self.world("big", branches=self.size(101, 21), files=files)
        return self._big

    def discard(self) -> None:
        """Free the disk of all but the big one."""
        for world in self.root.iterdir():
            if self._big is None or world != self._big.root:
                shutil.rmtree(world, ignore_errors=True)


__all__ = ["Bench", "Benchmark", "NoRival"]
