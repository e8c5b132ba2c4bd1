"""Landing times are as good as they say: on fresh simulated queues nine in ten ranges come true."""

from __future__ import annotations

from statistics import fmean

import pytest

from refinery.queue.accuracy import Accuracy, accuracy, summed
from refinery.queue.estimating import LandingTime, estimates
from refinery.queue.looking_back import view_at
from refinery.records.names import MrId
from refinery.simulation.calibration import CELLS, cell
from refinery.simulation.recording import MAIN, Recording
from refinery.simulation.trace import Setting, synthetic
from refinery.simulation.world import World

pytestmark = pytest.mark.journey

FRESH = 424_242  # no figure was fitted to it
SETTING = Setting(arrivals=20, workers=4, changes=90, batch=16, seed=FRESH)


@pytest.fixture(scope="module")
def found() -> dict[str, Accuracy]:
    """Every kind of queue there is, for a while."""
    return {each[0]: summed(cell(each, [FRESH], changes=60)) for each in CELLS}


def test_nine_in_ten_land_within_the_range(found: dict[str, Accuracy]) -> None:
    shares = [each.in_most for each in found.values()]
    assert 0.80 <= fmean(shares) <= 0.97
    assert min(shares) >= 0.6


def test_half_land_within_the_half_range(found: dict[str, Accuracy]) -> None:
    assert 0.35 <= fmean(each.in_half for each in found.values()) <= 0.65


def test_an_estimate_is_nearer_than_the_usual_time(found: dict[str, Accuracy]) -> None:
    assert fmean(each.median_error / each.usual for each in found.values()) < 0.5


@pytest.fixture(scope="module")
def recording() -> Recording:
    """A queue that has come to its end."""
    made = Recording(World(synthetic(SETTING)))
    made.world.run(made)
    return made


def test_the_records_alone_tell_how_good_they_were(recording: Recording) -> None:
    looked_back = accuracy(
        recording.view(),
        recording.mrs,
        {MAIN: recording.config},
        since=recording.at(0),
        now=recording.now,
        moments=15,
    )
    assert looked_back.moments == 15
    assert looked_back.count > 30
    assert 0.75 <= looked_back.in_most <= 1
    assert looked_back.in_half <= looked_back.in_most
    assert looked_back.early + looked_back.late == pytest.approx(1 - looked_back.in_most)
    assert 0 < looked_back.median_error < looked_back.usual


def test_a_view_of_the_past_tells_what_was_told_then() -> None:
    """Where no run was stopped, records keep all that landing times are made of."""
    told: list[tuple[dict[MrId, float], float]] = []

    def watch() -> None:
        now = made.now
        found = estimates(made.view(), MAIN, made.config, now)
        times = {id: each.median for id, each in found.items() if isinstance(each, LandingTime)}
        told.append((times, made.world.now))

    setting = Setting(arrivals=2, workers=1, changes=25, fail=0, seed=FRESH)
    made = Recording(World(synthetic(setting)), watch=watch)
    made.world.run(made)
    verdicts = list(made.verdicts.values())
    compared = 0
    for times, minutes in told:
        at = made.at(minutes)
        again = estimates(view_at(at, MAIN, made.mrs, verdicts), MAIN, made.config, at)
        for id, median in times.items():
            estimate = again[id]
            assert isinstance(estimate, LandingTime)
            assert estimate.median == pytest.approx(median, rel=1e-6)
            compared += 1
    assert compared > 20


def test_who_is_overdue_counts_against_the_ranges(recording: Recording) -> None:
    cut = [at for mr in recording.mrs.values() if (at := mr.closed_at) is not None]
    half_way = sorted(cut)[len(cut) // 2]
    view = view_at(half_way, MAIN, recording.mrs, recording.verdicts.values())
    long_after = recording.at(1e5)
    records = view.mrs
    told = accuracy(
        view, records, {MAIN: recording.config}, since=recording.at(0), now=long_after, moments=5
    )
    soon = accuracy(
        view, records, {MAIN: recording.config}, since=recording.at(0), now=half_way, moments=5
    )
    assert told.count >= soon.count
    assert told.late >= soon.late
