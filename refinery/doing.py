"""What takes its time at this moment, and how far it has come, for whoever shows it.

Whoever works says it here; the terminal looks now and then, and nobody looks where there is none.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from refinery.typed import TypeVar

_T = TypeVar("_T")


class Doing:
    """One thing that takes time; `total` where it is known how much there is to do."""

    __slots__ = ("done", "since", "total", "words")

    def __init__(self, words: str, total: int | None = None) -> None:
        self.words = words
        self.total = total
        self.done = 0
        self.since = time.monotonic()


current: Doing | None = None
"""The innermost of what is being done."""


@contextmanager
def doing(words: str, total: int | None = None) -> Iterator[Doing]:
    """While entered, this is what is being done."""
    global current
    outer, current = current, Doing(words, total)
    try:
        yield current
    finally:
        current = outer


def counted_off(words: str, items: Sequence[_T]) -> Iterator[_T]:
    """The items, one by one; how many are through is to be seen meanwhile."""
    with doing(words, len(items)) as at:
        for each in items:
            yield each
            at.done += 1
