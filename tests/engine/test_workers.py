"""Many workers on one queue: one winner each, nothing lost, nothing landed twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from refinery.queue.submission import Relation, Request, submit
from refinery.records.names import Branch, MrId
from refinery.store.update import Committed
from tests.sandbox import CHECKOUT, Sandbox

CONFIG = """\
version: 1
batch: {max: 3}
claim: {minutes: 0.05}
checks:
- name: test
  run: if grep -qr bad --include='*.txt' .; then exit 1; fi
"""
RACE = """\
import sys
from refinery.app import open_queue
from refinery.queue.claiming import Claimant, claim
from refinery.store.update import Committed
import secrets
from datetime import timedelta
with open_queue(sys.argv[1], worker=sys.argv[2]) as queue:
    won = []
    for id in sorted(queue.view().mrs):
        by = Claimant(queue.worker, secrets.token_hex(16), queue.now(), timedelta(minutes=5))
        if isinstance(queue.update(lambda view: claim(view, [id], by)), Committed):
            won.append(id)
    print("\\n".join(won))
"""


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REFINERY")}
    return {**kept, "PYTHONPATH": str(CHECKOUT)}


def submitted(box: Sandbox, branch: str) -> MrId:
    """A submission by the shortest way: what matters is that it is there."""
    head = box.sha("main")
    assert head is not None
    request = Request(Branch(branch), Branch("main"), head, worker="ada", title=branch)
    done = box.queue().update(
        lambda view: submit(view, request, relation=Relation.AHEAD, now=box.clock.tick())
    )
    assert isinstance(done, Committed)
    return done.edit.submit[0].id


@pytest.mark.soak
def test_eight_processes_race_to_claim_fifty_and_each_has_one_winner(box: Sandbox) -> None:
    ids = [submitted(box, f"b{n}") for n in range(50)]
    clones = [box.clone(f"racer{n}") for n in range(8)]
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACE, str(clone.path), clone.worker],
            env=environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        for clone in clones
    ]
    won = [racer.communicate(timeout=120)[0].split() for racer in racers]
    assert all(racer.returncode == 0 for racer in racers)
    assert sorted(id for mine in won for id in mine) == sorted(ids)
    claims = box.view().claims
    for clone, mine in zip(clones, won, strict=True):
        assert all(claims[id].worker == clone.worker for id in mine)


def test_two_engines_at_once_land_each_merge_request_once(box: Sandbox) -> None:
    box.config(CONFIG)
    for n in range(8):
        box.request(f"b{n}", {f"{n}.txt": "x\n"}, onto="main")
    workers = [box.clone(f"worker{n}") for n in range(2)]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "refinery", "process", "--drain"],
            cwd=worker.path,
            env={**environment(), "REFINERY_WORKER": worker.worker},
            stderr=subprocess.PIPE,
            text=True,
        )
        for worker in workers
    ]
    said = [engine.communicate(timeout=120)[1] for engine in running]
    assert [engine.returncode for engine in running] == [0, 0], said
    assert box.cli("process", "--drain").code == 0
    assert sorted(box.landed) == [f"b{n}" for n in range(8)]
    assert box.cli("verify").code == 0


@pytest.mark.soak
def test_two_hundred_random_kills_lose_nothing_and_land_nothing_twice(box: Sandbox) -> None:
    box.config(CONFIG)
    names = []
    for n in range(40):
        names.append(f"b{n}")
        box.request(f"b{n}", {f"{n}.txt": "bad\n" if n % 10 == 3 else "x\n"}, onto="main")
    box.request("c1", {"0.txt": "clash\n"}, onto="main~0")
    workers = [box.clone(f"worker{n}") for n in range(3)]
    draw = random.Random(7)
    kills = 0
    while kills < 200:
        engine = subprocess.Popen(
            [sys.executable, "-m", "refinery", "process", "--drain"],
            cwd=draw.choice(workers).path,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            engine.wait(timeout=draw.uniform(0.1, 1.5))
        except subprocess.TimeoutExpired:
            os.killpg(engine.pid, signal.SIGKILL)
            engine.wait()
        kills += 1
        if kills % 50 == 0:  # fresh work, so that the later kills find something to hit
            for n in range(kills, kills + 10):
                names.append(f"k{n}")
                box.request(f"k{n}", {f"k{n}.txt": "x\n"}, onto="main")
    time.sleep(3.1)  # the last claims run out
    assert box.run("process", "--drain").code == 0
    good = [name for name in names if not (name[0] == "b" and int(name[1:]) % 10 == 3)]
    assert sorted([*box.landed]) == sorted([*good])
    assert len(box.landed) == len(set(box.landed))
    assert box.cli("verify").code == 0
    assert box.cli("fsck").code == 0
