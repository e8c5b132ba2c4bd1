"""What people decide: reject, retry, hold, pause, and each of them back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from refinery.queue.operating import (
    Already,
    Immutable,
    InProgress,
    hold,
    pause,
    reject,
    resume,
    retry,
    unhold,
)
from refinery.records.header import Pause, QueueHeader
from refinery.records.merge_request import CloseReason, Hold, Status
from refinery.records.verdict import Result
from refinery.store.edit import Edit, Event
from refinery.store.view import View
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_blocked_mr,
    a_candidate_claim,
    a_claim,
    a_closed_mr,
    a_failed_mr,
    a_hold,
    a_verdict,
    a_view,
    an_id,
    an_mr,
)

A = an_id("a")

DECISIONS: dict[str, Callable[[View], Any]] = {
    "reject": lambda view: reject(view, A, reason="no", by="eve", now=NOW),
    "retry": lambda view: retry(view, A, by="eve", now=NOW),
    "hold": lambda view: hold(view, A, reason="no", by="eve", now=NOW),
    "unhold": lambda view: unhold(view, A, by="eve"),
}


@pytest.mark.parametrize("decide", DECISIONS.values(), ids=DECISIONS)
@pytest.mark.parametrize("reason", CloseReason)
def test_closed_ones_are_immutable(decide: Callable[[View], Any], reason: CloseReason) -> None:
    closed = a_closed_mr("a", reason, failure=a_failed_mr().failure, hold=a_hold())
    assert decide(a_view(closed)) == Immutable(closed)


@pytest.mark.parametrize("name", DECISIONS)
def test_one_that_still_lies_in_the_inbox_is_folded_with_the_decision(name: str) -> None:
    mr = an_mr(failure=a_failed_mr().failure, hold=a_hold() if name == "unhold" else None)
    edit = DECISIONS[name](a_view(mr, unfolded=["a"]))
    assert isinstance(edit, Edit)
    assert edit.fold == (A,)
    assert edit.pins == ({} if name == "reject" else {A: mr.head})


class TestReject:
    def test_closes_for_good_and_says_why(self) -> None:
        assert DECISIONS["reject"](a_view(a_blocked_mr())) == Edit(
            event=Event("rejected", "reject mr-a: no", (A,), "eve"),
            put=(
                an_mr(
                    status=Status.CLOSED,
                    close_reason=CloseReason.REJECTED,
                    closed_at=NOW,
                    error="no",
                ),
            ),
        )

    def test_withdraws_a_claim_so_that_its_worker_cannot_land_it(self) -> None:
        edit = DECISIONS["reject"](a_view(an_mr(), claims=[a_claim("a", worker="bob")]))
        assert edit.release == (A,)


class TestRetry:
    def test_forgets_the_failure_and_its_own_verdicts(self) -> None:
        alone, together = a_verdict("a", result=Result.FAIL), a_verdict("a", "b")
        view = a_view(a_failed_mr(retry_count=2), verdicts=[alone, together])
        assert DECISIONS["retry"](view) == Edit(
            event=Event("retried", "retry mr-a", (A,), "eve"),
            put=(an_mr(retry_count=2),),
            forget=(alone.key,),
        )

    def test_forgets_what_a_worker_has_still_to_report_of_it(self) -> None:
        told, other = (a_candidate_claim(name).report(a_verdict(name)) for name in "ab")
        edit = DECISIONS["retry"](a_view(a_failed_mr(), claims=[told, other]))
        assert edit.release == told.names

    def test_of_what_has_not_failed_says_so(self) -> None:
        done = DECISIONS["retry"](a_view(an_mr()))
        assert done == Already("mr-a has not failed: there is nothing to retry")

    def test_of_what_is_being_processed_is_refused(self) -> None:
        held = a_claim("a", worker="bob")
        view = a_view(a_failed_mr(), claims=[held])
        assert DECISIONS["retry"](view) == InProgress(a_failed_mr(), held)

    def test_an_expired_claim_is_in_nobodys_way(self) -> None:
        view = a_view(a_failed_mr(), claims=[a_claim("a", lasts=0)])
        assert isinstance(DECISIONS["retry"](view), Edit)


class TestHold:
    def test_holds_with_who_why_and_when(self) -> None:
        assert DECISIONS["hold"](a_view(an_mr())) == Edit(
            event=Event("held", "hold mr-a: no", (A,), "eve"),
            put=(an_mr(hold=Hold("eve", "no", NOW)),),
        )

    def test_does_not_take_a_claim_away_but_the_landing_will_see_it(self) -> None:
        edit = DECISIONS["hold"](a_view(an_mr(), claims=[a_claim("a")]))
        assert edit.release == ()

    def test_twice_changes_nothing(self) -> None:
        done = DECISIONS["hold"](a_view(an_mr(hold=a_hold("ada"))))
        assert done == Already("mr-a is already held by ada: release week")

    def test_and_back(self) -> None:
        assert DECISIONS["unhold"](a_view(an_mr(hold=a_hold()))) == Edit(
            event=Event("unheld", "unhold mr-a", (A,), "eve"), put=(an_mr(),)
        )
        assert DECISIONS["unhold"](a_view(an_mr())) == Already("mr-a is not held")


class TestPause:
    HEADER = QueueHeader(MAIN, landed={"main": an_mr().head}, archived=3)
    PAUSED = replace(HEADER, paused=Pause("eve", "release", NOW))

    def test_is_written_into_the_header_and_nothing_else(self) -> None:
        view = a_view(an_mr(), header=self.HEADER)
        assert pause(view, reason="release", by="eve", now=NOW) == Edit(
            event=Event("paused", "pause: release", worker="eve"), header=self.PAUSED
        )

    def test_twice_changes_nothing(self) -> None:
        view = a_view(header=self.PAUSED)
        assert pause(view, reason="x", by="ada", now=NOW) == Already(
            "the queue is already paused: release"
        )

    def test_and_back(self) -> None:
        assert resume(a_view(header=self.PAUSED), by="eve") == Edit(
            event=Event("resumed", "resume", worker="eve"), header=self.HEADER
        )
        assert resume(a_view(), by="eve") == Already("the queue is not paused")
