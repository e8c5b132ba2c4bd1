"""A queue is well while nothing that is ready waits for long."""

from __future__ import annotations

from refinery.queue.health import counts, last_merge, oldest_ready, statistics, waiting_since
from refinery.queue.standing import Code
from refinery.records.merge_request import Attempt, AttemptOutcome, CloseReason
from tests.decisions.makers import (
    NOW,
    a_blocked_mr,
    a_claim,
    a_closed_mr,
    a_failed_mr,
    a_view,
    ago,
    an_mr,
)


def test_only_what_is_ready_counts_as_waiting() -> None:
    view = a_view(
        an_mr("young", submitted_at=ago(minutes=5)),
        an_mr("old", submitted_at=ago(minutes=50)),
        an_mr("claimed", submitted_at=ago(hours=5)),
        a_blocked_mr("blocked", submitted_at=ago(hours=6)),
        claims=[a_claim("claimed")],
    )
    oldest = oldest_ready(view, NOW)
    assert oldest is not None
    assert oldest.branch == "old"
    assert oldest_ready(a_view(a_blocked_mr("blocked")), NOW) is None


def test_an_attempt_is_somebody_doing_something_about_it() -> None:
    tried = Attempt(ago(minutes=2), "bob", AttemptOutcome.ERROR)
    assert waiting_since(an_mr("a", attempts=(tried,))) == ago(minutes=2)


def test_counts_name_every_standing_of_live_ones() -> None:
    view = a_view(an_mr("a"), an_mr("b"), a_failed_mr("c"), a_closed_mr("d"))
    found = counts(view, NOW)
    assert {code: number for code, number in found.items() if number} == {
        Code.READY: 2,
        Code.NEEDS_REWORK: 1,
    }
    assert set(found) == set(Code) - {Code.CLOSED}


def test_statistics_cover_recent_records() -> None:
    conflict = Attempt(ago(minutes=9), "bob", AttemptOutcome.CONFLICT)
    failure = Attempt(ago(minutes=8), "bob", AttemptOutcome.TESTS_FAIL)
    view = a_view(
        a_closed_mr("a", closed_at=ago(hours=3)),
        a_closed_mr("b", attempts=(conflict, failure)),
        a_closed_mr("c", CloseReason.REJECTED),
        a_blocked_mr("d", attempts=(conflict,)),
    )
    found = statistics(view)
    assert {reason: number for reason, number in found.closed.items() if number} == {
        "merged": 2,
        "rejected": 1,
    }
    assert (found.conflicts, found.failures, found.since) == (2, 1, ago(hours=3))
    last = last_merge(view)
    assert last is not None
    assert last.branch == "b"
    assert last_merge(a_view(an_mr("a"))) is None
