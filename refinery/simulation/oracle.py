"""The policy that knows each outcome in advance: one build for each change, and no other.

It is what others are compared with.  Changes land in the order they came in; who is bad is told so
when a build of it would have ended.
"""

from __future__ import annotations

from heapq import heappop, heappush

from refinery.simulation.outcome import Outcome
from refinery.simulation.trace import Trace


def oracle(trace: Trace) -> Outcome:
    """First come, first built, on as many workers as there are."""
    outcome = Outcome(trace)
    free_at = [0.0] * trace.setting.workers
    last = 0.0
    landed: list[int] = []
    decided: dict[int, float] = {}
    for change, arrival in enumerate(trace.arrivals):
        if (since := _conflicts_since(trace, change, landed, decided)) is not None:
            decided[change] = since
            outcome.send_back(change, since)
            continue
        begins = max(arrival.at, heappop(free_at))
        heappush(free_at, begins + arrival.minutes)
        last = max(last, begins + arrival.minutes)
        decided[change] = last
        outcome.builds += 1
        outcome.minutes += arrival.minutes
        if arrival.good and not _disagrees(trace, change, landed, decided):
            landed.append(change)
            outcome.land(change, last)
        else:
            outcome.refuse(change, last, wrongly=False)
    return outcome


def _conflicts_since(
    trace: Trace, change: int, landed: list[int], decided: dict[int, float]
) -> float | None:
    """When the first landed that it cannot be merged with, if that has happened since it came."""
    came = trace.arrivals[change].at
    if not trace.setting.conflict:
        return None
    return min(
        (
            decided[other]
            for other in landed
            if decided[other] > came and trace.clash(change, (other,))
        ),
        default=None,
    )


def _disagrees(trace: Trace, change: int, landed: list[int], decided: dict[int, float]) -> bool:
    came = trace.arrivals[change].at
    for other in reversed(landed):
        if decided[other] <= came:
            return False
        if trace.disagree(change, other):
            return True
    return False
