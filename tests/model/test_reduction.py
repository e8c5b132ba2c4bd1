"""What a search leaves out by `canonical` makes no difference: both ways end in the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.model.worlds import World, all_fates, ends_of

SMALL = [
    World(1, 2),
    World(2, 2),
    World(1, 2, ("crash",)),
    World(1, 2, ("unheard",)),
    World(1, 2, ("torn",)),
    World(1, 2, ("hold a",)),
    World(1, 2, bad="a"),
]
LARGER = [
    World(2, 2, ("crash",)),
    World(2, 2, ("torn",)),
    World(2, 2, ("time",)),
    World(2, 2, ("revise b",)),
    World(2, 2, bad="a"),
    World(2, 2, scatter=True),
    World(2, 3),
    World(2, 2, ("close", "revise b"), clash="ab"),
    World(2, 2, archives=True),
]


def agree(world: World) -> None:
    reduced = world.explored()
    whole = replace(world, stepwise=True).explored()
    assert all_fates(reduced) == all_fates(whole)
    assert ends_of(reduced) == ends_of(whole)
    assert reduced.states <= whole.states


@pytest.mark.parametrize("world", SMALL, ids=str)
def test_a_reduced_search_ends_in_the_same(world: World) -> None:
    agree(world)


@pytest.mark.soak
@pytest.mark.parametrize("world", LARGER, ids=str)
def test_a_reduced_search_of_more_ends_in_the_same(world: World) -> None:
    agree(world)


def test_it_visits_a_fraction_of_the_states() -> None:
    world = World(2, 2)
    assert world.explored().states * 3 < replace(world, stepwise=True).explored().states
