"""Finding the merge request that somebody means."""

from __future__ import annotations

import pytest

from refinery.queue.lookup import AmbiguousId, NoSuchMergeRequest, find_id, find_mr
from refinery.records.merge_request import MergeRequest
from refinery.records.names import MrId
from tests.decisions.makers import a_closed_mr, an_mr

IDS = [MrId(f"mr-{letters}") for letters in ("0abc", "0abd", "1xyz", "1xyzz", "9")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mr-0abc", "mr-0abc"),
        ("mr-0abd", "mr-0abd"),
        ("0abc", "mr-0abc"),
        (" mr-9\n", "mr-9"),
        ("9", "mr-9"),
        ("mr-1xyzz", "mr-1xyzz"),
        ("mr-1xyz", "mr-1xyz"),  # the whole of one, though another begins with it
    ],
)
def test_a_whole_id_or_a_beginning_that_only_one_has(text: str, found: str) -> None:
    assert find_id(text, reversed(IDS)) == found


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("0", "mr-0abc, mr-0abd"),
        ("mr-0ab", "mr-0abc, mr-0abd"),
        ("1xyz", "mr-1xyz, mr-1xyzz"),
        ("mr-", "mr-0abc, mr-0abd, mr-1xyz, mr-1xyzz, mr-9"),
        ("mr", "mr-0abc, mr-0abd, mr-1xyz, mr-1xyzz, mr-9"),
    ],
)
def test_what_begins_several_lists_them_and_guesses_nothing(text: str, listed: str) -> None:
    with pytest.raises(AmbiguousId) as caught:
        find_id(text, IDS)
    assert caught.value.message == f"{text!r} is ambiguous: {listed}"
    assert caught.value.hint == "give more letters of the id"


@pytest.mark.parametrize(
    "text", ["", " ", "abc", "xyz", "bd", "r-0abc", "MR-9", "mr-0abcd", "-", "*"]
)
def test_what_is_merely_inside_an_id_is_not_it(text: str) -> None:
    with pytest.raises(NoSuchMergeRequest) as caught:
        find_id(text, IDS)
    assert caught.value.message == f"MR {text.strip()} not found in queue"


def test_a_long_list_is_cut() -> None:
    with pytest.raises(AmbiguousId) as caught:
        find_id("mr-", [MrId(f"mr-{n:02}") for n in range(20)])
    shown = ", ".join(f"mr-{n:02}" for n in range(8))
    assert caught.value.message == f"'mr-' is ambiguous: {shown} ..."


# By branch


def known(*mrs: MergeRequest) -> dict[MrId, MergeRequest]:
    return {mr.id: mr for mr in mrs}


def test_a_branch_names_its_open_merge_request_before_those_that_ended() -> None:
    mrs = known(an_mr("a", branch="feat"), a_closed_mr("b", branch="feat"), an_mr("c"))
    assert find_mr("feat", mrs) == "mr-a"


def test_of_those_that_ended_a_branch_names_the_last() -> None:
    mrs = known(a_closed_mr("a", branch="feat"), a_closed_mr("b", branch="feat"))
    assert find_mr("feat", mrs) == "mr-b"


def test_an_id_is_not_taken_for_a_branch_and_a_branch_not_for_the_beginning_of_an_id() -> None:
    mrs = known(an_mr("a", branch="mr-b"), an_mr("b", branch="x"), an_mr("bc", branch="b"))
    assert find_mr("mr-b", mrs) == "mr-b"
    assert find_mr("b", mrs) == "mr-bc"
    assert find_mr("bc", mrs) == "mr-bc"


def test_part_of_a_branch_is_not_it() -> None:
    with pytest.raises(NoSuchMergeRequest):
        find_mr("fea", known(an_mr("a", branch="feat")))


def test_a_branch_on_its_way_to_two_targets_is_not_guessed() -> None:
    mrs = known(an_mr("a", branch="feat"), an_mr("b", branch="feat", target="release"))
    with pytest.raises(AmbiguousId) as caught:
        find_mr("feat", mrs)
    assert caught.value.message == "'feat' is the branch of mr-a for main, mr-b for release"
    assert caught.value.hint == "give one of these ids"
