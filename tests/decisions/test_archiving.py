"""Archiving: what leaves the live queue, and what somebody still needs there."""

from __future__ import annotations

from datetime import timedelta

from refinery.queue.archiving import GROUP, KEPT_CLOSED, archive
from refinery.queue.standing import Code, standing
from refinery.records.header import QueueHeader
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.store.apply import applied
from refinery.store.edit import Edit, Event
from tests.decisions.makers import MAIN, NOW, a_closed_mr, a_view, an_id, an_mr, names


def closed(count: int, **fields: object) -> list[MergeRequest]:
    """x0 is the oldest."""
    return [
        a_closed_mr(f"x{n}", closed_at=NOW + timedelta(seconds=n), **fields) for n in range(count)
    ]


def test_nothing_moves_before_a_group_is_full() -> None:
    assert archive(a_view(an_mr(), *closed(GROUP + KEPT_CLOSED - 1))) is None


def test_the_oldest_closed_ones_go_as_one_group_and_the_newest_stay() -> None:
    mrs = closed(GROUP + KEPT_CLOSED)
    view = a_view(an_mr(), *reversed(mrs), header=QueueHeader(MAIN, archived=6))
    ids = tuple(an_id(f"x{n}") for n in range(GROUP))
    assert archive(view) == Edit(
        event=Event("archived", f"archive {GROUP} merge requests", ids),
        archive=tuple(mrs[:GROUP]),
        header=QueueHeader(MAIN, archived=7),
    )


def test_a_smaller_group_can_be_asked_for() -> None:
    edit = archive(a_view(*closed(KEPT_CLOSED + 2)), at_least=1)
    assert edit is not None
    assert names(mr.id for mr in edit.archive) == ["x0", "x1"]


def test_what_is_not_folded_or_has_words_to_be_said_stays() -> None:
    mrs = closed(KEPT_CLOSED + 3)
    mrs[1] = a_closed_mr("x1", closed_at=mrs[1].closed_at, untold=("delete-branch",))
    edit = archive(a_view(*mrs, unfolded=["x0"]), at_least=1)
    assert edit is not None
    assert names(mr.id for mr in edit.archive) == ["x2"]


def test_what_somebody_alive_depends_on_stays_with_all_its_revisions() -> None:
    # An archived dependency counts as landed: x2 was rejected, and its dependent must not go on.
    mrs = closed(KEPT_CLOSED + 4)
    superseded = {"reason": CloseReason.SUPERSEDED}
    mrs[0] = a_closed_mr("x0", closed_at=mrs[0].closed_at, superseded_by=an_id("x1"), **superseded)
    mrs[1] = a_closed_mr("x1", closed_at=mrs[1].closed_at, superseded_by=an_id("x2"), **superseded)
    mrs[2] = a_closed_mr("x2", CloseReason.REJECTED, closed_at=mrs[2].closed_at)
    view = a_view(an_mr("a", depends_on=(an_id("x0"),)), *mrs)
    edit = archive(view, at_least=1)
    assert edit is not None
    assert names(mr.id for mr in edit.archive) == ["x3"]
    after = applied(view, edit)
    assert standing(after, after.mrs[an_id("a")], NOW).code is Code.DEPENDENCY_FAILED


def test_what_only_ended_ones_depended_on_goes() -> None:
    mrs = closed(KEPT_CLOSED + 1)
    mrs[-1] = a_closed_mr("z", closed_at=mrs[-1].closed_at, depends_on=(an_id("x0"),))
    edit = archive(a_view(*mrs), at_least=1)
    assert edit is not None
    assert names(mr.id for mr in edit.archive) == ["x0"]
