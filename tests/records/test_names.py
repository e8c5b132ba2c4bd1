"""Names from outside, and the ids that follow from them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refinery.records.names import MR_ID, InvalidName, derive_id, parse_mr_id, parse_sha
from refinery.records.times import EPOCH, format_time, instant, parse_time
from refinery.repo.refs import valid_ref
from tests.records import records

HEAD = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    "text",
    [
        *("", "mr", "mr-", "-mr-a", "../x", "mr-a/../b", "mr-a/b", "a/b-c", "mr-A", "MR-a", "mr_a"),
        *("mr-a\n", "\nmr-a", "mr-a ", "mr-a.lock", "mr-a..b", "mr-\x00", "mr-ä", "mr-a*", "--all"),
        *("mr-" + "a" * 62, "--upload-pack=x", "mr--a", "mr-a-", "1-a"),
    ],
)
def test_what_could_leave_its_folder_is_no_id(text: str) -> None:
    with pytest.raises(InvalidName) as caught:
        parse_mr_id(text)
    assert caught.value.message == f"{text!r} is not a merge request id"
    assert caught.value.hint == "ids look like mr-0a1b2c3d4e; `refinery list` shows them"


@pytest.mark.parametrize("text", ["mr-a", "mr-0a1b2c3d4e", "mr-1-2", "mr-" + "a" * 61])
def test_ids_are_taken_as_they_are(text: str) -> None:
    assert parse_mr_id(text) == text
    assert valid_ref(f"refs/refinery/claims/{text}")


@pytest.mark.parametrize(
    "text", ["", "a", HEAD[:-1], HEAD + "0", HEAD.upper(), HEAD + "\n", f" {HEAD}"]
)
def test_only_a_full_commit_id_is_one(text: str) -> None:
    with pytest.raises(InvalidName):
        parse_sha(text)


@pytest.mark.parametrize("text", [HEAD, "0" * 64])
def test_both_hashes_are_commit_ids(text: str) -> None:
    assert parse_sha(text) == text


def test_an_id_is_the_same_on_every_machine_and_for_ever() -> None:
    assert derive_id("feat", "main", HEAD, "") == "mr-5jybz9kxcz"


@given(st.lists(records.branches, min_size=4, max_size=4), st.integers(0, 3), records.branches)
def test_an_id_follows_from_all_that_it_pins(parts: list[str], place: int, other: str) -> None:
    first = derive_id(*parts)
    changed = [*parts]
    changed[place] = other
    assert MR_ID.fullmatch(first)
    assert parse_mr_id(first) == derive_id(*parts)
    assert (derive_id(*changed) == first) == (changed == parts)


def test_parts_do_not_run_into_each_other() -> None:
    assert derive_id("a", "bc", HEAD, "") != derive_id("ab", "c", HEAD, "")


def test_a_branch_that_is_no_unicode_has_an_id() -> None:
    assert MR_ID.fullmatch(derive_id("caf\udce9", "main", HEAD, ""))


@given(records.instants)
def test_instants_are_written_and_read_to_the_millisecond(moment: object) -> None:
    written = format_time(moment)  # type: ignore[arg-type]
    assert (len(written), written[-1]) == (24, "Z")
    assert parse_time(written) == moment


@pytest.mark.parametrize("text", ["0134-01-02T00:00:00.000Z", "2026-01-02T03:04:05.123456Z"])
def test_a_time_that_can_be_read_can_be_written(text: str) -> None:
    """Found by fuzzing: nobody could write a record again in which somebody had put one."""
    moment = parse_time(text)
    assert format_time(moment) == f"{text[:23]}Z"
    assert parse_time(format_time(moment)) == moment


def test_the_clock_counts_what_is_written() -> None:
    assert instant(0.0005) in (EPOCH, instant(0.001))
    assert format_time(instant(1_700_000_000.1234567)) == "2023-11-14T22:13:20.123Z"
