"""Why somebody comes sooner or later than the score alone says, in words."""

from __future__ import annotations

import pytest

from refinery.queue.quotas import Full
from refinery.queue.taking_turns import Turn

ADA = ("", "ada")
BOTS = ("fleet", "bots")


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        (Turn(ADA), ""),
        (
            Turn(ADA, up=2, quota=Full(ADA, 3)),
            "At most 3 of ada are tested at the same time: others go first.",
        ),
        (
            Turn(BOTS, down=2, quota=Full(BOTS, 1)),
            "At most 1 of the fleet bots are tested at the same time: others go first.",
        ),
        (Turn(ADA, up=2, down=2), "It goes before 2 with more points: authors take turns."),
        (Turn(ADA, up=1), "It goes before 1 with more points: authors take turns."),
        (
            Turn(ADA, down=1, own=3),
            "1 with fewer points goes before it: authors take turns, and 3 of ada come first.",
        ),
        (
            Turn(BOTS, up=1, down=2, own=1),
            "2 with fewer points go before it: authors take turns,"
            " and 1 of the fleet bots come first.",
        ),
        (
            Turn(BOTS, down=2),
            "2 with fewer points go before it: authors take turns,"
            " and the fleet bots has had more turns than others that wait.",
        ),
    ],
)
def test_a_turn_says_whom_it_changes_places_with(turn: Turn, words: str) -> None:
    assert turn.words == words
