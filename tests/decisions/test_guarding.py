"""The state machine as a server enforces it: every legal step passes, every other is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta

import pytest

from refinery.config.config import Config
from refinery.queue import guarding
from refinery.queue.blocking import blocked_on, conflicted, hollow
from refinery.queue.candidate import Clash, Hollow
from refinery.queue.folding import INTENT_LASTS, fold
from refinery.queue.operating import hold, reject, retry, unhold
from refinery.queue.settling import failed, land
from refinery.records.header import QueueHeader
from refinery.records.merge_request import CloseReason, MergeRequest, Status
from refinery.records.names import Branch, IssueRef, MrId
from refinery.records.verdict import Result
from refinery.store.edit import Edit
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

A = an_id("a")
KNOWN = frozenset({A, an_id("b")})
CLAIM = a_claim("a")
CLAIMED = a_view(an_mr("a"), claims=[CLAIM])


def the_edit(decided: object) -> Edit:
    assert isinstance(decided, Edit)
    return decided


@pytest.mark.parametrize(
    ("view", "decide"),
    [
        (CLAIMED, lambda v: land(v, a_build("a"), a_verdict("a"), CLAIM, Config(), NOW)),
        (
            CLAIMED,
            lambda v: failed(
                v, a_build("a"), a_verdict("a", result=Result.FAIL), CLAIM, Config(), NOW
            ),
        ),
        (CLAIMED, lambda v: conflicted(v, Clash(A, a_sha("base"), ("f",)), CLAIM, Config(), NOW)),
        (CLAIMED, lambda v: hollow(v, Hollow(A, in_target=True), CLAIM, NOW)),
        (CLAIMED, lambda v: hollow(v, Hollow(A, in_target=False), CLAIM, NOW)),
        (a_view(a_blocked_mr("a", None)), lambda v: blocked_on(v, A, IssueRef("local#1"))),
        (a_view(an_mr("a")), lambda v: reject(v, A, reason="no", by="eve", now=NOW)),
        (a_view(a_failed_mr("a")), lambda v: retry(v, A, by="eve", now=NOW)),
        (a_view(an_mr("a")), lambda v: hold(v, A, reason="wait", by="eve", now=NOW)),
        (a_view(an_mr("a", hold=a_hold())), lambda v: unhold(v, A, by="eve")),
    ],
)
def test_every_step_the_queue_takes_is_legal(view: View, decide: Callable[[View], object]) -> None:
    edit = the_edit(decide(view))
    for after in edit.put:
        assert guarding.changed(view.mrs[after.id], after, frozenset(view.mrs)) is None


def test_every_record_that_folding_writes_is_legal() -> None:
    old = an_mr("old", branch=Branch("f"))
    new = an_mr("new", branch=Branch("f"), created_at=ago(minutes=1))
    late = an_mr("late", branch=Branch("f"), created_at=ago(hours=2))
    view = a_view(old, new, late, unfolded=["new", "late"])
    edit = the_edit(fold(view, NOW))
    known = frozenset(view.mrs)
    assert {mr.id for mr in edit.put} == known
    for mr in edit.put:
        if mr.id in view.unfolded:
            assert guarding.entered(view.mrs[mr.id], mr, known) is None
        else:
            assert guarding.changed(view.mrs[mr.id], mr, known) is None


OTHERWISE = {
    "id": an_id("b"),
    "branch": "other",
    "target": "release",
    "head": a_sha("forged"),
    "worker": "mallory",
    "submitted_at": NOW,
    "created_at": ago(days=9),
    "supersedes": an_id("b"),
    "convoy_created_at": ago(days=9),
}


@pytest.mark.parametrize("name", guarding.FIXED)
def test_what_a_merge_request_is_never_changes(name: str) -> None:
    before = an_mr("a")
    why = guarding.changed(before, replace(before, **{name: OTHERWISE[name]}), KNOWN)
    assert why == f"{name} of a merge request never changes: a new commit is a new submission"


def test_every_fixed_field_is_a_field() -> None:
    assert set(guarding.FIXED) <= {each.name for each in fields(MergeRequest)}


CLOSED = a_closed_mr("a", CloseReason.REJECTED, untold=("x", "y"))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"status": Status.OPEN}, guarding.IMMUTABLE),
        ({"title": "better"}, guarding.IMMUTABLE),
        ({"close_reason": CloseReason.CONFLICT}, guarding.IMMUTABLE),
        ({"untold": ("x", "y", "z")}, guarding.IMMUTABLE),
        ({"untold": ("y",)}, None),
        ({"untold": ()}, None),
    ],
)
def test_closed_is_immutable_but_for_words_still_to_be_said(
    change: dict[str, object], why: str | None
) -> None:
    assert guarding.changed(CLOSED, replace(CLOSED, **change), KNOWN) == why


@pytest.mark.parametrize(
    ("before", "change", "why"),
    [
        (an_mr("a", retry_count=2), {"retry_count": 1}, "retry_count never goes down"),
        (
            an_mr("a"),
            {"intent": True},
            "what is queued cannot become an announcement again",
        ),
        (an_mr("a"), {"merge_commit": a_sha("x")}, "it is open, and has merge_commit"),
        (
            an_mr("a"),
            {"status": Status.CLOSED, "closed_at": NOW},
            "it is closed without a reason and a time",
        ),
        (
            an_mr("a"),
            {"status": Status.CLOSED, "closed_at": NOW, "close_reason": CloseReason.MERGED},
            "it is merged without evidence",
        ),
        (
            an_mr("a"),
            {
                "status": Status.CLOSED,
                "closed_at": NOW,
                "close_reason": CloseReason.REJECTED,
                "merge_commit": a_sha("x"),
            },
            "it is rejected, and has a landing",
        ),
        (
            an_mr("a"),
            {
                "status": Status.CLOSED,
                "closed_at": NOW,
                "close_reason": CloseReason.SUPERSEDED,
                "superseded_by": an_id("ghost"),
            },
            "what superseded it is not in the queue",
        ),
    ],
)
def test_an_illegal_step_says_which_it_is(
    before: MergeRequest, change: dict[str, object], why: str
) -> None:
    assert guarding.changed(before, replace(before, **change), KNOWN) == why


def test_a_record_enters_only_out_of_the_inbox_and_as_it_was_submitted() -> None:
    mr = an_mr("a")
    older = replace(mr, created_at=ago(days=1))
    younger = replace(mr, created_at=NOW)
    assert guarding.entered(mr, mr, KNOWN) is None
    assert guarding.entered(mr, older, KNOWN) is None
    assert [
        guarding.entered(None, mr, KNOWN),
        guarding.entered(mr, replace(mr, head=a_sha("x")), KNOWN),
        guarding.entered(mr, younger, KNOWN),
    ] == [
        "it was never submitted: a record enters the queue out of the inbox",
        "its head is not the one that was submitted",
        "it would be younger than it was submitted",
    ]


def test_only_what_ended_leaves_and_only_into_the_archive() -> None:
    gone = a_closed_mr("a")
    assert guarding.removed(gone, gone) is None
    lost = "it is not put into the archive, as it is, by the same push"
    assert guarding.removed(gone, None) == lost
    assert guarding.removed(gone, replace(gone, title="forged")) == lost
    assert guarding.removed(an_mr("a"), an_mr("a")) == (
        "it is open: a merge request leaves the queue only after it has ended"
    )


@pytest.mark.parametrize(
    ("mr", "id", "why"),
    [
        (an_mr("a"), "mr-a", None),
        (an_mr("a", retry_count=3, created_at=ago(days=1)), "mr-a", None),
        (an_mr("a"), "mr-b", "the record is that of mr-a"),
        (
            an_mr("a", head=a_sha("elsewhere")),
            "mr-a",
            "the record's head is not the parent of its commit, so nothing would keep it alive",
        ),
        (
            a_closed_mr("a", CloseReason.REJECTED),
            "mr-a",
            "it is closed before it was queued",
        ),
        (a_failed_mr("a"), "mr-a", "it has a history before it was queued"),
    ],
)
def test_a_submission_is_a_fresh_record_on_its_head(
    mr: MergeRequest, id: str, why: str | None
) -> None:
    assert guarding.submitted(mr, id, a_sha("head of a")) == why


def test_a_submission_is_withdrawn_only_when_nothing_is_lost() -> None:
    mr = an_mr("a", intent=True)
    late = mr.submitted_at + INTENT_LASTS + timedelta(seconds=1)
    twin = replace(mr, id=an_id("twin"), intent=False)
    later = replace(twin, head=a_sha("later"), submitted_at=late)
    nobody: frozenset[MrId] = frozenset()
    assert guarding.withdrawn(mr, A, (), KNOWN, NOW) is None
    assert guarding.withdrawn(mr, A, (twin,), nobody, ago(hours=1)) is None
    assert guarding.withdrawn(mr, A, (later,), nobody, ago(hours=1)) is None
    assert guarding.withdrawn(mr, A, (), nobody, late) is None
    lost = "it is not in the queue yet: it would be lost"
    assert guarding.withdrawn(mr, A, (), nobody, ago(minutes=40)) == lost
    elsewhere = replace(later, branch=Branch("other"))
    assert guarding.withdrawn(mr, A, (elsewhere,), nobody, ago(minutes=40)) == lost
    assert guarding.withdrawn(replace(mr, intent=False), A, (), nobody, late) == lost


def test_a_claim_is_taken_renewed_or_taken_over_when_it_ran_out() -> None:
    mine, theirs = a_claim("a"), a_claim("a", worker="bob")
    renewed = replace(mine, expires_at=NOW + timedelta(hours=1))
    assert guarding.claimed(A, None, mine, KNOWN, NOW) is None
    assert guarding.claimed(A, mine, renewed, KNOWN, NOW) is None
    assert guarding.claimed(A, mine, replace(mine, token="f" * 32), KNOWN, NOW) is None
    assert guarding.claimed(A, mine, theirs, KNOWN, mine.expires_at) is None
    assert (
        guarding.claimed(A, mine, theirs, KNOWN, NOW) == "it is claimed by ada until 12:10:00 UTC"
    )
    assert guarding.claimed(A, None, a_claim("b"), KNOWN, NOW) == "the claim does not name mr-a"
    ghost = a_claim("ghost")
    assert guarding.claimed(an_id("ghost"), None, ghost, KNOWN, NOW) == (
        "mr-ghost is not waiting in the queue"
    )


def test_the_header_forgets_no_landing_and_counts_up() -> None:
    before = QueueHeader(default_target=MAIN, landed={"main": a_sha("1")}, archived=2)
    assert guarding.header_changed(before, replace(before, archived=3)) is None
    assert guarding.header_changed(before, replace(before, archived=1)) == "archived counts up"
    assert guarding.header_changed(before, replace(before, landed={})) == "landed forgets main"
