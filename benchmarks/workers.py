"""Many workers on real git: three hundred real changes, some bad, some at odds, checks that lie.

What comes of it is judged from what is left in the origin, and its time held against what the
simulator says of the same changes.  Checks sleep, so that the workers share the processors only for
what the queue itself does; where that is too much, the figures with longer checks tell more.
"""

from __future__ import annotations

import random
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from os import cpu_count
from pathlib import Path

from benchmarks.aftermath import Aftermath, Start, aftermath, all_decided, claims
from benchmarks.bench import Bench
from benchmarks.crew import DRAIN, Crew, Shift
from benchmarks.foretold import Foretold, foretell
from benchmarks.measuring import Result
from benchmarks.real_changes import RealChanges, real_history
from benchmarks.told import RUNS, Check, Told, tell
from benchmarks.world import World, run
from refinery.queue.spread import percentile

CHECK = Check(median=0.6, shortest=0.2, longest=1.0, flake=0.02)
BAD = 0.08
BATCH = 1000  # as many as the planner likes


@dataclass(frozen=True)
class Trial:
    """One run of so many workers on so many changes."""

    told: Sequence[Told]
    check: Check
    workers: int
    shift: Shift
    found: Aftermath

    @property
    def faults(self) -> list[str]:
        """Everything that should never be."""
        return [*self.found.faults, *self.shift.complaints]

    @property
    def overhead(self) -> float:
        """Seconds a build costs one worker beside its check."""
        runs = self.found.runs
        return (self.found.seconds * self.workers - sum(each.seconds for each in runs)) / len(runs)

    @property
    def processors(self) -> str:
        """How much of the machine the workers had."""
        all_of_them = self.shift.seconds * (cpu_count() or 1)
        mine, others = self.shift.cpu / all_of_them, self.shift.others / all_of_them
        return f"{mine:.0%} of the processors, others {others:.0%}"

    def foretold(self, overhead: float = 0.0) -> Foretold:
        """What the simulator says of it."""
        return foretell(self.told, self.check, workers=self.workers, overhead=overhead)


def workers(bench: Bench) -> list[Result]:
    """One worker, and sixteen: with short checks and long ones, left alone or killed."""
    stream = real_history()
    folder = bench.root / "real-changes"
    folder.mkdir()
    changes = RealChanges.read(folder, stream)
    try:
        count, crew = bench.size(300, 40), bench.size(16, 4)
        alone = attempt(bench.root / "alone", changes, count=bench.size(60, 10), workers=1)
        short = attempt(bench.root / "short", changes, count=count, workers=crew)
        long = attempt(
            bench.root / "long", changes, count=count, workers=crew, check=CHECK.slower(10)
        )
        killed = attempt(bench.root / "killed", changes, count=count, workers=crew, is_deadly=True)
        trials = {"checks of 0.6 s": short, "checks of 6 s": long, "one killed a second": killed}
        if "--jobs" in _help():
            jobs = attempt(
                bench.root / "jobs", changes, count=count, workers=crew, is_one_clone=True
            )
            trials[f"--jobs {crew}"] = jobs
    finally:
        changes.close()
    found = [Result("workers", "overhead of a build, one worker", alone.overhead, "s")]
    for name, trial in trials.items():
        found += _rows(f"{crew} workers, {count} changes, {name}", trial, alone.overhead)
    return found


def attempt(
    root: Path,
    changes: RealChanges,
    *,
    count: int,
    workers: int,
    check: Check = CHECK,
    seed: int = 1,
    is_deadly: bool = False,
    is_one_clone: bool = False,
) -> Trial:
    """Queue so many real changes at once and let the workers at them."""
    pairs = max(1, count // 50)
    branches = [f"change/{number:04}" for number in range(count)]
    told = tell(branches, bad=round(BAD * count), pairs=pairs, clashes=pairs, seed=seed)
    # A claim outlives its worker that long: short where workers die, else out of the way.
    files = check.files(batch=BATCH, minutes=0.1 if is_deadly else 1)
    drawn = dict(zip(told, changes.draw(count, seed=seed), strict=True))
    world = changes.world(root, drawn, files)
    ids = world.submit_all()
    crew = _crew(world, workers, is_one_clone=is_one_clone)
    start = Start.of(world.origin)
    shift = crew.work(
        lambda: all_decided(world.clone, ids),
        murderer=random.Random(seed) if is_deadly else None,
    )
    if is_deadly:
        # What the dead left is put right by whoever comes next and lives.
        heal = replace(crew, clones=crew.clones[:1], patience=60)
        shift.complaints += heal.work(lambda: not claims(world.origin)).complaints
    found = aftermath(
        world.origin, world.clone, told, start=start, log=Path(crew.environment[RUNS])
    )
    for command in ("verify", "fsck"):
        found.faults += _complaint(world, command)
    return Trial(told, check, workers, shift, found)


def _crew(world: World, workers: int, *, is_one_clone: bool) -> Crew:
    clones = [world.root / f"worker-{n:02}" for n in range(1 if is_one_clone else workers)]
    for clone in clones:
        shutil.copytree(world.clone, clone, symlinks=True)
    logs = world.root / "logs"
    logs.mkdir()
    (logs / "runs").touch()
    arguments = [*DRAIN, *(["--jobs", str(workers)] if is_one_clone else [])]
    if "--linger" in _help():
        arguments += ["--linger", "10s"]
    if "--workers" in _help():
        arguments += ["--workers", str(workers)]
    return Crew(clones, logs, arguments, {RUNS: str(logs / "runs")})


@cache
def _help() -> str:
    return run([sys.executable, "-m", "refinery", "process", "--help"], cwd=Path.cwd())


def _complaint(world: World, command: str) -> list[str]:
    try:
        world.refinery(command)
    except RuntimeError as error:
        return [str(error)]
    return []


def _rows(what: str, trial: Trial, overhead: float) -> list[Result]:
    found, shift = trial.found, trial.shift
    bare, full = trial.foretold(), trial.foretold(overhead)
    waits = sorted(found.waits)
    tested, builds = len(waits), len(found.runs)
    name = "workers"
    refused = "; ".join(found.refused_wrongly[:3])
    return [
        Result(
            name,
            f"{what}: decided a second",
            tested / found.seconds,
            "/s",
            tested / bare.seconds,
            "the simulator",
            bare.seconds / found.seconds,
            1 / 1.3,
            least=True,
            note=trial.processors,
        ),
        Result(
            name,
            f"{what}: decided a second, with overhead",
            tested / found.seconds,
            "/s",
            tested / full.seconds,
            "the simulator",
            full.seconds / found.seconds,
            1 / 1.3,
            least=True,
        ),
        Result(
            name,
            f"{what}: P95",
            percentile(waits, 0.95),
            "s",
            full.p95,
            "the simulator, with overhead",
            percentile(waits, 0.95) / full.p95,
            1.15,
        ),
        Result(name, f"{what}: builds", builds, "", full.builds, "the simulator"),
        Result(name, f"{what}: transactions a build", found.transactions / builds, "", bar=2.5),
        Result(
            name, f"{what}: refused wrongly", len(found.refused_wrongly), "", bar=2, note=refused
        ),
        Result(name, f"{what}: killed", shift.kills, "", note=f"{shift.starts} started"),
        Result(
            name, f"{what}: faults", len(trial.faults), "", bar=0, note="; ".join(trial.faults[:2])
        ),
    ]
