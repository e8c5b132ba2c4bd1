"""A queue's own past as a trace."""

from __future__ import annotations

import pytest

from refinery.records.merge_request import Attempt, AttemptOutcome, CloseReason
from refinery.records.names import Branch
from refinery.simulation.history import trace_of
from refinery.simulation.policies import compare
from refinery.simulation.trace import Setting
from tests.decisions.makers import a_closed_mr, a_failed_mr, a_verdict, ago


def test_who_landed_was_good_and_who_failed_was_bad() -> None:
    failed = Attempt(ago(minutes=1), "ada", AttemptOutcome.TESTS_FAIL)
    mrs = [
        a_closed_mr("a", submitted_at=ago(minutes=60)),
        a_failed_mr("b", attempts=(failed,), submitted_at=ago(minutes=30)),
        a_closed_mr("c", CloseReason.CONFLICT, submitted_at=ago(minutes=20)),
    ]
    trace = trace_of(mrs, [a_verdict("a", seconds=300)], Setting(workers=3, seed=2))
    assert [(each.at, each.good) for each in trace.arrivals] == [(0, True), (30, False)]
    setting = trace.setting
    assert (setting.workers, setting.changes, setting.arrivals) == (3, 2, 2)
    assert (setting.duration, setting.fail) == (5, 0.5)
    assert [each.landed for each in compare(["oracle", "refinery"], trace)] == [1, 1]


def test_a_queue_without_a_past_is_an_empty_trace() -> None:
    assert trace_of([], [], Setting()).arrivals == ()


def test_runs_last_as_long_and_differ_as_much_as_they_did() -> None:
    mrs = [a_closed_mr("a", submitted_at=ago(minutes=60))]
    seconds = [60 * minutes for minutes in (4, 4, 5, 5, 5, 5, 5, 6, 6, 12)]
    verdicts = [a_verdict(str(number), seconds=each) for number, each in enumerate(seconds)]
    setting = trace_of(mrs, verdicts, Setting()).setting
    assert (setting.shortest, setting.duration, setting.longest) == (4, 5, 12)
    assert 0.2 < setting.spread < 0.4
    few = trace_of(mrs, verdicts[:3], Setting()).setting
    assert (few.shortest, few.duration, few.longest) == pytest.approx((2.4, 4, 8))


def test_the_share_of_pairs_that_conflict_is_of_those_that_met() -> None:
    conflict = Attempt(ago(minutes=1), "ada", AttemptOutcome.CONFLICT)
    times = {"submitted_at": ago(minutes=60)}
    mrs = [
        *(a_closed_mr(name, closed_at=ago(minutes=30), **times) for name in "abcd"),
        a_closed_mr("e", attempts=(conflict,), closed_at=ago(minutes=5), **times),
    ]
    assert trace_of(mrs, [], Setting()).setting.conflict == pytest.approx(1 / 4)


def test_the_busiest_target_is_the_one_that_is_simulated() -> None:
    mrs = [
        a_closed_mr("a", submitted_at=ago(minutes=60)),
        a_closed_mr("b", submitted_at=ago(minutes=50)),
        a_closed_mr("c", submitted_at=ago(minutes=40), target=Branch("old")),
    ]
    verdicts = [a_verdict("c", seconds=3000, target=Branch("old")), a_verdict("a", seconds=300)]
    trace = trace_of(mrs, verdicts, Setting())
    assert [each.at for each in trace.arrivals] == [0, 10]
    assert trace.setting.duration == 5
