"""Merging, replaying and checking out without more work than git itself needs."""

from __future__ import annotations

import shutil
import time

from benchmarks.bench import Bench
from benchmarks.measuring import Result, absolute, compared, in_turn
from benchmarks.world import World, git
from refinery.engine.replaying import Replayed, replay
from refinery.records.names import Branch, MrId, Sha
from refinery.repo.merging import Merged, merge_many
from refinery.repo.repository import Repository
from refinery.repo.worktree import CheckWorktree
from refinery.store.view import View
from refinery.submit.forecasting import Subject, forecast, forecast_one


def trial_merges(bench: Bench) -> list[Result]:
    """A hundred trial merges that leave nothing behind, against one bare merge-tree of them."""
    world = bench.big()
    main = world.head("main")
    pairs = [(main, world.head(branch)) for branch in world.branches[:100]]
    asked = "".join(f"{ours} {theirs}\n" for ours, theirs in pairs).encode()
    with Repository.discover(world.clone) as repo:

        def ours(_: int) -> None:
            assert all(isinstance(merged, Merged) for merged in merge_many(repo, pairs))

        def bare(_: int) -> None:
            git(world.clone, "merge-tree", "--write-tree", "--stdin", stdin=asked)

        times = in_turn({"ours": ours, "bare": bare}, bench.rounds(7, 2))
    return [
        compared(
            "trial-merges",
            f"{len(pairs)} trial merges",
            times["ours"],
            times["bare"],
            against="git merge-tree --stdin",
            bar=3.0,
        )
    ]


def forecasts(bench: Bench) -> list[Result]:
    """What a hundred live ones run into, from nothing; then one more, as at its submission."""
    world = bench.big()
    main, ids = Branch("main"), world.branches[:-1]
    ids_of = {branch: MrId(f"mr-{branch.replace('change-', 'x')}") for branch in ids}
    line = [Subject(ids_of[it], Branch(it), main, world.head(it)) for it in ids]
    new = world.head(world.branches[-1])
    with world.queue() as queue:
        view = queue.view()
        repo = queue.repo
        cache = repo.state_dir / "path-sets.json"

        def cold(_: int) -> None:
            cache.unlink(missing_ok=True)
            forecast(repo, view, line)

        def one(_: int) -> float:
            forecast(repo, view, line)
            began = time.perf_counter()
            forecast_one(repo, _with(view, line), new, main)
            return time.perf_counter() - began

        times = in_turn({"cold": cold, "one": one}, bench.rounds(7, 2))
    return [
        absolute("forecast", f"forecast of {len(line)} from nothing", times["cold"], bar=1.0),
        absolute("forecast", f"of one new among {len(line)}", times["one"], bar=0.05),
    ]


def _with(view: View, line: list[Subject]) -> View:
    """The view with these as live merge requests."""
    from benchmarks.world import BEGAN
    from refinery.records.merge_request import MergeRequest, Status
    from refinery.values import replace

    mrs = {
        each.mr: MergeRequest(
            id=each.mr,
            branch=each.branch,
            target=each.target,
            head=each.head,
            status=Status.OPEN,
            priority=2,
            title="a change",
            worker="bench",
            created_at=BEGAN,
            submitted_at=BEGAN,
            retry_count=0,
        )
        for each in line
        if each.mr is not None
    }
    return replace(view, mrs=mrs)


def rebases(bench: Bench) -> list[Result]:
    """A branch of many commits put on a target that moved, against `git rebase` in a worktree."""
    commits = bench.size(40, 8)
    world = bench.world("rebase", branches=1, files=bench.size(5_000, 500))
    tree = world.root / "tree"
    git(world.clone, "worktree", "add", "-q", "--detach", str(tree), "change-0")
    for number in range(commits):
        (tree / f"more-{number}.txt").write_text("more\n")
        git(tree, "add", ".")
        git(tree, "commit", "-q", "-m", f"more {number}")
    head = Sha(git(tree, "rev-parse", "HEAD"))
    (world.clone / "moved.txt").write_text("moved\n")
    git(world.clone, "add", ".")
    git(world.clone, "commit", "-q", "-m", "move on")
    onto = world.head("main")
    with Repository.discover(world.clone) as repo:

        def ours(number: int) -> None:
            # Another committer time each round: nothing may be there already.
            done = replay(repo, head, onto=onto, committer=repo.signature(1_767_225_600 + number))
            assert isinstance(done, Replayed)

        def bare(_: int) -> float:
            git(tree, "checkout", "-q", "--detach", head)
            began = time.perf_counter()
            git(tree, "rebase", "-q", onto)
            return time.perf_counter() - began

        times = in_turn({"ours": ours, "bare": bare}, bench.rounds(5, 1))
    return [
        compared(
            "rebase",
            f"rebase, a commit of {commits + 1}",
            times["ours"],
            times["bare"],
            against="git rebase",
            bar=0.25,
            per=commits + 1,
        )
    ]


def checkouts(bench: Bench) -> list[Result]:
    """The second and later candidates in one worktree, against a worktree for each."""
    world: World = bench.big()
    heads = [world.head(branch) for branch in world.branches[:10]]
    fresh = world.root / "fresh"
    with Repository.discover(world.clone) as repo, CheckWorktree.open(repo) as worktree:
        worktree.checkout(heads[-1])

        def bare(number: int) -> float:
            began = time.perf_counter()
            git(world.clone, "worktree", "add", "-q", "--detach", str(fresh), heads[number % 9])
            seconds = time.perf_counter() - began
            git(world.clone, "worktree", "remove", "--force", str(fresh))
            return seconds

        def ours(number: int) -> None:
            worktree.checkout(heads[number % 9])

        times = in_turn({"ours": ours, "bare": bare}, bench.rounds(5, 2))
    shutil.rmtree(fresh, ignore_errors=True)
    return [
        compared(
            "checkout",
            "second and later checkout",
            times["ours"],
            times["bare"],
            against="git worktree add",
            bar=1 / 8,
        )
    ]
