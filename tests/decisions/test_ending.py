"""Waiting is over when it has ended, or when only the author can go on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from refinery.queue.ending import Ending, Goal, ending
from refinery.records.merge_request import CloseReason, MergeRequest
from tests.decisions.makers import (
    NOW,
    a_blocked_mr,
    a_claim,
    a_closed_mr,
    a_failed_mr,
    a_hold,
    a_sha,
    a_view,
    an_id,
    an_mr,
)

REJECTED = a_closed_mr("b", CloseReason.REJECTED)
LANDED, CLOSED, FREE = Ending.LANDED, Ending.CLOSED, Ending.UNBLOCKED
REWORK, CONFLICT, STUCK = Ending.NEEDS_REWORK, Ending.CONFLICT, Ending.DEPENDENCY_FAILED


@pytest.mark.parametrize(
    ("mr", "landed", "closed", "unblocked"),
    [
        (an_mr("a"), None, None, FREE),
        (an_mr("a", hold=a_hold()), None, None, FREE),
        (an_mr("a", intent=True), None, None, FREE),
        (a_failed_mr("a"), REWORK, None, REWORK),
        (a_blocked_mr("a"), CONFLICT, None, None),
        (replace(a_blocked_mr("a"), head=a_sha("moved")), CONFLICT, None, None),
        (an_mr("a", blocked_by="local#1"), None, None, None),
        (an_mr("a", depends_on=(an_id("live"),)), None, None, None),
        (an_mr("a", depends_on=(an_id("b"),)), STUCK, None, None),
        (a_closed_mr("a"), LANDED, LANDED, LANDED),
        (a_closed_mr("a", CloseReason.ALREADY_MERGED), LANDED, LANDED, LANDED),
        (a_closed_mr("a", CloseReason.EMPTY), CLOSED, CLOSED, CLOSED),
        (a_closed_mr("a", CloseReason.REJECTED), CLOSED, CLOSED, CLOSED),
    ],
)
def test_how_waiting_ends(
    mr: MergeRequest, landed: Ending | None, closed: Ending | None, unblocked: Ending | None
) -> None:
    view = a_view(mr, an_mr("live"), REJECTED)
    assert [ending(view, mr, goal, NOW) for goal in Goal] == [landed, closed, unblocked]


def test_what_is_being_processed_goes_on() -> None:
    mr = a_failed_mr("a")
    view = a_view(mr, claims=[a_claim("a")])
    assert [ending(view, mr, goal, NOW) for goal in Goal] == [None, None, FREE]


def test_each_ending_has_its_exit_code_and_scripts_rely_on_it() -> None:
    assert {each.value: each.exit_code for each in Ending} == {
        "landed": 0,
        "unblocked": 0,
        "closed": 10,
        "needs-rework": 11,
        "conflict": 12,
        "dependency-failed": 13,
    }
