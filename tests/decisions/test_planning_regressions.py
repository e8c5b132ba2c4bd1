"""Whole queues that once stood still, or tested the same for ever: each goes on now."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from refinery.config.config import Check, Config
from refinery.queue.archiving import archive
from refinery.queue.candidate import Candidate
from refinery.queue.claiming import Claimant, claim_candidate
from refinery.queue.plan import Idle, next_candidate
from refinery.queue.planning.blame import MOST_RUNS, blamed
from refinery.queue.planning.facts import Facts, Purpose
from refinery.queue.planning.from_view import facts_of
from refinery.queue.reporting import fold
from refinery.queue.settling import settle
from refinery.records.claim import Claim
from refinery.records.merge_request import Attempt, AttemptOutcome, MergeRequest
from refinery.records.verdict import Result, Verdict
from refinery.store.apply import applied
from refinery.store.edit import Edit
from refinery.store.view import View, with_reports
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_build,
    a_candidate_claim,
    a_closed_mr,
    a_landing,
    a_sha,
    a_verdict,
    a_view,
    ago,
    an_id,
    an_mr,
)

CONFIG = Config(checks=(Check("unit", "make test"),))
BASE, OLD = a_sha("base"), a_sha("an older base")
FAIL, PASS = Result.FAIL, Result.PASS
FOR_EVER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def verdict(*members: str, result: Result = PASS, **fields: Any) -> Verdict:
    return a_verdict(*members, result=result, fingerprint=CONFIG.fingerprint, **fields)


GREEN = verdict(at=ago(minutes=30))


def tried(name: str, outcome: AttemptOutcome, at: datetime) -> MergeRequest:
    """One that was tried by itself at that time, and waits again."""
    attempt = Attempt(at=at, worker="bob", outcome=outcome, base=BASE, candidate=(an_id(name),))
    return an_mr(name, attempts=(attempt,), retry_count=1)


def facts(view: View, now: datetime = NOW) -> Facts:
    return facts_of(view, MAIN, CONFIG, now)


def chosen(view: View, now: datetime = NOW) -> Candidate | Idle:
    return next_candidate(MAIN, facts(view, now))


class TestWhatPassed:
    """A pass stays one, whatever was said before or elsewhere."""

    def test_lands_after_a_refusal_by_a_worker_whose_clock_is_ahead(self) -> None:
        refused_ahead = tried("a", AttemptOutcome.TESTS_FAIL, NOW + timedelta(minutes=3))
        claim = a_candidate_claim("a", purpose="screen")
        view = a_view(refused_ahead, claims=[claim], verdicts=[GREEN])
        passed = verdict("a", purpose="screen")
        done = settle(view, a_build("a"), passed, claim, CONFIG, NOW)
        assert isinstance(done, Edit)
        assert (done.event.name, done.event.mrs) == ("merged", (an_id("a"),))

    @pytest.mark.parametrize(
        ("outcome", "members"),
        [(AttemptOutcome.TESTS_FAIL, "ab"), (AttemptOutcome.ERROR, "a")],
        ids=["refused", "trouble"],
    )
    def test_lands_after_a_retry_of_what_went_wrong_since(
        self, outcome: AttemptOutcome, members: str
    ) -> None:
        mrs = [tried("a", outcome, ago(minutes=10)), an_mr("b")][: len(members)]
        known = verdict(*members, at=ago(minutes=20), purpose="chain")
        found = chosen(a_view(*mrs, verdicts=[GREEN, known]))
        assert isinstance(found, Candidate)
        assert (sorted(found.members), found.has_passed) == ([*map(an_id, members)], True)


class TestBlame:
    """Who fails by itself is refused, and not tested again and again."""

    @pytest.mark.parametrize("runs", [MOST_RUNS, 10])
    def test_waits_for_the_test_of_the_target(self, runs: int) -> None:
        failing = verdict("a", result=FAIL, runs=runs)
        claim = a_candidate_claim(purpose="base")
        found = chosen(a_view(an_mr("a"), claims=[claim], verdicts=[failing]))
        assert found == Idle(MAIN, "everything that waits is being tested", others=1)

    def test_does_not_wait_for_a_test_of_what_the_target_was(self) -> None:
        failing = verdict("a", result=FAIL, runs=9)
        claim = a_candidate_claim(purpose="base", base=OLD)
        found = chosen(a_view(an_mr("a"), claims=[claim], verdicts=[failing]))
        why = "something failed: is the target itself fine?"
        assert found == Candidate(MAIN, (), Purpose.BASE, why)

    def test_outlasts_the_archiving_of_the_landing_it_was_found_on(self) -> None:
        line = [f"n{number:03}" for number in range(120)]
        mrs, passes = zip(*map(landed, line, ["start", *line]), strict=False)
        failing = verdict("a", result=FAIL, base=a_sha("n060"), runs=3)
        view = replace(
            a_view(*mrs, an_mr("a"), verdicts=[*passes, failing]),
            targets={MAIN: a_sha("n119")},
            target_trees={MAIN: a_sha("tree n119")},
        )
        done = archive(view)
        assert isinstance(done, Edit)
        before, after = blamed(facts(view)), blamed(facts(applied(view, done)))
        assert ([each.id for each in before], after) == ([an_id("a")], before)


def landed(name: str, onto: str) -> tuple[MergeRequest, Verdict]:
    """One that passed on the landing before it and landed there, a while before or after."""
    base, when = a_sha(onto), ago(minutes=200 - int(name[1:]))
    landing = a_landing(
        name,
        base=base,
        commit=a_sha(name),
        tree=a_sha(f"tree {name}"),
        fingerprint=CONFIG.fingerprint,
    )
    mr = a_closed_mr(name, closed_at=when, landing=landing, merge_commit=landing.commit)
    return mr, verdict(name, base=base, tree=landing.tree, at=when)


class TestClaimsOfStrangers:
    """Refs can be written by whoever may push: nonsense in them stops nobody."""

    def test_one_for_ever_does_not_keep_a_candidate(self) -> None:
        claim = a_candidate_claim("a", "b", expires_at=FOR_EVER)
        view = a_view(an_mr("a"), an_mr("b"), claims=[claim], verdicts=[GREEN])
        found = chosen(view, NOW + timedelta(days=30))
        assert isinstance(found, Candidate)
        assert sorted(found.members) == [an_id("a"), an_id("b")]

    def test_one_without_a_purpose_is_no_reason_to_choose_what_cannot_be_claimed(self) -> None:
        claim = a_candidate_claim("a", purpose=None, expires_at=FOR_EVER)
        view = a_view(an_mr("a"), claims=[claim], verdicts=[GREEN])
        found = chosen(view)
        assert isinstance(found, Candidate)
        by = Claimant("bob", "b" * 32, NOW, timedelta(minutes=10))
        done = claim_candidate(view, MAIN, BASE, found.members, by, purpose=found.purpose)
        assert isinstance(done, Edit)

    def test_a_verdict_after_an_age_is_of_no_account(self) -> None:
        aged = replace(GREEN, seconds=1e12)
        found = chosen(a_view(an_mr("a"), verdicts=[aged]))
        assert isinstance(found, Candidate)
        assert found.members == (an_id("a"),)


class TestReports:
    """Verdicts that lie in claims."""

    def test_a_report_claims_nothing_whatever_the_clock_of_its_worker(self) -> None:
        ahead = a_candidate_claim("a", claimed_at=NOW + timedelta(minutes=3))
        view = with_claims(an_mr("a"), claims=[ahead.report(verdict("a", result=FAIL))])
        assert facts(view).running == ()

    @pytest.mark.parametrize("turned", [False, True])
    def test_of_two_about_one_tree_the_pass_counts(self, turned: bool) -> None:
        tree = a_sha("one tree")
        fails = verdict("a", "b", result=FAIL, tree=tree, base=OLD, runs=2)
        passes = verdict("b", tree=tree)
        claims = [
            a_candidate_claim("a", "b", base=OLD).report(fails),
            a_candidate_claim("b").report(passes),
        ]
        view = with_claims(an_mr("a"), an_mr("b"), claims=claims[:: -1 if turned else 1])
        done = fold(view)
        assert done is not None
        assert done.verdicts == (passes,)
        assert sorted(done.release) == sorted(name for each in claims for name in each.names)

    def test_a_pass_in_the_queue_is_final(self) -> None:
        passes = verdict("b")
        claim = a_candidate_claim("a", "b", base=OLD)
        fails = verdict("a", "b", result=FAIL, tree=passes.tree, base=OLD, runs=2)
        view = with_claims(an_mr("a"), an_mr("b"), claims=[claim.report(fails)], verdicts=[passes])
        done = fold(view)
        assert done is not None
        assert (done.verdicts, done.release) == ((passes,), claim.names)

    def test_what_one_cost_is_told_once_when_it_is_taken_in(self) -> None:
        claim, fails = a_candidate_claim("a", purpose="chain"), verdict("a", result=FAIL)
        view = a_view(an_mr("a"), an_mr("b"), claims=[claim], verdicts=[GREEN])
        left = settle(view, a_build("a"), fails, claim, CONFIG, NOW, aside=True)
        assert isinstance(left, Edit)
        assert (left.touches_queue, left.event.details) == (False, {})
        taken = fold(applied(view, left))
        assert taken is not None
        assert [*taken.event.details] == ["Refinery-Run-1"]


def with_claims(
    *mrs: MergeRequest, claims: list[Claim], verdicts: tuple[Verdict, ...] | list[Verdict] = ()
) -> View:
    """A view as a store reads it: with the verdicts that lie in claims."""
    view = a_view(*mrs, claims=claims, verdicts=verdicts)
    return replace(view, verdicts=with_reports(view.verdicts, claims))
