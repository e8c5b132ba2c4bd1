"""Claims: who may take what, renew it, and give it back."""

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
    Unfit,
    claim,
    holds,
    release,
    renew,
)
from refinery.queue.standing import Code
from refinery.records.claim import Claim
from refinery.records.header import Pause, QueueHeader
from refinery.store.edit import Edit, Event
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_blocked_mr,
    a_claim,
    a_closed_mr,
    a_failed_mr,
    a_hold,
    a_view,
    an_id,
    an_mr,
)

A, B = an_id("a"), an_id("b")
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
    from tests.decisions.makers import ago

    header = QueueHeader(MAIN, paused=Pause("eve", "x", ago(minutes=1)))
    refused = claim(a_view(an_mr(), header=header), [A], ADA)
    assert isinstance(refused, Unfit)
    assert refused.standing.code is Code.PAUSED


class TestRenewing:
    MINE = a_claim("a", "b")
    LATER = NOW + timedelta(minutes=5)

    def test_a_claim_is_renewed_as_a_whole_with_its_token(self) -> None:
        view = a_view(an_mr("a"), an_mr("b"), claims=[self.MINE])
        edit = renew(view, self.MINE, now=self.LATER, lasts=timedelta(minutes=10))
        renewed = replace(self.MINE, expires_at=NOW + timedelta(minutes=15))
        assert isinstance(edit, Edit)
        assert edit.claim == {A: renewed, B: renewed}

    def test_a_claim_that_ran_out_but_was_not_taken_is_renewed(self) -> None:
        late = replace(self.MINE, expires_at=NOW)
        view = a_view(an_mr("a"), an_mr("b"), claims=[late])
        assert isinstance(renew(view, late, now=self.LATER, lasts=timedelta(1)), Edit)

    @pytest.mark.parametrize("lost", ["taken", "gone"])
    def test_a_claim_of_which_any_part_was_lost_is_lost(self, lost: str) -> None:
        claims = {A: self.MINE}
        if lost == "taken":
            claims[B] = a_claim("b", worker="ada", token="f" * 32)
        view = a_view(an_mr("a"), an_mr("b"), claims=[]).__class__(
            **{**as_fields(a_view(an_mr("a"), an_mr("b"))), "claims": claims}
        )
        assert renew(view, self.MINE, now=NOW, lasts=timedelta(1)) == NotClaimed(B)
        assert holds(view, self.MINE, A)
        assert not holds(view, self.MINE, B)


def as_fields(value: Any) -> dict[str, Any]:
    import dataclasses

    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}


class TestReleasing:
    HELD = a_claim("a", worker="bob")

    def test_by_its_owner(self) -> None:
        view = a_view(an_mr(), claims=[self.HELD])
        assert release(view, A, "bob", now=NOW) == Edit(
            event=Event("released", "release mr-a", (A,), "bob"), release=(A,)
        )

    def test_by_another_is_refused(self) -> None:
        view = a_view(an_mr(), claims=[self.HELD])
        assert release(view, A, "ada", now=NOW) == ClaimedByOther(an_mr(), self.HELD)

    def test_by_another_with_force(self) -> None:
        view = a_view(an_mr(), claims=[self.HELD])
        assert isinstance(release(view, A, "ada", now=NOW, force=True), Edit)

    def test_by_a_worker_whose_claim_was_taken_over_does_not_drop_the_new_one(self) -> None:
        new = a_claim("a", worker="eve")
        assert release(a_view(an_mr(), claims=[new]), A, "bob", now=NOW) == ClaimedByOther(
            an_mr(), new
        )

    def test_of_what_nobody_holds(self) -> None:
        assert release(a_view(an_mr()), A, "ada", now=NOW) == NotClaimed(A)
        expired = a_view(an_mr(), claims=[a_claim("a", worker="bob", lasts=0)])
        assert release(expired, A, "ada", now=NOW) == NotClaimed(A)

    def test_of_what_is_not_there(self) -> None:
        assert release(a_view(), A, "ada", now=NOW) == NotFound(A)
