"""What came of a policy on a trace: when each change was decided, and what it cost."""

from __future__ import annotations

from refinery.queue.spread import percentile
from refinery.simulation.trace import PERSON, Trace
from refinery.values import dataclass

WARM_UP = 0.1  # of the changes at either end are left out of the times


class Outcome:
    """Filled in while a policy runs."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.decided: dict[int, float] = {}
        self.landed = 0
        self.refused: set[int] = set()
        self.wrongly_refused = 0
        self.conflicts = 0
        self.builds = 0
        self.minutes = 0.0
        self.red = 0

    def land(self, change: int, at: float) -> None:
        """It landed."""
        self.decided[change] = at
        self.landed += 1

    def refuse(self, change: int, at: float, *, wrongly: bool) -> None:
        """It was sent back."""
        self.decided[change] = at
        self.refused.add(change)
        self.wrongly_refused += wrongly

    def send_back(self, change: int, at: float) -> None:
        """It conflicts with what landed: its author has to solve that."""
        self.decided[change] = at
        self.conflicts += 1

    def times(self, author: str | None = None) -> list[float]:
        """From submitted to decided, shortest first; the first and the last to come are left out.

        Before them the queue was empty, and after them nobody comes any more.  With an `author`,
        of what that one submitted.
        """
        arrivals = self.trace.arrivals
        margin = int(WARM_UP * len(arrivals))
        return sorted(
            self.decided[each] - arrivals[each].at
            for each in range(margin, len(arrivals) - margin)
            if each in self.decided and author in (None, arrivals[each].author)
        )


@dataclass(frozen=True, slots=True)
class Waits:
    """How long the person among the agents waits, in minutes; `longest` of all."""

    p50: float
    p95: float
    longest: float
    changes: int


@dataclass(frozen=True, slots=True)
class Row:
    """A policy's figures; times in minutes from submitted to landed or sent back."""

    policy: str
    p50: float
    p95: float
    p99: float
    builds_per_landed: float
    ci_minutes_per_landed: float
    landed: int
    wrongly_refused: int
    conflicts: int = 0
    red_landings: int = 0
    undecided: int = 0
    person: Waits | None = None


def row(policy: str, outcome: Outcome) -> Row:
    """The figures of an outcome."""
    times = outcome.times()
    landed = max(1, outcome.landed)
    return Row(
        policy=policy,
        p50=percentile(times, 0.50),
        p95=percentile(times, 0.95),
        p99=percentile(times, 0.99),
        builds_per_landed=outcome.builds / landed,
        ci_minutes_per_landed=outcome.minutes / landed,
        landed=outcome.landed,
        wrongly_refused=outcome.wrongly_refused,
        conflicts=outcome.conflicts,
        red_landings=outcome.red,
        undecided=len(outcome.trace.arrivals) - len(outcome.decided),
        person=_person(outcome),
    )


def _person(outcome: Outcome) -> Waits | None:
    times = outcome.times(PERSON)
    if not times:
        return None
    return Waits(percentile(times, 0.50), percentile(times, 0.95), times[-1], len(times))
