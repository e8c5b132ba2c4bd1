"""What came of a policy on a trace: when each change was decided, and what it cost."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

from refinery.simulation.trace import Trace
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


@dataclass(frozen=True, slots=True)
class Row:
    """A policy's figures; times in minutes from submitted to landed or refused."""

    policy: str
    p50: float
    p95: float
    p99: float
    builds_per_landed: float
    ci_minutes_per_landed: float
    landed: int
    wrongly_refused: int
    red_landings: int = 0
    undecided: int = 0


def row(policy: str, outcome: Outcome) -> Row:
    """The figures of an outcome."""
    arrivals = outcome.trace.arrivals
    first, last = int(WARM_UP * len(arrivals)), len(arrivals) - int(WARM_UP * len(arrivals))
    times = sorted(
        outcome.decided[each] - arrivals[each].at
        for each in range(first, last)
        if each in outcome.decided
    )
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
        red_landings=outcome.red,
        undecided=len(arrivals) - len(outcome.decided),
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """Between the two nearest of an ordered list, in proportion."""
    if not ordered:
        return 0.0
    place = share * (len(ordered) - 1)
    low = floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
