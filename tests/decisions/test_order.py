"""The order of the queue, and where each merge request stands in it."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from refinery.config.config import Config, ScoreWeights
from refinery.queue.archiving import archive
from refinery.queue.order import blocked, by_score, queue, ready, unclaimed
from refinery.queue.standing import Code, Standing, newest_revision, standing
from refinery.records.header import Pause, QueueHeader
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.store.view import View
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_blocked_mr,
    a_claim,
    a_closed_mr,
    a_failed_mr,
    a_hold,
    a_view,
    ago,
    an_id,
    an_mr,
    branches,
)

WEIGHTS = ScoreWeights()
CONFIG = Config()
PAUSED = QueueHeader(MAIN, paused=Pause("eve", "release", ago(minutes=1)))


def code(view: View, name: str = "a") -> Code:
    return standing(view, view.mrs[an_id(name)], NOW).code


class TestOrder:
    def test_is_by_score_then_age_then_id_however_it_is_given(self) -> None:
        mrs = [
            an_mr("urgent", priority=0),
            an_mr("older", created_at=ago(hours=2)),
            an_mr("same-a"),
            an_mr("same-b"),
            an_mr("retried", retry_count=1),
            an_mr("low", priority=4),
        ]
        expected = ["urgent", "older", "same-a", "same-b", "retried", "low"]
        for order in itertools.islice(itertools.permutations(mrs), 0, 720, 7):
            assert branches(by_score(order, NOW, WEIGHTS)) == expected

    def test_equal_scores_go_by_age(self) -> None:
        # A day in the queue weighs as much as 24 points; these two have 1324 each.
        weights = ScoreWeights(hour=1)
        old = an_mr("z", priority=2, created_at=ago(hours=124))
        young = an_mr("a", priority=1, created_at=ago(hours=24))
        assert branches(by_score([young, old], NOW, weights)) == ["z", "a"]

    def test_what_is_being_processed_comes_first_at_position_0(self) -> None:
        view = a_view(
            *(an_mr("a", priority=0), an_mr("b", priority=4), an_mr("c"), an_mr("d", priority=4)),
            a_closed_mr("e"),
            claims=[a_claim("b", "d")],
        )
        entries = queue(view, NOW, CONFIG)
        assert [(entry.position, entry.mr.branch, entry.standing.code) for entry in entries] == [
            (0, "b", Code.CLAIMED),
            (0, "d", Code.CLAIMED),
            (1, "a", Code.READY),
            (2, "c", Code.READY),
        ]
        assert [entry.score for entry in entries] == [1001, 1001, 1401, 1201]

    def test_everything_open_is_in_the_queue_and_only_the_ready_are_ready(self) -> None:
        view = a_view(
            an_mr("ready"),
            an_mr("claimed"),
            an_mr("expired"),
            an_mr("held", hold=a_hold()),
            an_mr("announced", intent=True),
            a_blocked_mr("blocked"),
            an_mr("waiting", depends_on=(an_id("ready"),)),
            a_failed_mr("failed"),
            a_closed_mr("closed"),
            claims=[a_claim("claimed"), a_claim("expired", lasts=-1)],
        )
        assert branches(ready(view, NOW, CONFIG)) == ["expired", "ready"]
        assert branches(blocked(view, NOW, CONFIG)) == ["blocked", "waiting"]
        listed = [entry.mr.branch for entry in queue(view, NOW, CONFIG)]
        assert sorted(listed) == sorted(set(branches(view.mrs.values())) - {"closed"})

    def test_unclaimed_is_by_priority_then_age_whatever_else_they_wait_for(self) -> None:
        view = a_view(
            an_mr("young", priority=1, created_at=ago(minutes=1)),
            an_mr("old", priority=1, created_at=ago(hours=900)),
            a_blocked_mr("blocked", priority=0),
            an_mr("expired", priority=4),
            an_mr("claimed", priority=0),
            a_closed_mr("closed", priority=0),
            claims=[a_claim("claimed"), a_claim("expired", lasts=0)],
        )
        assert branches(unclaimed(view, NOW)) == ["blocked", "old", "young", "expired"]

    def test_nothing_is_ready_while_paused_but_all_is_listed(self) -> None:
        view = a_view(an_mr("a"), a_blocked_mr("b"), header=PAUSED)
        assert ready(view, NOW, CONFIG) == []
        assert branches(blocked(view, NOW, CONFIG)) == ["b"]
        assert len(queue(view, NOW, CONFIG)) == 2


class TestStanding:
    @pytest.mark.parametrize(
        ("mr", "expected"),
        [
            (an_mr(), Code.READY),
            (a_closed_mr(), Code.CLOSED),
            (an_mr(hold=a_hold()), Code.HELD),
            (an_mr(intent=True), Code.INTENT),
            (a_blocked_mr(), Code.BLOCKED_BY_ISSUE),
            (a_blocked_mr(issue=None), Code.BLOCKED_BY_ISSUE),
            (a_failed_mr(), Code.NEEDS_REWORK),
            # The first reason in this order is the one that is said.
            (a_blocked_mr(hold=a_hold()), Code.HELD),
            (a_failed_mr(block=a_blocked_mr().block), Code.BLOCKED_BY_ISSUE),
            (a_closed_mr(hold=a_hold()), Code.CLOSED),
        ],
        ids=lambda each: each.value if isinstance(each, Code) else "",
    )
    def test_of_one_alone(self, mr: MergeRequest, expected: Code) -> None:
        assert code(a_view(mr)) is expected

    def test_a_claim_holds_until_the_moment_it_ends(self) -> None:
        claim = a_claim("a", lasts=0)
        view = a_view(an_mr(), claims=[replace(claim, expires_at=NOW + timedelta(milliseconds=1))])
        assert standing(view, view.mrs[an_id("a")], NOW) == Standing(
            Code.CLAIMED, claim=view.claims[an_id("a")]
        )
        assert code(a_view(an_mr(), claims=[claim])) is Code.READY

    def test_pausing_stops_what_was_ready_and_explains_nothing_else(self) -> None:
        view = a_view(an_mr("a"), a_failed_mr("b"), header=PAUSED)
        assert (code(view, "a"), code(view, "b")) == (Code.PAUSED, Code.NEEDS_REWORK)

    @pytest.mark.parametrize(
        ("dependency", "expected"),
        [
            (an_mr("b"), Code.BLOCKED_BY_MR),
            (a_failed_mr("b"), Code.BLOCKED_BY_MR),
            (a_closed_mr("b"), Code.READY),
            (a_closed_mr("b", CloseReason.ALREADY_MERGED), Code.READY),
            (a_closed_mr("b", CloseReason.REJECTED), Code.DEPENDENCY_FAILED),
            (a_closed_mr("b", CloseReason.EMPTY), Code.READY),
            (a_closed_mr("b", CloseReason.CONFLICT), Code.DEPENDENCY_FAILED),
        ],
        ids=["open", "failed", "merged", "already merged", "rejected", "empty", "conflict"],
    )
    def test_of_one_that_depends_on_another(self, dependency: Any, expected: Code) -> None:
        view = a_view(an_mr("a", depends_on=(an_id("b"),)), dependency)
        assert code(view) is expected
        named = standing(view, view.mrs[an_id("a")], NOW).dependency
        assert named == (None if expected is Code.READY else an_id("b"))

    @pytest.mark.parametrize(
        ("last", "expected"),
        [
            (an_mr("d"), Code.BLOCKED_BY_MR),
            (a_closed_mr("d"), Code.READY),
            (a_closed_mr("d", CloseReason.REJECTED), Code.DEPENDENCY_FAILED),
        ],
        ids=["open", "merged", "rejected"],
    )
    def test_a_dependency_goes_on_as_its_newest_revision(self, last: Any, expected: Code) -> None:
        view = a_view(
            an_mr("a", depends_on=(an_id("b"),)),
            a_closed_mr("b", CloseReason.SUPERSEDED, superseded_by=an_id("c")),
            a_closed_mr("c", CloseReason.SUPERSEDED, superseded_by=an_id("d")),
            last,
        )
        assert code(view) is expected

    @pytest.mark.parametrize("last", [an_id("b"), an_id("c")])
    def test_revisions_in_a_circle_are_no_landing_and_no_endless_loop(self, last: Any) -> None:
        superseded = CloseReason.SUPERSEDED
        view = a_view(
            an_mr("a", depends_on=(an_id("b"),)),
            a_closed_mr("b", superseded, superseded_by=an_id("c")),
            a_closed_mr("c", superseded, superseded_by=last),
        )
        assert code(view) is Code.DEPENDENCY_FAILED
        assert newest_revision(view, an_id("b")) is not None
        assert archive(view, at_least=1) is None

    def test_the_first_dependency_that_is_missing_is_named(self) -> None:
        view = a_view(an_mr("a", depends_on=(an_id("b"), an_id("c"))), a_closed_mr("b"), an_mr("c"))
        assert standing(view, view.mrs[an_id("a")], NOW) == Standing(
            Code.BLOCKED_BY_MR, dependency=an_id("c")
        )
