"""The score: how much one merge request wants to be next.

    base + convoy_hour * hours since the convoy was formed
         + priority * clamp(4 - priority, 0, 4)
         - min(retry * retry_count, retry_cap)
         + hour * hours since it was created

Higher first.  A time in the future adds nothing.
"""

from __future__ import annotations

from datetime import datetime

from refinery.config.config import ScoreWeights
from refinery.records.merge_request import MergeRequest

LOWEST_PRIORITY = 4
_HOUR = 3600.0


def score(mr: MergeRequest, now: datetime, weights: ScoreWeights) -> float:
    """The score at `now`."""
    urgency = max(0, min(LOWEST_PRIORITY, LOWEST_PRIORITY - mr.priority))
    return (
        weights.base
        + weights.convoy_hour * _hours(mr.convoy_created_at, now)
        + weights.priority * urgency
        - min(weights.retry * mr.retry_count, weights.retry_cap)
        + weights.hour * _hours(mr.created_at, now)
    )


def _hours(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds() / _HOUR) if since else 0.0
