"""When each of a line lands: a fixed set of possible futures for each, and their quantiles.

A future is made of what is known to matter, and nothing is simulated step by step:

    under test    what is left of the run; it lands with it by the chance that the run passes and is
                  still the newest then; else more runs follow
    waiting       until a worker is free and all ahead have had their turn, then a run as above
    shown fine,   as waiting, but nobody waits ahead of it in line: it goes with the next train,
    suspected     or into the next split

The futures are the same for everybody (points that fill the unit cube evenly), so that the same
facts give the same answer, and whoever is further back never seems to land earlier.  The figures
below were fitted to the simulator once; `pace.py` corrects them by what the queue has seen.
Times are minutes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from math import exp, log, log2
from statistics import NormalDist, fmean

from refinery.queue.pace import Pace
from refinery.queue.planning.facts import Facts, Running
from refinery.queue.planning.odds import Odds
from refinery.queue.spread import percentile
from refinery.records.names import MrId
from refinery.values import dataclass

FUTURES = 128
LEVELS = (0.03, 0.25, 0.5, 0.75, 0.97)  # a little wider than they are said to be: futures err too
Quantiles = tuple[float, float, float, float, float]

FIRST_SHARE = 0.7  # of a change for each worker: those first in line go into the very next run
WAIT_SPREAD, SHORT_WAIT_SPREAD = 0.4, 1.1
TRAIN_GAP = 0.2  # runs that one shown fine waits for its train, for each open one a worker has
SPLIT_GAP = 0.5  # the same of a suspected one, for each doubling of those
MORE, MORE_WHEN_BUSY, MORE_SPREAD = 0.45, 0.6, 0.95  # runs until it lands after all
NEXT_PASSES = 0.8
LEAST_PASSING = 0.5  # less likely ones are not tested together
SUSPECT_PASSES = 0.45
_PLACES = (0, 1, 2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64, 91, 128, 181, 256)  # then by doubling


@dataclass(frozen=True, slots=True)
class _Draw:
    """One point: a share for the run, the luck, the wait and what follows; two as normal ones."""

    run: float
    luck: float
    wait: float
    worker: float
    wait_deviation: float
    more_deviation: float


def landing_minutes(
    facts: Facts, pace: Pace, line: Sequence[MrId], *, idle: float = 0.0
) -> dict[MrId, Quantiles]:
    """When each of `line` lands if it does, as quantiles in minutes from now.

    `line` is all that can land, in order; those that `facts` does not know were never tested.
    `idle` is how long something has waited while nobody was at work.
    """
    return _Scene(facts, pace, len(line), idle).of(line)


class _Scene:
    """What holds for the whole line at one instant."""

    def __init__(self, facts: Facts, pace: Pace, length: int, idle: float) -> None:
        self.facts, self.pace = facts, pace
        self.odds = Odds(facts)
        self.usual = pace.usual_minutes
        self.load = length / max(1, facts.workers)
        self.more = self.usual * (MORE + MORE_WHEN_BUSY * log2(1 + self.load))
        self.runs = _by_member(facts, pace, self.odds)
        free = len(facts.running) < facts.workers
        busy = () if free else sorted(map(self._elapsed, facts.running))[-2:]
        self.ends = tuple(_left(pace.minutes, each) for each in busy)
        self.pickup = _left(pace.pickups, idle) if free and pace.pickups else _at_once
        beliefs = [each.belief for each in facts.pending] or [pace.belief]
        self.belief = fmean(beliefs)
        self.fine = self.waiting_for(TRAIN_GAP * self.load, NEXT_PASSES)
        self.suspected = self.waiting_for(SPLIT_GAP * log2(1 + self.load), SUSPECT_PASSES)

    def of(self, line: Sequence[MrId]) -> dict[MrId, Quantiles]:
        """Each in turn; who was never tested has as many ahead as there are such before it."""
        found: dict[MrId, Quantiles] = {}
        under_test: dict[tuple[Running, float], Quantiles] = {}
        untested = [
            id
            for id in line
            if id not in self.runs and id not in self.odds.fine and not self.odds.suspected(id)
        ]
        found.update(zip(untested, self.untested(len(untested)), strict=True))
        for id in line:
            if id in found:
                continue
            if id in self.runs:
                running, chance = self.runs[id]
                key = running, round(chance, 2)
                if key not in under_test:
                    under_test[key] = self.under_test(*key)
                found[id] = under_test[key]
            else:
                found[id] = self.suspected if self.odds.suspected(id) else self.fine
        return found

    def under_test(self, running: Running, chance: float) -> Quantiles:
        """Who is in a run that lands it with that chance."""
        elapsed = self._elapsed(running)
        left = _left(self.pace.minutes, elapsed)
        return _quantiles(
            left(draw.run) + (self._more(draw) if draw.luck > chance else 0.0) for draw in _draws()
        )

    def untested(self, count: int) -> Iterator[Quantiles]:
        """So many in line: by the place, between some that are worked out."""
        chance = NEXT_PASSES * max(LEAST_PASSING, self.belief ** (1 + self.load / 2))
        workers = max(1, self.facts.workers)

        @cache
        def at(place: int) -> Quantiles:
            runs = max(0.0, place / workers - FIRST_SHARE) * self.pace.builds
            return self._waiting(runs, chance, _around)

        between = cache(lambda place: _between(place, at))
        return (between(_rounded(place)) for place in range(count))

    def waiting_for(self, runs: float, chance: float) -> Quantiles:
        """Who waits for so many runs in the mean, whatever its place."""
        return self._waiting(runs, chance, _any_time)

    def _waiting(
        self, runs: float, chance: float, spread: Callable[[_Draw, float], float]
    ) -> Quantiles:
        futures = []
        for draw in _draws():
            starts = (
                left((draw.worker + 0.4 * number) % 1) for number, left in enumerate(self.ends)
            )
            start = min(starts, default=0.0)
            wait = start + self.usual * runs * spread(draw, runs)
            minutes = wait + self.pickup(draw.worker) + _pick(self.pace.minutes, draw.run)
            more = self._more(draw) if draw.luck > chance else 0.0
            futures.append(minutes + more)
        return _quantiles(futures)

    def _more(self, draw: _Draw) -> float:
        return self.more * exp(MORE_SPREAD * draw.more_deviation)

    def _elapsed(self, running: Running) -> float:
        return max(0.0, self.facts.now - running.started)


def _by_member(facts: Facts, pace: Pace, odds: Odds) -> dict[MrId, tuple[Running, float]]:
    """For each under test the run that is likeliest to land it, and how likely that is."""
    found: dict[MrId, tuple[Running, float]] = {}
    for running in facts.running:
        passes = _passes(facts, odds, running) * pace.landing_share(running.purpose)
        for id in running.members:
            chance = min(1.0, passes / max(0.01, odds.belief.get(id, 1.0)))
            if id not in found or chance > found[id][1]:
                found[id] = running, chance
    return found


def _passes(facts: Facts, odds: Odds, running: Running) -> float:
    """The chance that it passes; none if it lacks what landed, or holds one that has gone."""
    members = frozenset(running.members)
    if not facts.fits(members, running.base):
        return 0.0
    left = members.difference(facts.landed_since(running.base))
    return odds.of(left) if left.issubset(odds.belief) else 0.0


def _left(minutes: Sequence[float], elapsed: float) -> Callable[[float], float]:
    """How long something goes on that is so old: what is left of those that took longer.

    What is older than any has ever been goes on for a share of its age.
    """
    longer = minutes[bisect_right(minutes, elapsed) :]
    if not longer:
        return lambda share: elapsed * (0.05 + 0.45 * share)
    return lambda share: _pick(longer, share) - elapsed


def _at_once(_: float) -> float:
    return 0.0


def _pick(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _around(draw: _Draw, runs: float) -> float:
    """A wait that is known the better, the longer it is."""
    return exp((WAIT_SPREAD + SHORT_WAIT_SPREAD / (1 + runs)) * draw.wait_deviation)


def _any_time(draw: _Draw, _: float) -> float:
    """A wait of which only the mean is known."""
    return -log(1 - draw.wait)


def _rounded(place: int) -> int:
    """Far back in the line neighbours share what is said: one in some thousands makes no odds."""
    step = 1 << max(0, place.bit_length() - 6)
    return place // step * step


def _between(place: int, at: Callable[[int], Quantiles]) -> Quantiles:
    """Worked out for few places, in proportion between them."""
    if place in _PLACES:
        return at(place)
    next = bisect_right(_PLACES, place)
    low = _PLACES[next - 1]
    high = _PLACES[next] if next < len(_PLACES) else 2 * low
    while high < place:
        low, high = high, 2 * high
    share = (place - low) / (high - low)
    return as_quantiles(a + (b - a) * share for a, b in zip(at(low), at(high), strict=True))


def _quantiles(minutes: Iterable[float]) -> Quantiles:
    ordered = sorted(minutes)
    return as_quantiles(percentile(ordered, level) for level in LEVELS)


def as_quantiles(values: Iterable[float]) -> Quantiles:
    """Five values, in the order of `LEVELS`."""
    low, quarter, median, three_quarters, high = values
    return low, quarter, median, three_quarters, high


@cache
def _draws() -> tuple[_Draw, ...]:
    """Halton's points: the same every time, and no part of the cube without some."""
    normal = NormalDist().inv_cdf
    points = [tuple(_turned(n, base) for base in (2, 3, 5, 7)) for n in range(1, FUTURES + 1)]
    return tuple(
        _Draw(run, luck, wait, worker, normal(wait), normal(worker))
        for run, wait, luck, worker in points
    )


def _turned(number: int, base: int) -> float:
    """Its digits in the base, in reverse order behind the point: a share between 0 and 1."""
    found, unit = 0.0, 1.0
    while number:
        number, digit = divmod(number, base)
        unit /= base
        found += digit * unit
    return found
