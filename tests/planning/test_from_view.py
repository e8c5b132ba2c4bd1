"""The facts of a target are those that the queue's records show."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from refinery.config.config import Check, Config
from refinery.queue.planning.beliefs import Traits, beliefs_of, rates_of
from refinery.queue.planning.blame import blamed
from refinery.queue.planning.facts import Evidence, Facts, FailedSet, Health, PassedSet, Purpose
from refinery.queue.planning.from_view import Known, facts_of
from refinery.queue.planning.pick import pick
from refinery.records.merge_request import (
    Attempt,
    AttemptOutcome,
    CloseReason,
    MergeRequest,
)
from refinery.records.names import Branch, Sha
from refinery.records.verdict import Result, Verdict
from refinery.store.view import View
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_candidate_claim,
    a_claim,
    a_closed_mr,
    a_hold,
    a_landing,
    a_sha,
    a_verdict,
    a_view,
    ago,
    an_id,
    an_mr,
)

CONFIG = Config(checks=(Check("unit", "true"),))
BASE = a_sha("base")


def verdict(*names: str, **fields: Any) -> Verdict:
    return a_verdict(*names, fingerprint=CONFIG.fingerprint, **fields)


def facts(view: View, **known: Any) -> Facts:
    return facts_of(view, MAIN, CONFIG, NOW, known=Known(**known))


def landed(name: str, base: str, commit: str, minutes: float) -> MergeRequest:
    landing = a_landing(
        name,
        base=a_sha(base),
        commit=a_sha(commit),
        tree=a_sha(f"tree of {commit}"),
        fingerprint=CONFIG.fingerprint,
    )
    return a_closed_mr(name, landing=landing, closed_at=ago(minutes=minutes))


def test_who_waits_best_first_and_nobody_ahead_of_what_it_stands_on() -> None:
    view = a_view(
        an_mr("a", priority=4),
        an_mr("b", priority=0, depends_on=(an_id("a"),)),
        an_mr("c"),
        an_mr("d", hold=a_hold()),
    )
    found = facts(view)
    assert [each.id for each in found.pending] == [an_id("a"), an_id("b"), an_id("c")]
    assert [each.needs for each in found.pending] == [{*()}, {an_id("a")}, {*()}]
    assert found.health is Health.UNKNOWN


def test_a_claim_for_a_test_is_running_and_one_by_hand_takes_it_out() -> None:
    claims = [
        a_candidate_claim("a", "b", purpose="screen", worker="one"),
        a_claim("c", worker="eve"),
        a_candidate_claim("d", worker="two", expires_at=ago(minutes=1)),
    ]
    view = a_view(*map(an_mr, "abcd"), claims=claims)
    found = facts(view)
    assert [each.id for each in found.pending] == [an_id("a"), an_id("b"), an_id("d")]
    (running,) = found.running
    assert (running.members, running.base) == ((an_id("a"), an_id("b")), found.head)
    assert (running.purpose, running.worker) == (Purpose.SCREEN, "one")
    assert found.workers == 1


def test_verdicts_are_evidence_at_the_place_of_their_base() -> None:
    tip = a_sha("tip")
    view = a_view(
        landed("x", "base", "tip", 5),
        *map(an_mr, "abc"),
        targets={MAIN: tip},
        target_trees={MAIN: a_sha("tree of tip")},
        verdicts=[
            verdict("a", base=BASE, at=ago(minutes=9)),
            verdict("b", "c", base=tip, at=ago(minutes=2), result=Result.FAIL, runs=2),
            verdict("b", base=tip, at=ago(minutes=1)),
        ],
    )
    found = facts(view)
    old, new = 1, 2
    assert found.head == new
    assert found.landed[1:] == (an_id("x"),)
    assert found.evidence == Evidence(
        fine={an_id("a"): old, an_id("b"): new},
        failed=(FailedSet(frozenset({an_id("b"), an_id("c")}), new, 2),),
        passed=(PassedSet((an_id("b"),), new),),
        tested=frozenset(map(an_id, "abc")),
        overtaken={},
    )


def test_a_push_from_outside_makes_what_was_tested_before_stale() -> None:
    view = a_view(
        landed("x", "base", "tip", 5),
        an_mr("a"),
        targets={MAIN: a_sha("foreign")},
        verdicts=[verdict("a", base=a_sha("tip"))],
    )
    found = facts(view)
    (passed,) = found.evidence.passed
    assert not found.fits(frozenset(passed.members), passed.base)


def test_who_tries_again_is_not_held_to_what_failed_before() -> None:
    blamed = Attempt(ago(minutes=3), "ada", AttemptOutcome.TESTS_FAIL, tree=a_sha("failed"))
    failing = [verdict("a", result=Result.FAIL, at=ago(minutes=4), runs=2)]
    assert facts(a_view(an_mr("a"), verdicts=failing)).evidence.failed
    assert not facts(a_view(an_mr("a", attempts=(blamed,)), verdicts=failing)).evidence.failed


def test_candidates_overlap_and_the_same_worker_is_counted_once() -> None:
    claims = [
        a_candidate_claim("a", worker="one", claimed_at=ago(minutes=2)),
        a_candidate_claim("a", "b", worker="two", claimed_at=ago(minutes=1)),
        a_candidate_claim("b", worker="three", target="release"),
    ]
    found = facts(a_view(*map(an_mr, "ab"), claims=claims), me="one")
    assert [(each.members, each.worker) for each in found.running] == [
        ((an_id("a"),), "one"),
        ((an_id("a"), an_id("b")), "two"),
    ]
    assert found.workers == 2


def test_who_asks_and_who_gave_a_verdict_lately_are_at_work() -> None:
    said = [
        verdict("a", worker="lately", at=ago(seconds=4)),
        verdict("b", worker="earlier", at=ago(hours=1)),
    ]
    view = a_view(*map(an_mr, "ab"), verdicts=said)
    assert facts(view).workers == 1
    assert facts(view, me="eve").workers == 2
    assert facts(view, me="eve", workers=5).workers == 5


def test_a_red_target_blames_nobody() -> None:
    red = [
        verdict(result=Result.FAIL, runs=2),
        verdict("a", result=Result.FAIL, runs=2),
    ]
    found = facts(a_view(an_mr("a"), verdicts=red))
    assert found.health is Health.RED
    assert blamed(found) == ()


def test_a_target_that_failed_once_is_unknown_unless_once_is_enough() -> None:
    view = a_view(an_mr("a"), verdicts=[verdict(result=Result.FAIL)])
    assert facts(view).health is Health.UNKNOWN
    sure = replace(CONFIG, retry_failing=False)
    assert facts_of(view, MAIN, sure, NOW).health is Health.RED
    assert facts_of(a_view(an_mr("a")), MAIN, Config(), NOW).health is Health.GREEN


OLD, TIP = a_sha("older"), a_sha("base")


@pytest.mark.parametrize(
    ("base", "known", "counts"),
    [
        (TIP, [], True),
        (TIP, [verdict(base=TIP, result=Result.FAIL, runs=2)], True),
        (OLD, [], False),
        (OLD, [verdict(base=OLD, result=Result.FAIL, runs=2)], False),
        (OLD, [verdict(base=OLD)], True),
        (OLD, [verdict("x", base=a_sha("first"), tree=a_sha("tree of older"))], True),
        (OLD, [verdict("x", base=a_sha("first"), tree=a_sha("another tree"))], False),
    ],
    ids=["tip", "red tip", "unknown", "red", "green", "landed after a pass", "landed untested"],
)
def test_only_failures_on_commits_that_pass_and_on_the_tip_count(
    base: Sha, known: list[Verdict], counts: bool
) -> None:
    # On another commit the target may have been what failed; on the tip that can still be asked.
    view = a_view(
        landed("x", "first", "older", 9),
        an_mr("a"),
        verdicts=[*known, verdict("a", base=base, result=Result.FAIL, runs=2)],
    )
    assert bool(facts(view).evidence.failed) is counts


@pytest.mark.parametrize(
    ("retry", "runs", "expected"),
    [(True, 1, ()), (True, 2, ("a",)), (False, 1, ("a",))],
)
def test_where_retry_is_on_two_runs_have_to_fail_before_anybody_is_blamed(
    retry: bool, runs: int, expected: tuple[str, ...]
) -> None:
    config = replace(CONFIG, retry_failing=retry)
    failing = [verdict(), verdict("a", result=Result.FAIL, runs=runs)]
    found = facts_of(a_view(an_mr("a"), verdicts=failing), MAIN, config, NOW)
    assert found.confirm is retry
    assert [each.id for each in blamed(found)] == [an_id(name) for name in expected]


def test_what_this_worker_cannot_help_is_not_there_for_it() -> None:
    view = a_view(an_mr("a"), an_mr("b", depends_on=(an_id("a"),)), an_mr("c"))
    found = facts(view, skip=frozenset({an_id("a")}))
    assert [each.id for each in found.pending] == [an_id("c")]


def test_the_order_in_which_records_are_read_is_of_no_account() -> None:
    mrs = [an_mr(name) for name in "abcd"]
    verdicts = [
        verdict("a", "b", result=Result.FAIL, at=ago(minutes=4)),
        verdict("c", at=ago(minutes=3)),
        verdict("a", at=ago(minutes=2)),
    ]
    there = facts(a_view(*mrs, verdicts=verdicts))
    back = facts(a_view(*reversed(mrs), verdicts=list(reversed(verdicts))))
    assert there == back
    assert pick(there) == pick(back)


def test_beliefs_follow_authors_and_forget_the_prior() -> None:
    nobody = beliefs_of([])
    assert round(nobody.of(Traits("ada")), 2) == 0.92
    past = [(Traits("ada"), True)] * 40 + [(Traits("bob"), False)] * 20
    beliefs = beliefs_of(past)
    assert beliefs.of(Traits("ada")) > 0.8 > 0.4 > beliefs.of(Traits("bob"))


def test_rates_without_history_are_the_priors_and_flakes_are_estimated_low() -> None:
    assert rates_of([]).flake == 0.002
    seen = [verdict(f"m{n}", flaky=n % 20 == 0, seconds=120) for n in range(100)]
    rates = rates_of(seen)
    assert rates.minutes == 2
    assert 0.01 < rates.flake < 0.05


def test_a_failing_revision_counts_against_the_next() -> None:
    blamed = Attempt(ago(minutes=3), "ada", AttemptOutcome.TESTS_FAIL, tree=a_sha("tree"))
    first = a_closed_mr("a", CloseReason.SUPERSEDED, attempts=(blamed,))
    others = [a_closed_mr(f"x{n}") for n in range(9)]
    view = a_view(first, *others, an_mr("b", supersedes=first.id), an_mr("c"))
    by_id = {each.id: each.belief for each in facts(view).pending}
    assert by_id[an_id("b")] < by_id[an_id("c")]


def test_whom_the_past_speaks_for_and_against() -> None:
    """Landings speak for an author, blame speaks against one, and all else says nothing."""
    blamed = Attempt(ago(minutes=3), "w", AttemptOutcome.TESTS_FAIL, tree=a_sha("tree"))
    good = [a_closed_mr(f"g{n}", worker="good") for n in range(9)]
    bad = [
        a_closed_mr(f"b{n}", CloseReason.REJECTED, worker="bad", attempts=(blamed,))
        for n in range(9)
    ]
    quiet = [a_closed_mr(f"q{n}", CloseReason.REJECTED, worker="quiet") for n in range(9)]
    elsewhere = [a_closed_mr(f"e{n}", worker="else", target=Branch("dev")) for n in range(9)]
    open_ones = [an_mr(name, worker=name) for name in ("good", "bad", "quiet", "else", "new")]
    found = facts(a_view(*good, *bad, *quiet, *elsewhere, *open_ones))
    belief = {each.id.removeprefix("mr-"): round(each.belief, 6) for each in found.pending}
    assert belief["good"] > belief["new"] > belief["bad"]
    assert belief["quiet"] == belief["else"] == belief["new"]
