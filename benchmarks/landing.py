"""Landing: one at a time against git alone and the rival, and two hundred in one batch."""

from __future__ import annotations

import time

from benchmarks.bench import Bench, NoRival
from benchmarks.measuring import Result, compared, in_turn
from benchmarks.world import Snapshot, World, git, run

_FLOOR = """\
set -e
git worktree add -q --detach ../floor origin/main
for branch in %s; do
  git fetch -q origin +refs/heads/*:refs/remotes/origin/*
  base=$(git rev-parse origin/main)
  tree=$(git merge-tree --write-tree $base origin/$branch)
  commit=$(git commit-tree $tree -p $base -p origin/$branch -m "Merge $branch")
  git -C ../floor checkout -q --detach $commit
  (cd ../floor && true)
  git push -q --atomic --force-with-lease=refs/heads/main:$base origin \\
    $commit:refs/heads/main $commit:refs/landed/$branch
done
"""


def one_at_a_time(bench: Bench) -> list[Result]:
    """`refinery process --drain` with batch.max 1, a check that does nothing, per merge request."""
    count, rounds = bench.size(50, 6), bench.rounds(3, 1)
    ours = bench.world("land", branches=count)
    ours.submit_all()
    floor = bench.world("land-floor", branches=count)
    sides = {
        "ours": _timed(Snapshot.of(ours), lambda: _drain(ours, count)),
        "floor": _timed(Snapshot.of(floor), lambda: _floor(floor)),
    }
    why_not = ""
    try:
        sides["theirs"] = _rival(bench, "land-rival", count, processing="ordered", runs=count)
    except NoRival as reason:
        why_not = str(reason)
    times = in_turn(sides, rounds, warm_up=0)
    what = f"one at a time, {count} in a row"
    rows = [
        compared(
            "land-one",
            what,
            times["ours"],
            times["floor"],
            against="the same git commands in a shell",
            bar=2.0,
            per=count,
            note=why_not,
        )
    ]
    if "theirs" in times:
        rows.append(
            compared(
                "land-one",
                what,
                times["ours"],
                times["theirs"],
                against="mergetrain, ordered",
                bar=0.5,
                per=count,
            )
        )
    return rows


def batch(bench: Bench) -> list[Result]:
    """Everything in one candidate."""
    count, rounds = bench.size(200, 10), bench.rounds(3, 1)
    ours = bench.world("batch", branches=count, batch=count)
    ours.submit_all()
    sides = {
        "ours": _timed(Snapshot.of(ours), lambda: _drain(ours, count)),
        "theirs": _rival(bench, "batch-rival", count, processing="batch", runs=1),
    }
    times = in_turn(sides, rounds, warm_up=0)
    return [
        compared(
            "land-batch",
            f"a batch of {count}",
            times["ours"],
            times["theirs"],
            against="mergetrain, the same batch",
            bar=0.5,
            per=count,
        )
    ]


def _rival(bench: Bench, name: str, count: int, *, processing: str, runs: int):
    rival = bench.rival()
    world = bench.world(name, branches=count)
    rival.prepare(world, processing=processing)
    for branch in world.branches:
        rival.enqueue(world, branch)

    def land() -> None:
        for _ in range(runs):
            rival.land(world)
        _landed(world, count + 1)  # its own configuration is one more

    return _timed(Snapshot.of(world), land)


def _timed(snapshot: Snapshot, work):
    def side(_: int) -> float:
        snapshot.restore()
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    return side


def _drain(world: World, count: int) -> None:
    world.refinery("process", "--drain")
    _landed(world, count)


def _floor(world: World) -> None:
    run(["sh", "-c", _FLOOR % " ".join(world.branches)], cwd=world.clone)


def _landed(world: World, count: int) -> None:
    done = int(git(world.origin, "rev-list", "--count", "--first-parent", "main")) - 1
    if done != count:
        raise RuntimeError(f"{done} landed of {count}")
