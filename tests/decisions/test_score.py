"""The score, to the point: the figures that the order was specified with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refinery.config.config import ScoreWeights
from refinery.queue.score import score
from tests.decisions.makers import NOW, ago, an_mr

WEIGHTS = ScoreWeights()


def of(*, hours: float = 0, convoy: float | None = None, **fields: Any) -> float:
    """The score of one so many hours old, in a convoy so many hours old."""
    formed = None if convoy is None else ago(hours=convoy)
    mr = an_mr(created_at=ago(hours=hours), convoy_created_at=formed, **fields)
    return score(mr, NOW, WEIGHTS)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"priority": 0}, 1400),
        ({"priority": 1}, 1300),
        ({"priority": 2}, 1200),
        ({"priority": 3}, 1100),
        ({"priority": 4}, 1000),
        ({"priority": 10}, 1000),
        ({"priority": -3}, 1400),
        ({"priority": 2, "convoy": 24}, 1440),
        ({"priority": 4, "convoy": 48}, 1480),
        ({"priority": 2, "convoy": 24, "retry_count": 3}, 1290),
        ({"priority": 0, "retry_count": 6}, 1100),
        ({"priority": 0, "retry_count": 7}, 1100),
        ({"priority": 0, "retry_count": 1000}, 1100),
        ({"priority": 1, "hours": 2, "convoy": 12, "retry_count": 1}, 1372),
        ({"priority": 2, "hours": 0.5}, 1200.5),
        ({"priority": 2, "hours": -5}, 1200),
        ({"priority": 2, "convoy": -5}, 1200),
    ],
    ids=str,
)
def test_the_figures_of_the_specification(fields: dict[str, Any], expected: float) -> None:
    assert of(**fields) == expected


def test_an_old_convoy_of_the_lowest_priority_goes_before_a_fresh_urgent_one() -> None:
    assert of(priority=4, convoy=48) > of(priority=0)


def test_each_weight_is_used() -> None:
    weights = ScoreWeights(
        base=1, convoy_hour=10, priority=100, retry=1000, retry_cap=1500, hour=10_000
    )
    mr = an_mr(priority=1, created_at=ago(hours=2), convoy_created_at=ago(hours=3), retry_count=2)
    assert score(mr, NOW, weights) == 1 + 30 + 300 - 1500 + 20_000


@given(st.integers(0, 4), st.integers(0, 20), st.floats(-100, 1000), st.floats(0, 100))
def test_waiting_never_costs(priority: int, retries: int, hours: float, more: float) -> None:
    mr = an_mr(priority=priority, retry_count=retries, created_at=ago(hours=hours))
    later = NOW + timedelta(hours=more)
    assert score(mr, later, WEIGHTS) >= score(mr, NOW, WEIGHTS)
