"""Contention: many clones claim from one queue as fast as they can, for a few seconds.

By hand each takes any merge request; workers all want the same candidate, the first of the plan.
"""

from __future__ import annotations

import random
import shutil
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.measuring import Result
from benchmarks.world import World
from refinery.engine.choosing import MOST_PLACES
from refinery.errors import RefineryError
from refinery.queue.claiming import Claimant, claim, claim_candidate
from refinery.records.names import Branch, CandidateId, MrId, derive_candidate_id
from refinery.store.edit import Applied, Edit
from refinery.store.view import View

LIVE = 2_000
PATIENCE = 60.0  # seconds
MAIN = Branch("main")


Name = MrId | CandidateId
Take = Callable[[View, Claimant, int], tuple[Name, Edit] | None]
"""What to claim in this view after so many losses in a row, and the edit; None: nothing is left."""


@dataclass
class Tally:
    """What the workers of one run came to; `waits` are the seconds before each win.

    `winners` were in time, `all` are also those that began in time and ended after it.
    """

    seconds: float
    winners: Counter[Name] = field(default_factory=Counter)
    all: Counter[Name] = field(default_factory=Counter)
    by_worker: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    failures: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.winners.total() / self.seconds


def contention(bench: Bench) -> list[Result]:
    """Claims a second of 64 clones against one; attempts that fail; a claim won twice is a bug."""
    clones, seconds, rounds = bench.size(64, 8), bench.size(8, 2), bench.rounds(3, 1)
    alone: list[Tally] = []
    together: list[Tally] = []
    for number in range(rounds):
        alone.append(_run(bench, f"alone-{number}", 1, seconds, take=any_of_them))
        together.append(_run(bench, f"together-{number}", clones, seconds, take=any_of_them))
    pairs = sorted(many.rate / one.rate for one, many in zip(alone, together, strict=True))
    worst = max(together, key=lambda run: run.failures / max(1, run.winners.total()))
    rates = sorted(run.rate for run in together)
    return [
        Result(
            "contention",
            f"claims a second with {clones} clones",
            rates[rounds // 2],
            "/s",
            sorted(run.rate for run in alone)[rounds // 2],
            "with one clone",
            pairs[rounds // 2],
            0.8,
            least=True,
            note=_first_error([*alone, *together]),
        ),
        Result(
            "contention",
            "failures a success",
            worst.failures / max(1, worst.winners.total()),
            "",
            bar=0.2,
        ),
        Result(
            "contention", "merge requests with two winners", _doubles(alone, together), "", bar=0
        ),
    ]


def candidates(bench: Bench) -> list[Result]:
    """As many workers as a matrix has jobs start at once, read the same plan, and want one each."""
    clones, rounds = bench.size(64, 8), bench.rounds(3, 1)
    take = partial(_of_plan, workers=clones)
    runs = [
        _run(bench, f"candidates-{number}", clones, PATIENCE, take=take, is_rush=True)
        for number in range(rounds)
    ]
    rates = sorted(run.winners.total() / max(run.waits, default=PATIENCE) for run in runs)
    least = min(run.by_worker[f"worker-{number}"] for run in runs for number in range(clones))
    lost = max(run.failures / max(1, run.winners.total()) for run in runs)
    what = f"candidates, {clones} workers at once"
    return [
        Result(
            "candidates",
            f"{what}: claims a second until each has one",
            rates[rounds // 2],
            "/s",
            bar=20,
            least=True,
            note=_first_error(runs),
        ),
        Result("candidates", f"{what}: claims of who got least", least, "", bar=1, least=True),
        Result("candidates", f"{what}: failures a success", lost, ""),
        Result("candidates", f"{what}: candidates with two owners", _doubles(runs), "", bar=0),
    ]


def _doubles(*runs: Sequence[Tally]) -> int:
    return sum(count > 1 for some in runs for run in some for count in run.winners.values())


def _first_error(runs: Sequence[Tally]) -> str:
    return "; ".join([error for run in runs for error in run.errors][:1])


def _run(
    bench: Bench, name: str, clones: int, seconds: float, *, take: Take, is_rush: bool = False
) -> Tally:
    world = bench.world(name)
    world.fill(live=LIVE)
    [tally] = at_once(world, {"worker": (clones, take)}, seconds, is_rush=is_rush)
    shutil.rmtree(world.root)
    return tally


def at_once(
    world: World,
    crews: Mapping[str, tuple[int, Take]],
    seconds: float,
    *,
    is_rush: bool = False,
) -> list[Tally]:
    """So many of each crew at the same time, each in a clone of its own; how each crew fared."""
    world.refinery("ready")  # every clone starts with the records, as a worker that is up does
    begin = threading.Barrier(sum(count for count, _ in crews.values()) + 1)
    tallies, threads = [], []
    for name, (count, take) in crews.items():
        tally, lock = Tally(seconds), threading.Lock()
        tallies.append(tally)
        for number in range(count):
            place = world.root / f"{name}-{number}"
            shutil.copytree(world.clone, place, symlinks=True)
            told = (world, place, tally, lock, begin, take, is_rush)
            threads.append(threading.Thread(target=_work, args=told))
    for thread in threads:
        thread.start()
    begin.wait()
    for thread in threads:
        thread.join()
    return tallies


def _work(
    world: World,
    place: Path,
    tally: Tally,
    lock: threading.Lock,
    begin: threading.Barrier,
    take: Take,
    is_rush: bool,
) -> None:
    with world.queue(cwd=place, worker=place.name) as queue:
        queue.view()
        begin.wait()
        last = time.monotonic()
        end = last + tally.seconds
        losses = 0
        view: View | None = None
        while time.monotonic() < end:
            by = Claimant(place.name, uuid.uuid4().hex, queue.now(), timedelta(minutes=10))
            try:
                # As `update` does: what the last win left is good until somebody else was first.
                view = view or queue.store.read()
                taken = take(view, by, losses)
                if taken is None:
                    return
                name, edit = taken
                outcome, after = queue.store.swap(view, edit)
                won = isinstance(outcome, Applied)
                view = after if won else None
            except RefineryError as error:
                view = None
                with lock:
                    tally.errors.append(error.message)
                    tally.failures += 1
                continue
            now = time.monotonic()
            losses = 0 if won else losses + 1
            with lock:
                tally.failures += not won
                if not won:
                    continue
                tally.all[name] += 1
                tally.winners[name] += 1 if now < end else 0
                tally.by_worker[place.name] += 1
                tally.waits.append(now - last)
            last = now
            if is_rush:
                return


def any_of_them(view: View, by: Claimant, losses: int) -> tuple[Name, Edit] | None:
    """Any merge request that nobody has."""
    free = [id for id in view.mrs if id not in view.claims]
    if not free:
        return None
    id = random.choice(free)
    edit = claim(view, [id], by)
    assert isinstance(edit, Edit)
    return id, edit


def _of_plan(view: View, by: Claimant, losses: int, *, workers: int) -> tuple[Name, Edit] | None:
    """A candidate that nobody has, as far down as the engine goes where so many are at work."""
    base = view.targets[MAIN]
    place = random.randrange(min(MOST_PLACES, max(workers - len(view.claims), 4**losses)))
    free = (id for id in view.mrs if derive_candidate_id(MAIN, base, (id,)) not in view.claims)
    id = next(islice(free, place, None))
    edit = claim_candidate(view, MAIN, base, (id,), by, purpose="screen")
    assert isinstance(edit, Edit)
    return next(iter(edit.claim)), edit
