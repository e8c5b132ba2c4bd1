"""What reached its target past the queue is closed as what it is."""

from __future__ import annotations

import pytest

from refinery.queue.merged_elsewhere import merged_elsewhere
from refinery.records.merge_request import CloseReason
from refinery.store.apply import applied
from refinery.store.edit import Edit
from tests.decisions.makers import (
    NOW,
    a_blocked_mr,
    a_claim,
    a_closed_mr,
    a_proposal,
    a_view,
    an_id,
    an_mr,
)

A, B = an_id("a"), an_id("b")
ALREADY, EMPTY = CloseReason.ALREADY_MERGED, CloseReason.EMPTY


def test_each_is_closed_with_its_reason_in_one_transaction() -> None:
    view = a_view(a_blocked_mr("a"), an_mr("b"), an_mr("c"))
    edit = merged_elsewhere(view, {A: ALREADY, B: EMPTY}, NOW)
    assert isinstance(edit, Edit)
    assert edit.event.subject == "2 merge requests are in their targets already"
    assert edit.pins == {A: None, B: None}
    after = applied(view, edit)
    assert [(after.mrs[id].close_reason, after.mrs[id].blocked_by) for id in (A, B)] == [
        (ALREADY, None),
        (EMPTY, None),
    ]
    assert not after.mrs[an_id("c")].closed
    assert merged_elsewhere(after, {A: ALREADY, B: EMPTY}, NOW) is None


@pytest.mark.parametrize(
    "view",
    [
        a_view(),
        a_view(a_closed_mr("a")),
        a_view(an_mr("a"), claims=[a_claim("a")]),
        a_view(an_mr("a", proposal=a_proposal("a"))),
    ],
    ids=["gone", "closed", "held by a worker", "landed by a pull request of ours"],
)
def test_what_is_not_ours_to_close_stays(view: object) -> None:
    assert merged_elsewhere(view, {A: ALREADY}, NOW) is None  # type: ignore[arg-type]
