"""Cuts long lists into pages: one that is asked for and is not there is the nearest that is."""

from __future__ import annotations

from collections.abc import Sequence

from refinery.typed import Generic, TypeVar
from refinery.values import dataclass

Row = TypeVar("Row")

ROWS = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows of a list: page `number` of `count`, out of `total` rows, from the one at `start` on."""

    rows: Sequence[Row]
    number: int
    count: int
    total: int
    start: int


def cut(rows: Sequence[Row], number: int, *, size: int = ROWS) -> Page[Row]:
    """The page with that number, the first being 1."""
    total = len(rows)
    count = max(1, -(-total // size))
    number = max(1, min(number, count))
    start = (number - 1) * size
    return Page(rows[start : start + size], number, count, total, start)
