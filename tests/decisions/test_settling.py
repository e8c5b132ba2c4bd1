"""What a verdict means: landing, blaming, remembering, giving back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from refinery.config.config import Config
from refinery.queue.candidate import Misfit
from refinery.queue.settling import (
    KEPT_ATTEMPTS,
    KEPT_VERDICTS,
    Stale,
    combined,
    failed,
    failure_words,
    given_back,
    land,
    parked,
    record,
    sent_back,
    with_attempt,
)
from refinery.records import document
from refinery.records.header import Pause, QueueHeader
from refinery.records.merge_request import (
    Attempt,
    AttemptOutcome,
    CloseReason,
    Failure,
    FailureType,
    Landing,
    MergeRequest,
    Method,
    Status,
)
from refinery.records.names import Ref
from refinery.records.verdict import CheckReport, Result, Verdict
from refinery.store.edit import Edit, Event, RefMove
from refinery.store.view import View
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_blocked_mr,
    a_build,
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
)

CONFIG = Config()
A, B = an_id("a"), an_id("b")
BOTH = a_claim("a", "b")
BASE = a_sha("base")


def verdict(*members: str, result: Result = Result.PASS, **fields: Any) -> Verdict:
    return a_verdict(*members, result=result, fingerprint=CONFIG.fingerprint, **fields)


def a_pair(**fields: Any) -> View:
    return a_view(an_mr("a"), an_mr("b"), claims=[BOTH], **fields)


class TestLanding:
    def test_is_one_edit_of_target_records_claims_and_pins(self) -> None:
        view = a_pair()
        passed = verdict("a", "b")
        built = a_build("a", "b")
        evidence = Landing(
            base=BASE,
            commit=built.commit,
            tree=built.tree,
            candidate=(A, B),
            method=Method.MERGE,
            fingerprint=CONFIG.fingerprint,
            result="pass",
            worker="ada",
            mode="push",
        )

        def landed(name: str) -> MergeRequest:
            return an_mr(
                name,
                status=Status.CLOSED,
                close_reason=CloseReason.MERGED,
                closed_at=NOW,
                merge_commit=a_sha(f"commit of {name}"),
                landing=evidence,
            )

        assert land(view, built, passed, BOTH, CONFIG, NOW) == Edit(
            event=Event(
                "merged",
                "land 2 merge requests on main",
                (A, B),
                "ada",
                {"Refinery-Target": "main", "Refinery-Commit": built.commit},
            ),
            put=(landed("a"), landed("b")),
            verdicts=(passed,),
            header=QueueHeader(MAIN, landed={"main": built.commit}),
            release=(A, B),
            pins={A: None, B: None},
            moves=(RefMove(Ref("refs/heads/main"), BASE, built.commit),),
        )

    def test_of_one_is_named_by_its_title_and_without_checks_says_so(self) -> None:
        view = a_view(an_mr(), claims=[a_claim("a")])
        edit = land(view, a_build("a"), None, a_claim("a"), CONFIG, NOW)
        assert isinstance(edit, Edit)
        assert edit.event.subject == "land mr-a on main: Change a"
        assert edit.verdicts == ()
        landing = edit.put[0].landing
        assert landing is not None
        assert landing.result == "none"

    def test_keeps_where_other_targets_landed(self) -> None:
        header = QueueHeader(MAIN, landed={"main": a_sha("x"), "release": a_sha("y")})
        edit = land(a_pair(header=header), a_build("a", "b"), None, BOTH, CONFIG, NOW)
        assert isinstance(edit, Edit)
        assert edit.header == QueueHeader(
            MAIN, landed={"main": a_sha("commit of b"), "release": a_sha("y")}
        )

    @pytest.mark.parametrize(
        ("second", "why"),
        [
            (a_closed_mr("b", CloseReason.REJECTED), "mr-b was closed"),
            (an_mr("b", hold=a_hold()), "mr-b is held"),
            (a_blocked_mr("b"), "mr-b may not land any more"),
            (a_failed_mr("b"), "mr-b may not land any more"),
        ],
    )
    def test_asks_again_whether_each_member_may_land(self, second: MergeRequest, why: str) -> None:
        view = a_view(an_mr("a"), second, claims=[BOTH])
        assert land(view, a_build("a", "b"), None, BOTH, CONFIG, NOW) == Stale(why)

    def test_does_not_land_what_is_gone(self) -> None:
        view = a_view(an_mr("a"), claims=[BOTH])
        assert land(view, a_build("a", "b"), None, BOTH, CONFIG, NOW) == Stale("mr-b was closed")

    def test_does_not_land_on_a_target_that_moved(self) -> None:
        view = a_pair(targets={MAIN: a_sha("newer")})
        assert land(view, a_build("a", "b"), None, BOTH, CONFIG, NOW) == Stale("main moved")
        gone = a_pair(targets={})
        assert land(gone, a_build("a", "b"), None, BOTH, CONFIG, NOW) == Stale("main moved")

    def test_does_not_land_while_paused(self) -> None:
        view = a_pair(header=QueueHeader(MAIN, paused=Pause("eve", "x", ago(minutes=1))))
        stale = land(view, a_build("a", "b"), None, BOTH, CONFIG, NOW)
        assert stale == Stale("the queue was paused")

    @pytest.mark.parametrize("claims", [[], [a_claim("b", worker="bob"), a_claim("a")]])
    def test_does_not_land_under_a_claim_that_was_lost(self, claims: list[Any]) -> None:
        view = a_view(an_mr("a"), an_mr("b"), claims=claims)
        assert isinstance(land(view, a_build("a", "b"), None, BOTH, CONFIG, NOW), Stale)

    def test_lands_under_its_claim_even_if_it_ran_out_and_nobody_took_it(self) -> None:
        late = replace(BOTH, expires_at=ago(minutes=1))
        view = a_view(an_mr("a"), an_mr("b"), claims=[late])
        assert isinstance(land(view, a_build("a", "b"), None, late, CONFIG, NOW), Edit)


class TestFailing:
    GREEN = verdict()
    RED = verdict(result=Result.FAIL, runs=2)

    def failing(self, view: View, *members: str, **fields: Any) -> Edit:
        result = verdict(*members, **{"result": Result.FAIL, "runs": 2, **fields})
        claim = a_claim(*members)
        return failed(view, a_build(*members), result, claim, CONFIG, NOW)

    def test_one_alone_twice_on_a_green_target_is_at_fault(self) -> None:
        view = a_view(an_mr(), claims=[a_claim("a")], verdicts=[self.GREEN])
        edit = self.failing(view, "a")
        result = edit.verdicts[0]
        assert edit == Edit(
            event=Event("merge_failed", "mr-a needs rework: check unit: fail", (A,), "ada"),
            put=(
                an_mr(
                    retry_count=1,
                    attempts=(
                        Attempt(
                            NOW,
                            "ada",
                            AttemptOutcome.TESTS_FAIL,
                            BASE,
                            result.tree,
                            (A,),
                            "check unit: fail",
                        ),
                    ),
                    failure=Failure(
                        FailureType.TESTS_FAIL, NOW, "check unit: fail", BASE, result.tree
                    ),
                ),
            ),
            verdicts=(result,),
            release=(A,),
        )

    @pytest.mark.parametrize(
        "known", [[], [RED], [a_verdict()]], ids=["unknown", "red", "other checks"]
    )
    def test_nobody_is_blamed_unless_the_target_is_known_to_be_green(
        self, known: list[Verdict]
    ) -> None:
        view = a_view(an_mr(), claims=[a_claim("a")], verdicts=known)
        edit = self.failing(view, "a")
        assert (edit.put, edit.event.subject) == ((), "it fails: mr-a")

    def test_nobody_is_blamed_for_one_run_unless_the_config_says_so(self) -> None:
        view = a_view(an_mr(), claims=[a_claim("a")], verdicts=[self.GREEN])
        once = verdict("a", result=Result.FAIL, runs=1)
        args = (view, a_build("a"), once, a_claim("a"))
        assert failed(*args, CONFIG, NOW).put == ()
        # The fingerprint is of the checks alone, so the verdicts hold for this config as well.
        assert len(failed(*args, replace(CONFIG, retry_failing=False), NOW).put) == 1

    @pytest.mark.parametrize(
        ("known", "blamed"),
        [
            ([], 0),
            ([verdict(base=a_sha("before"), result=Result.FAIL, runs=2)], 0),
            ([verdict(base=a_sha("before"))], 1),
        ],
        ids=["unknown", "red", "green"],
    )
    def test_a_target_that_moved_counts_as_it_was_when_the_failure_happened(
        self, known: list[Verdict], blamed: int
    ) -> None:
        # Somebody landed a repair while this one was tested on the red commit before it.
        view = a_view(an_mr(), claims=[a_claim("a")], verdicts=[self.GREEN, *known])
        late = verdict("a", result=Result.FAIL, runs=2, base=a_sha("before"))
        built = a_build("a", base=a_sha("before"))
        edit = failed(view, built, late, a_claim("a"), CONFIG, NOW)
        assert len(edit.put) == blamed

    def test_a_commit_that_a_landing_made_was_green(self) -> None:
        landing = Landing(
            *(BASE, a_sha("before"), a_sha("tree"), (B,), Method.MERGE, CONFIG.fingerprint),
            *("pass", "bob", "push"),
        )
        view = a_view(an_mr(), a_closed_mr("b", landing=landing), claims=[a_claim("a")])
        late = verdict("a", result=Result.FAIL, runs=2, base=a_sha("before"))
        built = a_build("a", base=a_sha("before"))
        assert len(failed(view, built, late, a_claim("a"), CONFIG, NOW).put) == 1

    def test_of_several_nobody_is_blamed(self) -> None:
        view = a_pair(verdicts=[self.GREEN])
        edit = self.failing(view, "a", "b")
        assert edit == Edit(
            event=Event("tested", "they fail together: mr-a, mr-b", (A, B), "ada"),
            verdicts=edit.verdicts,
            release=(A, B),
        )

    def test_a_claim_that_was_lost_meanwhile_is_not_given_back(self) -> None:
        view = a_view(
            an_mr("a"), an_mr("b"), claims=[BOTH, a_claim("b", worker="bob")], verdicts=[self.GREEN]
        )
        assert self.failing(view, "a", "b").release == (A,)

    @pytest.mark.parametrize(
        ("result", "type"),
        [
            (Result.FAIL, FailureType.TESTS_FAIL),
            (Result.TIMEOUT, FailureType.TIMEOUT),
            (Result.ERROR, FailureType.ERROR),
        ],
    )
    def test_each_verdict_has_its_own_failure(self, result: Result, type: FailureType) -> None:
        view = a_view(an_mr(), claims=[a_claim("a")], verdicts=[self.GREEN])
        blamed = self.failing(view, "a", result=result).put[0]
        assert blamed.failure is not None
        assert (blamed.failure.type, blamed.attempts[0].outcome.value) == (type, type.value)

    def test_however_much_the_checks_say_it_can_be_written(self) -> None:
        view = a_view(an_mr(), claims=[a_claim("a")], verdicts=[self.GREEN])
        reports = tuple(
            CheckReport(f"check {n} {'x' * 40}", Result.FAIL, 1.0, 1, "n" * 1000, "t" * 4096)
            for n in range(100)
        )
        blamed = self.failing(view, "a", checks=reports).put[0]
        assert blamed.failure is not None
        document.write(blamed)

    def test_closed_and_missing_members_are_left_alone(self) -> None:
        view = a_view(a_closed_mr("a"), claims=[a_claim("a")], verdicts=[self.GREEN])
        assert self.failing(view, "a").put == ()
        assert self.failing(a_view(verdicts=[self.GREEN]), "a").put == ()


class TestWords:
    def test_say_each_check_that_did_not_pass_with_the_end_of_its_output(self) -> None:
        reports = (
            CheckReport("lint", Result.PASS, 1.0, 0),
            CheckReport("unit", Result.FAIL, 1.0, 1, "exit 1", "line 1\nline 2\n"),
            CheckReport("slow", Result.TIMEOUT, 9.0),
        )
        result = verdict("a", result=Result.FAIL, checks=reports)
        assert failure_words(result) == "check unit: exit 1\nline 1\nline 2\ncheck slow: timeout"

    def test_without_any_check_the_verdict_speaks(self) -> None:
        assert failure_words(verdict("a", result=Result.ERROR, checks=())) == "error"


class TestVerdicts:
    def test_two_runs_that_agree(self) -> None:
        one, two = verdict("a", result=Result.FAIL), verdict("a", result=Result.FAIL)
        assert combined(one, two) == replace(two, runs=2)

    def test_two_runs_that_disagree_are_flaky_and_the_second_counts(self) -> None:
        one, two = verdict("a", result=Result.FAIL), verdict("a")
        assert combined(one, two) == replace(two, runs=2, flaky=True)

    def test_runs_of_different_trees_are_not_added(self) -> None:
        assert combined(verdict("b"), verdict("a")) == verdict("a")
        assert combined(None, verdict("a")) == verdict("a")

    def test_one_is_remembered_and_the_oldest_are_forgotten_in_groups(self) -> None:
        kept = [verdict(f"x{n}", at=ago(minutes=n)) for n in range(KEPT_VERDICTS + 5)]
        edit = record(a_view(verdicts=kept), verdict("a"))
        assert edit.verdicts == (verdict("a"),)
        oldest = [each.key for each in reversed(kept)]
        assert list(edit.forget) == oldest[: 5 + KEPT_VERDICTS // 4]

    def test_none_is_forgotten_below_the_limit(self) -> None:
        kept = [verdict(f"x{n}") for n in range(KEPT_VERDICTS)]
        assert record(a_view(verdicts=kept), verdict("a")).forget == ()


class TestTheRest:
    def test_only_the_newest_attempts_are_kept(self) -> None:
        mr = an_mr()
        for n in range(KEPT_ATTEMPTS + 3):
            mr = with_attempt(mr, Attempt(NOW, f"w{n}", AttemptOutcome.ERROR))
        assert [each.worker for each in mr.attempts] == [
            f"w{n}" for n in range(3, KEPT_ATTEMPTS + 3)
        ]

    def test_claims_are_given_back_unharmed_as_far_as_they_are_ours(self) -> None:
        view = a_view(an_mr("a"), an_mr("b"), claims=[BOTH, a_claim("b", worker="bob")])
        assert given_back(view, (A, B), BOTH, "the run was abandoned") == Edit(
            event=Event("released", "release 1 unchanged: the run was abandoned", (A,), "ada"),
            release=(A,),
        )
        assert given_back(a_view(an_mr("a")), (A,), BOTH, "x") is None

    def test_what_cannot_be_fast_forwarded_goes_back_to_its_author(self) -> None:
        view = a_view(an_mr(), claims=[a_claim("a")])
        words = "main has commits that a lacks: rebase it and push again"
        misfit = Misfit(A, BASE, FailureType.NOT_FAST_FORWARD, words)
        edit = sent_back(view, misfit, a_claim("a"), NOW)
        assert isinstance(edit, Edit)
        assert edit.put == (
            an_mr(
                retry_count=1,
                attempts=(Attempt(NOW, "ada", AttemptOutcome.NOT_FAST_FORWARD, BASE, note=words),),
                failure=Failure(FailureType.NOT_FAST_FORWARD, NOW, words, BASE),
            ),
        )
        assert edit.release == (A,)
        assert sent_back(a_view(an_mr()), misfit, a_claim("a"), NOW) is None

    def test_one_that_failed_too_often_is_parked(self) -> None:
        attempts = (Attempt(NOW, "ada", AttemptOutcome.CONFLICT, note="a.txt"),)
        often = an_mr(retry_count=5, attempts=attempts)
        assert parked(replace(often, retry_count=4), CONFIG, NOW).failure is None
        assert parked(often, CONFIG, NOW).failure == Failure(
            FailureType.ATTEMPTS, NOW, "parked after 5 failed attempts; the last: a.txt"
        )
        failing = a_failed_mr(retry_count=9)
        assert parked(failing, CONFIG, NOW) == failing
        assert parked(often, replace(CONFIG, attempts_max=6), NOW + timedelta(1)) == often


def test_a_tree_that_passed_is_never_remembered_as_failing() -> None:
    passing = a_verdict("a")
    view = a_view(an_mr("a"), verdicts=[passing], claims=[a_claim("a")])
    late = replace(passing, result=Result.FAIL, runs=2)
    assert record(view, late) is None
    edit = failed(view, a_build("a"), late, a_claim("a"), Config(), NOW)
    assert (edit.put, edit.verdicts, edit.release) == ((), (), (an_id("a"),))
