"""Folding: every submission leaves the inbox once, as what it means by then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from refinery.queue.folding import INTENT_LASTS, fold, intents, seen
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import Branch
from refinery.store.apply import applied
from refinery.store.edit import Edit
from refinery.store.view import View
from tests.decisions.makers import (
    NOW,
    a_blocked_mr,
    a_claim,
    a_closed_mr,
    a_sha,
    a_view,
    ago,
    an_id,
    an_mr,
)

FEAT = Branch("feat")


def a_revision(name: str, minutes: float, **fields: Any) -> MergeRequest:
    """A submission of branch `feat`, so many minutes ago."""
    fields = {"created_at": ago(minutes=minutes), "submitted_at": ago(minutes=minutes)} | fields
    return an_mr(name, branch=FEAT, **fields)


def folded(view: View, **options: Any) -> Edit:
    edit = fold(view, NOW, **options)
    assert edit is not None
    return edit


def standing(view: View, edit: Edit) -> dict[str, str]:
    """Id -> what it is once the edit is done."""
    after = applied(view, edit)
    assert after.unfolded.isdisjoint(edit.fold)
    return {
        mr.id: mr.close_reason.value if mr.close_reason else "open" for mr in after.mrs.values()
    }


def test_an_empty_inbox_needs_no_edit() -> None:
    assert fold(a_view(an_mr("a")), NOW) is None


def test_a_submission_becomes_a_record_with_a_pin() -> None:
    mr = an_mr("a")
    edit = folded(a_view(mr, unfolded=["a"]))
    assert edit == Edit(event=edit.event, put=(mr,), fold=(mr.id,), pins={mr.id: mr.head})
    assert (edit.event.name, edit.event.subject) == ("queued", "queue mr-a: Change a")


def test_many_are_folded_at_once_oldest_first() -> None:
    mrs = [an_mr(name, submitted_at=ago(minutes=at)) for name, at in (("a", 1), ("b", 3), ("c", 2))]
    edit = folded(a_view(*mrs, unfolded=["a", "b", "c"]))
    assert edit.fold == (an_id("b"), an_id("c"), an_id("a"))
    assert edit.event.subject == "queue 3 merge requests"


def test_a_revision_closes_the_one_before_and_takes_over_its_standing() -> None:
    old = a_blocked_mr("old", branch=FEAT, retry_count=2, created_at=ago(days=1))
    new = a_revision("new", 1)
    view = a_view(old, new, claims=[a_claim("old")], unfolded=["new"])
    edit = folded(view)
    assert standing(view, edit) == {"mr-old": "superseded", "mr-new": "open"}
    after = applied(view, edit).mrs
    assert after[old.id].superseded_by == new.id
    assert (after[old.id].block, after[old.id].blocked_by) == (None, None)
    taken = after[new.id]
    assert (taken.created_at, taken.retry_count, taken.block) == (old.created_at, 2, old.block)
    assert edit.pins == {old.id: None, new.id: new.head}
    assert edit.release == (old.id,)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_newest_of_several_revisions_stays_however_they_lie(order: tuple[int, ...]) -> None:
    mrs = [a_revision("a", 9), a_revision("b", 6), a_revision("c", 3)]
    view = a_view(*(mrs[index] for index in order), unfolded=["a", "b", "c"])
    edit = folded(view)
    assert standing(view, edit) == {"mr-a": "superseded", "mr-b": "superseded", "mr-c": "open"}
    assert {id: pin for id, pin in edit.pins.items() if pin} == {an_id("c"): a_sha("head of c")}
    assert applied(view, edit).mrs[an_id("c")].created_at == ago(minutes=9)


def test_a_submission_that_was_overtaken_is_closed_in_favour_of_the_newer() -> None:
    late, queued = a_revision("late", 9), a_revision("queued", 3)
    view = a_view(late, queued, unfolded=["late"])
    edit = folded(view)
    assert standing(view, edit) == {"mr-late": "superseded", "mr-queued": "open"}
    assert applied(view, edit).mrs[late.id].superseded_by == queued.id


def test_the_same_push_through_two_doors_is_one_merge_request() -> None:
    head = a_sha("same")
    view = a_view(a_revision("a", 2, head=head), a_revision("b", 1, head=head), unfolded=["a", "b"])
    edit = folded(view)
    assert edit.fold == (an_id("a"), an_id("b"))
    assert standing(view, edit) == {"mr-a": "open"}
    assert list(seen(view, NOW).mrs) == ["mr-a"]


def test_a_closed_revision_of_the_branch_is_left_alone() -> None:
    view = a_view(
        a_closed_mr("old", CloseReason.MERGED, branch=FEAT), a_revision("new", 1), unfolded=["new"]
    )
    edit = folded(view)
    assert standing(view, edit) == {"mr-old": "merged", "mr-new": "open"}
    assert edit.put == (a_revision("new", 1),)


def test_an_announced_push_becomes_ready_when_its_branch_shows_the_commit() -> None:
    mr = a_revision("a", 1, intent=True)
    view = a_view(mr, unfolded=["a"])
    assert intents(view) == {FEAT}
    edit = folded(view, tips={FEAT: mr.head})
    assert [each.intent for each in edit.put] == [False]
    assert standing(view, edit) == {"mr-a": "open"}


@pytest.mark.parametrize("tips", [None, {}, {FEAT: a_sha("something else")}])
def test_an_announced_push_that_is_not_seen_waits(tips: dict[Branch, Any] | None) -> None:
    view = a_view(a_revision("a", 1, intent=True), unfolded=["a"])
    assert fold(view, NOW, tips=tips) is None


def test_an_announced_push_that_was_seen_late_is_not_taken_for_one_that_never_came() -> None:
    mr = a_revision("a", 1, intent=True)
    edit = fold(a_view(mr, unfolded=["a"]), NOW + 2 * INTENT_LASTS, tips={FEAT: mr.head})
    assert edit is not None
    assert [each.intent for each in edit.put] == [False]


def test_an_announced_push_that_never_comes_is_dropped_after_half_an_hour() -> None:
    mr = a_revision("a", 1, intent=True)
    view = a_view(mr, unfolded=["a"])
    at = mr.submitted_at + INTENT_LASTS
    assert fold(view, at) is None
    edit = fold(view, at + timedelta(seconds=1))
    assert edit is not None
    assert (edit.put, edit.fold) == ((), (mr.id,))
    assert applied(view, edit).mrs == {}


def test_an_announcement_is_dropped_once_a_newer_push_of_its_branch_is_queued() -> None:
    view = a_view(
        a_revision("a", 2, intent=True), a_revision("b", 1, intent=True), unfolded=["a", "b"]
    )
    edit = folded(view, tips={FEAT: a_sha("head of b")})
    assert standing(view, edit) == {"mr-b": "open"}


def test_what_people_are_shown_is_what_folding_will_do() -> None:
    view = a_view(an_mr("old", branch=FEAT), a_revision("new", 1), unfolded=["new"])
    edit = fold(view, NOW)
    assert edit is not None
    assert seen(view, NOW) == applied(view, edit)
    assert seen(seen(view, NOW), NOW) == seen(view, NOW)
