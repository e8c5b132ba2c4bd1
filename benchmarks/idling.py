"""A quiet day of `--watch`: processor time of all its looks, git's own included.

The day is over in seconds, since pauses only move the clock; what is done between them is real.
"""

from __future__ import annotations

import resource
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from benchmarks.bench import Bench
from benchmarks.measuring import Result, absolute
from benchmarks.world import World
from refinery.app import open_queue
from refinery.engine.run import Orders
from refinery.processor.watching import Watch
from refinery.queue.pauses import Pauses

BAR = 60.0  # seconds


def quiet_day(bench: Bench) -> list[Result]:
    """An empty queue, and one that is paused with two hundred in it."""
    hours = bench.size(24, 2)
    found = []
    for live in (0, bench.size(200, 10)):
        world = bench.world(f"quiet-{live}", branches=live)
        if live:
            world.submit_all()
        world.refinery("pause", "--reason", "it is night")
        seconds, looks = _watched(world, hours)
        what = f"a day of --watch, {live} waiting in a paused queue, {looks} looks in {hours} h"
        found.append(absolute("idle-day", what, [seconds * 24 / hours], bar=BAR))
    return found


def _watched(world: World, hours: int) -> tuple[float, int]:
    """Processor time and number of looks."""
    passed, looks = 0.0, 0

    def wait(seconds: float) -> None:
        nonlocal passed, looks
        passed += seconds
        looks += 1

    before = _processor_time()
    watch(world, stop=lambda: passed >= hours * 3600, wait=wait, clock=lambda: passed)
    return _processor_time() - before, looks


def watch(
    world: World,
    *,
    stop: Callable[[], bool],
    wait: Callable[[float], None],
    clock: Callable[[], float],
) -> None:
    """Look at the queue again and again; `clock` says how many seconds of the day are over."""
    began = datetime.now(UTC)
    Watch(
        partial(
            open_queue,
            str(world.clone),
            engine=True,
            worker="bench",
            clock=lambda: began + timedelta(seconds=clock()),
        ),
        tell=lambda _: None,
        say=lambda _: None,
        orders=Orders(stop=stop, wait=wait, clock=clock),
        pauses=Pauses(10.0, 120.0),
    ).run()


def _processor_time() -> float:
    """Seconds of this process and of all that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)
