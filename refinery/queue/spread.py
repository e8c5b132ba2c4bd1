"""How a figure spreads over many: its usual value, and how bad it gets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor

from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """Of `count` values, half are at most `p50`; all figures are 0 where there are none."""

    count: int = 0
    mean: float = 0.0
    p50: float = 0.0
    p95: float = 0.0
    p99: float = 0.0


def spread(values: Iterable[float]) -> Spread:
    """How the values spread, in their own unit."""
    ordered = sorted(values)
    if not ordered:
        return Spread()
    return Spread(
        count=len(ordered),
        mean=min(max(sum(ordered) / len(ordered), ordered[0]), ordered[-1]),
        p50=percentile(ordered, 0.50),
        p95=percentile(ordered, 0.95),
        p99=percentile(ordered, 0.99),
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """Between the two nearest of an ordered list, in proportion."""
    if not ordered:
        return 0.0
    place = share * (len(ordered) - 1)
    low = floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
