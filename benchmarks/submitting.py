"""Submitting one branch from the command line: against the rival, and listing what is queued."""

from __future__ import annotations

from benchmarks.bench import Bench
from benchmarks.measuring import Result, absolute, compared, in_turn


def submit(bench: Bench) -> list[Result]:
    """`refinery submit` against `mergetrain enqueue`, which writes to its own machine only."""
    rounds = bench.rounds(15, 4)
    ours = bench.world("submit", branches=rounds + 1)
    rival = bench.rival()
    theirs = bench.world("submit-rival", branches=rounds + 1)
    rival.prepare(theirs, processing="batch")
    times = in_turn(
        {
            "ours": lambda number: _done(ours.refinery("submit", ours.branches[number])),
            "theirs": lambda number: rival.enqueue(theirs, theirs.branches[number]),
        },
        rounds,
    )
    return [
        compared(
            "submit",
            "`refinery submit`, push, record and forecast",
            times["ours"],
            times["theirs"],
            against="mergetrain enqueue",
            bar=0.75,
        )
    ]


def listing(bench: Bench) -> list[Result]:
    """`refinery ready` against `mergetrain status`, and with ten thousand live ones."""
    count, rounds = bench.size(200, 20), bench.rounds(9, 3)
    ours = bench.world("ready", branches=count)
    ours.submit_all()
    rival = bench.rival()
    theirs = bench.world("ready-rival", branches=count)
    rival.prepare(theirs, processing="batch")
    for branch in theirs.branches:
        rival.enqueue(theirs, branch)
    times = in_turn(
        {
            "ours": lambda _: _done(ours.refinery("ready")),
            "theirs": lambda _: rival.list(theirs),
        },
        rounds,
    )
    return [
        compared(
            "ready",
            f"`refinery ready` with {count}",
            times["ours"],
            times["theirs"],
            against=f"mergetrain status with {count}",
            bar=0.8,
        )
    ]


def listing_many(bench: Bench) -> list[Result]:
    """Ten thousand live merge requests, read and put in order by a command that starts cold."""
    count = bench.size(10_000, 1_000)
    world = bench.world("ready-many")
    world.fill(live=count)
    times = in_turn({"ours": lambda _: _done(world.refinery("ready"))}, bench.rounds(5, 2))
    return [absolute("ready-many", f"`refinery ready` with {count}", times["ours"], bar=1.5)]


def _done(_: object) -> None:
    """What was printed is not looked at."""
