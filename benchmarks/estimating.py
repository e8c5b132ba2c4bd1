"""Landing times: how many of the ranges come true on simulated queues, and what they cost.

The figures that estimates are made with were fitted on the seeds below 20,000, and are reported on
others.  For each estimate of one that landed it is asked whether it did so within its ranges.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from statistics import fmean

from benchmarks.bench import Bench
from benchmarks.measuring import Result, absolute
from refinery.queue.accuracy import Accuracy, accuracy, summed
from refinery.queue.board import board
from refinery.queue.estimating import estimates
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, MrId
from refinery.simulation.calibration import CELLS, cell
from refinery.simulation.recording import MAIN, Recording
from refinery.simulation.trace import Setting, synthetic
from refinery.simulation.world import World
from refinery.store.view import View
from refinery.values import replace

FRESH = 70_001
NAME = "estimates"


def estimating(bench: Bench) -> list[Result]:
    """Calibration over twelve kinds of queues, and the time that 10,000 take."""
    return [*_calibrated(bench), *_costs(bench)]


def _calibrated(bench: Bench) -> list[Result]:
    seeds = range(FRESH, FRESH + bench.rounds(8, 1))
    changes = bench.size(250, 100)
    found: dict[str, Accuracy] = {}
    for each in CELLS:
        answers = cell(each, seeds, changes=changes)
        if answers:
            found[each[0]] = summed(answers)
    most = [each.in_most for each in found.values()]
    half = [each.in_half for each in found.values()]
    off = [each.median_error / each.usual for each in found.values()]
    told = f"{sum(each.count for each in found.values()):,} estimates"
    return [
        Result(NAME, "in the range of 90%, mean of cells", fmean(most), "", bar=0.87, least=True),
        Result(NAME, "in the range of 90%, mean of cells", fmean(most), "", bar=0.96, note=told),
        Result(NAME, "in the range of 90%, worst cell", min(most), "", bar=0.80, least=True),
        Result(NAME, "in the range of 90%, widest cell", max(most), "", bar=0.97),
        Result(NAME, "in the range of 50%, mean of cells", fmean(half), "", bar=0.42, least=True),
        Result(NAME, "median error over the usual time", fmean(off), "", bar=0.40),
    ]


def _costs(bench: Bench) -> list[Result]:
    recording, view = _long_line(bench.size(10_000, 500))
    now, config, rounds = recording.now, recording.config, bench.rounds(9, 2)

    def timed(what: str, work: Callable[[], object], bar: float | None) -> Result:
        times = []
        for _ in range(rounds):
            began = time.perf_counter()
            work()
            times.append(time.perf_counter() - began)
        return absolute(NAME, what, times, bar=bar)

    since = recording.at(0)
    configs = {MAIN: config}
    return [
        timed("10,000 live ones", lambda: estimates(view, MAIN, config, now), 0.2),
        timed("a board of 10,000", lambda: board(view, now, configs=configs), None),
        timed(
            "looking back",
            lambda: accuracy(recording.view(), recording.mrs, configs, since=since, now=now),
            None,
        ),
    ]


def _long_line(live: int) -> tuple[Recording, View]:
    """A queue with a past, and so many more waiting."""
    seen: list[View] = []
    made = Recording(
        World(synthetic(Setting(arrivals=30, workers=8, changes=300, batch=16, seed=FRESH))),
        watch=lambda: seen.append(made.view()) if not seen and made.world.now > 300 else None,
    )
    made.world.run(made)
    view = seen[0]
    one = next(mr for mr in view.mrs.values() if not mr.closed)
    more: dict[MrId, MergeRequest] = {}
    for number in range(live):
        id, came = MrId(f"mr-x{number:06}"), made.now - timedelta(minutes=number % 3000)
        more[id] = replace(
            one,
            id=id,
            branch=Branch(f"x{number}"),
            created_at=came,
            submitted_at=came,
            worker=f"author-{number % 50}",
        )
    return made, replace(view, mrs={**view.mrs, **more})
