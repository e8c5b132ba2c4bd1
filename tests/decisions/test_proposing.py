"""Landing through a pull request: when a candidate is proposed, and when it is taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from refinery.config.config import Config
from refinery.queue.proposing import (
    abandoned,
    merged,
    noted,
    proposals,
    proposed,
    turned_down,
    why_withdrawn,
    withdrawn,
)
from refinery.queue.settling import Stale
from refinery.records.header import Pause
from refinery.records.merge_request import (
    Block,
    CloseReason,
    Failure,
    FailureType,
    MergeRequest,
    Proposal,
    Status,
)
from refinery.records.names import Branch, IssueRef, Ref
from refinery.store.edit import Edit, Event, RefMove
from refinery.store.view import View
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_build,
    a_candidate_claim,
    a_claim,
    a_closed_mr,
    a_failed_mr,
    a_hold,
    a_proposal,
    a_sha,
    a_verdict,
    a_view,
    an_id,
    an_mr,
)


def test_one_candidate_a_target_is_proposed_at_a_time() -> None:
    alone = a_view(an_mr("a"), an_mr("b"), claims=[a_candidate_claim("b")])
    other = replace(alone, mrs={**alone.mrs, an_id("a"): an_mr("a", proposal=a_proposal("a"))})
    told = (a_build("b"), a_verdict("b"), a_candidate_claim("b"), Config(), NOW)
    edit = proposed(alone, *told)
    assert isinstance(edit, Edit)
    assert edit.release == a_candidate_claim("b").names
    assert proposed(other, *told) == Stale("refinery/land/a is to land first")


def on_main() -> Proposal:
    view = a_view()
    landing = replace(a_proposal("a").landing, base=view.targets[MAIN])
    return a_proposal("a", landing=landing)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, None),
        ({"hold": a_hold()}, f"{an_id('a')} is held"),
        (
            {"blocked_by": IssueRef("local#1"), "block": Block("conflict", a_sha("h"), a_sha("b"))},
            f"{an_id('a')} may not land any more",
        ),
        ({"failure": a_failed_mr().failure}, f"{an_id('a')} may not land any more"),
    ],
    ids=["as it was", "held", "its issue was reopened", "sent back"],
)
def test_what_may_not_land_any_more_is_taken_back(fields: dict[str, Any], why: str | None) -> None:
    view = a_view(an_mr("a", proposal=on_main(), **fields))
    assert why_withdrawn(view, Branch("refinery/land/a"), NOW) == why


BRANCH = Branch("refinery/land/a")
REF = Ref(f"refs/heads/{BRANCH}")
TIPS = {REF: a_sha("candidate")}
GONE = (RefMove(REF, a_sha("candidate"), None),)


def pair(**fields: Any) -> View:
    """`a` and `b`, proposed together and nothing else the matter."""
    landing = replace(on_main().landing, candidate=(an_id("a"), an_id("b")))
    proposal = a_proposal("a", "b", landing=landing)
    return a_view(an_mr("a", proposal=proposal), an_mr("b", proposal=proposal), **fields)


def put(edit: Edit | None) -> tuple[MergeRequest, ...]:
    assert edit is not None
    return tuple(edit.put)


def test_a_candidate_is_put_on_a_branch_of_its_own_and_no_target_moves() -> None:
    claim = a_candidate_claim("a", "b")
    view = a_view(an_mr("a"), an_mr("b"), claims=[claim])
    built = a_build("a", "b")
    edit = proposed(view, built, a_verdict("a", "b"), claim, Config(), NOW)
    assert isinstance(edit, Edit)
    branch = Branch(f"refinery/land/{an_id('a')}-{built.commit[:12]}")
    assert edit.moves == (RefMove(Ref(f"refs/heads/{branch}"), None, built.commit),)
    assert edit.verdicts == (a_verdict("a", "b"),)
    assert (edit.event.name, edit.event.mrs) == ("proposed", (an_id("a"), an_id("b")))
    assert edit.event.worker == "ada"
    for mr, name in zip(put(edit), ("a", "b"), strict=True):
        assert mr.proposal is not None
        assert mr == an_mr(name, proposal=mr.proposal)
        assert (mr.proposal.branch, mr.proposal.at) == (branch, NOW)
        assert mr.proposal.commit == a_sha(f"commit of {name}")
        assert mr.proposal.landing.mode == "pull-request"


def test_a_candidate_that_needed_no_checks_brings_no_verdict() -> None:
    claim = a_candidate_claim("a")
    view = a_view(an_mr("a"), claims=[claim])
    edit = proposed(view, a_build("a"), None, claim, Config(), NOW)
    assert isinstance(edit, Edit)
    assert edit.verdicts == ()


def test_a_branch_has_the_members_that_are_still_open() -> None:
    gone = a_closed_mr("b", proposal=on_main())
    view = a_view(an_mr("a", proposal=on_main()), gone, an_mr("c"))
    assert proposals(view) == {BRANCH: [view.mrs[an_id("a")]]}
    assert abandoned(view) == {}
    assert abandoned(a_view(gone, an_mr("c"))) == {BRANCH: gone}


class TestNoting:
    def test_the_number_and_what_the_forge_asks_for_are_remembered(self) -> None:
        edit = noted(pair(), BRANCH, 8, "a review\nis missing")
        assert edit is not None
        both = (an_id("a"), an_id("b"))
        words = "pull request 8 is to land mr-a, mr-b: a review\ufffdis missing"
        assert edit.event == Event("proposed", words, both)
        told = [(mr.proposal.number, mr.proposal.why) for mr in put(edit) if mr.proposal]
        assert told == [(8, "a review\ufffdis missing")] * 2

    def test_without_a_reason_there_is_none_in_the_words(self) -> None:
        edit = noted(pair(), BRANCH, 8, "")
        assert edit is not None
        assert edit.event.subject == "pull request 8 is to land mr-a, mr-b"

    def test_what_is_known_is_not_written_again(self) -> None:
        assert noted(pair(), BRANCH, 7, "") is None
        assert noted(pair(), Branch("refinery/land/other"), 8, "") is None

    def test_either_alone_is_news(self) -> None:
        assert len(put(noted(pair(), BRANCH, 7, "a review is missing"))) == 2
        assert len(put(noted(pair(), BRANCH, 8, ""))) == 2


class TestWhyWithdrawn:
    def test_nothing_is_left_of_it(self) -> None:
        view = a_view(an_mr("a"))
        assert why_withdrawn(view, BRANCH, NOW) == "nothing of it is waiting any more"

    def test_its_target_moved(self) -> None:
        view = replace(pair(), targets={MAIN: a_sha("another")})
        assert why_withdrawn(view, BRANCH, NOW) == "main moved: what was tested is outdated"

    def test_a_member_is_gone(self) -> None:
        view = pair()
        ended = a_closed_mr("b", proposal=view.mrs[an_id("b")].proposal)
        without = replace(view, mrs={**view.mrs, an_id("b"): ended})
        assert why_withdrawn(without, BRANCH, NOW) == f"{an_id('b')} is not waiting any more"

    def test_the_queue_is_paused(self) -> None:
        view = pair()
        paused = replace(view.header, paused=Pause("eve", "a release", NOW))
        words = why_withdrawn(replace(view, header=paused), BRANCH, NOW)
        assert words == "the queue was paused"

    def test_each_half_of_a_block_is_enough(self) -> None:
        for half in (
            {"blocked_by": IssueRef("local#1")},
            {"block": Block("conflict", a_sha("h"), a_sha("b"))},
        ):
            view = a_view(an_mr("a", proposal=on_main(), **half))
            assert why_withdrawn(view, BRANCH, NOW) == f"{an_id('a')} may not land any more"


class TestWithdrawing:
    def test_the_branch_goes_and_its_members_are_in_the_queue_again(self) -> None:
        assert withdrawn(pair(), BRANCH, "main moved", TIPS) == Edit(
            event=Event("withdrawn", f"withdraw {BRANCH}: main moved", (an_id("a"), an_id("b"))),
            put=(an_mr("a"), an_mr("b")),
            moves=GONE,
        )

    def test_a_branch_without_members_goes_too(self) -> None:
        assert withdrawn(a_view(), BRANCH, "over", TIPS) == Edit(
            event=Event("withdrawn", f"withdraw {BRANCH}: over", ()), put=(), moves=GONE
        )

    def test_members_without_a_branch_are_in_the_queue_again(self) -> None:
        edit = withdrawn(pair(), BRANCH, "over", {})
        assert put(edit) == (an_mr("a"), an_mr("b"))
        assert edit is not None
        assert edit.moves == ()

    def test_where_there_is_neither_nothing_is_written(self) -> None:
        assert withdrawn(a_view(), BRANCH, "over", {}) is None


class TestTurningDown:
    def test_who_was_in_a_closed_pull_request_waits_for_a_person(self) -> None:
        why = "pull request 7, which was to land it, was closed on the forge"
        failure = Failure(type=FailureType.ERROR, at=NOW, message=why)
        assert turned_down(pair(), BRANCH, 7, NOW, TIPS) == Edit(
            event=Event(
                "merge_failed",
                "mr-a, mr-b: pull request 7 was closed",
                (an_id("a"), an_id("b")),
            ),
            put=(an_mr("a", failure=failure), an_mr("b", failure=failure)),
            moves=GONE,
        )

    def test_where_nobody_is_in_it_nothing_is_written(self) -> None:
        assert turned_down(a_view(), BRANCH, 7, NOW, TIPS) is None


class TestMerged:
    def told(self, view: View, **fields: Any) -> Edit | None:
        commits = {an_id("a"): a_sha("a as merged")}
        values = {"tip": a_sha("tip"), "commits": commits, "merged_as": a_sha("merge")}
        return merged(view, BRANCH, **values | {"number": 7, "now": NOW, "tips": TIPS} | fields)

    def test_each_member_is_closed_with_the_evidence_and_its_commit(self) -> None:
        edit = self.told(pair(claims=[a_claim("a")]))
        assert edit is not None
        both = (an_id("a"), an_id("b"))
        assert edit.event == Event(
            name="merged",
            subject="pull request 7 landed mr-a, mr-b on main",
            mrs=both,
            details={"Refinery-Target": "main", "Refinery-Commit": a_sha("merge")},
        )
        for mr, commit in zip(put(edit), ("a as merged", "tip"), strict=True):
            assert (mr.status, mr.close_reason) == (Status.CLOSED, CloseReason.MERGED)
            assert (mr.closed_at, mr.merge_commit) == (NOW, a_sha(commit))
            assert mr.landing is not None
            assert (mr.landing.commit, mr.landing.merged_as) == (a_sha("tip"), a_sha("merge"))
            assert mr.landing.pull_request == 7
        assert edit.header is not None
        assert edit.header.landed == {MAIN: a_sha("merge")}
        assert (edit.release, edit.pins) == ((an_id("a"),), dict.fromkeys(both))
        assert edit.moves == GONE

    def test_without_a_merge_commit_the_target_is_at_the_candidate(self) -> None:
        edit = self.told(pair(), merged_as=None, tips={})
        assert edit is not None
        assert edit.event.details["Refinery-Commit"] == a_sha("tip")
        assert edit.header is not None
        assert edit.header.landed == {MAIN: a_sha("tip")}
        assert edit.moves == ()

    def test_what_is_recorded_already_is_not_recorded_again(self) -> None:
        assert self.told(a_view()) is None
