"""The discrete events: changes arrive, builds end, and a policy says what is started and landed.

A build tests the target as it was when the build began with some changes on top.  It fails if one
of them is bad, if two disagree, if one disagrees with what landed after it had been submitted, or,
rarely, for no reason.  A change that conflicts in the text with one that lands goes back to its
author at once, as one that was refused does.
"""

from __future__ import annotations

from heapq import heappop, heappush
from random import Random

from refinery.simulation.outcome import Outcome
from refinery.simulation.trace import Trace, run_minutes
from refinery.typed import Protocol
from refinery.values import dataclass


@dataclass(slots=True, eq=False)
class Build:
    """One run: `members` on top of the target after `base` landings."""

    members: tuple[int, ...]
    base: int
    started: float
    ends: float


class Policy(Protocol):
    """Decides; the world tells it what happens and carries out what it asks for."""

    def arrived(self, change: int) -> None:
        """A change was submitted."""
        ...

    def ended(self, build: Build, *, passed: bool) -> None:
        """A build has ended."""
        ...

    def decide(self) -> None:
        """Start, cancel, land and refuse as it likes; called after each event."""
        ...


class World:
    """What is true; policies act on it by `start`, `cancel`, `land` and `refuse` alone."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.now = 0.0
        self.pending: dict[int, None] = {}  # in order of arrival
        self.landed: list[int] = []
        self.running: list[Build] = []
        self.outcome = Outcome(trace)
        self._landed_at: dict[int, float] = {}
        self._random = Random(f"builds {trace.setting.seed}")
        self._events: list[tuple[float, int, Build]] = []
        self._tested: dict[int, list[Build]] = {}  # what passed, by how long it made the target

    @property
    def free(self) -> int:
        """Workers without work."""
        return self.trace.setting.workers - len(self.running)

    def start(self, members: tuple[int, ...]) -> Build:
        """Start a build of these on the head, none of which conflicts with another."""
        ends = self.now + run_minutes(self._random, self.trace.setting)
        build = Build(members, len(self.landed), self.now, ends)
        self.running.append(build)
        self.outcome.builds += 1
        heappush(self._events, (ends, self.outcome.builds, build))
        return build

    def cancel(self, build: Build) -> None:
        """Stop a build; the minutes it ran are spent."""
        self.running.remove(build)
        self.outcome.minutes += self.now - build.started

    def land(self, members: tuple[int, ...]) -> None:
        """Move the target; a landing that no passing build of just these covers counts as red.

        Whoever conflicts with what landed is not pending any more.
        """
        if not self._was_tested(members):
            self.outcome.red += 1
        for change in members:
            del self.pending[change]
            self.landed.append(change)
            self._landed_at[change] = self.now
            self.outcome.land(change, self.now)
        for change in [*self.pending] if self.trace.setting.conflict else ():
            if self.trace.clash(change, members):
                del self.pending[change]
                self.outcome.send_back(change, self.now)

    def refuse(self, change: int) -> None:
        """Send a change back to its author."""
        del self.pending[change]
        good = self.trace.arrivals[change].good
        self.outcome.refuse(change, self.now, wrongly=good and not self._clashes(change))

    def run(self, policy: Policy) -> Outcome:
        """Until nothing is left that could happen."""
        arrivals = self.trace.arrivals
        come = 0
        while come < len(arrivals) or self._events:
            if come < len(arrivals) and (
                not self._events or arrivals[come].at <= self._events[0][0]
            ):
                self.now = arrivals[come].at
                self.pending[come] = None
                policy.arrived(come)
                come += 1
            elif not self._end_one(policy):
                continue
            policy.decide()
        return self.outcome

    def _end_one(self, policy: Policy) -> bool:
        """The next build ends, unless it was cancelled."""
        ends, _, build = heappop(self._events)
        if build not in self.running:
            return False
        self.now = ends
        self.running.remove(build)
        self.outcome.minutes += ends - build.started
        passed = self._passes(build)
        if passed:
            self._tested.setdefault(build.base + len(build.members), []).append(build)
        policy.ended(build, passed=passed)
        return True

    def _passes(self, build: Build) -> bool:
        arrivals, disagree = self.trace.arrivals, self.trace.disagree
        fine = all(arrivals[each].good for each in build.members)
        if fine and self.trace.setting.interact:
            fine = not any(
                disagree(one, other)
                for place, one in enumerate(build.members)
                for other in build.members[:place]
            ) and not any(self._clashes(each, build.base) for each in build.members)
        return fine and self._random.random() >= self.trace.setting.flake

    def _clashes(self, change: int, base: int | None = None) -> bool:
        """Whether it disagrees with one that landed after it came: its author could not know."""
        came = self.trace.arrivals[change].at
        for other in reversed(self.landed[:base]):
            if self._landed_at[other] < came:
                return False
            if self.trace.disagree(change, other):
                return True
        return False

    def _was_tested(self, members: tuple[int, ...]) -> bool:
        """Whether a passing build holds just what the target will hold."""
        long = len(self.landed) + len(members)
        return any(
            {*self.landed[build.base :], *members} == set(build.members)
            for build in self._tested.get(long, ())
        )
