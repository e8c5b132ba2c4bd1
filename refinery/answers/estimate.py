"""Places and landing times as programs see them."""

from __future__ import annotations

from refinery.queue.board import Place
from refinery.queue.estimating import Estimate, LandingTime, NoLandingTime
from refinery.records.times import format_time
from refinery.typed import Any


def estimate_of(place: Place | None, estimate: Estimate) -> dict[str, Any]:
    """The keys `place`, `estimate` and `no_estimate`, which says why there is none."""
    return {
        "place": {"number": place.number, "of": place.of} if place is not None else None,
        "estimate": _times(estimate) if isinstance(estimate, LandingTime) else None,
        "no_estimate": estimate.words if isinstance(estimate, NoLandingTime) else None,
    }


def _times(found: LandingTime) -> dict[str, Any]:
    begin, end = found.range_at
    return {
        "median_seconds": round(found.median, 1),
        "half_seconds": [round(each, 1) for each in found.half],
        "range_seconds": [round(each, 1) for each in found.most],
        "expected_at": format_time(found.expected_at),
        "range_at": [format_time(begin), format_time(end)],
        "chance": round(found.chance, 3),
        "landings_seen": found.seen,
    }
