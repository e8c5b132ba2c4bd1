"""What the simulator says of the very changes, checks and workers that a real run is made with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import fmean

from benchmarks.told import Check, Told
from refinery.queue.spread import percentile
from refinery.simulation.refinery import Refinery
from refinery.simulation.trace import Arrival, Setting, Trace
from refinery.simulation.world import World
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Foretold:
    """Seconds until all is decided, seconds that changes wait, and builds: means over seeds."""

    seconds: float
    p50: float
    p95: float
    builds: float


def foretell(
    told: Sequence[Told],
    check: Check,
    *,
    workers: int,
    overhead: float = 0.0,
    seeds: Iterable[int] = range(1, 11),
) -> Foretold:
    """All of them queued at once; a build takes `overhead` seconds beside its check.

    Of two that conflict in the text one is never tested, so it is left out.
    """
    clashes: set[int] = set()
    tested = []
    for each in told:
        if each.clash is None or each.clash not in clashes:
            tested.append(each)
        if each.clash is not None:
            clashes.add(each.clash)
    outcomes = []
    for seed in seeds:
        world = World(_trace(tested, check, workers, overhead, seed))
        outcomes.append(world.run(Refinery(world)))
    waits = [sorted(60 * each for each in outcome.decided.values()) for outcome in outcomes]
    return Foretold(
        seconds=fmean(each[-1] for each in waits),
        p50=fmean(percentile(each, 0.50) for each in waits),
        p95=fmean(percentile(each, 0.95) for each in waits),
        builds=fmean(outcome.builds for outcome in outcomes),
    )


def _trace(told: Sequence[Told], check: Check, workers: int, overhead: float, seed: int) -> Trace:
    bad = sum(each.bad for each in told) / len(told)
    pairs = frozenset(
        (one, other)
        for other in range(len(told))
        for one in range(other)
        if told[one].pair is not None and told[one].pair == told[other].pair
    )
    length = check.median + overhead
    setting = Setting(
        workers=workers,
        changes=len(told),
        duration=length / 60,
        spread=check.spread * check.median / length,
        shortest=(check.shortest + overhead) / 60,
        longest=(check.longest + overhead) / 60,
        fail=bad,
        flake=check.flake,
        interact=len(pairs) / (len(told) * (len(told) - 1) / 2),
        seed=seed,
    )
    arrivals = tuple(Arrival(0.0, setting.duration, 1 - bad, not each.bad) for each in told)

    class ToldTrace(Trace):
        def disagree(self, one: int, other: int) -> bool:
            return (min(one, other), max(one, other)) in pairs

    return ToldTrace(arrivals, setting)
