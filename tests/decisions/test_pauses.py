"""How soon a queue is looked at again."""

from __future__ import annotations

import pytest

from refinery.queue.pauses import Pauses

USUAL = Pauses(10.0, 120.0)


@pytest.mark.parametrize(
    ("quiet", "pause"), [(0, 10), (99, 10), (300, 30), (1200, 120), (86400, 120)]
)
def test_the_pause_is_a_tenth_of_the_quiet(quiet: float, pause: float) -> None:
    assert USUAL.after(quiet) == pause


@pytest.mark.parametrize(("cost", "pause"), [(0.1, 10), (1.5, 30), (20, 60)])
def test_looks_that_take_long_are_made_rarely(cost: float, pause: float) -> None:
    assert USUAL.after(0, cost=cost) == pause


@pytest.mark.parametrize(("tries", "pause"), [(1, 20), (2, 40), (3, 60), (1000, 60)])
def test_pauses_grow_in_an_outage_up_to_a_minute(tries: int, pause: float) -> None:
    assert USUAL.after_trouble(tries) == pause


def test_who_asks_for_long_pauses_gets_them() -> None:
    long = Pauses(every=600, longest=120)
    assert (long.after(0), long.after_trouble(3)) == (600, 600)
