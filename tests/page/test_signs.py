"""Every sign of the visual language has a drawing: no page depends on a font for one."""

from __future__ import annotations

import pytest

from refinery import looks
from refinery.looks import Look
from refinery.page.signs import drawing

LOOKS = [
    look
    for table in vars(looks).values()
    if isinstance(table, dict)
    for look in table.values()
    if isinstance(look, Look)
]


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.word)
def test_each_sign_can_be_drawn(look: Look) -> None:
    assert drawing(look) is not None


def test_two_signs_are_not_the_same_drawing() -> None:
    drawn = {look.sign: drawing(look) for look in LOOKS}
    assert len(set(drawn.values())) == len(drawn) > 12
