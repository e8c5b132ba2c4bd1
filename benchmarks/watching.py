"""A busy day of `--watch`: what one process and its clone hold, at the beginning and at the end.

The day is over in minutes, since pauses only move the clock; looks and landings are real.
"""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.idling import watch
from benchmarks.measuring import Result
from benchmarks.world import World, git

LOOSE = 500  # objects: git packs them from there on, as it does from 6,700 where nobody says else
EACH_LANDING = 15  # looks


@dataclass(frozen=True)
class Held:
    """What is held at one instant."""

    memory: float  # MB
    files: int
    threads: int
    children: int
    temporary: int
    loose: int
    disk: float  # MB


def busy_day(bench: Bench) -> list[Result]:
    """A landing now and then, looks in between."""
    landings = bench.size(200, 12)
    world = bench.world("busy", branches=landings)
    git(world.clone, "config", "gc.auto", str(LOOSE))
    scratch = world.root / "tmp"
    scratch.mkdir()
    before, os.environ["TMPDIR"], tempfile.tempdir = os.environ.get("TMPDIR"), str(scratch), None
    try:
        seen = _watched(world, landings)
    finally:
        os.environ["TMPDIR"], tempfile.tempdir = before or "/tmp", None
    landed = int(git(world.origin, "rev-list", "--count", "--first-parent", "main")) - 1
    what = f"--watch, {len(seen)} looks, {landed} landings"
    return [
        Result("busy-day", f"{what}: not landed", landings - landed, "", bar=0),
        _grown(seen, f"{what}: memory", lambda held: held.memory, "MB", bar=1.1),
        _grown(seen, f"{what}: open files", lambda held: held.files, "", bar=1.0),
        _grown(seen, f"{what}: threads", lambda held: held.threads, "", bar=1.0),
        _grown(seen, f"{what}: children", lambda held: held.children, "", bar=1.0),
        _grown(seen, f"{what}: temporary files", lambda held: held.temporary, "", bar=1.0),
        Result(
            "busy-day",
            f"{what}: most loose objects of the clone, told to pack {LOOSE}",
            max(held.loose for held in seen),
            "",
            bar=3 * LOOSE,
        ),
        _grown(seen, f"{what}: disk of the clone", lambda held: held.disk, "MB", bar=None),
    ]


def _grown(
    seen: list[Held], what: str, of: Callable[[Held], float], unit: str, *, bar: float | None
) -> Result:
    """The last fifth against the second one: in the first one everything is loaded."""
    part = max(1, len(seen) // 5)
    early = statistics.median(map(of, seen[part : 2 * part]))
    late = statistics.median(map(of, seen[-part:]))
    ratio = late / early if early else 1.0 + late
    return Result("busy-day", what, late, unit, early, "in the second fifth", ratio, bar)


def _watched(world: World, landings: int) -> list[Held]:
    passed, looks, seen = 0.0, 0, []

    def wait(seconds: float) -> None:
        nonlocal passed, looks
        passed += seconds
        if looks % EACH_LANDING == 0 and looks // EACH_LANDING < landings:
            world.refinery("submit", world.branches[looks // EACH_LANDING])
        looks += 1
        seen.append(_held(world))

    watch(
        world, stop=lambda: looks >= EACH_LANDING * (landings + 1), wait=wait, clock=lambda: passed
    )
    return seen


def _count(folder: Path) -> int:
    return sum(1 for _ in folder.iterdir())


def _held(world: World) -> Held:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    listed = subprocess.run(
        ["ps", "--ppid", str(os.getpid()), "--no-headers"], capture_output=True, text=True
    )
    folder = world.clone / ".git"
    files = [Path(at, name) for at, _, names in os.walk(folder) for name in names]
    return Held(
        memory=pages * os.sysconf("SC_PAGE_SIZE") / 1e6,
        files=_count(Path("/proc/self/fd")),
        threads=threading.active_count(),
        children=len(listed.stdout.splitlines()),
        temporary=_count(Path(tempfile.gettempdir())),
        loose=sum(len(file.parent.name) == 2 and "objects" in file.parts for file in files),
        disk=sum(file.stat().st_size for file in files if file.exists()) / 1e6,
    )
