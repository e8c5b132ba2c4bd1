"""Contention: many clones claim from one queue as fast as they can, for a few seconds."""

from __future__ import annotations

import random
import shutil
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.measuring import Result
from benchmarks.world import World
from refinery.errors import RefineryError
from refinery.queue.claiming import Claimant, claim
from refinery.records.names import MrId
from refinery.store.edit import Applied, Edit

LIVE = 2_000


@dataclass
class _Tally:
    """What the workers of one run came to."""

    seconds: float
    winners: Counter[MrId] = field(default_factory=Counter)
    failures: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.winners.total() / self.seconds


def contention(bench: Bench) -> list[Result]:
    """Claims a second of 64 clones against one; attempts that fail; a claim won twice is a bug."""
    clones, seconds, rounds = bench.size(64, 8), bench.size(8, 2), bench.rounds(3, 1)
    alone: list[_Tally] = []
    together: list[_Tally] = []
    for number in range(rounds):
        alone.append(_run(bench, f"alone-{number}", 1, seconds))
        together.append(_run(bench, f"together-{number}", clones, seconds))
    pairs = sorted(many.rate / one.rate for one, many in zip(alone, together, strict=True))
    worst = max(together, key=lambda run: run.failures / max(1, run.winners.total()))
    rates = sorted(run.rate for run in together)
    doubles = sum(count > 1 for run in (*alone, *together) for count in run.winners.values())
    errors = [error for run in (*alone, *together) for error in run.errors]
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
            note="; ".join(errors[:1]),
        ),
        Result(
            "contention",
            "failures a success",
            worst.failures / max(1, worst.winners.total()),
            "",
            bar=0.2,
        ),
        Result("contention", "merge requests with two winners", doubles, "", bar=0),
    ]


def _run(bench: Bench, name: str, clones: int, seconds: float) -> _Tally:
    world = bench.world(name)
    world.fill(live=LIVE)
    world.refinery("ready")  # every clone starts with the records, as a worker that is up does
    places = [world.root / f"worker-{number}" for number in range(clones)]
    for place in places:
        shutil.copytree(world.clone, place, symlinks=True)
    tally, lock = _Tally(seconds), threading.Lock()
    begin = threading.Barrier(clones + 1)
    workers = [
        threading.Thread(target=_work, args=(world, place, tally, lock, begin)) for place in places
    ]
    for worker in workers:
        worker.start()
    begin.wait()
    for worker in workers:
        worker.join()
    shutil.rmtree(world.root)
    return tally


def _work(
    world: World, place: Path, tally: _Tally, lock: threading.Lock, begin: threading.Barrier
) -> None:
    with world.queue(cwd=place, worker=place.name) as queue:
        queue.view()
        begin.wait()
        end = time.monotonic() + tally.seconds
        while time.monotonic() < end:
            try:
                view = queue.store.read()
                free = [id for id in view.mrs if id not in view.claims]
                if not free:
                    return
                id = random.choice(free)
                by = Claimant(place.name, uuid.uuid4().hex, queue.now(), timedelta(minutes=10))
                edit = claim(view, [id], by)
                assert isinstance(edit, Edit)
                won = isinstance(queue.store.swap(view, edit)[0], Applied)
            except RefineryError as error:
                with lock:
                    tally.errors.append(error.message)
                    tally.failures += 1
                continue
            if time.monotonic() < end:
                with lock:
                    tally.winners[id] += won
                    tally.failures += not won
