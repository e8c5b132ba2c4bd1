"""What each thing costs as a queue and its repository grow.

What is counted is processor time, of a command and of all the git that it starts on either side, so
that others at work on the machine change little. What is compared is the largest with a hundred.
`REFINERY_MILLION` adds a million, which takes some minutes to write.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.ages import Age, mr_id, write
from benchmarks.bench import Bench
from benchmarks.measuring import Result, Side, in_turn
from benchmarks.world import World, git
from refinery.hooks import installer
from refinery.repo.repository import Repository
from refinery.store.compaction import LONGEST, Compacted, compact, long_lines

FEW = 100
ENDED = (10, FEW, 1_000, 10_000, 100_000)
LIVE = (10, FEW, 1_000, 10_000)
TRANSACTIONS = (1_000, 10_000, 100_000)
FILES = (FEW, 10_000, 100_000)
HELD = 10  # live ones that are there whatever else grows


@dataclass(frozen=True)
class Work:
    """One thing to do, as a process of its own; `bar` is for the largest against a hundred."""

    what: str
    do: Callable[[World, int], object]
    bar: float | None = None


def growth(bench: Bench) -> list[Result]:
    """By what has ended, what is live, the queue's own history, and the files of the repository."""
    return [*_by_ended(bench), *_by_live(bench), *_by_transactions(bench), *_by_files(bench)]


def _by_ended(bench: Bench) -> list[Result]:
    million = (1_000_000,) if os.environ.get("REFINERY_MILLION") else ()
    sizes = bench.few(ENDED + million)
    rounds = bench.rounds(5, 1)
    branches = 3 * (rounds + 1)
    worlds = {
        size: _aged(
            bench,
            f"ended-{size}",
            Age(HELD, size, transactions=min(3 * size, LONGEST)),
            branches=branches,
        )
        for size in sizes
    }
    ids = {world.root: world.submit_all() for world in worlds.values()}
    for size, world in worlds.items():
        world.refinery("show", mr_id(size - 1, ended=True))  # the archive is here from now on
    each_round = [
        Work("claim", lambda world, number: world.refinery("claim", ids[world.root][number]), 1.2),
        Work("ready", lambda world, _: world.refinery("ready"), 1.2),
        Work("log", lambda world, _: world.refinery("log"), 1.2),
        Work("list the last 50 that ended", _last_ended, 1.3),
        Work("land one", lambda world, _: world.refinery("process", "--once"), 1.2),
    ]
    found = _measured(worlds, each_round, rounds, "ended")
    grows = [
        Work("show one that ended", lambda world, _: world.refinery("show", _oldest())),
        Work("fsck", lambda world, _: world.refinery("fsck")),
    ]
    found += _measured(worlds, grows, bench.rounds(3, 1), "ended")
    for world in worlds.values():
        _guard(world)
    after = 2 * (rounds + 1)
    guarded = Work(
        "claim past the guard",
        lambda world, number: world.refinery("claim", ids[world.root][after + number]),
        1.2,
    )
    found += _measured(worlds, [guarded], rounds, "ended")
    return found


def _by_live(bench: Bench) -> list[Result]:
    sizes, rounds = bench.few(LIVE), bench.rounds(3, 1)
    worlds = {size: _aged(bench, f"live-{size}", Age(size), branches=rounds + 1) for size in sizes}
    for world in worlds.values():
        world.refinery("ready")
    works = [
        Work("submit", lambda world, number: world.refinery("submit", world.branches[number])),
        Work("claim", lambda world, number: world.refinery("claim", world.branches[number])),
        Work("ready", lambda world, _: world.refinery("ready")),
        Work("land one", lambda world, _: world.refinery("process", "--once")),
    ]
    return _measured(worlds, works, rounds, "live")


def _by_transactions(bench: Bench) -> list[Result]:
    """What a fresh clone, as a job of CI has it, waits for before it can do anything."""
    found = []
    for size in bench.few(TRANSACTIONS):
        world = _aged(bench, f"transactions-{size}", Age(HELD, transactions=size))
        before = _fresh(bench, world)
        with world.queue(cwd=world.origin) as queue:
            lines = long_lines(queue.store, {queue.store.refs.queue: 1})
            done = [compact(queue.store, queue.view(), each, worker="bench") for each in lines]
        assert all(isinstance(each, Compacted) for each in done)
        after = _fresh(bench, world)
        found.append(
            Result(
                "growth",
                f"`ready` in a fresh clone, {size:,} transactions",
                before,
                "s",
                after,
                "the same, begun anew",
                before / after,
            )
        )
    return found


def _by_files(bench: Bench) -> list[Result]:
    """The first landing of a clone checks all files out; those after it have a worktree."""
    rounds = bench.rounds(3, 1)
    worlds = {
        size: bench.world(f"files-{size}", branches=rounds + 2, files=size)
        for size in bench.few(FILES)
    }
    submit = Work(
        "submit", lambda world, number: world.refinery("submit", world.branches[number]), 1.5
    )
    land = Work("land one", lambda world, _: world.refinery("process", "--once"))
    found = _measured(worlds, [submit], rounds, "files")
    times = {
        size: _processor_time(lambda world=world: land.do(world, 0))
        for size, world in worlds.items()
    }
    found.append(_compared(Work("land the first", land.do), _as_rounds(times), "files"))
    return [*found, *_measured(worlds, [land], rounds - 1, "files", warm_up=0)]


def _as_rounds(times: Mapping[int, float]) -> dict[int, list[float]]:
    return {size: [seconds] for size, seconds in times.items()}


def _fresh(bench: Bench, world: World) -> float:
    """Processor time of the first command in a clone that never saw the queue."""
    place = world.root / "fresh"
    used = []
    for _ in range(bench.rounds(3, 1)):
        shutil.rmtree(place, ignore_errors=True)
        git(world.root, "clone", "-q", "--no-local", str(world.origin), str(place))
        used.append(_processor_time(lambda: world.refinery("ready", cwd=place)))
    return statistics.median(used)


def _aged(bench: Bench, name: str, age: Age, *, branches: int = 0) -> World:
    world = bench.world(name, branches=branches)
    write(world.origin, age)
    return world


def _measured(
    worlds: Mapping[int, World],
    works: Sequence[Work],
    rounds: int,
    of_what: str,
    *,
    warm_up: int = 1,
) -> list[Result]:
    found = []
    for work in works:
        times = in_turn(_sides(worlds, work), max(1, rounds), warm_up=warm_up)
        found.append(_compared(work, {size: times[str(size)] for size in worlds}, of_what))
    return found


def _sides(worlds: Mapping[int, World], work: Work) -> dict[str, Side]:
    return {
        str(size): lambda number, world=world: _processor_time(lambda: work.do(world, number))
        for size, world in worlds.items()
    }


def _compared(work: Work, times: Mapping[int, list[float]], of_what: str) -> Result:
    medians = {size: statistics.median(seconds) for size, seconds in times.items()}
    largest = max(times)
    ratios = [one / few for one, few in zip(times[largest], times[FEW], strict=True)]
    return Result(
        "growth",
        f"{work.what}, {largest:,} {of_what}",
        medians[largest],
        "s",
        medians[FEW],
        f"with {FEW}",
        statistics.median(ratios),
        work.bar,
        note=", ".join(f"{size:,}: {seconds * 1000:.0f} ms" for size, seconds in medians.items()),
    )


def _processor_time(do: Callable[[], object]) -> float:
    """Seconds of all the processes that this starts and waits for."""

    def so_far() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    before = so_far()
    do()
    return so_far() - before


def _oldest() -> str:
    return mr_id(0, ended=True)


def _last_ended(world: World, _: int) -> None:
    world.refinery("list", "--status", "closed", "-n", "50")


def _guard(world: World) -> None:
    with Repository.discover(world.origin) as repo:
        installer.install(repo, installer.Side.SERVER, ("never/**",))
