"""Healing: landings without a record, and refs that belong to nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from refinery.config.config import Check, Config
from refinery.queue.healing import (
    FoundCommit,
    leftovers,
    pinned_again,
    roll_forward,
    torn,
    unpinned,
)
from refinery.records.claim import Claim
from refinery.records.header import QueueHeader
from refinery.records.merge_request import CloseReason, Landing, MergeRequest, Method, Status
from refinery.records.names import MrId, Ref, Sha
from refinery.store.edit import Edit, Event
from refinery.store.layout import RefNames
from refinery.store.view import Damage, View
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_blocked_mr,
    a_candidate_claim,
    a_claim,
    a_closed_mr,
    a_proposal,
    a_sha,
    a_view,
    ago,
    an_id,
    an_mr,
)

A, B = an_id("a"), an_id("b")
REFS = RefNames()
CONFIG = Config(checks=(Check("unit", "make test"),))
OLD, TIP = a_sha("last landing"), a_sha("tip")
HEADER = QueueHeader(MAIN, landed={"main": OLD, "release": a_sha("r")})


def found(name: str, *mrs: MrId, tested: str | None = None, parent: Sha = OLD) -> FoundCommit:
    return FoundCommit(
        a_sha(name), a_sha(f"tree of {name}"), parent, mrs, a_sha(tested) if tested else None
    )


def a_torn_view(*mrs: MergeRequest, **fields: Any) -> View:
    return a_view(*mrs, **{"header": HEADER, "targets": {MAIN: TIP}, **fields})


def healed(view: View, *commits: FoundCommit, config: Config = CONFIG) -> Edit | None:
    return roll_forward(view, MAIN, commits, worker="eve", config=config, now=NOW)


class TestTorn:
    @pytest.mark.parametrize(
        ("landed", "targets", "expected"),
        [
            ({"main": OLD}, {MAIN: OLD}, False),
            ({"main": OLD}, {MAIN: TIP}, True),
            ({}, {MAIN: TIP}, False),
            ({"main": OLD}, {}, False),
        ],
        ids=["as recorded", "moved", "never landed", "target gone"],
    )
    def test_is_a_target_that_is_not_where_the_last_landing_left_it(
        self, landed: dict[str, Sha], targets: dict[Any, Sha], expected: bool
    ) -> None:
        view = a_view(header=QueueHeader(MAIN, landed=landed), targets=targets)
        assert torn(view, MAIN) is expected


class TestRollForward:
    def test_a_landing_that_lost_its_record_gets_it(self) -> None:
        view = a_torn_view(an_mr("a"), an_mr("b"), claims=[a_claim("a", "b")])
        one = found("commit a", A)
        two = replace(found("tip", B, tested="tested", parent=one.oid), oid=TIP)
        evidence = Landing(
            base=OLD,
            commit=TIP,
            tree=a_sha("tested"),
            candidate=(A, B),
            method=Method.MERGE,
            fingerprint=CONFIG.fingerprint,
            result="pass",
            worker="eve",
            mode="healed",
        )
        closed = {
            "status": Status.CLOSED,
            "close_reason": CloseReason.MERGED,
            "closed_at": NOW,
            "landing": evidence,
        }
        assert healed(view, one, two) == Edit(
            event=Event(
                "healed",
                "record the landing of mr-a, mr-b, which was interrupted",
                (A, B),
                "eve",
            ),
            put=(
                an_mr("a", merge_commit=one.oid, **closed),
                an_mr("b", merge_commit=TIP, **closed),
            ),
            header=QueueHeader(MAIN, landed={"main": TIP, "release": a_sha("r")}),
            release=(A, B),
            pins={A: None, B: None},
        )

    def test_what_a_pull_request_lands_is_left_to_who_follows_it(self) -> None:
        view = a_torn_view(an_mr("a", proposal=a_proposal("a")))
        assert healed(view, found("one", A, tested="t")) is None

    def test_what_was_blocked_is_not_blocked_any_more(self) -> None:
        edit = healed(a_torn_view(a_blocked_mr()), found("c", A, tested="t"))
        assert edit is not None
        assert (edit.put[0].block, edit.put[0].blocked_by) == (None, None)

    def test_one_still_in_the_inbox_is_folded(self) -> None:
        edit = healed(a_torn_view(an_mr(), unfolded=["a"]), found("c", A, tested="t"))
        assert edit is not None
        assert edit.fold == (A,)

    @pytest.mark.parametrize(
        "claim",
        [a_candidate_claim("a", "b", base=OLD), a_claim("a", "b")],
        ids=["of a worker", "by hand"],
    )
    def test_a_fast_forward_is_known_by_the_claimed_heads_on_the_target(self, claim: Claim) -> None:
        one, two = an_mr("a"), an_mr("b")
        line = [
            found("x"),
            replace(found("y", parent=a_sha("x")), oid=one.head),
            replace(found("z", parent=one.head), oid=two.head),
        ]
        config = replace(CONFIG, method=Method.FAST_FORWARD)
        unclaimed = a_torn_view(one, two)
        assert healed(unclaimed, *line, config=config) is None  # pushed by hand
        edit = healed(a_torn_view(one, two, claims=[claim]), *line, config=config)
        assert edit is not None
        assert [mr.merge_commit for mr in edit.put] == [one.head, two.head]
        assert {mr.landing.method for mr in edit.put if mr.landing} == {Method.FAST_FORWARD}

    def test_without_checks_the_record_says_so(self) -> None:
        edit = healed(a_torn_view(an_mr()), found("c", A, tested="t"), config=Config())
        assert edit is not None
        assert edit.put[0].landing is not None
        assert edit.put[0].landing.result == "none"

    def test_what_came_from_outside_before_a_landing_is_no_part_of_it(self) -> None:
        outside = found("outside")
        landing = found("c", A, tested="t", parent=outside.oid)
        edit = healed(a_torn_view(an_mr()), outside, landing)
        assert edit is not None
        assert edit.put[0].landing is not None
        assert (edit.put[0].landing.base, edit.put[0].landing.candidate) == (outside.oid, (A,))

    def test_two_landings_in_a_row_have_evidence_of_their_own(self) -> None:
        view = a_torn_view(an_mr("a"), an_mr("b"))
        one = found("one", A, tested="first")
        two = found("two", B, tested="second", parent=one.oid)
        edit = healed(view, one, two)
        assert edit is not None
        landings = [mr.landing for mr in edit.put]
        assert [(each.base, each.commit, each.candidate) for each in landings if each] == [
            (OLD, one.oid, (A,)),
            (one.oid, two.oid, (B,)),
        ]

    @pytest.mark.parametrize(
        "view",
        [
            a_torn_view(),
            a_torn_view(a_closed_mr("a", CloseReason.REJECTED)),
            a_torn_view(an_mr("a", target="release")),
            a_torn_view(an_mr("b")),
        ],
        ids=["nobody", "closed", "other target", "another"],
    )
    def test_pushes_from_outside_close_nothing(self, view: View) -> None:
        assert healed(view, found("c", A, tested="t"), found("d")) is None


class TestLeftovers:
    def tidied(self, view: View) -> Edit | None:
        return leftovers(view, REFS, "eve", NOW)

    def test_nothing_of_what_is_alive_is_removed(self) -> None:
        view = a_view(
            an_mr("a"),
            a_blocked_mr("b"),
            an_mr("c"),
            claims=[a_claim("a", lasts=-1), a_candidate_claim("a", "c")],
            unfolded=["c"],
        )
        assert self.tidied(view) is None

    def test_pins_and_claims_of_ended_and_unknown_ones_go(self) -> None:
        view = a_view(a_closed_mr("a"), an_mr("b"))
        refs = [REFS.pin("mr-a"), REFS.claim("mr-a"), REFS.pin("mr-x"), REFS.claim("mr-x")]
        view = replace(view, leases={**view.leases, **dict.fromkeys(refs, a_sha("x"))})
        assert self.tidied(view) == Edit(
            event=Event("tidied", "remove refs of ended merge requests", worker="eve"),
            pins={A: None, an_id("x"): None},
            release=(A, an_id("x")),
        )

    @pytest.mark.parametrize(
        ("claim", "goes"),
        [
            (a_candidate_claim("closed"), True),
            (a_candidate_claim("closed", "archived"), True),
            (a_candidate_claim("closed", "open"), False),
            (a_candidate_claim("open", lasts=0), False),
            (
                a_candidate_claim("open", claimed_at=ago(minutes=20), expires_at=ago(minutes=10)),
                False,
            ),
            (
                a_candidate_claim("open", claimed_at=ago(minutes=20), expires_at=ago(minutes=11)),
                True,
            ),
            (a_candidate_claim(purpose="base"), False),
            (a_candidate_claim(claimed_at=ago(minutes=9), expires_at=ago(minutes=5)), True),
        ],
        ids=[
            *("ended", "ended long ago", "one is open", "just ran out"),
            *("ran out", "ran out twice as long ago", "the target", "ran out, of the target"),
        ],
    )
    def test_a_candidate_goes_with_its_last_member_or_long_after_it_ran_out(
        self, claim: Claim, goes: bool
    ) -> None:
        edit = self.tidied(a_view(a_closed_mr("closed"), an_mr("open"), claims=[claim]))
        assert (edit is not None) is goes
        if edit is not None:
            assert (edit.release, edit.pins, edit.fold) == (claim.names, {}, ())

    def test_a_claim_by_hand_hides_no_candidate_that_may_go(self) -> None:
        by_hand, gone = a_claim("open"), a_candidate_claim("closed")
        view = a_view(a_closed_mr("closed"), an_mr("open"), claims=[by_hand, gone])
        assert self.tidied(view).release == gone.names

    def test_an_inbox_entry_of_what_is_folded_goes_and_an_unreadable_one_stays(self) -> None:
        view = a_view(an_mr("a"))
        entries = {REFS.inbox("mr-a"): a_sha("a"), REFS.inbox("mr-broken"): a_sha("b")}
        view = replace(view, leases={**view.leases, **entries})
        edit = self.tidied(view)
        assert edit is not None
        assert (edit.fold, edit.release, edit.pins) == ((A,), (), {})

    def test_what_belongs_to_a_record_that_cannot_be_read_stays(self) -> None:
        # It may be alive, and its pin may be the only thing that keeps the work.
        view = a_view(damage=(Damage(f"{REFS.queue}:mrs/a/mr-a.yaml", "not YAML"),))
        refs: list[Ref] = [REFS.pin("mr-a"), REFS.claim("mr-a")]
        view = replace(view, leases={**view.leases, **dict.fromkeys(refs, a_sha("x"))})
        assert self.tidied(view) is None

    def test_a_candidate_of_a_record_that_cannot_be_read_stays(self) -> None:
        view = a_view(
            damage=(Damage(f"{REFS.queue}:mrs/a/mr-a.yaml", "not YAML"),),
            claims=[a_candidate_claim("a")],
        )
        assert self.tidied(view) is None


class TestPins:
    def again(self, view: View, *at_hand: str) -> Edit | None:
        return pinned_again(view, REFS, [a_sha(each) for each in at_hand], "eve")

    def pinned(self, view: View, **pins: str) -> View:
        others = {ref: oid for ref, oid in view.leases.items() if "/heads/" not in ref}
        refs = {REFS.pin(an_id(id)): a_sha(at) for id, at in pins.items()}
        return replace(view, leases={**others, **refs})

    def test_what_a_torn_push_left_without_its_pin_gets_it_where_the_commit_is_at_hand(
        self,
    ) -> None:
        mrs = [replace(an_mr(id), head=a_sha(id)) for id in "abcd"]
        view = self.pinned(a_view(*mrs), a="a", b="x")
        edit = self.again(view, "a", "b", "c")
        assert edit is not None
        assert edit.pins == {an_id("b"): a_sha("b"), an_id("c"): a_sha("c")}
        assert edit.event.name == "healed"

    def test_what_has_ended_or_lies_in_the_inbox_needs_none(self) -> None:
        view = a_view(a_closed_mr("a"), an_mr("b"), unfolded=["b"])
        assert unpinned(view, REFS) == {}
        assert self.again(self.pinned(a_view(replace(an_mr("c"), head=a_sha("c"))), c="c")) is None
