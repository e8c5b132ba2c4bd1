"""How good landing times are on a simulated queue: told all the while, compared with what came."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from refinery.queue.accuracy import Answer
from refinery.queue.estimating import LandingTime, estimates
from refinery.records.names import MrId
from refinery.simulation.recording import MAIN, Recording
from refinery.simulation.trace import Setting, Trace, of_arrivals, synthetic
from refinery.simulation.world import World
from refinery.values import replace

EVERY = 25.0  # minutes in the mean, between two moments at which everybody asks
CELLS: tuple[tuple[str, Setting, float], ...] = (
    ("a small team", Setting(arrivals=5, workers=2), 0),
    ("one worker, with time to spare", Setting(arrivals=3, workers=1, fail=0.05), 0),
    ("one worker, busy", Setting(arrivals=10, workers=1, fail=0.05), 0),
    ("one worker, many bad", Setting(arrivals=5, workers=1, fail=0.2, flake=0.01), 0),
    ("10 an hour, 2 workers", Setting(arrivals=10, workers=2), 0),
    ("20 an hour, 4 workers", Setting(arrivals=20, workers=4), 0),
    ("20 an hour, 2 workers, more than they can do", Setting(workers=2, flake=0.01), 0),
    ("a large team", Setting(arrivals=40, workers=8, flake=0.005), 0),
    ("a large team that is careful", Setting(arrivals=40, workers=8, fail=0.02), 0),
    ("a fleet of agents", Setting(arrivals=60, workers=16, fail=0.12, flake=0.02), 0),
    ("a rush every ten hours, 2 workers", Setting(arrivals=10, workers=2), 600),
    ("a rush every ten hours, 4 workers", Setting(workers=4, fail=0.05), 600),
)
"""Queues that differ: what they are called, their setting, and how far apart rushes are, if any."""


def answers(setting: Setting, *, rush: float = 0, every: float = EVERY) -> list[Answer]:
    """What was told of who landed in the end, at random moments, and how long it took then."""
    random = Random(f"asking {setting.seed}")
    told: list[tuple[MrId, LandingTime]] = []
    next = 0.0

    def ask() -> None:
        nonlocal next
        if recording.world.now < next:
            return
        next = recording.world.now + random.expovariate(1 / every)
        found = estimates(recording.view(), MAIN, recording.config, recording.now)
        told.extend((id, each) for id, each in found.items() if isinstance(each, LandingTime))

    recording = Recording(World(_trace(setting, rush)), watch=ask)
    recording.world.run(recording)
    came = ((time, recording.landed_at(id)) for id, time in told)
    return [
        Answer(time, (landed - time.at).total_seconds())
        for time, landed in came
        if landed is not None
    ]


def cell(
    name_setting: tuple[str, Setting, float], seeds: Sequence[int], *, changes: int = 250
) -> list[Answer]:
    """The answers of one cell over several seeds; a candidate holds 16 at most, as by default."""
    _, setting, rush = name_setting
    setting = replace(setting, changes=changes, batch=16, interact=0.0001)
    return [it for seed in seeds for it in answers(replace(setting, seed=seed), rush=rush)]


def _trace(setting: Setting, rush: float) -> Trace:
    trace = synthetic(setting)
    if not rush:
        return trace
    together = [replace(it, at=it.at // rush * rush + it.at % rush / 10) for it in trace.arrivals]
    return of_arrivals(together, trace.setting)
