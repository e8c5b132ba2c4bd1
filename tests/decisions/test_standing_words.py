"""One line says where a merge request stands; every screen and the forge show the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from refinery.queue.standing import Code, Standing
from refinery.queue.standing_words import held_words, ordinal, words_of
from refinery.records.merge_request import CloseReason, Failure, FailureType
from refinery.records.names import IssueRef
from tests.decisions.makers import (
    NOW,
    a_closed_mr,
    a_hold,
    a_proposal,
    a_sha,
    an_id,
    an_mr,
)

UNTIL = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reason", "fields", "words"),
    [
        (CloseReason.MERGED, {}, "landed on main"),
        (
            CloseReason.MERGED,
            {"merge_commit": a_sha("c")},
            f"landed on main as {a_sha('c')[:12]}",
        ),
        (CloseReason.ALREADY_MERGED, {}, "nothing to land"),
        (CloseReason.EMPTY, {"error": "no change"}, "nothing to land: no change"),
        (CloseReason.REJECTED, {"error": "not now\nnor ever"}, "rejected: not now nor ever"),
        (CloseReason.CONFLICT, {}, "closed because of a conflict"),
        (CloseReason.CONFLICT, {"error": "a.txt"}, "closed because of a conflict: a.txt"),
        (CloseReason.SUPERSEDED, {}, "superseded by a newer revision"),
        (CloseReason.SUPERSEDED, {"superseded_by": an_id("b")}, "superseded by mr-b"),
        (None, {}, "closed"),
    ],
)
def test_what_came_of_it(reason: Any, fields: dict[str, Any], words: str) -> None:
    assert words_of(a_closed_mr("a", reason, **fields), Standing(Code.CLOSED)) == words


FAILURE = Failure(FailureType.TESTS_FAIL, NOW, "check unit: exit 1\nmore of it")


@pytest.mark.parametrize(
    ("code", "fields", "words"),
    [
        (Code.READY, {}, "queued for main"),
        (Code.CLAIMED, {}, "being tested for main"),
        (Code.PAUSED, {}, "queued: the queue is paused"),
        (Code.HELD, {}, "held"),
        (Code.HELD, {"hold": a_hold()}, "held by eve: release week"),
        (Code.FROZEN, {}, "main is frozen"),
        (Code.PROPOSED, {}, "tested, lands on main"),
        (
            Code.PROPOSED,
            {"proposal": a_proposal("a")},
            "tested, lands on main through pull request 7",
        ),
        (Code.PROPOSED, {"proposal": a_proposal("a", number=None)}, "tested, lands on main"),
        (Code.INTENT, {}, "announced, not pushed yet"),
        (
            Code.BLOCKED_BY_ISSUE,
            {},
            "conflicts with main: blocked by an issue that is about to be opened",
        ),
        (
            Code.BLOCKED_BY_ISSUE,
            {"blocked_by": IssueRef("local#1")},
            "conflicts with main: blocked by local#1",
        ),
        (Code.NEEDS_REWORK, {"failure": FAILURE}, "needs rework: check unit: exit 1"),
        (Code.BLOCKED_BY_MR, {}, "waits for mr-b"),
        (Code.DEPENDENCY_FAILED, {}, "depends on mr-b, which did not land"),
        (Code.UNIT_INCOMPLETE, {}, "lands with its unit, of which mr-b cannot yet"),
        (Code.CLOSED, {}, "closed"),
    ],
)
def test_what_it_waits_for(code: Code, fields: dict[str, Any], words: str) -> None:
    assert words_of(an_mr("a", **fields), Standing(code, dependency=an_id("b"))) == words


def test_its_place_is_said_where_it_is_known() -> None:
    assert words_of(an_mr("a"), Standing(Code.READY), (2, 9)) == "2nd of 9 for main"


def test_a_hold_that_ends_by_itself_says_when() -> None:

    held = an_mr("a", hold=replace(a_hold(), until=UNTIL))
    assert held_words(held) == "held by eve until Wed 2026-03-04 09:30 UTC: release week"


@pytest.mark.parametrize(
    ("number", "word"),
    [
        *[(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (10, "10th"), (11, "11th")],
        *[(12, "12th"), (13, "13th"), (14, "14th"), (20, "20th"), (21, "21st"), (22, "22nd")],
        *[(103, "103rd"), (111, "111th"), (112, "112th"), (1013, "1013th"), (121, "121st")],
    ],
)
def test_places_are_counted_as_people_say_them(number: int, word: str) -> None:
    assert ordinal(number) == word
