"""Finding the merge request that somebody means."""

from __future__ import annotations

import pytest

from refinery.queue.lookup import AmbiguousId, NoSuchMergeRequest, find_id
from refinery.records.names import MrId

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
