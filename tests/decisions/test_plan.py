"""What is tested next: each rule of the plan, and what verdicts are evidence of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from refinery.config.config import Config
from refinery.queue.candidate import Candidate
from refinery.queue.evidence import base_verdict, failed_alone_on, failing_sets
from refinery.queue.plan import Idle, Stuck, next_candidate
from refinery.records.header import Pause, QueueHeader
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import Branch, MrId
from refinery.records.verdict import Result, Verdict
from refinery.store.view import View
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_blocked_mr,
    a_claim,
    a_closed_mr,
    a_failed_mr,
    a_hold,
    a_sha,
    a_verdict,
    a_view,
    ago,
    an_id,
    an_mr,
    names,
)

CONFIG = Config(batch_max=4)
FAIL, PASS = Result.FAIL, Result.PASS


def verdict(*members: str, result: Result = FAIL, **fields: Any) -> Verdict:
    """A verdict under CONFIG's checks."""
    return a_verdict(*members, result=result, fingerprint=CONFIG.fingerprint, **fields)


GREEN = verdict(result=PASS)
RED = verdict(result=FAIL, runs=2)


def four(**fields: Any) -> list[MergeRequest]:
    """a, b, c and d, in this order."""
    return [an_mr(name, priority=index, **fields) for index, name in enumerate("abcd")]


def planned(view: View, config: Config = CONFIG, **options: Any) -> list[str]:
    """The short names of what is next; the target itself is []."""
    found = next_candidate(view, MAIN, config, NOW, **options)
    assert isinstance(found, Candidate), found
    return names(found.members)


class TestBatches:
    def test_the_best_ready_ones_up_to_the_limit_in_order(self) -> None:
        view = a_view(*four(), an_mr("e", priority=4, retry_count=1))
        assert next_candidate(view, MAIN, CONFIG, NOW) == Candidate(
            MAIN, tuple(an_id(name) for name in "abcd"), "the best 4 of 5 ready"
        )

    def test_one_alone(self) -> None:
        assert next_candidate(a_view(an_mr()), MAIN, CONFIG, NOW) == Candidate(
            MAIN, (an_id("a"),), "the best ready merge request"
        )

    def test_a_limit_of_one(self) -> None:
        assert planned(a_view(*four()), replace(CONFIG, batch_max=1)) == ["a"]

    def test_only_what_is_ready_and_meant_for_this_target(self) -> None:
        view = a_view(
            an_mr("ready"),
            an_mr("other", target=Branch("release")),
            an_mr("held", hold=a_hold()),
            a_blocked_mr("blocked"),
            a_failed_mr("failed"),
            a_closed_mr("closed"),
            an_mr("claimed"),
            an_mr("announced", intent=True),
            an_mr("dependent", depends_on=(an_id("ready"),)),
            claims=[a_claim("claimed")],
        )
        assert planned(view) == ["ready"]

    def test_what_this_worker_cannot_help_is_skipped(self) -> None:
        assert planned(a_view(*four()), skip=frozenset({an_id("a"), an_id("c")})) == ["b", "d"]


class TestIdle:
    def test_while_paused(self) -> None:
        header = QueueHeader(MAIN, paused=Pause("eve", "release", ago(minutes=1)))
        view = a_view(*four(), header=header)
        assert next_candidate(view, MAIN, CONFIG, NOW) == Idle(MAIN, "the queue is paused: release")

    def test_without_its_target(self) -> None:
        assert next_candidate(a_view(*four()), Branch("gone"), CONFIG, NOW) == Idle(
            Branch("gone"), "the target 'gone' does not exist on the remote"
        )

    def test_with_nothing_ready(self) -> None:
        assert next_candidate(a_view(), MAIN, CONFIG, NOW) == Idle(MAIN, "nothing is ready")
        everything = frozenset(an_id(name) for name in "abcd")
        assert next_candidate(a_view(*four()), MAIN, CONFIG, NOW, skip=everything) == Idle(
            MAIN, "nothing is ready"
        )


class TestFailures:
    def test_the_target_itself_is_asked_before_anybody_is_suspected(self) -> None:
        view = a_view(*four(), verdicts=[verdict(*"abcd")])
        assert next_candidate(view, MAIN, CONFIG, NOW) == Candidate(
            MAIN, (), "something failed: is main itself fine?"
        )

    def test_a_red_target_is_asked_twice(self) -> None:
        once = verdict(result=FAIL, runs=1)
        view = a_view(*four(), verdicts=[verdict(*"abcd"), once])
        assert planned(view) == []
        assert planned(view, replace(CONFIG, retry_failing=False)) == ["a"]

    def test_then_half_of_what_failed_together_best_first(self) -> None:
        view = a_view(*four(), verdicts=[verdict(*"dcba"), GREEN])
        assert next_candidate(view, MAIN, CONFIG, NOW) == Candidate(
            MAIN, (an_id("a"), an_id("b")), "half of the 4 that failed together"
        )
        view = a_view(*four(), verdicts=[verdict(*"abc"), GREEN])
        assert planned(view) == ["a", "b"]

    def test_the_smallest_set_first_until_one_is_left(self) -> None:
        known = [verdict(*"abcd"), verdict(*"ab"), GREEN]
        assert planned(a_view(*four(), verdicts=known)) == ["a"]
        alone = [*known, verdict("a")]
        assert next_candidate(a_view(*four(), verdicts=alone), MAIN, CONFIG, NOW) == Candidate(
            MAIN, (an_id("a"),), "it failed with others: does it fail by itself?"
        )

    def test_what_landed_of_a_failing_set_is_not_suspected_any_more(self) -> None:
        view = a_view(
            *(a_closed_mr("a"), a_closed_mr("b"), *four()[2:]), verdicts=[verdict(*"abcd"), GREEN]
        )
        assert planned(view) == ["c"]

    @pytest.mark.parametrize(
        "gone",
        [
            a_closed_mr("a", CloseReason.REJECTED),
            a_failed_mr("a"),
            a_blocked_mr("a"),
            an_mr("a", hold=a_hold()),
            None,
        ],
        ids=["rejected", "failed alone", "blocked", "held", "archived"],
    )
    def test_a_set_that_cannot_be_built_again_or_is_explained_is_no_fact(
        self, gone: MergeRequest | None
    ) -> None:
        rest = [gone] if gone else []
        view = a_view(*rest, *four()[1:], verdicts=[verdict(*"abcd"), GREEN])
        assert planned(view) == ["b", "c", "d"]

    def test_what_is_claimed_by_another_is_not_split(self) -> None:
        view = a_view(
            *four(), verdicts=[verdict(*"ab"), GREEN], claims=[a_claim("a", worker="bob")]
        )
        assert planned(view) == ["b", "c", "d"]

    def test_failures_under_other_checks_or_for_other_targets_say_nothing(self) -> None:
        view = a_view(
            *four(),
            verdicts=[
                a_verdict(*"ab", result=FAIL),
                verdict(*"cd", target=Branch("release")),
                verdict(*"abcd", result=PASS),
            ],
        )
        assert planned(view) == ["a", "b", "c", "d"]


class TestRedTarget:
    def test_each_is_tried_by_itself_once_best_first(self) -> None:
        view = a_view(*four(), verdicts=[verdict(*"abcd"), RED])
        assert next_candidate(view, MAIN, CONFIG, NOW) == Candidate(
            MAIN, (an_id("a"),), "main is red: does mr-a repair it?"
        )
        tried = [verdict(*"abcd"), RED, verdict("a"), verdict("b", result=Result.TIMEOUT)]
        assert planned(a_view(*four(), verdicts=tried)) == ["c"]

    def test_when_nothing_repairs_it_somebody_is_told(self) -> None:
        view = a_view(*four(), verdicts=[RED, *(verdict(name) for name in "abcd")])
        assert next_candidate(view, MAIN, CONFIG, NOW) == Idle(
            MAIN, "main itself fails its checks, and nothing in the queue repairs it", Stuck.RED
        )

    def test_on_another_commit_of_it_they_are_tried_again(self) -> None:
        old = a_sha("older base")
        view = a_view(*four(), verdicts=[RED, *(verdict(name, base=old) for name in "abcd")])
        assert planned(view) == ["a"]


class TestEvidence:
    def test_failing_sets_are_minimal_and_smallest_first(self) -> None:
        view = a_view(
            *four(), verdicts=[verdict(*"abcd"), verdict(*"abc"), verdict(*"ab"), verdict("d")]
        )
        found = failing_sets(view, MAIN, CONFIG.fingerprint, NOW)
        assert [names(each.members) for each in found] == [["d"], ["a", "b"]]

    def test_equal_sets_go_by_time(self) -> None:
        view = a_view(
            *four(), verdicts=[verdict(*"ab", at=ago(minutes=1)), verdict(*"cd", at=ago(minutes=2))]
        )
        found = failing_sets(view, MAIN, CONFIG.fingerprint, NOW)
        assert [names(each.members) for each in found] == [["c", "d"], ["a", "b"]]

    def test_the_verdict_of_the_tip_is_that_of_its_tree(self) -> None:
        landed = verdict("a", result=PASS)
        view = a_view(verdicts=[landed], target_trees={MAIN: landed.tree})
        assert base_verdict(view, MAIN, CONFIG.fingerprint) == landed
        assert base_verdict(view, MAIN, "f" * 16) is None
        assert base_verdict(a_view(verdicts=[landed]), MAIN, CONFIG.fingerprint) is None
        assert base_verdict(a_view(target_trees={}), MAIN, CONFIG.fingerprint) is None

    @pytest.mark.parametrize(
        ("known", "expected"),
        [
            (verdict("a"), True),
            (verdict("a", result=Result.ERROR), True),
            (verdict("a", result=PASS), False),
            (verdict("a", "b"), False),
            (verdict("b"), False),
            (verdict("a", base=a_sha("other")), False),
            (a_verdict("a", result=FAIL), False),
        ],
    )
    def test_who_failed_alone_on_a_commit(self, known: Verdict, expected: bool) -> None:
        view = a_view(an_mr(), verdicts=[known])
        found = failed_alone_on(view, MrId("mr-a"), a_sha("base"), CONFIG.fingerprint)
        assert found is expected
