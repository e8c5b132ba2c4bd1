"""What the past tells of the pace: lengths of runs, waits, workers and builds, each by itself."""

from __future__ import annotations

from dataclasses import replace
from math import exp

import pytest

from refinery.config.config import Config
from refinery.queue.pace import Pace, Tested, Way, pace_of
from refinery.queue.pace_from_view import pace_from
from refinery.queue.planning.facts import Purpose
from refinery.records.merge_request import Attempt, AttemptOutcome
from refinery.records.names import Branch, MrId
from refinery.records.verdict import Result
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_closed_mr,
    a_failed_mr,
    a_landing,
    a_verdict,
    a_view,
    ago,
    an_mr,
)

SUPPOSED = tuple(exp(0.35 * each) for each in (-1.4, -0.7, -0.3, 0.3, 0.7, 1.4))
PICKUPS = tuple(exp(each) for each in (-1.4, -0.7, -0.3, 0.3, 0.7, 1.4))


def a_run(name: str, began: float, minutes: float = 10.0, **fields: object) -> Tested:
    values = {"purpose": Purpose.TRAIN, "passed": True, "landed": True} | fields
    return Tested((MrId(name),), began, minutes, **values)  # type: ignore[arg-type]


def a_way(name: str, came: float, left: float, unhindered: bool = True) -> Way:
    return Way(MrId(name), came, left, unhindered)


THREE = [a_run("a", 0), a_run("b", 20), a_run("c", 40)]
WAYS = [a_way("a", -1, 10), a_way("b", 15, 30), a_way("c", 38, 50)]
EARLIER = a_run("z", -5, 1)  # so that it is known what was going on when `a` came


def pace(
    runs: list[Tested], ways: list[Way], waiting: tuple[float, ...] = (), **fields: float
) -> Pace | None:
    values = {"belief": 1.0, "most": 4, "now": 50.0} | fields
    return pace_of(runs, ways, waiting=waiting, **values)  # type: ignore[arg-type]


def known(runs: list[Tested], ways: list[Way], **fields: float) -> Pace:
    found = pace(runs, ways, **fields)
    assert found is not None
    return found


def test_all_that_three_runs_tell() -> None:
    found = known(THREE, WAYS, belief=0.9)
    assert found.minutes == tuple(sorted((10, 10, 10, *(10 * each for each in SUPPOSED))))
    assert found.shares[Purpose.TRAIN] == pytest.approx((3 + 0.92 * 12) / 15)
    assert found.shares[Purpose.BASE] == 0
    assert (found.belief, found.workers, found.seen) == (0.9, 1, 3)
    assert found.builds == pytest.approx(1.05 * 0.468996, rel=1e-5)
    assert found.usual_minutes == 10
    assert found.landing_share(Purpose.TRAIN) == found.shares[Purpose.TRAIN]
    assert Pace((1.0,)).landing_share(Purpose.HEDGE) == 0.5


def test_with_fewer_than_three_that_passed_nothing_is_told() -> None:
    failed = replace(THREE[2], passed=False)
    assert pace([*THREE[:2], failed], WAYS) is None
    assert pace([*THREE, failed], WAYS) is not None


def test_unless_something_landed_by_itself_nothing_is_told() -> None:
    assert pace(THREE, [replace(each, unhindered=False) for each in WAYS]) is None


def test_a_dozen_runs_speak_for_themselves() -> None:
    runs = [a_run(f"r{number}", 20 * number, 5 + number) for number in range(12)]
    assert known(runs, WAYS).minutes == tuple(5 + number for number in range(12))
    assert len(known(runs[:11], WAYS).minutes) == 11 + len(SUPPOSED)


def test_only_the_last_fifty_runs_count() -> None:
    runs = [a_run(f"r{number}", 20 * number, 19 if number < 10 else 7) for number in range(60)]
    assert set(known(runs, WAYS).minutes) == {7}


@pytest.mark.parametrize(("belief", "builds"), [(1.0, 0.25), (0.0, 0.25), (0.5, 1.05)])
def test_a_change_takes_as_many_builds_as_its_outcome_has_bits(
    belief: float, builds: float
) -> None:
    assert known(THREE, WAYS, belief=belief).builds == pytest.approx(builds)


class TestPickups:
    def test_they_waited_until_their_first_run_began(self) -> None:
        waits = (1, 5, 2, *(2 * each for each in PICKUPS))
        assert known([EARLIER, *THREE], WAYS).pickups == pytest.approx(sorted(waits))

    def test_who_came_before_all_that_is_known_tells_nothing(self) -> None:
        assert known(THREE, WAYS).pickups == ()

    def test_who_came_while_a_run_was_going_on_waited_for_that(self) -> None:
        during = [WAYS[0], a_way("b", 9.9, 30), WAYS[2]]
        assert known([EARLIER, *THREE], during).pickups == ()
        at_once = [a_way("a", 0, 10), *WAYS[1:]]
        assert known([EARLIER, *THREE], at_once).pickups == ()

    def test_at_the_moment_a_run_ends_its_worker_is_free(self) -> None:
        at_the_end = [WAYS[0], a_way("b", 10, 30), WAYS[2]]
        waits = (1, 10, 2, *(2 * each for each in PICKUPS))
        assert known([EARLIER, *THREE], at_the_end).pickups == pytest.approx(sorted(waits))

    def test_whom_no_known_run_tested_tells_nothing(self) -> None:
        other = a_way("other", 38, 50)
        assert known([EARLIER, *THREE], [*WAYS[:2], other]).pickups == ()

    def test_of_several_runs_the_first_ended_the_wait(self) -> None:
        runs = [EARLIER, *THREE]
        assert known([*runs, a_run("b", 60)], WAYS).pickups == known(runs, WAYS).pickups


def test_workers_are_as_many_as_ran_at_once() -> None:
    overlapping = [a_run("a", 0), a_run("b", 5), a_run("c", 9.9), a_run("d", 10)]
    assert known(overlapping, WAYS).workers == 3


class TestBuilds:
    """Six wait for the one worker from 0 on, and are decided two a run of ten minutes."""

    runs = tuple(a_run(f"r{number}", 10 * number) for number in range(6))
    ways = tuple(a_way(f"w{number}", 0, 10 * (number // 2 + 1)) for number in range(6))

    def builds(self, waiting: int, until: float, ways: tuple[Way, ...] | None = None) -> float:
        told = known_with([*self.runs], [*(ways or self.ways)], tuple([0.0] * waiting), now=until)
        return told.builds

    def test_while_more_wait_than_six_for_each_worker_time_is_spent(self) -> None:
        # Busy from 0 to 50, of which 30 minutes decide six: five builds in all.
        assert self.builds(6, 50) == pytest.approx((5 + 0.25 * 60) / (6 + 60))

    def test_while_fewer_wait_it_is_not(self) -> None:
        # Busy until the first two are decided.
        assert self.builds(0, 50) == pytest.approx((1 + 0.25 * 60) / (1 + 60))

    def test_of_a_standstill_only_the_beginning_counts(self) -> None:
        assert self.builds(6, 1000) == pytest.approx((3 + 4 + 0.25 * 60) / (6 + 60))

    def test_what_was_before_the_first_known_run_is_not_counted(self) -> None:
        early = a_way("early", -50, -40)
        assert self.builds(6, 50, (early, *self.ways)) == self.builds(6, 50)


def known_with(runs: list[Tested], ways: list[Way], waiting: tuple[float, ...], now: float) -> Pace:
    found = pace(runs, ways, waiting, now=now)
    assert found is not None
    return found


class TestFromTheView:
    names = ("a", "b", "c")
    verdicts = tuple(
        a_verdict(name, seconds=120, at=ago(minutes=10 + 5 * n), purpose="train")
        for n, name in enumerate(names)
    )
    mrs = tuple(
        a_closed_mr(
            name,
            submitted_at=ago(minutes=15 + 5 * n),
            closed_at=ago(minutes=9 + 5 * n),
            landing=a_landing(name, tree=verdict.tree),
        )
        for n, (name, verdict) in enumerate(zip(names, verdicts, strict=True))
    )

    def told(self, *more: object, verdicts: tuple[object, ...] = ()) -> Pace:
        config = replace(Config(), batch_max=4)
        found = replace(a_view(), mrs={mr.id: mr for mr in (*self.mrs, *more)})  # type: ignore[attr-defined]
        given = {each.key: each for each in (*self.verdicts, *verdicts)}  # type: ignore[attr-defined]
        fitting = {
            key: replace(each, fingerprint=config.fingerprint) for key, each in given.items()
        }
        view = replace(found, verdicts={each.key: each for each in fitting.values()})
        pace = pace_from(view, MAIN, config, NOW, waiting=())
        assert pace is not None
        return pace

    def test_lengths_landings_and_what_it_believes_come_from_the_records(self) -> None:
        pace = self.told()
        assert sorted(pace.minutes)[4:7] != []
        assert pace.usual_minutes == pytest.approx(2, rel=0.2)
        assert (pace.seen, pace.workers) == (3, 1)
        assert pace.belief == pytest.approx((3 + 0.92 * 24) / 27, abs=0.03)

    def test_who_is_still_open_tells_nothing_of_what_becomes_of_changes(self) -> None:
        assert self.told(an_mr("open"), an_mr("other", target=Branch("dev"))) == self.told()

    def test_who_was_sent_back_was_decided(self) -> None:
        blamed = Attempt(ago(minutes=2), "ada", AttemptOutcome.TESTS_FAIL)
        bad = a_failed_mr("bad", attempts=(blamed,))
        assert self.told(bad).belief < self.told().belief

    def test_a_run_counts_as_the_longer_of_its_times_but_never_as_none(self) -> None:
        long = a_verdict("d", seconds=1, took=3600, at=ago(minutes=40))
        none = a_verdict("e", seconds=0, at=ago(minutes=30))
        pace = self.told(verdicts=(long, none))
        assert max(pace.minutes) >= 60
        assert min(pace.minutes) == 1e-3

    def test_what_failed_or_was_tested_before_the_first_landing_has_no_share(self) -> None:
        before = a_verdict("d", seconds=60, at=ago(hours=2), purpose="train")
        failed = a_verdict("e", seconds=60, result=Result.FAIL, at=ago(minutes=5), purpose="train")
        assert self.told(verdicts=(before, failed)).shares == self.told().shares
