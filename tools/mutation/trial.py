"""What became of each mutant: killed by which test, or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from tools.mutation.covering import Covering
from tools.mutation.forks import DIED, OUT_OF_TIME, Task, done_in_forks
from tools.mutation.mutants import Module, Mutant
from tools.mutation.session import Session
from tools.mutation.swapping import Functions, swap

_NOT_PUT = "not put in place"


class Verdict(StrEnum):
    """What became of a mutant; one that runs out of time was noticed."""

    KILLED = "killed"
    TIMEOUT = "timeout"
    SURVIVED = "survived"
    NO_TESTS = "run by no test"
    IMPOSSIBLE = "impossible"
    """The function cannot be found, or not be exchanged: the mutant is not counted."""


@dataclass(frozen=True)
class Fate:
    """A mutant's verdict; the test that killed it, of so many that were to be asked."""

    mutant: Mutant
    verdict: Verdict
    killer: str = ""
    asked: int = 0


@dataclass
class Trials:
    """Tries mutants; a test that killed one of a function is asked first about its others."""

    session: Session
    modules: dict[Path, Module]
    functions: Functions
    covering: Covering
    most_seconds: float
    jobs: int

    def __post_init__(self) -> None:
        self.killers: dict[tuple[Path, str], list[str]] = defaultdict(list)

    def fates(self, mutants: Sequence[Mutant]) -> Iterator[Fate]:
        asked = {mutant: self.covering.asked(mutant) for mutant in mutants}
        for mutant in mutants:
            if not asked[mutant]:
                yield Fate(mutant, Verdict.NO_TESTS)
        tasks = (self._task(mutant, names) for mutant, names in asked.items() if names)
        done = done_in_forks(tasks, jobs=self.jobs, scratch=self.session.scratch)
        for (mutant, names), result in done:
            yield self._fate(mutant, names, result)

    def _task(self, mutant: Mutant, names: list[str]) -> Task:
        chosen = self._chosen(mutant, names)
        seconds = sum(self.covering.seconds[name] for name in chosen)
        work = partial(self._try, mutant, chosen)
        return Task((mutant, chosen), work, 3 * seconds + 5)

    def _chosen(self, mutant: Mutant, names: list[str]) -> list[str]:
        able = set(names)
        first = [it for it in self.killers[mutant.path, mutant.function][::-1] if it in able]
        chosen: list[str] = []
        left = self.most_seconds
        for name in dict.fromkeys([*first, *names]):
            left -= self.covering.seconds[name]
            if chosen and left < 0:
                break
            chosen.append(name)
        return chosen

    def _try(self, mutant: Mutant, names: list[str]) -> str | None:
        if not swap(mutant, self.modules[mutant.path].mutated(mutant), self.functions):
            return _NOT_PUT
        return self.session.first_failed(names)

    def _fate(self, mutant: Mutant, names: list[str], result: object) -> Fate:
        if result == _NOT_PUT:
            return Fate(mutant, Verdict.IMPOSSIBLE)
        if result == OUT_OF_TIME:
            return Fate(mutant, Verdict.TIMEOUT, asked=len(names))
        if result is None:
            return Fate(mutant, Verdict.SURVIVED, asked=len(names))
        if result != DIED and result not in self.killers[mutant.path, mutant.function]:
            self.killers[mutant.path, mutant.function].append(str(result))
        return Fate(mutant, Verdict.KILLED, str(result), len(names))
