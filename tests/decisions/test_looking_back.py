"""The view of a past instant shows what a person would have seen then, and nothing later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from refinery.queue.looking_back import KEPT_CLOSED, began, view_at
from refinery.records.header import QueueHeader
from refinery.records.merge_request import Attempt, AttemptOutcome, CloseReason, MergeRequest
from refinery.records.names import Branch, MrId
from refinery.records.verdict import Verdict
from refinery.store.view import View
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_closed_mr,
    a_failed_mr,
    a_hold,
    a_landing,
    a_proposal,
    a_sha,
    a_verdict,
    ago,
    an_id,
    an_mr,
)

SECOND = timedelta(seconds=1)


def at(minutes: float, *mrs: MergeRequest, verdicts: tuple[Verdict, ...] = ()) -> View:
    return view_at(ago(minutes=minutes), MAIN, {mr.id: mr for mr in mrs}, verdicts)


def test_of_a_target_of_which_nothing_is_known_there_is_nothing() -> None:
    assert at(0) == View(header=QueueHeader(default_target=MAIN))


def test_what_came_later_or_is_for_another_target_is_not_there() -> None:
    other = an_mr("other", target=Branch("dev"))
    late = an_mr("late", created_at=ago(minutes=9, seconds=59))
    there = an_mr("there", created_at=ago(minutes=10))
    assert at(10, other, late, there).mrs == {there.id: there}


def test_what_ended_later_was_open_and_had_met_nothing_yet() -> None:
    mr = a_closed_mr(
        "a",
        merge_commit=a_sha("c"),
        landing=a_landing("a"),
        proposal=a_proposal("a"),
        superseded_by=an_id("b"),
        block=None,
    )
    assert at(5.01, mr).mrs == {mr.id: an_mr("a")}


def test_what_ended_at_that_very_moment_has_ended() -> None:
    mr = a_closed_mr("a")
    assert at(5, mr).mrs == {mr.id: mr}


@pytest.mark.parametrize("minutes", [6, 5, 4])
def test_failures_holds_and_attempts_are_there_from_their_moment_on(minutes: int) -> None:
    attempt = Attempt(ago(minutes=5), "ada", AttemptOutcome.ERROR)
    hold = a_hold()
    mr = a_failed_mr("a", attempts=(attempt,))
    held = an_mr("b", hold=hold)
    shown = at(minutes, mr, held).mrs
    assert shown[mr.id] == (an_mr("a") if minutes == 6 else mr)
    assert shown[held.id] == an_mr("b")
    assert at(1, held).mrs[held.id] == held


def test_the_target_was_where_the_last_landing_put_it() -> None:
    first = a_closed_mr("a", closed_at=ago(minutes=9), landing=a_landing("a"))
    later = a_landing("b", base=a_sha("candidate"), commit=a_sha("next"), tree=a_sha("its tree"))
    second = a_closed_mr("b", closed_at=ago(minutes=3), landing=later)
    before, between, after = at(10, second, first), at(9, second, first), at(3, second, first)
    assert (before.targets, before.target_trees) == ({MAIN: a_sha("base")}, {})
    assert (between.targets, between.target_trees) == (
        {MAIN: a_sha("candidate")},
        {MAIN: a_sha("tree")},
    )
    assert (after.targets, after.target_trees) == ({MAIN: a_sha("next")}, {MAIN: a_sha("its tree")})


def test_what_a_forge_merged_left_the_target_at_its_merge_commit() -> None:
    landing = a_landing("a", merged_as=a_sha("merge"))
    assert at(0, a_closed_mr("a", landing=landing)).targets == {MAIN: a_sha("merge")}


def test_landings_on_other_targets_do_not_tell_where_this_one_stood() -> None:
    dev = Branch("dev")
    other = a_closed_mr("a", target=dev, landing=a_landing("a", base=a_sha("dev")))
    assert at(10, other).targets == {}


def test_of_the_closed_as_many_are_there_as_a_queue_keeps() -> None:
    mrs = [
        a_closed_mr(f"n{number}", CloseReason.REJECTED, closed_at=NOW - number * SECOND)
        for number in range(KEPT_CLOSED + 2)
    ]
    assert set(at(0, *mrs).mrs) == {mr.id for mr in mrs[:KEPT_CLOSED]}


class TestRuns:
    """A verdict of a minute's run, given a minute ago."""

    verdict = a_verdict("a", seconds=60, at=ago(minutes=1), purpose="train", worker="bob")
    mr = an_mr("a")

    def test_it_is_known_from_the_moment_it_was_given(self) -> None:
        after = at(1, self.mr, verdicts=(self.verdict,))
        assert after.verdicts == {self.verdict.key: self.verdict}
        assert (after.claims, after.testing) == ({}, {})

    @pytest.mark.parametrize("minutes", [2, 1.5, 1.01])
    def test_while_it_ran_its_members_were_claimed(self, minutes: float) -> None:
        view = at(minutes, self.mr, verdicts=(self.verdict,))
        assert view.verdicts == {}
        (claim,) = set(view.claims.values())
        assert (claim.worker, claim.candidate, claim.target) == ("bob", (MrId("mr-a"),), MAIN)
        assert (claim.base, claim.purpose) == (self.verdict.base, "train")
        assert (claim.claimed_at, claim.token) == (ago(minutes=2), self.verdict.tree)
        assert claim.expires_at == ago(minutes=minutes) + timedelta(minutes=10)
        assert set(view.claims) == set(claim.names)
        assert view.testing != {}

    def test_before_it_began_nobody_had_it(self) -> None:
        assert at(2.01, self.mr, verdicts=(self.verdict,)).claims == {}

    def test_a_run_of_nobody_knows_what_for_is_no_claim(self) -> None:

        unknown = replace(self.verdict, purpose=None)
        assert at(1.5, self.mr, verdicts=(unknown,)).claims == {}

    def test_runs_on_other_targets_are_not_there(self) -> None:

        other = replace(self.verdict, target=Branch("dev"))
        assert at(1.5, self.mr, verdicts=(other,)).claims == {}
        assert at(0, self.mr, verdicts=(other,)).verdicts == {}

    def test_a_run_took_as_long_as_the_longer_of_its_two_times(self) -> None:

        assert began(self.verdict) == ago(minutes=2)
        assert began(replace(self.verdict, took=90.0)) == ago(minutes=2, seconds=30)
        assert began(replace(self.verdict, took=30.0)) == ago(minutes=2)
