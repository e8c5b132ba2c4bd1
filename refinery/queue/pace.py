"""The pace of one target: how long runs take, who works, and how wrong estimates would have been.

Plain figures of the past, mixed with a prior wherever little was seen.  Times are minutes since any
fixed instant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import exp, log2
from statistics import median

from refinery.queue.planning.facts import Purpose
from refinery.records.names import MrId
from refinery.values import dataclass, field

LEAST_PASSED = 3  # runs: with fewer nothing is said
_FEW = 12  # with so many their own lengths are enough to tell how much they differ
_SUPPOSED_RUNS = tuple(exp(0.35 * each) for each in (-1.4, -0.7, -0.3, 0.3, 0.7, 1.4))
_SUPPOSED_PICKUPS = tuple(exp(each) for each in (-1.4, -0.7, -0.3, 0.3, 0.7, 1.4))
_RECENT = 50
_LANDING_SHARE = {
    Purpose.CHAIN: 0.92,
    Purpose.TRAIN: 0.92,
    Purpose.CUT: 0.9,
    Purpose.HEDGE: 0.5,
    Purpose.SPLIT: 0.45,
    Purpose.SCREEN: 0.22,
    Purpose.BASE: 0.0,
}
_SHARE_WEIGHT = 12.0
_BUILDS_PER_BIT = 1.05  # to find the bad costs what their entropy is
_BUILDS_WEIGHT = 60.0
_BUSY = 6  # open ones for each worker
_STANDSTILL = 4  # runs


@dataclass(frozen=True, slots=True)
class Tested:
    """A run of the past that said something; with `landed` the target moved to what it tested."""

    members: tuple[MrId, ...]
    began: float
    minutes: float
    purpose: Purpose | None
    passed: bool
    landed: bool = False

    @property
    def ended(self) -> float:
        """When its verdict was there."""
        return self.began + self.minutes


@dataclass(frozen=True, slots=True)
class Way:
    """One merge request from its submission to its landing or refusal.

    `unhindered`: it landed, and all of its time was spent waiting for the queue.
    """

    id: MrId
    came: float
    left: float
    unhindered: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """What the past tells; times in minutes, shortest first.

    `minutes` are lengths of runs that passed, `pickups` how long it took until somebody took one
    while a worker was free, `shares` how often what passed was landed by that very run.  `builds`
    is how many a change takes while much is waiting, `belief` the share of changes that are good,
    `workers` how many have worked at once, `seen` the landings behind it.
    """

    minutes: tuple[float, ...]
    pickups: tuple[float, ...] = ()
    shares: Mapping[Purpose, float] = field(default_factory=dict)
    builds: float = 0.42
    belief: float = 0.92
    workers: int = 1
    seen: int = 0

    @property
    def usual_minutes(self) -> float:
        """The median length of a run."""
        return self.minutes[len(self.minutes) // 2]

    def landing_share(self, purpose: Purpose) -> float:
        """How often what passes is landed by that very run."""
        return self.shares.get(purpose, _LANDING_SHARE[purpose])


def pace_of(
    tested: Iterable[Tested],
    ways: Iterable[Way],
    *,
    waiting: Iterable[float],
    belief: float,
    most: int,
    now: float,
) -> Pace | None:
    """What these runs and ways tell; None where too few runs have passed, or nothing has landed.

    `waiting` is when those that are still open came.
    """
    runs = sorted(tested, key=lambda each: each.ended)
    passed = [each for each in runs if each.passed][-_RECENT:]
    known = tuple(ways)
    landed = [each for each in known if each.unhindered]
    if len(passed) < LEAST_PASSED or not landed:
        return None
    past = _Past(runs, known, (*waiting,), workers=_at_once(runs[-_RECENT:]))
    return Pace(
        minutes=_lengths([each.minutes for each in passed], _SUPPOSED_RUNS),
        pickups=past.pickups(landed),
        shares=_shares(runs),
        builds=past.builds(_builds(belief, most), until=now),
        belief=belief,
        workers=past.workers,
        seen=len(landed),
    )


def _builds(belief: float, most: int) -> float:
    """How many builds a change should take while much is waiting."""
    return max(_BUILDS_PER_BIT * _entropy(belief), 1 / max(1, most))


def _entropy(chance: float) -> float:
    """How many bits one outcome tells."""
    if not 0 < chance < 1:
        return 0.0
    return -chance * log2(chance) - (1 - chance) * log2(1 - chance)


def _lengths(minutes: Sequence[float], around: Sequence[float]) -> tuple[float, ...]:
    """Those seen; of few, also some around their median."""
    usual = median(minutes)
    supposed = [usual * each for each in around] if len(minutes) < _FEW else []
    return tuple(sorted((*minutes, *supposed)))


def _shares(runs: Iterable[Tested]) -> dict[Purpose, float]:
    passed = [each for each in runs if each.passed and each.purpose is not None]
    all = Counter(each.purpose for each in passed)
    good = Counter(each.purpose for each in passed if each.landed)
    return {
        purpose: (good[purpose] + prior * _SHARE_WEIGHT) / (all[purpose] + _SHARE_WEIGHT)
        for purpose, prior in _LANDING_SHARE.items()
    }


def _at_once(runs: Sequence[Tested]) -> int:
    """How many ran at the same time, at most."""
    changes = sorted([(each.began, 1) for each in runs] + [(each.ended, -1) for each in runs])
    most = count = 0
    for _, change in changes:
        count += change
        most = max(most, count)
    return max(1, most)


class _Past:
    """What was going on at any instant of the past, as far as the records still tell."""

    def __init__(
        self,
        runs: Sequence[Tested],
        ways: Sequence[Way],
        waiting: Sequence[float],
        *,
        workers: int,
    ) -> None:
        self.runs, self.workers = runs, workers
        self.usual = median(each.minutes for each in runs if each.passed)
        self.since = min(each.began for each in runs)
        self.changes = sorted(
            [(each.came, 1) for each in ways]
            + [(came, 1) for came in waiting]
            + [(each.left, -1) for each in ways]
        )
        self.first: dict[MrId, float] = {}
        for run in runs:
            for id in run.members:
                self.first[id] = min(run.began, self.first.get(id, run.began))

    def pickups(self, landed: Iterable[Way]) -> tuple[float, ...]:
        """How long they waited for somebody, of those who came while nothing ran."""
        known = [each for each in landed if each.came >= self.since and each.id in self.first]
        newest = sorted(known, key=lambda each: (each.came, each.id))[-_RECENT:]
        waits = [
            max(0.0, self.first[each.id] - each.came)
            for each in newest
            if not any(run.began <= each.came < run.ended for run in self.runs)
        ]
        return _lengths(waits, _SUPPOSED_PICKUPS) if len(waits) >= LEAST_PASSED else ()

    def builds(self, prior: float, *, until: float) -> float:
        """How many a change took while the queue was busy, had all workers worked all the time.

        Of a longer standstill only the beginning counts: nobody was at work.
        """
        before, waiting, minutes, decided = self.since, 0, 0.0, 0
        for at, change in (*self.changes, (until, 0)):
            if at > self.since and waiting >= _BUSY * self.workers:
                minutes += max(0.0, min(at - before, _STANDSTILL * self.usual))
                decided += change < 0
            before, waiting = max(at, self.since), waiting + change
        spent = self.workers * minutes / self.usual
        return (spent + prior * _BUILDS_WEIGHT) / (decided + _BUILDS_WEIGHT)
