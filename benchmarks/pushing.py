"""Pushing: three refs at once against one, and what a server's hook adds to a push."""

from __future__ import annotations

from benchmarks.bench import Bench
from benchmarks.measuring import Result, absolute, compared, in_turn
from benchmarks.world import World, git
from refinery.records.names import Ref
from refinery.repo.refs import RefUpdate, Swapped
from refinery.repo.remote import Remote
from refinery.repo.repository import Repository


def three_refs(bench: Bench) -> list[Result]:
    """A landing moves the target, the queue and the claim; one push carries them."""
    rounds = bench.rounds(15, 3)
    one, three = (bench.world(name, branches=rounds + 1) for name in ("one-ref", "three-refs"))
    with Repository.discover(one.clone) as repo_one, Repository.discover(three.clone) as repo_three:
        times = in_turn(
            {
                "three": lambda number: _push(repo_three, three, number, 3),
                "one": lambda number: _push(repo_one, one, number, 1),
            },
            rounds,
        )
    return [
        compared(
            "landing-push",
            "an atomic push of three refs",
            times["three"],
            times["one"],
            against="of one ref",
            bar=1.3,
        )
    ]


def _push(repo: Repository, world: World, number: int, refs: int) -> None:
    commit = world.head(world.branches[number])
    updates = [RefUpdate(Ref(f"refs/bench/{name}/{number}"), None, commit) for name in range(refs)]
    assert Remote(repo, "origin").push(updates) == Swapped()


def hook(bench: Bench) -> list[Result]:
    """A push of a branch that the installed post-receive hook queues, less one without the hook."""
    rounds = bench.rounds(11, 3)
    hooked, plain = (bench.world(name, branches=2 * rounds + 2) for name in ("hooked", "plain"))
    hooked.refinery("hooks", "install", cwd=hooked.origin)
    rows = []
    for what, prefix, bar in (
        ("a push that queues", "polecat/bench", 0.15),
        ("a push of nothing that matters", "other", 0.15),
    ):
        times = in_turn(
            {
                "hooked": lambda number, prefix=prefix: _push_branch(hooked, prefix, number),
                "plain": lambda number, prefix=prefix: _push_branch(plain, prefix, number),
            },
            rounds,
        )
        added = [with_it - without for with_it, without in zip(*times.values(), strict=True)]
        rows.append(absolute("hook", f"{what}: what the hooks add", added, bar=bar))
    return rows


def _push_branch(world: World, prefix: str, number: int) -> None:
    # Commits that the origin lacks, as those of an author are.
    commit = git(
        world.clone, "commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", f"{prefix} {number}"
    )
    git(world.clone, "push", "-q", "origin", f"{commit}:refs/heads/{prefix}/{number}")
