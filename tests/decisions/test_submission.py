"""What a submission means, against everything the queue may hold already."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from refinery.queue.submission import (
    NothingToLand,
    Novelty,
    Relation,
    Request,
    Unchanged,
    novelty,
    predecessor,
    submit,
)
from refinery.records.merge_request import CloseReason, MergeRequest, Status
from refinery.records.names import Branch
from refinery.store.edit import Edit
from refinery.store.view import View
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_blocked_mr,
    a_closed_mr,
    a_failed_mr,
    a_hold,
    a_sha,
    a_view,
    ago,
    an_id,
    an_mr,
)


def a_request(branch: str = "a", head: str = "new", **fields: Any) -> Request:
    values: dict[str, Any] = {
        "branch": Branch(branch),
        "target": MAIN,
        "head": a_sha(head),
        "worker": "ada",
        "title": "Change a",
    }
    return Request(**(values | fields))


def submitted(view: View, request: Request) -> MergeRequest:
    edit = submit(view, request, relation=Relation.AHEAD, now=NOW)
    assert isinstance(edit, Edit)
    (mr,) = edit.submit
    return mr


def test_a_new_branch_is_one_inbox_entry_and_touches_nothing_else() -> None:
    edit = submit(a_view(), a_request(), relation=Relation.AHEAD, now=NOW)
    assert isinstance(edit, Edit)
    (mr,) = edit.submit
    assert edit == Edit(event=edit.event, submit=(mr,))
    assert not edit.touches_queue
    assert (mr.status, mr.priority, mr.created_at, mr.supersedes) == ("open", 2, NOW, None)
    assert (edit.event.name, edit.event.mrs) == ("submitted", (mr.id,))
    assert novelty(mr, None) is Novelty.NEW


def test_everything_that_was_asked_for_is_in_the_record() -> None:
    asked = {
        "priority": 0,
        "source_issue": "gt-1",
        "rig": "town",
        "agent_bead": "bead-1",
        "epic": "e",
        "target_reason": "given",
        "convoy_id": "c",
        "convoy_created_at": ago(hours=3),
        "depends_on": (an_id("z"),),
        "intent": True,
    }
    mr = submitted(a_view(), a_request(**asked))
    assert {name: getattr(mr, name) for name in asked} == asked


def test_two_doors_that_see_the_same_queue_name_the_same_entry() -> None:
    one, other = (submitted(a_view(), a_request()) for _ in range(2))
    assert one.id == other.id


@pytest.mark.parametrize("relation", list(Relation))
def test_the_same_commit_again_changes_nothing_whatever_the_target_has(relation: Relation) -> None:
    queued = an_mr("a", head=a_sha("new"))
    done = submit(a_view(queued), a_request(), relation=relation, now=NOW)
    assert done == Unchanged(queued)


@pytest.mark.parametrize("relation", [Relation.IN_TARGET, Relation.EMPTY, Relation.UNRELATED])
def test_what_cannot_land_is_not_queued(relation: Relation) -> None:
    request = a_request()
    done = submit(a_view(), request, relation=relation, now=NOW)
    assert done == NothingToLand(relation, request)


def test_a_moved_head_is_a_revision_at_the_age_and_standing_of_the_old_one() -> None:
    old = a_blocked_mr(
        "a",
        retry_count=2,
        priority=1,
        source_issue="gt-1",
        epic="e",
        convoy_id="c",
        convoy_created_at=ago(days=1),
        depends_on=(an_id("z"),),
        hold=a_hold(),
    )
    mr = submitted(a_view(old), a_request())
    kept = (
        *("created_at", "retry_count", "priority", "source_issue", "epic", "convoy_id"),
        *("convoy_created_at", "depends_on", "blocked_by", "block", "hold"),
    )
    assert {name: getattr(mr, name) for name in kept} == {name: getattr(old, name) for name in kept}
    assert (mr.supersedes, mr.submitted_at, novelty(mr, old)) == (old.id, NOW, Novelty.REVISION)


def test_a_revision_forgets_what_failed() -> None:
    mr = submitted(a_view(a_failed_mr("a", retry_count=3)), a_request())
    assert (mr.failure, mr.attempts, mr.retry_count) == (None, (), 3)


def test_what_is_said_anew_wins_over_the_revision_before() -> None:
    old = an_mr("a", priority=1, source_issue="gt-1", depends_on=(an_id("y"),))
    again = a_request(priority=4, source_issue="gt-2", depends_on=(an_id("z"),))
    mr = submitted(a_view(old), again)
    assert (mr.priority, mr.source_issue, mr.depends_on) == (4, "gt-2", (an_id("z"),))


def test_a_revision_of_two_goes_on_from_the_newest() -> None:
    older = an_mr("a", head=a_sha("1"), submitted_at=ago(minutes=9))
    newer = an_mr("a", id=an_id("b"), head=a_sha("2"), submitted_at=ago(minutes=3))
    view = a_view(older, newer, unfolded=["a", "b"])
    assert submitted(view, a_request()).supersedes == newer.id


def test_going_back_to_a_commit_of_an_earlier_revision_is_a_submission_of_its_own() -> None:
    first = submitted(a_view(), a_request(head="1"))
    second = submitted(a_view(first), a_request(head="2"))
    ended = {"status": Status.CLOSED, "close_reason": CloseReason.SUPERSEDED, "closed_at": NOW}
    closed = replace(first, **ended)
    third = submitted(a_view(closed, second), a_request(head="1"))
    assert len({first.id, second.id, third.id}) == 3
    assert third.supersedes == second.id


def test_a_rejected_commit_can_be_submitted_once_more_as_a_new_one() -> None:
    old = a_closed_mr("a", CloseReason.REJECTED, head=a_sha("new"), priority=0, retry_count=5)
    mr = submitted(a_view(old), a_request())
    assert mr.id != old.id
    assert (mr.supersedes, mr.created_at, mr.priority, mr.retry_count) == (old.id, NOW, 2, 0)
    assert novelty(mr, old) is Novelty.RESUBMITTED


def test_a_closed_revision_of_another_commit_is_history() -> None:
    old = a_closed_mr("a", CloseReason.MERGED, head=a_sha("old"))
    mr = submitted(a_view(old), a_request())
    assert (mr.supersedes, novelty(mr, None)) == (None, Novelty.NEW)


def test_an_id_is_not_used_again_after_its_merge_request_was_archived() -> None:
    first = submitted(a_view(), a_request())
    view = a_view()
    later = replace(view, header=replace(view.header, archived=1))
    assert submitted(later, a_request()).id != first.id


def test_the_same_branch_for_another_target_is_another_merge_request() -> None:
    on_main = an_mr("a", head=a_sha("new"))
    elsewhere = a_request(target=Branch("release"))
    mr = submitted(a_view(on_main), elsewhere)
    assert (mr.supersedes, mr.target) == (None, "release")
    assert predecessor(a_view(on_main), elsewhere) is None
