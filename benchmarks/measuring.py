"""Times two or more sides in turn, A B A B, so that a machine that slows down slows all of them."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Side = Callable[[int], float | None]
"""Does one round, numbered from 0; returns seconds where only a part of it is to be counted."""


@dataclass(frozen=True)
class Result:
    """One row: a figure, what it is compared with, and the bar it has to stay under.

    The bar is for `ratio` where there is a baseline, else for `ours`; `least` turns it round.
    """

    benchmark: str
    what: str
    ours: float
    unit: str
    baseline: float | None = None
    against: str = ""
    ratio: float | None = None
    bar: float | None = None
    least: bool = False
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether it is within its bar; None where there is none."""
        if self.bar is None:
            return None
        figure = self.ours if self.ratio is None else self.ratio
        return figure >= self.bar if self.least else figure <= self.bar


def in_turn(sides: Mapping[str, Side], rounds: int, *, warm_up: int = 1) -> dict[str, list[float]]:
    """Seconds of each round of each side; the first `warm_up` rounds are not counted."""
    times: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds + warm_up):
        for name, side in sides.items():
            gc.collect()
            began = time.perf_counter()
            told = side(number)
            seconds = time.perf_counter() - began if told is None else told
            if number >= warm_up:
                times[name].append(seconds)
    return times


def compared(
    benchmark: str,
    what: str,
    ours: list[float],
    theirs: list[float],
    *,
    against: str,
    bar: float | None,
    per: int = 1,
    note: str = "",
) -> Result:
    """Both medians per piece of work, and the median of the ratios pair by pair."""
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    return Result(
        benchmark,
        what,
        statistics.median(ours) / per,
        "s",
        statistics.median(theirs) / per,
        against,
        statistics.median(ratios),
        bar,
        note=note,
    )


def absolute(
    benchmark: str, what: str, times: list[float], *, bar: float | None, note: str = ""
) -> Result:
    """A median by itself."""
    return Result(benchmark, what, statistics.median(times), "s", bar=bar, note=note)
