"""Claims: who may take what, by hand or to test it, renew it, and give it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from refinery.queue.claiming import (
    Claimant,
    ClaimedByOther,
    NotClaimed,
    NotFound,
    NotFree,
    Unfit,
    claim,
    claim_candidate,
    given_back,
    holds,
    release,
    renew,
    taken_by_hand,
)
from refinery.queue.standing import Code, live_claim
from refinery.records.claim import Claim
from refinery.records.header import Pause, QueueHeader
from refinery.records.names import CandidateId, derive_candidate_id
from refinery.store.apply import applied
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
    a_sha,
    a_view,
    ago,
    an_id,
    an_mr,
)

A, B = an_id("a"), an_id("b")
BASE = a_sha("base")
ADA = Claimant("ada", "1" * 32, NOW, timedelta(minutes=10))


def taken(*names: str) -> Claim:
    ids = tuple(an_id(name) for name in names)
    return Claim("1" * 32, "ada", ids, MAIN, NOW, NOW + timedelta(minutes=10))


def test_a_ready_one_is_claimed_without_touching_the_queue() -> None:
    edit = claim(a_view(an_mr()), [A], ADA)
    assert edit == Edit(
        event=Event("claimed", "claim mr-a for ada", (A,), "ada"), claim={A: taken("a")}
    )
    assert not edit.touches_queue


def test_several_are_claimed_as_one() -> None:
    edit = claim(a_view(an_mr("a"), an_mr("b")), [B, A], ADA)
    assert isinstance(edit, Edit)
    assert edit.claim == {B: taken("b", "a"), A: taken("b", "a")}


def test_an_expired_claim_is_taken_over() -> None:
    view = a_view(an_mr(), claims=[a_claim("a", worker="bob", lasts=0)])
    edit = claim(view, [A], ADA)
    assert isinstance(edit, Edit)
    assert edit.claim == {A: taken("a")}


def test_ones_own_claim_is_taken_again_with_a_new_token() -> None:
    view = a_view(an_mr(), claims=[a_claim("a", worker="ada")])
    edit = claim(view, [A], ADA)
    assert isinstance(edit, Edit)
    assert edit.claim == {A: taken("a")}


def test_a_live_claim_of_another_refuses() -> None:
    held = a_claim("a", worker="bob")
    view = a_view(an_mr("a"), an_mr("b"), claims=[held])
    assert claim(view, [B, A], ADA) == ClaimedByOther(an_mr("a"), held)


def test_what_a_worker_tests_is_not_taken_from_it_by_hand() -> None:
    held = a_candidate_claim("a", "b", worker="bob")
    view = a_view(an_mr("a"), an_mr("b"), claims=[held])
    assert claim(view, [B], ADA) == ClaimedByOther(an_mr("b"), held)


def test_what_is_not_there_refuses() -> None:
    assert claim(a_view(an_mr()), [A, an_id("nobody")], ADA) == NotFound(an_id("nobody"))


@pytest.mark.parametrize(
    ("mr", "code"),
    [
        (a_closed_mr(), Code.CLOSED),
        (an_mr(hold=a_hold()), Code.HELD),
        (an_mr(intent=True), Code.INTENT),
        (a_blocked_mr(), Code.BLOCKED_BY_ISSUE),
        (a_failed_mr(), Code.NEEDS_REWORK),
        (an_mr(depends_on=(B,)), Code.BLOCKED_BY_MR),
    ],
    ids=lambda each: each.value if isinstance(each, Code) else "",
)
def test_what_cannot_be_processed_refuses_with_its_standing(mr: Any, code: Code) -> None:
    refused = claim(a_view(mr, an_mr("b")), [A], ADA)
    assert isinstance(refused, Unfit)
    assert (refused.mr, refused.standing.code) == (mr, code)


def test_nothing_is_claimed_while_paused() -> None:
    header = QueueHeader(MAIN, paused=Pause("eve", "x", ago(minutes=1)))
    refused = claim(a_view(an_mr(), header=header), [A], ADA)
    assert isinstance(refused, Unfit)
    assert refused.standing.code is Code.PAUSED


class TestCandidates:
    """Who tests what: a candidate has one worker, a merge request may be in several."""

    MRS = (an_mr("a"), an_mr("b"), an_mr("c"))

    def asked(self, view: View, *names: str, **options: Any) -> Edit | NotFree:
        ids = tuple(map(an_id, names))
        return claim_candidate(view, MAIN, BASE, ids, ADA, **{"purpose": "chain"} | options)

    def test_the_right_to_test_and_land_is_one_ref_and_leaves_the_queue_alone(self) -> None:
        edit = self.asked(a_view(*self.MRS), "b", "a")
        taken = Claim(
            *("1" * 32, "ada", (B, A), MAIN, NOW, NOW + timedelta(minutes=10)),
            base=BASE,
            purpose="chain",
        )
        assert edit == Edit(
            event=Event("claimed", "test mr-b, mr-a for ada", (B, A), "ada"),
            claim={derive_candidate_id(MAIN, BASE, (B, A)): taken},
        )
        assert not edit.touches_queue

    def test_the_target_itself_is_a_candidate_without_members(self) -> None:
        edit = self.asked(a_view(), purpose="base")
        assert isinstance(edit, Edit)
        assert edit.event.subject == "test main for ada"
        assert list(edit.claim) == [derive_candidate_id(MAIN, BASE, ())]

    def test_the_same_one_is_not_tested_twice_whoever_asks(self) -> None:
        for worker in ("ada", "bob"):
            held = a_candidate_claim("a", "b", worker=worker)
            asked = self.asked(a_view(*self.MRS, claims=[held]), "a", "b")
            assert asked == NotFree(f"{worker} tests it")

    @pytest.mark.parametrize(
        "running",
        [
            a_candidate_claim("a", worker="bob"),
            a_candidate_claim("b", "a", worker="bob"),
            a_candidate_claim("a", "b", "c", worker="bob"),
            a_candidate_claim("a", "b", worker="bob", base=a_sha("older")),
            a_candidate_claim("a", "b", worker="bob", target="release"),
            a_candidate_claim(worker="bob", purpose="base"),
        ],
        ids=["a part", "another order", "more", "an older base", "another target", "the base"],
    )
    def test_one_that_overlaps_is_free(self, running: Claim) -> None:
        view = a_view(*self.MRS, claims=[running])
        edit = self.asked(view, "a", "b")
        assert isinstance(edit, Edit)
        after = applied(view, edit)
        assert set(after.claims.values()) == {running, *edit.claim.values()}
        assert set(edit.claim.values()) <= set(after.testing[B])

    @pytest.mark.parametrize("worker", ["bob", "ada"])
    def test_a_member_taken_by_hand_keeps_it_out(self, worker: str) -> None:
        by_hand = a_claim("b", worker=worker)
        view = a_view(*self.MRS, claims=[by_hand])
        assert self.asked(view, "a", "b") == NotFree(f"{worker} took mr-b")
        assert isinstance(self.asked(view, "a", "c"), Edit)
        assert taken_by_hand(view, B, NOW) == by_hand
        assert taken_by_hand(view, B, by_hand.expires_at) is None

    def test_what_was_taken_by_hand_and_ran_out_is_free(self) -> None:
        view = a_view(*self.MRS, claims=[a_claim("b", worker="bob", lasts=0)])
        assert isinstance(self.asked(view, "a", "b"), Edit)

    def test_one_that_ran_out_is_taken_over(self) -> None:
        dead = a_candidate_claim("a", "b", worker="bob", lasts=0)
        edit = self.asked(a_view(*self.MRS, claims=[dead]), "a", "b")
        assert isinstance(edit, Edit)
        ((name, taken),) = edit.claim.items()
        assert (name, taken.worker) == (dead.names[0], "ada")

    @pytest.mark.parametrize(
        ("view", "why"),
        [
            (a_view(*MRS, targets={MAIN: a_sha("newer")}), "main moved"),
            (a_view(*MRS, targets={}), "main moved"),
            (a_view(an_mr("a"), a_closed_mr("b")), "mr-b was closed"),
            (a_view(an_mr("a")), "mr-b was closed"),
        ],
        ids=["moved", "deleted", "closed", "archived"],
    )
    def test_on_another_world_it_is_not_to_be_tested(self, view: View, why: str) -> None:
        assert self.asked(view, "a", "b") == NotFree(why)

    def test_what_is_tested_is_known_by_member_oldest_first(self) -> None:
        old = a_candidate_claim("a", worker="bob", claimed_at=ago(minutes=2))
        new = a_candidate_claim("a", "b", worker="eve", claimed_at=ago(minutes=1))
        base = a_candidate_claim(worker="ada", purpose="base")
        view = a_view(*self.MRS, claims=[new, a_claim("c"), base, old])
        assert view.testing == {A: (old, new), B: (new,)}
        assert live_claim(view, A, NOW) == old
        assert live_claim(view, A, old.expires_at) is None


class TestRenewing:
    MINE = a_claim("a", "b")
    LATER = NOW + timedelta(minutes=5)

    @pytest.mark.parametrize("mine", [MINE, a_candidate_claim("a", "b")], ids=["by hand", "test"])
    def test_a_claim_is_renewed_as_a_whole_with_its_token(self, mine: Claim) -> None:
        view = a_view(an_mr("a"), an_mr("b"), claims=[mine])
        edit = renew(view, mine, now=self.LATER, lasts=timedelta(minutes=10))
        renewed = replace(mine, expires_at=NOW + timedelta(minutes=15))
        assert edit == Edit(
            event=Event("renewed", "renew the claim of ada", (A, B), "ada"),
            claim=dict.fromkeys(mine.names, renewed),
        )

    def test_a_claim_that_ran_out_but_was_not_taken_is_renewed(self) -> None:
        late = replace(self.MINE, expires_at=NOW)
        view = a_view(an_mr("a"), an_mr("b"), claims=[late])
        assert isinstance(renew(view, late, now=self.LATER, lasts=timedelta(1)), Edit)

    @pytest.mark.parametrize("mine", [MINE, a_candidate_claim("a", "b")], ids=["by hand", "test"])
    @pytest.mark.parametrize("lost", ["taken", "gone"])
    def test_a_claim_of_which_any_part_was_lost_is_lost(self, mine: Claim, lost: str) -> None:
        # The token tells a claim from the next one, also where the worker is the same.
        whole = a_view(an_mr("a"), an_mr("b"), claims=[mine])
        last = mine.names[-1]
        change = (
            Edit(Event("claimed", ""), claim={last: replace(mine, token="f" * 32)})
            if lost == "taken"
            else Edit(Event("released", ""), release=(last,))
        )
        view = applied(whole, change)
        assert (holds(whole, mine), holds(view, mine)) == (True, False)
        refused = renew(view, mine, now=NOW, lasts=timedelta(1))
        assert refused == NotClaimed(mine.names[0])

    def test_it_stands_however_it_was_renewed_since(self) -> None:
        mine = a_candidate_claim("a")
        view = a_view(an_mr("a"), claims=[replace(mine, expires_at=self.LATER)])
        assert holds(view, mine)


class TestGivingBack:
    def test_a_candidate_is_given_back(self) -> None:
        mine = a_candidate_claim("a", "b")
        view = a_view(an_mr("a"), an_mr("b"), claims=[mine, a_candidate_claim("a")])
        assert given_back(view, mine) == Edit(
            event=Event("released", "give back mr-a, mr-b", (A, B), "ada"),
            release=mine.names,
        )

    def test_the_target_itself_is_given_back_by_its_name(self) -> None:
        mine = a_candidate_claim(purpose="base")
        edit = given_back(a_view(claims=[mine]), mine)
        assert isinstance(edit, Edit)
        assert edit.event.subject == "give back main"

    def test_only_what_is_still_ours_is_given_back(self) -> None:
        both = a_claim("a", "b")
        view = a_view(an_mr("a"), an_mr("b"), claims=[both, a_claim("b", worker="bob")])
        edit = given_back(view, both)
        assert isinstance(edit, Edit)
        assert edit.release == (A,)
        lost = a_candidate_claim("a")
        taken_over = a_view(an_mr("a"), claims=[replace(lost, token="f" * 32, worker="bob")])
        assert given_back(taken_over, lost) == NotClaimed(lost.names[0])


class TestReleasing:
    HELD = a_claim("a", worker="bob")
    ALONE = a_candidate_claim("a", worker="bob")
    TOGETHER = a_candidate_claim("b", "a", worker="eve")
    OTHER = a_candidate_claim("b", worker="bob")

    def released(self, worker: str, *claims: Claim, **options: Any) -> Any:
        view = a_view(an_mr("a"), an_mr("b"), claims=claims)
        outcome = release(view, A, worker, now=NOW, **options)
        return outcome.release if isinstance(outcome, Edit) else outcome

    def test_by_its_owner(self) -> None:
        view = a_view(an_mr(), claims=[self.HELD])
        assert release(view, A, "bob", now=NOW) == Edit(
            event=Event("released", "release mr-a", (A,), "bob"), release=(A,)
        )

    def test_by_another_is_refused(self) -> None:
        assert self.released("ada", self.HELD) == ClaimedByOther(an_mr(), self.HELD)
        assert self.released("ada", self.ALONE) == ClaimedByOther(an_mr(), self.ALONE)

    def test_by_another_with_force(self) -> None:
        assert self.released("ada", self.HELD, force=True) == (A,)

    def test_gives_back_every_candidate_that_holds_it(self) -> None:
        claims = [self.ALONE, self.TOGETHER, self.OTHER]
        mine = self.released("bob", *claims)
        assert mine == self.ALONE.names
        everything = self.released("ada", *claims, a_claim("a", worker="zoe"), force=True)
        assert everything == (A, *sorted_names(self.ALONE, self.TOGETHER))

    def test_by_a_worker_whose_claim_was_taken_over_does_not_drop_the_new_one(self) -> None:
        new = a_claim("a", worker="eve")
        assert self.released("bob", new) == ClaimedByOther(an_mr(), new)

    def test_of_what_nobody_holds(self) -> None:
        assert self.released("ada") == NotClaimed(A)
        assert self.released("ada", a_claim("a", worker="bob", lasts=0)) == NotClaimed(A)
        assert self.released("ada", replace(self.ALONE, expires_at=NOW)) == NotClaimed(A)

    def test_of_what_is_not_there(self) -> None:
        assert release(a_view(), A, "ada", now=NOW) == NotFound(A)

    def test_of_a_claim_whose_merge_request_is_gone_needs_no_owner(self) -> None:
        view = a_view(claims=[self.HELD])
        assert isinstance(release(view, A, "ada", now=NOW), Edit)


def sorted_names(*claims: Claim) -> list[CandidateId]:
    """In the order in which they were taken."""
    ordered = sorted(claims, key=lambda each: (each.claimed_at, each.token))
    return [CandidateId(each.names[0]) for each in ordered]
