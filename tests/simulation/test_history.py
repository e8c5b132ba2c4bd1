"""A queue's own past as a trace."""

from __future__ import annotations

from refinery.records.merge_request import Attempt, AttemptOutcome, CloseReason
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
    assert (setting.workers, setting.changes, setting.arrivals) == (3, 2, 4)
    assert (setting.duration, setting.fail) == (5, 0.5)
    assert [each.landed for each in compare(["oracle", "refinery"], trace)] == [1, 1]


def test_a_queue_without_a_past_is_an_empty_trace() -> None:
    assert trace_of([], [], Setting()).arrivals == ()
