"""Conflicts: what blocks, and what lets it go on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from refinery.config.config import Config
from refinery.queue.blocking import (
    StillConflicts,
    answered,
    answered_together,
    blocked_on,
    conflicted,
    hollow,
    reblocked,
    reblocked_together,
    unblocked,
    unblocked_together,
)
from refinery.queue.candidate import Clash, Hollow
from refinery.queue.order import by_score
from refinery.queue.standing import Code, stands_by_itself
from refinery.records import document
from refinery.records.fitting import KEPT_FILES
from refinery.records.merge_request import (
    Attempt,
    AttemptOutcome,
    Block,
    CloseReason,
    FailureType,
    Status,
)
from refinery.records.names import IssueRef
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
    a_sha,
    a_view,
    an_id,
    an_mr,
    branches,
)

A = an_id("a")
BOB = a_candidate_claim("a", "b", worker="bob")
BASE = a_sha("base")
CLASH = Clash(A, BASE, ("a.txt", "b.txt"))
ISSUE = IssueRef("local#1")
CONFIG = Config()


def being_tested(**fields: object) -> View:
    """While another worker tests both together, which says nothing against a conflict."""
    return a_view(an_mr("a", **fields), an_mr("b"), claims=[BOB])


def conflict(view: View, clash: Clash = CLASH) -> Edit | None:
    return conflicted(view, clash, CONFIG, NOW, worker="ada")


class TestConflict:
    def test_blocks_before_the_issue_exists_and_keeps_place_and_age(self) -> None:
        edit = conflict(being_tested())
        note = "a.txt, b.txt"
        assert edit == Edit(
            event=Event("conflict", "mr-a conflicts with main: a.txt, b.txt", (A,), "ada"),
            put=(
                an_mr(
                    retry_count=1,
                    block=Block("conflict", an_mr().head, BASE, CLASH.files),
                    attempts=(Attempt(NOW, "ada", AttemptOutcome.CONFLICT, BASE, note=note),),
                ),
            ),
        )
        after = applied(being_tested(), edit)
        assert stands_by_itself(after, after.mrs[A], NOW).code is Code.BLOCKED_BY_ISSUE
        assert stands_by_itself(after, after.mrs[an_id("b")], NOW).code is Code.READY
        assert set(after.claims.values()) == {BOB}

    @pytest.mark.parametrize(
        ("files", "words"),
        [
            ((), "no common history"),
            (("a",), "a"),
            (("a", "b", "c"), "a, b, c"),
            (("a", "b", "c", "d", "e"), "a, b, c and 2 more"),
        ],
    )
    def test_names_the_files(self, files: tuple[str, ...], words: str) -> None:
        edit = conflict(being_tested(), replace(CLASH, files=files))
        assert isinstance(edit, Edit)
        assert edit.event.subject == f"mr-a conflicts with main: {words}"

    @pytest.mark.parametrize(
        "files",
        [
            ("two\nlines", "esc\x1b[31m", "nul\x00", "del\x7f"),
            ("d/" * 1500 + "deep.txt",),
            tuple("d/" * 200 + str(n) for n in range(5)),
            tuple(f"{n}.txt" for n in range(KEPT_FILES + 9)),
            ("caf\udce9.txt",),
        ],
        ids=["control characters", "a long path", "long paths", "many", "Latin-1"],
    )
    def test_of_whatever_files_can_be_written(self, files: tuple[str, ...]) -> None:
        # A name that the schema refuses would stop the queue at this merge request for ever.
        edit = conflict(being_tested(), replace(CLASH, files=files))
        assert isinstance(edit, Edit)
        document.write(edit.put[0])
        block = edit.put[0].block
        assert block is not None
        assert len(block.files) == min(len(files), KEPT_FILES)

    @pytest.mark.parametrize(
        "view",
        [
            being_tested(block=Block("conflict", a_sha("head"), BASE)),
            a_view(an_mr(), targets={MAIN: a_sha("newer")}),
            a_view(an_mr(), targets={}),
            a_view(a_closed_mr()),
            a_view(),
        ],
        ids=["said by another", "target moved", "target gone", "closed", "gone"],
    )
    def test_found_in_a_world_that_moved_on_means_nothing(self, view: View) -> None:
        assert conflict(view) is None

    def test_too_often_parks_it(self) -> None:
        edit = conflict(being_tested(retry_count=4))
        assert isinstance(edit, Edit)
        failure = edit.put[0].failure
        assert failure is not None
        assert failure.type is FailureType.ATTEMPTS


@pytest.mark.parametrize(
    ("in_target", "reason", "words"),
    [
        (True, CloseReason.ALREADY_MERGED, "{} is already in main"),
        (False, CloseReason.EMPTY, "merging {} changes nothing: main has all of it"),
    ],
)
def test_what_changes_nothing_is_closed_in_its_own_words(
    in_target: bool, reason: CloseReason, words: str
) -> None:
    said = words.format(an_mr().head[:12])
    found = Hollow(A, BASE, in_target)
    ended = Edit(
        event=Event("closed", f"mr-a: {said}", (A,), "ada"),
        put=(an_mr(status=Status.CLOSED, close_reason=reason, closed_at=NOW, error=said),),
        pins={A: None},
    )
    assert hollow(being_tested(), found, NOW, worker="ada") == ended
    by_hand = a_view(an_mr(), claims=[a_claim("a", worker="eve")])
    assert hollow(by_hand, found, NOW, worker="ada") == replace(ended, release=(A,))


@pytest.mark.parametrize(
    "view",
    [a_view(an_mr(), targets={MAIN: a_sha("newer")}), a_view(a_closed_mr()), a_view()],
    ids=["target moved", "closed", "gone"],
)
def test_what_changed_nothing_in_a_world_that_moved_on_means_nothing(view: View) -> None:
    assert hollow(view, Hollow(A, BASE, in_target=True), NOW, worker="ada") is None


class TestIssue:
    def test_its_number_is_recorded_once(self) -> None:
        view = a_view(a_blocked_mr(issue=None))
        edit = blocked_on(view, A, ISSUE)
        assert isinstance(edit, Edit)
        assert edit.put == (a_blocked_mr(),)
        assert blocked_on(a_view(a_blocked_mr()), A, ISSUE) is None
        assert blocked_on(a_view(an_mr()), A, ISSUE) is None
        assert blocked_on(a_view(), A, ISSUE) is None

    def test_closing_lets_a_head_that_moved_go_on_even_if_it_still_conflicts(self) -> None:
        moved = a_blocked_mr(head=a_sha("new head"))
        edit = unblocked(a_view(moved), A, clean=False, files=("a.txt",))
        assert isinstance(edit, Edit)
        assert edit.event == Event("unblocked", "mr-a re-enters the queue: its head moved", (A,))
        assert edit.put == (replace(moved, block=None, blocked_by=None, was_blocked_by=ISSUE),)

    def test_closing_lets_go_on_what_merges_cleanly_now(self) -> None:
        edit = unblocked(a_view(a_blocked_mr(retry_count=1)), A, clean=True)
        assert isinstance(edit, Edit)
        words = "mr-a re-enters the queue: it can be put on main now"
        assert edit.event == Event("unblocked", words, (A,))
        assert edit.put == (an_mr(retry_count=1, was_blocked_by=ISSUE),)

    def test_closing_without_any_change_does_not_make_it_bounce(self) -> None:
        view = a_view(a_blocked_mr())
        assert unblocked(view, A, clean=False, files=("a.txt",)) == StillConflicts(
            a_blocked_mr(), ("a.txt",)
        )

    def test_the_place_in_the_queue_is_as_before(self) -> None:
        others = [an_mr("b", created_at=NOW), an_mr("c", priority=1)]
        edit = unblocked(a_view(a_blocked_mr(), *others), A, clean=True)
        assert isinstance(edit, Edit)
        order = by_score([*others, *edit.put], NOW, CONFIG.score)
        assert branches(order) == ["c", "a", "b"]

    @pytest.mark.parametrize("view", [a_view(), a_view(an_mr()), a_view(a_closed_mr())])
    def test_closing_means_nothing_to_what_is_not_blocked(self, view: View) -> None:
        assert unblocked(view, A, clean=True) is None

    def test_a_closing_without_effect_is_answered_once(self) -> None:
        view = a_view(a_blocked_mr())
        edit = answered(view, A, is_answered=True)
        assert isinstance(edit, Edit)
        block = a_blocked_mr().block
        assert block is not None
        assert edit.put == (a_blocked_mr(block=replace(block, answered=True)),)
        after = applied(view, edit)
        assert answered(after, A, is_answered=True) is None
        again = answered(after, A, is_answered=False)
        assert isinstance(again, Edit)
        assert again.put == (a_blocked_mr(),)

    def test_reopening_blocks_again_what_is_open_in_its_newest_revision(self) -> None:
        view = a_view(
            a_closed_mr("a", CloseReason.SUPERSEDED, superseded_by=an_id("b")), an_mr("b")
        )
        edit = reblocked(view, A, ISSUE)
        assert isinstance(edit, Edit)
        block = Block("conflict", an_mr("b").head, BASE)
        assert edit.put == (an_mr("b", blocked_by=ISSUE, block=block),)

    @pytest.mark.parametrize(
        "view",
        [a_view(), a_view(a_closed_mr()), a_view(a_blocked_mr()), a_view(an_mr(), targets={})],
        ids=["gone", "landed", "blocked", "no target"],
    )
    def test_reopening_means_nothing_to_the_rest(self, view: View) -> None:
        assert reblocked(view, A, ISSUE) is None


class TestTogether:
    """What many issues mean is one transaction of each kind."""

    VIEW = a_view(a_blocked_mr("a", "github#1"), a_blocked_mr("b", "github#2"), an_mr("c"))
    B = an_id("b")

    def test_all_that_can_go_on_do(self) -> None:
        edit = unblocked_together(self.VIEW, {A: True, self.B: True, an_id("c"): True})
        assert isinstance(edit, Edit)
        assert edit.event == Event("unblocked", "2 merge requests re-enter the queue", (A, self.B))
        assert edit.put == (
            an_mr("a", was_blocked_by="github#1"),
            an_mr("b", was_blocked_by="github#2"),
        )

    def test_one_alone_is_worded_as_one(self) -> None:
        edit = unblocked_together(self.VIEW, {A: False, self.B: True})
        assert edit == unblocked(self.VIEW, self.B, clean=True)

    def test_reopened_issues_block_what_they_had_let_go(self) -> None:
        free = a_view(
            *(an_mr(name, was_blocked_by=f"github#{n}") for n, name in enumerate("abc", start=1)),
            a_closed_mr("d", was_blocked_by="github#1"),
        )
        edit = reblocked_together(free, {IssueRef("github#1"), IssueRef("github#2")})
        assert isinstance(edit, Edit)
        assert edit.event.mrs == (A, self.B)
        assert [(mr.blocked_by, mr.was_blocked_by) for mr in edit.put] == [
            ("github#1", None),
            ("github#2", None),
        ]
        assert reblocked_together(applied(free, edit), {IssueRef("github#1")}) is None

    def test_answers_are_remembered_together(self) -> None:
        edit = answered_together(self.VIEW, [A, self.B], is_answered=True)
        assert isinstance(edit, Edit)
        assert [mr.block and mr.block.answered for mr in edit.put] == [True, True]
        assert answered_together(applied(self.VIEW, edit), [A, self.B], is_answered=True) is None
        back = answered_together(applied(self.VIEW, edit), [A, self.B], is_answered=False)
        assert back is not None
        assert back.event.subject == "2 merge requests have their issues open again"
