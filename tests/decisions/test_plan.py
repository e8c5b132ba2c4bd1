"""What is to be done next on a target: wait, land what has passed, or test; and what verdicts say.

The planner has its own tests; here it is asked of whole queues, as a worker does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from refinery.config.config import Check, Config
from refinery.queue.candidate import Candidate
from refinery.queue.evidence import base_verdict, failing_sets
from refinery.queue.plan import Idle, Stuck, next_candidate, waits
from refinery.queue.planning.facts import Facts, PassedSet, Purpose
from refinery.queue.planning.from_view import Known, facts_of
from refinery.records.header import Pause, QueueHeader
from refinery.records.merge_request import CloseReason, Landing, MergeRequest, Method
from refinery.records.names import Branch
from refinery.records.verdict import Result, Verdict
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
    a_proposal,
    a_sha,
    a_verdict,
    a_view,
    ago,
    an_id,
    an_mr,
    names,
)

CONFIG = Config(checks=(Check("unit", "make test"),), batch_max=4)
FAIL, PASS = Result.FAIL, Result.PASS


def verdict(*members: str, result: Result = FAIL, **fields: Any) -> Verdict:
    """A verdict under CONFIG's checks."""
    return a_verdict(*members, result=result, fingerprint=CONFIG.fingerprint, **fields)


GREEN = verdict(result=PASS)
RED = verdict(result=FAIL, runs=2)


def four(**fields: Any) -> list[MergeRequest]:
    """a, b, c and d, in this order."""
    return [an_mr(name, priority=index, **fields) for index, name in enumerate("abcd")]


def facts(view: View, config: Config = CONFIG, **known: Any) -> Facts:
    """What a worker that is alone knows of main."""
    return facts_of(view, MAIN, config, NOW, known=Known(**{"me": "ada"} | known))


def chosen(view: View, config: Config = CONFIG, **known: Any) -> Candidate | Idle:
    return next_candidate(MAIN, facts(view, config, **known))


def planned(view: View, config: Config = CONFIG, **known: Any) -> list[str]:
    """The short names of what is next; the target itself is []."""
    found = chosen(view, config, **known)
    assert isinstance(found, Candidate), found
    return names(found.members)


def a_candidate(*members: str, purpose: Purpose, why: str, **fields: Any) -> Candidate:
    return Candidate(MAIN, tuple(map(an_id, members)), purpose, why, **fields)


class TestWaiting:
    """What keeps a target as a whole from being worked at."""

    def test_while_paused(self) -> None:
        header = QueueHeader(MAIN, paused=Pause("eve", "release", ago(minutes=1)))
        view = a_view(*four(), header=header)
        assert waits(view, MAIN, now=NOW) == Idle(MAIN, "the queue is paused: release")

    def test_without_its_target(self) -> None:
        assert waits(a_view(*four()), Branch("gone"), now=NOW) == Idle(
            Branch("gone"), "the target 'gone' does not exist on the remote"
        )

    @pytest.mark.parametrize(
        ("number", "named"), [(7, "pull request 7"), (None, "refinery/land/a")]
    )
    def test_while_the_forge_is_about_to_land_something(
        self, number: int | None, named: str
    ) -> None:
        mr = an_mr("a", proposal=a_proposal("a", number=number))
        assert waits(a_view(mr, an_mr("b")), MAIN, now=NOW) == Idle(
            MAIN, f"{named} is about to land"
        )

    def test_those_who_test_meanwhile_are_counted(self) -> None:
        mr = an_mr("a", proposal=a_proposal("a"))
        claims = [
            a_candidate_claim("b"),
            a_candidate_claim("b", "c"),
            a_candidate_claim("c", expires_at=NOW),
            a_candidate_claim("d", target=Branch("release")),
            a_claim("e"),
        ]
        view = a_view(mr, *map(an_mr, "bcde"), claims=claims)
        assert waits(view, MAIN, now=NOW) == Idle(MAIN, "pull request 7 is about to land", others=2)

    def test_nothing_else_does(self) -> None:
        assert waits(a_view(*four(), claims=[a_candidate_claim("a")]), MAIN, now=NOW) is None


class TestTogether:
    """One worker tests several at once, in order."""

    def test_the_best_ready_ones_up_to_the_limit_in_order(self) -> None:
        view = a_view(*four(), an_mr("e", priority=4, retry_count=1))
        assert chosen(view) == a_candidate(*"abcd", purpose=Purpose.CHAIN, why="4 untested")

    def test_one_alone(self) -> None:
        assert chosen(a_view(an_mr())) == a_candidate("a", purpose=Purpose.CHAIN, why="untested")

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
            an_mr("ends-badly", depends_on=(an_id("rejected"),)),
            a_closed_mr("rejected", CloseReason.REJECTED),
            an_mr("on-another-target", depends_on=(an_id("other"),)),
            claims=[a_claim("claimed")],
        )
        assert planned(view) == ["ready"]

    def test_what_stands_on_another_comes_with_it(self) -> None:
        # Once the first has landed the second is tested already.
        view = a_view(an_mr("b", priority=0, depends_on=(an_id("a"),)), an_mr("a", priority=4))
        assert planned(view) == ["a", "b"]

    @pytest.mark.journey
    def test_a_stack_of_thousands_is_begun_at_its_bottom(self) -> None:
        on = {n: (an_id(f"s{n - 1}"),) for n in range(1, 2_000)}
        stack = [
            an_mr(f"s{n}", priority=0 if n == 1_999 else 4, depends_on=on.get(n, ()))
            for n in range(2_000)
        ]
        assert planned(a_view(*stack))[0] == "s0"

    def test_what_this_worker_cannot_help_is_skipped(self) -> None:
        assert planned(a_view(*four()), skip=frozenset({an_id("a"), an_id("c")})) == ["b", "d"]

    def test_those_that_did_not_fit_onto_each_other_are_kept_apart(self) -> None:
        clashes = {an_id("a"): frozenset({an_id("b")}), an_id("b"): frozenset({an_id("a")})}
        assert planned(a_view(*four()), clashes=clashes) == ["a", "c", "d"]


class TestManyWorkers:
    def test_the_next_one_is_put_on_what_is_tested_now(self) -> None:
        claims = [a_candidate_claim(*"ab", worker="bob", purpose="chain")]
        found = chosen(a_view(*four(), claims=claims))
        why = "2 untested, on top of 2 that are likely to land"
        assert found == a_candidate(*"abcd", purpose=Purpose.CHAIN, why=why)

    def test_whoever_was_too_late_takes_one_further_down_or_any_of_the_few(self) -> None:
        known = facts(a_view(*four()), workers=3)
        taken = [next_candidate(MAIN, known, place=place) for place in range(9)]
        members = [names(each.members) for each in taken if isinstance(each, Candidate)]
        assert members[:3] == [["a", "b"], ["a", "b", "c"], ["a", "b", "c", "d"]]
        assert members[3:] == members[:3] * 2

    def test_with_all_of_it_being_tested_nobody_is_needed(self) -> None:
        claims = [a_candidate_claim(*"abcd", worker="bob", purpose="chain")]
        why = "everything that waits is being tested"
        assert chosen(a_view(*four(), claims=claims)) == Idle(MAIN, why, others=1)

    def test_with_nothing_ready(self) -> None:
        assert chosen(a_view()) == Idle(MAIN, "nothing is ready")
        everything = frozenset(an_id(name) for name in "abcd")
        assert chosen(a_view(*four()), skip=everything) == Idle(MAIN, "nothing is ready")
        claims = [a_candidate_claim("a", worker="bob")]
        busy = a_view(an_mr("a"), claims=claims)
        found = chosen(busy, skip=everything)
        assert found == Idle(MAIN, "nothing is ready", others=1)


class TestPassed:
    def test_lands_before_anything_is_tested(self) -> None:
        # Whoever tested it ended before it could land, or had to wait for another build.
        view = a_view(*four(), verdicts=[verdict("a", "b", result=PASS)])
        assert chosen(view) == a_candidate(
            *"ab", purpose=Purpose.TRAIN, why="2 passed as they would land", has_passed=True
        )

    def test_but_would_not_land_as_it_passed_is_tested_like_the_rest(self) -> None:
        view = a_view(*four(), verdicts=[verdict("a", "b", result=PASS)])
        known = facts(view)
        passed = PassedSet((an_id("a"), an_id("b")), known.head)
        assert known.evidence.passed == (passed,)
        found = next_candidate(MAIN, known, unlike=frozenset({passed}))
        assert isinstance(found, Candidate)
        assert not found.has_passed
        assert {*"ab"} <= {*names(found.members)}

    def test_on_a_commit_that_is_not_the_tip_any_more_does_not_land(self) -> None:
        old = verdict("a", result=PASS, base=a_sha("older"))
        found = chosen(a_view(an_mr("a"), verdicts=[old]))
        assert isinstance(found, Candidate)
        assert (names(found.members), found.has_passed) == (["a"], False)


class TestFailures:
    def test_the_target_itself_is_asked_before_anybody_is_suspected(self) -> None:
        view = a_view(*four(), verdicts=[verdict(*"abcd")])
        why = "something failed: is the target itself fine?"
        assert chosen(view) == a_candidate(purpose=Purpose.BASE, why=why)

    def test_a_red_target_is_asked_twice(self) -> None:
        once = verdict(result=FAIL, runs=1)
        view = a_view(*four(), verdicts=[verdict(*"abcd"), once])
        assert planned(view) == []
        assert planned(view, replace(CONFIG, retry_failing=False)) == ["a"]

    def test_then_a_part_of_what_failed_together_best_first(self) -> None:
        view = a_view(*four(), verdicts=[verdict(*"dcba"), GREEN])
        why = "2 of the 4 of which one is to blame for a failure"
        assert chosen(view) == a_candidate(*"ab", purpose=Purpose.SPLIT, why=why)

    def test_the_smallest_set_first_until_one_is_left(self) -> None:
        known = [verdict(*"abcd"), verdict(*"ab"), GREEN]
        assert planned(a_view(*four(), verdicts=known)) == ["a"]
        alone = [*known, verdict("a")]
        assert chosen(a_view(*four(), verdicts=alone)) == a_candidate(
            "a", purpose=Purpose.SPLIT, why="it failed: does it fail by itself, and again?"
        )

    def test_what_landed_of_a_failing_set_is_not_suspected_any_more(self) -> None:
        tested = verdict(*"ab", result=PASS, at=ago(minutes=6))
        landing = Landing(
            base=tested.base,
            commit=a_sha("tip"),
            tree=tested.tree,
            candidate=tested.candidate,
            method=Method.MERGE,
            fingerprint=CONFIG.fingerprint,
            result="pass",
            worker="ada",
            mode="push",
        )
        view = a_view(
            *(a_closed_mr(name, landing=landing) for name in "ab"),
            *four()[2:],
            verdicts=[GREEN, verdict(*"abcd", at=ago(minutes=9)), tested],
            targets={MAIN: landing.commit},
            target_trees={MAIN: landing.tree},
        )
        why = "1 of the 2 of which one is to blame for a failure"
        assert chosen(view) == a_candidate("c", purpose=Purpose.SPLIT, why=why)

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

    def test_what_somebody_took_by_hand_is_not_split(self) -> None:
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
            ],
        )
        assert planned(view) == ["a", "b", "c", "d"]


class TestRedTarget:
    WHY = "the target is red: does it repair it?"

    def test_each_is_tried_by_itself_once_best_first(self) -> None:
        view = a_view(*four(), verdicts=[verdict(*"abcd"), RED])
        assert chosen(view) == a_candidate("a", purpose=Purpose.SCREEN, why=self.WHY)
        tried = [verdict(*"abcd"), RED, verdict("a"), verdict("b", result=Result.TIMEOUT)]
        assert planned(a_view(*four(), verdicts=tried)) == ["c"]

    def test_when_nothing_repairs_it_somebody_is_told(self) -> None:
        view = a_view(*four(), verdicts=[RED, *(verdict(name) for name in "abcd")])
        why = "main itself fails its checks, and nothing in the queue repairs it"
        assert chosen(view) == Idle(MAIN, why, Stuck.RED)

    def test_nobody_is_told_while_somebody_tries_the_last(self) -> None:
        view = a_view(
            *four(),
            verdicts=[RED, *(verdict(name) for name in "abc")],
            claims=[a_candidate_claim("d", worker="bob", purpose="screen")],
        )
        found = chosen(view)
        assert isinstance(found, Idle)
        assert (found.stuck, found.others) == (Stuck.NO, 1)

    def test_on_another_commit_of_it_they_are_tried_again(self) -> None:
        old = a_sha("older base")
        view = a_view(*four(), verdicts=[RED, *(verdict(name, base=old) for name in "abcd")])
        assert planned(view) == ["a"]


class TestEvidence:
    def test_failing_sets_are_minimal_and_smallest_first(self) -> None:
        view = a_view(
            *four(), verdicts=[verdict(*"abcd"), verdict(*"abc"), verdict(*"ab"), verdict("d")]
        )
        found = failing_sets(view, MAIN, CONFIG.fingerprint)
        assert [names(each.members) for each in found] == [["d"], ["a", "b"]]

    def test_equal_sets_go_by_time(self) -> None:
        view = a_view(
            *four(), verdicts=[verdict(*"ab", at=ago(minutes=1)), verdict(*"cd", at=ago(minutes=2))]
        )
        found = failing_sets(view, MAIN, CONFIG.fingerprint)
        assert [names(each.members) for each in found] == [["c", "d"], ["a", "b"]]

    def test_who_is_being_tested_is_suspected_all_the_same(self) -> None:
        view = a_view(*four(), verdicts=[verdict(*"ab")], claims=[a_candidate_claim("a")])
        found = failing_sets(view, MAIN, CONFIG.fingerprint)
        assert [names(each.members) for each in found] == [["a", "b"]]

    def test_the_verdict_of_the_tip_is_that_of_its_tree(self) -> None:
        landed = verdict("a", result=PASS)
        view = a_view(verdicts=[landed], target_trees={MAIN: landed.tree})
        assert base_verdict(view, MAIN, CONFIG.fingerprint) == landed
        assert base_verdict(view, MAIN, "f" * 16) is None
        assert base_verdict(a_view(verdicts=[landed]), MAIN, CONFIG.fingerprint) is None
        assert base_verdict(a_view(target_trees={}), MAIN, CONFIG.fingerprint) is None
