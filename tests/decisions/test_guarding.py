"""The state machine as a server enforces it: every legal step passes, every other is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta

import pytest

from refinery.config.config import Check, Config
from refinery.queue import guarding
from refinery.queue.blocking import blocked_on, conflicted, hollow
from refinery.queue.candidate import Clash, Hollow, Misfit
from refinery.queue.folding import INTENT_LASTS, fold
from refinery.queue.operating import hold, reject, retry, unhold
from refinery.queue.settling import land, sent_back, set_aside, settle
from refinery.records.claim import Claim
from refinery.records.header import QueueHeader
from refinery.records.merge_request import (
    Attempt,
    AttemptOutcome,
    CloseReason,
    FailureType,
    MergeRequest,
    Status,
)
from refinery.records.names import Branch, IssueRef, MrId
from refinery.records.verdict import Result
from refinery.store.edit import Edit
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
    a_sha,
    a_verdict,
    a_view,
    ago,
    an_id,
    an_mr,
)

A = an_id("a")
KNOWN = frozenset({A, an_id("b")})
BASE = a_sha("base")
CONFIG = Config(checks=(Check("unit", "make test"),))
CLAIM = a_candidate_claim("a")
GREEN = a_verdict(fingerprint=CONFIG.fingerprint)
BAD = a_verdict("a", result=Result.FAIL, runs=2, fingerprint=CONFIG.fingerprint)
CLAIMED = a_view(an_mr("a"), claims=[CLAIM], verdicts=[GREEN])
CLASH = Clash(A, BASE, ("f",))
MISFIT = Misfit(A, BASE, FailureType.NOT_FAST_FORWARD, "rebase it")
TROUBLE = Attempt(NOW, "ada", AttemptOutcome.PUSH_FAIL, BASE)


def the_edit(decided: object) -> Edit:
    assert isinstance(decided, Edit)
    return decided


@pytest.mark.parametrize(
    ("view", "decide"),
    [
        (CLAIMED, lambda v: land(v, a_build("a"), a_verdict("a"), CLAIM, CONFIG, NOW)),
        (CLAIMED, lambda v: settle(v, a_build("a"), BAD, CLAIM, CONFIG, NOW)),
        (CLAIMED, lambda v: conflicted(v, CLASH, CONFIG, NOW, worker="ada")),
        (CLAIMED, lambda v: hollow(v, Hollow(A, BASE, in_target=True), NOW, worker="ada")),
        (CLAIMED, lambda v: hollow(v, Hollow(A, BASE, in_target=False), NOW, worker="ada")),
        (CLAIMED, lambda v: sent_back(v, MISFIT, NOW, worker="ada")),
        (CLAIMED, lambda v: set_aside(v, A, TROUBLE, CONFIG)),
        (a_view(a_blocked_mr("a", None)), lambda v: blocked_on(v, A, IssueRef("local#1"))),
        (a_view(an_mr("a")), lambda v: reject(v, A, reason="no", by="eve", now=NOW)),
        (a_view(a_failed_mr("a")), lambda v: retry(v, A, by="eve", now=NOW)),
        (a_view(an_mr("a")), lambda v: hold(v, A, reason="wait", by="eve", now=NOW)),
        (a_view(an_mr("a", hold=a_hold())), lambda v: unhold(v, A, by="eve")),
    ],
)
def test_every_step_the_queue_takes_is_legal(view: View, decide: Callable[[View], object]) -> None:
    edit = the_edit(decide(view))
    assert edit.put
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
    ended = replace(twin, status=Status.CLOSED, submitted_at=ago(days=1))
    assert guarding.withdrawn(mr, A, (ended,), nobody, ago(minutes=40)) == lost
    other_commit = replace(twin, head=a_sha("earlier"), submitted_at=ago(days=1))
    assert guarding.withdrawn(mr, A, (other_commit,), nobody, ago(minutes=40)) == lost
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


class TestCandidates:
    """The name of a candidate's claim says what it is of: no other may be written there."""

    MINE = a_candidate_claim("a", "b")
    NAME = MINE.names[0]

    def claimed(self, before: Claim | None, after: Claim, name: str = NAME) -> str | None:
        return guarding.claimed(name, before, after, KNOWN, NOW)

    def test_its_claim_is_taken_renewed_and_taken_over_when_it_ran_out(self) -> None:
        late = replace(self.MINE, expires_at=NOW)
        theirs = replace(self.MINE, worker="bob", token="f" * 32)
        assert self.claimed(None, self.MINE) is None
        assert self.claimed(self.MINE, replace(self.MINE, expires_at=CLAIM.expires_at)) is None
        assert self.claimed(late, theirs) is None
        assert self.claimed(self.MINE, replace(theirs, worker="ada")) is None

    def test_not_while_another_worker_tests_it(self) -> None:
        theirs = replace(self.MINE, worker="bob", token="f" * 32)
        assert self.claimed(self.MINE, theirs) == "it is claimed by ada until 12:10:00 UTC"

    @pytest.mark.parametrize(
        "other",
        [
            a_candidate_claim("b", "a"),
            a_candidate_claim("a"),
            a_candidate_claim("a", "b", base=a_sha("other")),
            a_candidate_claim("a", "b", target="release"),
            a_claim("a", "b"),
        ],
        ids=["order", "members", "base", "target", "by hand"],
    )
    def test_not_under_the_name_of_another(self, other: Claim) -> None:
        assert self.claimed(None, other) == f"the claim does not name {self.NAME}"

    def test_not_under_the_name_of_a_member(self) -> None:
        # There it would keep every worker away from that one.
        assert self.claimed(None, self.MINE, name=A) == "the claim does not name mr-a"

    def test_not_with_a_member_that_does_not_wait(self) -> None:
        ghost = a_candidate_claim("a", "ghost")
        why = self.claimed(None, ghost, name=ghost.names[0])
        assert why == "mr-ghost is not waiting in the queue"

    def test_of_the_target_itself_asks_for_nobody(self) -> None:
        base = a_candidate_claim(purpose="base")
        assert guarding.claimed(base.names[0], None, base, frozenset(), NOW) is None


def test_the_header_forgets_no_landing_and_counts_up() -> None:
    before = QueueHeader(default_target=MAIN, landed={"main": a_sha("1")}, archived=2)
    assert guarding.header_changed(before, replace(before, archived=3)) is None
    assert guarding.header_changed(before, replace(before, archived=1)) == "archived counts up"
    assert guarding.header_changed(before, replace(before, landed={})) == "landed forgets main"
