"""How good landing times were is counted from what was told and what came of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from refinery.queue.accuracy import Accuracy, Answer, summed
from refinery.queue.landing_time import LandingTime
from refinery.queue.passages import Passage
from tests.decisions.makers import MAIN, NOW, ago, an_id

TOLD = LandingTime(NOW, 100.0, (80.0, 120.0), (50.0, 200.0), 0.9, 9)


def test_without_answers_only_what_was_asked_is_known() -> None:
    assert summed([], moments=3, untold=2) == Accuracy(moments=3, untold=2)


def test_shares_are_of_all_answers_and_errors_of_those_that_landed() -> None:
    took = (49.9, 50.0, 80.0, 120.0, 200.0, 200.1, None, 110.0)
    assert summed([Answer(TOLD, each) for each in took], moments=4, untold=1) == Accuracy(
        moments=4,
        count=8,
        in_half=3 / 8,
        in_most=5 / 8,
        early=1 / 8,
        late=2 / 8,
        median_error=50.0,
        usual=110.0,
        untold=1,
    )


def test_what_is_only_overdue_has_no_error() -> None:
    assert summed([Answer(TOLD, None)]) == Accuracy(count=1, late=1.0)


def test_times_of_a_passage_are_known_once_they_are_there() -> None:
    way = Passage(an_id("a"), MAIN, ago(minutes=10))
    assert (way.wait_minutes, way.turnaround_minutes) == (None, None)
    tested = replace(way, tested=ago(minutes=8), decided=ago(minutes=3))
    assert (tested.wait_minutes, tested.turnaround_minutes) == (2, 7)
    early = replace(way, tested=ago(minutes=11), decided=ago(minutes=12))
    assert (early.wait_minutes, early.turnaround_minutes) == pytest.approx((0, 0))
