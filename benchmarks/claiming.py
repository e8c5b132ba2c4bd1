"""Claiming: cold, warm, at a hundred thousand closed records, and what it leaves behind."""

from __future__ import annotations

import os
import sys
import uuid
from datetime import timedelta
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.measuring import Result, compared, in_turn
from benchmarks.world import World, git, run
from refinery.app import Queue
from refinery.queue.claiming import Claimant, claim
from refinery.queue.operating import hold, unhold
from refinery.records.names import MrId
from refinery.store.update import Committed

_REFS = "+refs/refinery/*:refs/refinery/*"


def cold(bench: Bench) -> list[Result]:
    """`refinery claim` as a process, against a fetch and a push of a commit that is ready.

    The same git commands from a script that imports nothing but the standard library say how much
    of it is Python's own start.
    """
    rounds = bench.rounds(15, 3)
    names = ("cold", "cold-bare", "cold-script")
    world, bare, script = (bench.world(name, branches=rounds + 1) for name in names)
    ids, _, _ = world.submit_all(), bare.submit_all(), script.submit_all()
    commits, scripted = _ready(bare, rounds + 1), _ready(script, rounds + 1)
    times = in_turn(
        {
            "ours": lambda number: _done(world.refinery("claim", ids[number])),
            "bare": lambda number: _fetch_and_push(bare, number, commits[number]),
            "script": lambda number: _by_script(script, number, scripted[number]),
        },
        rounds,
    )
    what = "`refinery claim`"
    against_git, against_python = "git fetch + git push", "four git commands from a Python script"
    return [
        compared("cold-claim", what, times["ours"], times["bare"], against=against_git, bar=3.0),
        compared(
            "cold-claim", what, times["ours"], times["script"], against=against_python, bar=1.5
        ),
    ]


_SCRIPT = """\
import argparse, datetime, hashlib, json, pathlib, re, subprocess, sys
def git(*words):
    subprocess.run(["git", *words], check=True, capture_output=True, stdin=subprocess.DEVNULL)
git("config", "-z", "--list")
git("fetch", "--quiet", "origin", "+refs/refinery/*:refs/refinery/*")
git("for-each-ref", "refs/refinery/claims/", "refs/refinery/queue")
git("push", "--quiet", "--atomic", "origin", sys.argv[1])
"""


def _by_script(world: World, number: int, commit: str) -> None:
    ref = f"refs/refinery/claims/script-{number}"
    run([sys.executable, "-c", _SCRIPT, f"{commit}:{ref}"], cwd=world.clone)


def warm(bench: Bench) -> list[Result]:
    """A claim in a process that stays up."""
    rounds = bench.rounds(15, 3)
    world, bare = (bench.world(name, branches=rounds + 1) for name in ("warm", "warm-bare"))
    ids, _ = world.submit_all(), bare.submit_all()
    commits = _ready(bare, rounds + 1)
    with world.queue() as queue:
        times = in_turn(
            {
                "ours": lambda number: take(queue, ids[number]),
                "bare": lambda number: _fetch_and_push(bare, number, commits[number]),
            },
            rounds,
        )
    return [
        compared(
            "warm-claim",
            "a claim by a worker that is up",
            times["ours"],
            times["bare"],
            against="git fetch + git push",
            bar=1.4,
        )
    ]


def with_archive(bench: Bench) -> list[Result]:
    """A claim where a hundred thousand merge requests have been closed, against a hundred."""
    many, rounds = bench.size(100_000, 5_000), bench.rounds(11, 3)
    old, young = (bench.world(name, branches=rounds + 1) for name in ("old", "young"))
    ids = {world.root: world.submit_all() for world in (old, young)}
    old.fill(closed=many)
    young.fill(closed=100)
    for world in (old, young):
        git(world.origin, "gc", "-q")
    times = in_turn(
        {
            "old": lambda number: _done(old.refinery("claim", ids[old.root][number])),
            "young": lambda number: _done(young.refinery("claim", ids[young.root][number])),
        },
        rounds,
    )
    return [
        compared(
            "archive",
            f"`refinery claim` with {many} closed",
            times["old"],
            times["young"],
            against="the same with 100 closed",
            bar=1.2,
        )
    ]


def footprint(bench: Bench) -> list[Result]:
    """Objects and bytes a claim leaves, and what a change of the queue costs after gc."""
    claims, changes = bench.size(20, 5), bench.size(300, 20)
    world = bench.world("footprint", branches=claims)
    ids = world.submit_all()
    with world.queue() as queue:
        before = _loose(world.origin)
        for id in ids:
            take(queue, id)
        after = _loose(world.origin)
        packed = _packed(world.origin)
        for number in range(changes):
            _hold_or_let_go(queue, ids[number // 2 % claims])
        grown = _packed(world.origin) - packed
    objects = (after[0] - before[0]) / claims
    return [
        Result("footprint", "objects a claim", objects, "objects", bar=5),
        Result("footprint", "loose bytes a claim", (after[1] - before[1]) / claims, "B", bar=2000),
        Result(
            "footprint",
            f"history a change after gc, over {changes}",
            grown / changes,
            "B",
            bar=1000,
        ),
    ]


def take(queue: Queue, id: MrId) -> None:
    """Claim one, from reading the queue to the push."""
    by = Claimant(queue.worker, uuid.uuid4().hex, queue.now(), timedelta(minutes=10))
    done = queue.update(lambda view: claim(view, [id], by))
    assert isinstance(done, Committed), done


def _hold_or_let_go(queue: Queue, id: MrId) -> None:
    held = queue.view().mrs[id].hold is not None
    done = queue.update(
        lambda view: (
            unhold(view, id, by="bench")
            if held
            else hold(view, id, reason="to measure it", by="bench", now=queue.now())
        )
    )
    assert isinstance(done, Committed), done


def _ready(world: World, count: int) -> list[str]:
    """Commits of a small record that the origin lacks."""
    made = []
    for number in range(count):
        blob = git(world.clone, "hash-object", "-w", "--stdin", stdin=b"a record of %d\n" % number)
        tree = git(world.clone, "mktree", stdin=f"100644 blob {blob}\tclaim.yaml\n".encode())
        made.append(git(world.clone, "commit-tree", tree, "-m", f"claim {number}"))
    return made


def _fetch_and_push(world: World, number: int, commit: str) -> None:
    """What nobody can do without: see what is there, put one ref beside it."""
    run(["git", "fetch", "-q", "origin", _REFS], cwd=world.clone)
    run(["git", "push", "-q", "origin", f"{commit}:refs/refinery/claims/{number}"], cwd=world.clone)


def _done(_: object) -> None:
    """What was printed is not looked at."""


def _loose(repository: Path) -> tuple[int, int]:
    files = [
        Path(folder, name)
        for folder, _, names in os.walk(repository / "objects")
        for name in names
        if len(Path(folder).name) == 2
    ]
    return len(files), sum(file.stat().st_size for file in files)


def _packed(repository: Path) -> int:
    git(repository, "gc", "-q", "--prune=now")
    return sum(file.stat().st_size for file in (repository / "objects" / "pack").iterdir())
