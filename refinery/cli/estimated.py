"""How places and landing times look on the command line."""

from __future__ import annotations

from refinery.queue.board import Place
from refinery.queue.estimate_words import in_full
from refinery.queue.estimating import Estimate, LandingTime
from refinery.records.merge_request import MergeRequest


def rows_of_estimate(
    mr: MergeRequest, place: Place | None, estimate: Estimate
) -> list[tuple[str, str | None]]:
    """The lines of `show`; what keeps one that is not ready is said by `Why` already."""
    where = f"{place.number} of {place.of} ready for {mr.target}" if place else None
    said = place is not None or isinstance(estimate, LandingTime)
    return [("Place", where), ("Lands", in_full(estimate) if said else None)]
