"""The policies that others have: an ordered line of batches, each tested on top of those ahead.

With batches of one and a window as wide as there are workers it is the optimistic chain of Zuul
and of GitHub's merge queue; with one batch of all that waits, halved when it fails, it is bors;
with one change at a time it is most bots.
"""

from __future__ import annotations

from refinery.simulation.world import Build, World
from refinery.values import dataclass


@dataclass(slots=True, eq=False)
class Batch:
    """A part of the line: its build, or what that said, of the tree it has at present."""

    members: tuple[int, ...]
    build: Build | None = None
    passed: bool | None = None
    tries: int = 0


class Chain:
    """The first of the line lands or is refused; who fails is passed over by those behind."""

    def __init__(self, world: World, *, window: int, batch: int | None = 1) -> None:
        self.world = world
        self.window = window
        self.batch = batch
        self.retries = 1 if world.trace.setting.flake else 0
        self.line: list[Batch] = []
        self.waiting: list[int] = []

    def arrived(self, change: int) -> None:
        """It waits for a place in the window."""
        self.waiting.append(change)

    def ended(self, build: Build, *, passed: bool) -> None:
        """The batch knows."""
        for batch in self.line:
            if batch.build is build:
                batch.passed = passed

    def decide(self) -> None:
        """Settle the head of the line, then test what has no valid build."""
        self._settle()
        while len(self.line) < self.window and (members := self._next()):
            self.line.append(Batch(members))
        while self._halve():
            pass
        self._settle()
        ahead: tuple[int, ...] = ()
        for batch in self.line[: self.window]:
            if batch.build is None and self.world.free > 0:
                batch.build = self.world.start(ahead + batch.members)
            if batch.passed is not False:
                ahead += batch.members

    def _next(self) -> tuple[int, ...]:
        """The first that wait, but for those that conflict with one ahead: they wait for it."""
        ahead = [each for batch in self.line for each in batch.members]
        chosen: list[int] = []
        left: list[int] = []
        for change in self.waiting:
            if len(chosen) == self.batch or self.world.trace.clash(change, ahead):
                left.append(change)
            else:
                chosen.append(change)
                ahead.append(change)
        self.waiting = left
        return tuple(chosen)

    def _settle(self) -> None:
        while self.line:
            self._forget_outdated()
            first = self.line[0]
            if first.passed:
                self._land(first.members)
            elif first.passed is None or len(first.members) > 1:
                return
            elif first.tries < self.retries:
                first.tries += 1
                first.build = first.passed = None
                return
            else:
                self.world.refuse(first.members[0])
            self.line.pop(0)

    def _land(self, members: tuple[int, ...]) -> None:
        self.world.land(members)
        self.waiting = [each for each in self.waiting if each in self.world.pending]

    def _halve(self) -> bool:
        """Halve the first batch that failed; those behind it stand on another tree then."""
        self._forget_outdated()
        for place, batch in enumerate(self.line[: self.window]):
            if batch.passed is False and len(batch.members) > 1:
                half = (len(batch.members) + 1) // 2
                parts = [Batch(batch.members[:half]), Batch(batch.members[half:])]
                self.line[place : place + 1] = parts
                return True
        return False

    def _forget_outdated(self) -> None:
        ahead: tuple[int, ...] = ()
        for batch in self.line:
            if batch.build is not None and not self._is_of(batch.build, ahead + batch.members):
                if batch.passed is None:
                    self.world.cancel(batch.build)
                batch.build = batch.passed = None
            if batch.passed is not False:
                ahead += batch.members

    def _is_of(self, build: Build, members: tuple[int, ...]) -> bool:
        """Whether it tests the tree that these would make on today's head."""
        return build.members == (*self.world.landed[build.base :], *members)
