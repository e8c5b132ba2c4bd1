"""What a verdict means: landing, blaming, remembering."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from refinery.config.config import Check, Config
from refinery.queue.candidate import Built, Misfit
from refinery.queue.planning.from_view import facts_of
from refinery.queue.settling import (
    KEPT_ATTEMPTS,
    KEPT_VERDICTS,
    Moved,
    Stale,
    combined,
    failure_words,
    land,
    parked,
    record,
    refuse,
    sent_back,
    set_aside,
    settle,
    with_attempt,
)
from refinery.queue.spending import spent
from refinery.records import document
from refinery.records.claim import Claim
from refinery.records.header import Pause, QueueHeader
from refinery.records.merge_request import (
    Attempt,
    AttemptOutcome,
    CloseReason,
    Failure,
    FailureType,
    Landing,
    MergeRequest,
)
from refinery.records.names import MrId, Ref, Sha
from refinery.records.verdict import CheckReport, Result, Verdict
from refinery.store.apply import applied
from refinery.store.edit import Edit, Event, RefMove
from refinery.store.view import View
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_blocked_mr,
    a_build,
    a_candidate_claim,
    a_claim,
    a_closed_mr,
    a_failed_mr,
    a_hold,
    a_landing,
    a_sha,
    a_verdict,
    a_view,
    ago,
    an_id,
    an_mr,
)

CONFIG = Config(checks=(Check("unit", "make test"),))
ONCE = replace(CONFIG, retry_failing=False)  # the fingerprint is of the checks alone
A, B = an_id("a"), an_id("b")
BOTH = a_candidate_claim("a", "b")
BASE = a_sha("base")
BEFORE = a_sha("before")
PAUSED = QueueHeader(MAIN, paused=Pause("eve", "x", ago(minutes=1)))
FAIL, PASS = Result.FAIL, Result.PASS


def verdict(*members: str, result: Result = PASS, **fields: Any) -> Verdict:
    return a_verdict(*members, result=result, fingerprint=CONFIG.fingerprint, **fields)


GREEN = verdict(at=ago(minutes=30))


def a_pair(**fields: Any) -> View:
    return a_view(an_mr("a"), an_mr("b"), claims=[BOTH], **fields)


def the_landing(*names: str, **fields: Any) -> Landing:
    """Of the build of these."""
    built = a_build(*names)
    values = {"commit": built.commit, "tree": built.tree, "fingerprint": CONFIG.fingerprint}
    return a_landing(*names, **values | fields)


def landed(name: str, landing: Landing, **fields: Any) -> MergeRequest:
    """The record of one that landed as its own commit."""
    ended: dict[str, Any] = {
        "merge_commit": a_sha(f"commit of {name}"),
        "landing": landing,
        "closed_at": NOW,
    }
    return a_closed_mr(name, **ended | fields)


def settled(view: View, *members: str, **fields: Any) -> Edit:
    """What a verdict on a candidate of the only worker comes to."""
    said = verdict(*members, **fields)
    built = a_build(*members, base=said.base)
    mine = a_candidate_claim(*members, base=said.base)
    edit = settle(view, built, said, mine, CONFIG, NOW)
    assert isinstance(edit, Edit), edit
    return edit


def event_of(said: Verdict, name: str, subject: str, *ids: MrId, **details: str) -> Event:
    """What an edit means that records this verdict."""
    return Event(name, subject, ids, "ada", {**details, **spent(said)})


def merged(built: Built, said: Verdict, subject: str) -> Event:
    details = {"Refinery-Target": built.target, "Refinery-Commit": built.commit}
    return event_of(said, "merged", subject, *built.ids, **details)


def came_to(edit: Edit) -> tuple[str, str, tuple[MergeRequest, ...]]:
    """An edit that moves nothing: its name and subject, and whom it changes."""
    assert (edit.moves, edit.header, edit.pins) == ((), None, {})
    return edit.event.name, edit.event.subject, edit.put


class TestLanding:
    def test_is_one_edit_of_target_records_claims_and_pins(self) -> None:
        view = a_pair()
        passed = verdict("a", "b")
        built = a_build("a", "b")
        evidence = the_landing("a", "b")
        assert land(view, built, passed, BOTH, CONFIG, NOW) == Edit(
            event=merged(built, passed, "land 2 merge requests on main"),
            put=(landed("a", evidence), landed("b", evidence)),
            verdicts=(passed,),
            header=QueueHeader(MAIN, landed={"main": built.commit}),
            release=BOTH.names,
            pins={A: None, B: None},
            moves=(RefMove(Ref("refs/heads/main"), BASE, built.commit),),
        )

    def test_of_one_is_named_by_its_title_and_without_checks_says_so(self) -> None:
        mine = a_candidate_claim("a")
        view = a_view(an_mr(), claims=[mine])
        edit = land(view, a_build("a"), None, mine, CONFIG, NOW)
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
        stale = land(a_pair(header=PAUSED), a_build("a", "b"), None, BOTH, CONFIG, NOW)
        assert stale == Stale("the queue was paused")

    @pytest.mark.parametrize(
        "claims",
        [[], [replace(BOTH, token="f" * 32)], [a_candidate_claim("a"), a_candidate_claim("b")]],
        ids=["given back", "taken over", "parts"],
    )
    def test_does_not_land_under_a_claim_that_was_lost(self, claims: list[Claim]) -> None:
        view = a_view(an_mr("a"), an_mr("b"), claims=claims)
        stale = land(view, a_build("a", "b"), None, BOTH, CONFIG, NOW)
        assert stale == Stale("the claim was lost")

    def test_does_not_land_what_somebody_took_by_hand_meanwhile(self) -> None:
        view = a_view(an_mr("a"), an_mr("b"), claims=[BOTH, a_claim("b", worker="bob")])
        assert land(view, a_build("a", "b"), None, BOTH, CONFIG, NOW) == Stale("bob took mr-b")

    def test_what_was_taken_by_hand_and_ran_out_keeps_nobody_from_landing(self) -> None:
        # Nobody removes such a claim: what it kept out would be tested again and again.
        late = a_claim("b", worker="bob", claimed_at=ago(hours=1), expires_at=ago(minutes=50))
        view = a_view(an_mr("a"), an_mr("b"), claims=[BOTH, late])
        assert isinstance(land(view, a_build("a", "b"), None, BOTH, CONFIG, NOW), Edit)

    def test_lands_under_its_claim_even_if_it_ran_out_and_nobody_took_it(self) -> None:
        late = replace(BOTH, expires_at=ago(minutes=1))
        view = a_view(an_mr("a"), an_mr("b"), claims=[late])
        assert isinstance(land(view, a_build("a", "b"), None, late, CONFIG, NOW), Edit)


class TestPassing:
    """A pass lands what it shows, where nothing better is on its way."""

    BUILT, SAID = a_build("a", "b"), verdict("a", "b")

    def settled(self, view: View, **options: Any) -> Edit | Moved:
        return settle(view, self.BUILT, self.SAID, BOTH, CONFIG, NOW, **options)

    def remembered(self, view: View, *, held: bool = True) -> None:
        assert self.settled(view) == Edit(
            event=event_of(self.SAID, "tested", "mr-a, mr-b: pass", A, B),
            verdicts=(self.SAID,),
            release=BOTH.names if held else (),
        )

    def test_lands_in_one_edit(self) -> None:
        view = a_pair()
        edit = land(view, self.BUILT, self.SAID, BOTH, CONFIG, NOW)
        assert isinstance(edit, Edit)
        assert self.settled(view) == edit

    def test_lands_the_way_it_is_told_to(self) -> None:
        other = Edit(Event("proposed", "somewhere else"))
        assert self.settled(a_pair(), land_as=lambda *_: other) == other

    @pytest.mark.parametrize(
        "second",
        [
            a_closed_mr("b", CloseReason.REJECTED),
            an_mr("b", hold=a_hold()),
            a_failed_mr("b"),
            a_blocked_mr("b"),
        ],
        ids=["closed", "held", "failed", "blocked"],
    )
    def test_is_remembered_when_a_member_may_not_land_any_more(self, second: MergeRequest) -> None:
        self.remembered(a_view(an_mr("a"), second, claims=[BOTH]))

    def test_is_remembered_while_paused(self) -> None:
        self.remembered(a_pair(header=PAUSED))

    def test_is_remembered_on_a_target_that_others_moved(self) -> None:
        self.remembered(a_pair(targets={MAIN: a_sha("newer")}))

    def test_is_remembered_on_a_target_that_was_deleted(self) -> None:
        self.remembered(a_pair(targets={}, target_trees={}))

    def test_is_remembered_when_somebody_took_a_member_by_hand(self) -> None:
        claims = [BOTH, a_claim("b", worker="bob")]
        self.remembered(a_view(an_mr("a"), an_mr("b"), claims=claims))

    @pytest.mark.parametrize(
        "claims", [[], [replace(BOTH, token="f" * 32)]], ids=["given back", "taken over"]
    )
    def test_is_remembered_when_the_claim_was_lost_and_does_not_drop_the_new_one(
        self, claims: list[Claim]
    ) -> None:
        self.remembered(a_view(an_mr("a"), an_mr("b"), claims=claims), held=False)

    def test_of_few_waits_for_many_that_are_nearly_there(self) -> None:
        # Landing the two now would make the run of ten out of date.
        many = [f"c{number}" for number in range(10)]
        train = a_candidate_claim(*many, worker="bob", claimed_at=ago(minutes=9))
        slow = verdict(seconds=600, at=ago(minutes=30))
        claims = [BOTH, train]
        mrs = map(an_mr, ["a", "b", *many])
        self.remembered(a_view(*mrs, claims=claims, verdicts=[slow]))


class TestMoved:
    """Another worker landed a part of what was tested."""

    FIRST = a_candidate_claim("a", worker="bob", claimed_at=ago(minutes=3))
    TIP = a_sha("commit of a")
    SAID = verdict("a", "b")

    def moved(self, *mrs: MergeRequest) -> View:
        view = a_view(an_mr("a"), an_mr("b"), *mrs, claims=[BOTH, self.FIRST], verdicts=[GREEN])
        said = verdict("a", at=ago(minutes=1), worker="bob")
        edit = settle(view, a_build("a"), said, self.FIRST, CONFIG, ago(minutes=1))
        assert isinstance(edit, Edit)
        after = replace(applied(view, edit), target_trees={MAIN: said.tree})
        assert after.targets == {MAIN: self.TIP}
        return after

    def test_the_rest_is_to_be_made_anew_and_lands_as_the_tree_that_passed(self) -> None:
        view = self.moved()
        found = settle(view, a_build("a", "b"), self.SAID, BOTH, CONFIG, NOW)
        assert found == Moved((B,), self.TIP)
        anew = a_build("b", base=self.TIP, tree=self.SAID.tree)
        landing = the_landing("b", base=self.TIP, tree=self.SAID.tree)
        assert settle(view, anew, self.SAID, BOTH, CONFIG, NOW) == Edit(
            event=merged(anew, self.SAID, "land mr-b on main: Change b"),
            put=(landed("b", landing),),
            verdicts=(self.SAID,),
            header=QueueHeader(MAIN, landed={"main": anew.commit}),
            release=BOTH.names,
            pins={B: None},
            moves=(RefMove(Ref("refs/heads/main"), self.TIP, anew.commit),),
        )

    def test_while_it_was_made_anew_the_target_may_move_again(self) -> None:
        newer = replace(self.moved(), targets={MAIN: a_sha("newer")})
        anew = a_build("b", base=self.TIP, tree=self.SAID.tree)
        edit = settle(newer, anew, self.SAID, BOTH, CONFIG, NOW)
        assert isinstance(edit, Edit)
        assert came_to(edit) == ("tested", "mr-a, mr-b: pass", ())

    def test_what_was_tested_without_what_landed_only_teaches(self) -> None:
        mine = a_candidate_claim("b", "c")
        view = applied(
            self.moved(an_mr("c")), Edit(Event("claimed", ""), claim={mine.names[0]: mine})
        )
        edit = settle(view, a_build("b", "c"), verdict("b", "c"), mine, CONFIG, NOW)
        assert edit == Edit(
            event=event_of(verdict("b", "c"), "tested", "mr-b, mr-c: pass", B, an_id("c")),
            verdicts=(verdict("b", "c"),),
            release=mine.names,
        )

    def test_nothing_is_left_to_land_when_all_of_it_has(self) -> None:
        mine = a_candidate_claim("a")
        view = applied(self.moved(), Edit(Event("claimed", ""), claim={mine.names[0]: mine}))
        late = verdict("a", worker="ada", at=NOW)
        edit = settle(view, a_build("a"), late, mine, CONFIG, NOW)
        assert isinstance(edit, Edit)
        assert came_to(edit) == ("tested", "mr-a: pass", ())


class TestFailing:
    RED = verdict(result=FAIL, runs=2)

    def failing(self, view: View, *members: str, **fields: Any) -> Edit:
        return settled(view, *members, **{"result": FAIL, "runs": 2, **fields})

    def alone(self, *known: Verdict, **fields: Any) -> View:
        return a_view(an_mr(), claims=[a_candidate_claim("a")], verdicts=known, **fields)

    def test_one_alone_twice_on_a_green_target_is_at_fault(self) -> None:
        edit = self.failing(self.alone(GREEN), "a")
        (result,) = edit.verdicts
        note = "check unit: fail"
        outcome = AttemptOutcome.TESTS_FAIL
        assert edit == Edit(
            event=event_of(result, "merge_failed", "mr-a needs rework: check unit: fail", A),
            put=(
                an_mr(
                    retry_count=1,
                    attempts=(Attempt(NOW, "ada", outcome, BASE, result.tree, (A,), note),),
                    failure=Failure(FailureType.TESTS_FAIL, NOW, note, BASE, result.tree),
                ),
            ),
            verdicts=(result,),
            release=a_candidate_claim("a").names,
        )

    @pytest.mark.parametrize(
        "known", [[], [RED], [a_verdict()]], ids=["unknown", "red", "other checks"]
    )
    def test_nobody_is_blamed_unless_the_target_is_known_to_be_green(
        self, known: list[Verdict]
    ) -> None:
        edit = self.failing(self.alone(*known), "a")
        assert came_to(edit) == ("tested", "mr-a: fail", ())

    def test_who_failed_is_blamed_once_the_target_is_found_green(self) -> None:
        known = verdict("a", result=FAIL, runs=2)
        mine = a_candidate_claim(purpose="base")
        view = a_view(an_mr(), claims=[mine], verdicts=[known])
        after = applied(view, record(view, verdict(), mine))
        facts = facts_of(after, MAIN, CONFIG, NOW)
        edit = refuse(after, facts, CONFIG, NOW, worker="eve")
        assert edit is not None
        assert [mr.id for mr in edit.put] == [A]

    def test_nobody_is_blamed_for_one_run_unless_the_config_says_so(self) -> None:
        once = verdict("a", result=FAIL, runs=1)
        args = (self.alone(GREEN), a_build("a"), once, a_candidate_claim("a"))
        said = settle(*args, CONFIG, NOW)
        assert isinstance(said, Edit)
        assert came_to(said) == ("tested", "mr-a: fail", ())
        blamed = settle(*args, ONCE, NOW)
        assert isinstance(blamed, Edit)
        assert [mr.id for mr in blamed.put] == [A]

    @pytest.mark.parametrize(
        ("known", "blamed"),
        [
            ([], 0),
            ([verdict(base=BEFORE, result=FAIL, runs=2)], 0),
            ([verdict(base=BEFORE)], 1),
        ],
        ids=["unknown", "red", "green"],
    )
    def test_a_target_that_moved_counts_as_it_was_when_the_failure_happened(
        self, known: list[Verdict], blamed: int
    ) -> None:
        # Somebody landed a repair while this one was tested on the red commit before it.
        mine = a_candidate_claim("a", base=BEFORE)
        view = a_view(an_mr(), claims=[mine], verdicts=[GREEN, *known])
        assert len(self.failing(view, "a", base=BEFORE).put) == blamed

    def test_a_commit_that_a_landing_made_was_green(self) -> None:
        was = verdict("b", base=a_sha("first"), at=ago(minutes=9))
        landing = the_landing("b", base=was.base, commit=BEFORE, tree=was.tree)
        older = landed("b", landing, closed_at=ago(minutes=8))
        mine = a_candidate_claim("a", base=BEFORE)
        view = a_view(an_mr(), older, claims=[mine], verdicts=[GREEN, was])
        assert [mr.id for mr in self.failing(view, "a", base=BEFORE).put] == [A]

    def test_of_several_nobody_is_blamed(self) -> None:
        edit = self.failing(a_pair(verdicts=[GREEN]), "a", "b")
        assert edit == Edit(
            event=event_of(edit.verdicts[0], "tested", "mr-a, mr-b: fail", A, B),
            verdicts=edit.verdicts,
            release=BOTH.names,
        )

    def test_the_verdict_is_remembered_even_if_the_claim_was_lost(self) -> None:
        view = a_view(an_mr("a"), claims=[a_candidate_claim("a", token="f" * 32)], verdicts=[GREEN])
        edit = self.failing(view, "a")
        assert (edit.release, [mr.id for mr in edit.put]) == ((), [A])

    @pytest.mark.parametrize(
        ("result", "type"),
        [
            (Result.FAIL, FailureType.TESTS_FAIL),
            (Result.TIMEOUT, FailureType.TIMEOUT),
            (Result.ERROR, FailureType.ERROR),
        ],
    )
    def test_each_verdict_has_its_own_failure(self, result: Result, type: FailureType) -> None:
        blamed = self.failing(self.alone(GREEN), "a", result=result).put[0]
        assert blamed.failure is not None
        assert (blamed.failure.type, blamed.attempts[0].outcome.value) == (type, type.value)

    def test_however_much_the_checks_say_it_can_be_written(self) -> None:
        reports = tuple(
            CheckReport(f"check {n} {'x' * 40}", Result.FAIL, 1.0, 1, "n" * 1000, "t" * 4096)
            for n in range(100)
        )
        blamed = self.failing(self.alone(GREEN), "a", checks=reports).put[0]
        assert blamed.failure is not None
        document.write(blamed)

    def test_closed_and_missing_members_are_left_alone(self) -> None:
        mine = a_candidate_claim("a")
        view = a_view(a_closed_mr("a"), claims=[mine], verdicts=[GREEN])
        assert self.failing(view, "a").put == ()
        assert self.failing(a_view(claims=[mine], verdicts=[GREEN]), "a").put == ()

    def test_a_tree_that_passed_is_never_remembered_as_failing(self) -> None:
        edit = self.failing(self.alone(GREEN, verdict("a")), "a")
        assert edit == Edit(
            event=Event("released", "the same tree passed meanwhile", (A,), "ada"),
            release=a_candidate_claim("a").names,
        )
        late = verdict("a", result=FAIL)
        assert record(a_view(an_mr(), verdicts=[verdict("a")]), late).verdicts == ()


class TestBlame:
    """Who is at fault need not have failed alone."""

    TOGETHER = verdict("a", "b", result=FAIL, runs=2, at=ago(minutes=2))
    WORDS = "mr-b needs rework: check unit: fail"
    CULPRIT = an_mr(
        "b",
        retry_count=1,
        attempts=(
            Attempt(
                *(NOW, "ada", AttemptOutcome.TESTS_FAIL, BASE, TOGETHER.tree, (A, B)),
                note="check unit: fail",
            ),
        ),
        failure=Failure(FailureType.TESTS_FAIL, NOW, "check unit: fail", BASE, TOGETHER.tree),
    )

    def test_a_failure_with_none_but_fine_ones_names_the_culprit(self) -> None:
        view = a_pair(verdicts=[GREEN, verdict("a", at=ago(minutes=5))])
        edit = settle(view, a_build("a", "b"), self.TOGETHER, BOTH, CONFIG, NOW)
        assert edit == Edit(
            event=event_of(self.TOGETHER, "merge_failed", self.WORDS, B),
            put=(self.CULPRIT,),
            verdicts=(self.TOGETHER,),
            release=BOTH.names,
        )

    def test_a_pass_that_clears_the_others_names_the_culprit_with_its_failure(self) -> None:
        # The pass cannot land: the target moved meanwhile, to a commit that passes by itself.
        mine = a_candidate_claim("a")
        tip = a_sha("newer")
        view = a_view(
            *(an_mr("a"), an_mr("b")),
            claims=[mine],
            verdicts=[GREEN, verdict(base=tip), self.TOGETHER],
            targets={MAIN: tip},
            target_trees={MAIN: verdict(base=tip).tree},
        )
        assert settled(view, "a") == Edit(
            event=event_of(verdict("a"), "merge_failed", self.WORDS, B),
            put=(self.CULPRIT,),
            verdicts=(verdict("a"),),
            release=mine.names,
        )

    def test_a_first_run_of_both_and_one_of_the_rest_are_two(self) -> None:
        once = replace(self.TOGETHER, runs=1)
        view = a_view(
            *(an_mr("a"), an_mr("b")),
            claims=[a_candidate_claim("b")],
            verdicts=[GREEN, once, verdict("a", at=ago(minutes=1))],
        )
        facts = facts_of(view, MAIN, CONFIG, NOW)
        assert refuse(view, facts, CONFIG, NOW, worker="ada") is None
        edit = settled(view, "b", result=FAIL)
        assert [(mr.id, mr.failure and mr.failure.tree) for mr in edit.put] == [
            (B, verdict("b").tree)
        ]

    def test_the_evidence_is_of_a_commit_that_passes(self) -> None:
        # It failed on a red target too, which says nothing of it: its author would look there.
        red = a_sha("red")
        by_red = verdict("b", base=red, result=FAIL, runs=2, at=ago(minutes=20))
        known = [
            *(GREEN, verdict("a", at=ago(minutes=5))),
            *(verdict(base=red, result=FAIL, runs=2), by_red),
        ]
        edit = settle(a_pair(verdicts=known), a_build("a", "b"), self.TOGETHER, BOTH, CONFIG, NOW)
        assert isinstance(edit, Edit)
        assert edit.put == (self.CULPRIT,)

    def test_the_evidence_is_of_this_try(self) -> None:
        # It failed alone before somebody had it tried again: that was explained then.
        first = verdict("b", result=FAIL, runs=2, tree=a_sha("then"), at=ago(minutes=20))
        then = Attempt(ago(minutes=19), "ada", AttemptOutcome.TESTS_FAIL, tree=a_sha("then"))
        view = a_view(
            *(an_mr("a"), an_mr("b", attempts=(then,), retry_count=1)),
            claims=[BOTH],
            verdicts=[GREEN, verdict("a", at=ago(minutes=5)), first],
        )
        edit = settle(view, a_build("a", "b"), self.TOGETHER, BOTH, CONFIG, NOW)
        assert isinstance(edit, Edit)
        (blamed,) = edit.put
        assert (blamed.failure, blamed.attempts) == (
            self.CULPRIT.failure,
            (then, *self.CULPRIT.attempts),
        )

    def test_what_others_recorded_sends_back_everyone_it_proves(self) -> None:
        known = [GREEN, *(verdict(name, result=FAIL, runs=2) for name in "ab")]
        view = a_view(*map(an_mr, "abc"), verdicts=known)
        edit = refuse(view, facts_of(view, MAIN, CONFIG, NOW), CONFIG, NOW, worker="eve")
        assert edit is not None
        assert edit.event == Event(
            "merge_failed", "mr-a needs rework: check unit: fail", (A, B), "eve"
        )
        assert replace(edit, event=edit.event, put=()) == Edit(edit.event)
        assert [mr.id for mr in edit.put if mr.failure] == [A, B]
        after = applied(view, edit)
        again = facts_of(after, MAIN, CONFIG, NOW)
        assert refuse(after, again, CONFIG, NOW, worker="eve") is None


class TestInteraction:
    """Two that are fine by themselves and fail together."""

    def step(self, view: View, name: str, base: Sha, **fields: Any) -> tuple[View, Edit]:
        at = max((each.at for each in view.verdicts.values()), default=NOW) + timedelta(minutes=1)
        mine = a_candidate_claim(name, base=base, claimed_at=at, expires_at=at + timedelta(hours=1))
        view = applied(view, Edit(Event("claimed", ""), claim={mine.names[0]: mine}))
        said = verdict(name, base=base, at=at, **fields)
        edit = settle(view, a_build(name, base=base), said, mine, CONFIG, at)
        assert isinstance(edit, Edit)
        after = applied(view, edit)
        return (replace(after, target_trees={MAIN: said.tree}) if edit.moves else after), edit

    def test_the_first_lands_and_the_second_is_refused(self) -> None:
        view = a_view(an_mr("a"), an_mr("b"), verdicts=[GREEN])
        view, edit = self.step(view, "a", BASE)
        assert edit.event.name == "merged"
        view, edit = self.step(view, "b", BASE)  # both were tested at the same time
        assert came_to(edit) == ("tested", "mr-b: pass", ())
        tip = view.targets[MAIN]
        view, edit = self.step(view, "b", tip, result=FAIL)
        assert came_to(edit) == ("tested", "mr-b: fail", ())
        view, edit = self.step(view, "b", tip, result=FAIL, runs=2)
        assert [(mr.id, mr.failure and mr.failure.base) for mr in edit.put] == [(B, tip)]
        assert (view.mrs[A].close_reason, view.claims) == (CloseReason.MERGED, {})


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
        assert edit.event == event_of(verdict("a"), "tested", "mr-a: pass", A)
        assert edit.verdicts == (verdict("a"),)
        oldest = [each.key for each in reversed(kept)]
        assert list(edit.forget) == oldest[: 5 + KEPT_VERDICTS // 4]

    def test_none_is_forgotten_below_the_limit(self) -> None:
        kept = [verdict(f"x{n}") for n in range(KEPT_VERDICTS)]
        assert record(a_view(verdicts=kept), verdict("a")).forget == ()

    def test_one_of_the_target_itself_says_so_and_gives_its_claim_back(self) -> None:
        mine = a_candidate_claim(purpose="base")
        red = verdict(result=FAIL)
        assert record(a_view(claims=[mine]), red, mine) == Edit(
            event=event_of(red, "tested", f"main at {BASE[:12]}: fail"),
            verdicts=(red,),
            release=mine.names,
        )
        assert record(a_view(claims=[]), red, mine).release == ()

    def test_one_of_many_names_the_first(self) -> None:
        edit = record(a_view(), verdict(*"abcde"))
        assert edit.event.subject == "mr-a, mr-b, mr-c ...: pass"


class TestTheRest:
    def test_only_the_newest_attempts_are_kept(self) -> None:
        mr = an_mr()
        for n in range(KEPT_ATTEMPTS + 3):
            mr = with_attempt(mr, Attempt(NOW, f"w{n}", AttemptOutcome.ERROR))
        assert [each.worker for each in mr.attempts] == [
            f"w{n}" for n in range(3, KEPT_ATTEMPTS + 3)
        ]

    def test_what_cannot_be_fast_forwarded_goes_back_to_its_author(self) -> None:
        view = a_view(an_mr())
        words = "main has commits that a lacks: rebase it and push again"
        misfit = Misfit(A, BASE, FailureType.NOT_FAST_FORWARD, words)
        assert sent_back(view, misfit, NOW, worker="ada") == Edit(
            event=Event("merge_failed", f"mr-a needs rework: {words}", (A,), "ada"),
            put=(
                an_mr(
                    retry_count=1,
                    attempts=(
                        Attempt(NOW, "ada", AttemptOutcome.NOT_FAST_FORWARD, BASE, note=words),
                    ),
                    failure=Failure(FailureType.NOT_FAST_FORWARD, NOW, words, BASE),
                ),
            ),
        )
        for gone in (a_view(), a_view(a_closed_mr()), a_view(a_failed_mr())):
            assert sent_back(gone, misfit, NOW, worker="ada") is None

    def test_trouble_counts_only_once_the_target_has_moved_on(self) -> None:
        first = Attempt(NOW, "ada", AttemptOutcome.PUSH_FAIL, BASE, note="no space")
        edit = set_aside(a_view(an_mr()), A, first, CONFIG)
        once = an_mr(attempts=(first,))
        assert edit == Edit(
            event=Event("merge_failed", "mr-a could not be landed: no space", (A,), "ada"),
            put=(once,),
        )
        assert set_aside(a_view(once), A, first, CONFIG) is None
        second = replace(first, base=a_sha("newer"))
        again = set_aside(a_view(once), A, second, CONFIG)
        assert again is not None
        assert again.put == (replace(once, attempts=(first, second), retry_count=1),)
        for gone in (a_view(), a_view(a_closed_mr())):
            assert set_aside(gone, A, first, CONFIG) is None

    def test_trouble_that_comes_back_parks_it(self) -> None:
        before = Attempt(NOW, "ada", AttemptOutcome.PUSH_FAIL, BASE, note="no space")
        view = a_view(an_mr(attempts=(before,), retry_count=4))
        edit = set_aside(view, A, replace(before, base=a_sha("newer")), CONFIG)
        assert edit is not None
        failure = edit.put[0].failure
        assert failure is not None
        assert failure.type is FailureType.ATTEMPTS

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
