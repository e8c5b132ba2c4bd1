"""Every interleaving of a few workers and merge requests keeps every promise and comes to an end.

The small worlds are explored each time, the larger ones as journeys, the largest as soaks.
"""

from __future__ import annotations

import pytest

from tests.model.worlds import ALL_AT_ONCE, MOST, ONE_AT_A_TIME, THREE_BY_THREE, World, all_fates


def both(*fates: str) -> set[tuple[str, ...]]:
    return {fates}


@pytest.mark.parametrize(("count", "workers"), [(1, 1), (1, 2), (2, 2)])
def test_what_is_fine_lands_however_the_workers_interleave(count: int, workers: int) -> None:
    assert all_fates(World(count, workers).explored()) == {("merged",) * count}


@pytest.mark.soak
@pytest.mark.parametrize(("count", "workers"), [(3, 2), (2, 3), (3, 3)])
def test_what_is_fine_lands_whatever_the_order_of_more(count: int, workers: int) -> None:
    assert all_fates(World(count, workers).explored()) == {("merged",) * count}


def test_submissions_are_folded_once_whoever_folds_them() -> None:
    assert all_fates(World(2, 2, folded=False).explored()) == both("merged", "merged")


def test_an_answer_that_is_lost_lands_nothing_twice() -> None:
    assert all_fates(World(2, 2, ("unheard",)).explored()) == both("merged", "merged")


def test_a_worker_that_dies_anywhere_delays_and_loses_nothing() -> None:
    assert all_fates(World(2, 2, ("crash",)).explored()) == both("merged", "merged")


def test_what_is_archived_is_archived_once() -> None:
    assert all_fates(World(2, 2, archives=True).explored()) == both("merged", "merged")


def test_what_is_held_does_not_land_whenever_the_word_comes() -> None:
    ends = all_fates(World(2, 2, ("hold a",)).explored())
    assert ends == {("merged", "merged"), ("held", "merged")}


def test_a_paused_queue_lands_nothing_until_it_goes_on() -> None:
    assert all_fates(World(1, 2, ("pause",)).explored()) == {("merged",), ("waiting",)}


def test_one_that_conflicts_goes_on_once_its_issue_is_closed() -> None:
    stays = both("merged", "blocked")
    assert all_fates(World(2, 1, clash="ab").explored()) == stays
    assert all_fates(World(2, 1, ("close",), clash="ab").explored()) == stays
    goes_on = both("merged", "superseded", "merged")
    assert all_fates(World(2, 1, ("revise b", "close"), clash="ab").explored()) == goes_on


def test_a_closing_that_nobody_heard_of_is_found() -> None:
    world = World(2, 1, ("close unheard", "revise b"), clash="ab")
    assert ("merged", "superseded", "merged") in all_fates(world.explored())


@pytest.mark.journey
@pytest.mark.parametrize("outside", [("torn",), ("time",), ("half",), ("push",)], ids=" ".join)
def test_two_land_whatever_befalls_them(outside: tuple[str, ...]) -> None:
    assert all_fates(World(2, 2, outside).explored()) == both("merged", "merged")


@pytest.mark.journey
@pytest.mark.parametrize("outside", [(), ("torn",)], ids=["", "torn"])
def test_a_record_is_in_the_queue_or_in_the_archive(outside: tuple[str, ...]) -> None:
    assert all_fates(World(2, 2, outside, archives=True).explored()) == both("merged", "merged")


@pytest.mark.journey
def test_a_revision_replaces_what_has_not_landed() -> None:
    ends = all_fates(World(2, 2, ("revise b",)).explored())
    assert ends == {
        ("merged", "merged"),
        ("merged", "merged", "merged"),
        ("merged", "superseded", "merged"),
    }


@pytest.mark.journey
@pytest.mark.parametrize("bad", ["a", "b"])
def test_exactly_the_bad_one_is_refused(bad: str) -> None:
    expected = tuple("refused" if name == bad else "merged" for name in "ab")
    assert all_fates(World(2, 2, bad=bad).explored()) == {expected}


@pytest.mark.journey
def test_of_two_that_do_not_work_together_one_is_refused() -> None:
    assert all_fates(World(2, 2, disagree="ab").explored()) <= {
        ("merged", "refused"),
        ("refused", "merged"),
    }


@pytest.mark.soak
@pytest.mark.parametrize("scatter", [False, True])
@pytest.mark.parametrize("bad", ["a", "b", "c"])
def test_exactly_the_bad_one_of_three_is_refused(bad: str, scatter: bool) -> None:
    expected = tuple("refused" if name == bad else "merged" for name in "abc")
    assert all_fates(World(3, 2, bad=bad, scatter=scatter).explored()) == {expected}


@pytest.mark.soak
@pytest.mark.parametrize("world", THREE_BY_THREE, ids=str)
def test_three_workers_and_three_of_which_one_is_bad(world: World) -> None:
    """All of it, or as many states as fit into memory: minutes each."""
    for end in all_fates(world.explored(most=MOST)):
        for name, fate in zip("abc", end, strict=False):
            assert (fate == "refused") <= (name in world.bad)
            assert (fate == "merged") <= (name not in world.bad)


@pytest.mark.soak
@pytest.mark.parametrize("outside", [*ONE_AT_A_TIME, *ALL_AT_ONCE], ids=" and ".join)
def test_a_bad_one_among_whatever_happens(outside: tuple[str, ...]) -> None:
    found = World(2, 2, outside, bad="a").explored()
    assert all(end[0] in ("refused", "rejected", "waiting") for end in all_fates(found))
