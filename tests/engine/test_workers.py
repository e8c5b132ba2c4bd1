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


@pytest.mark.journey
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
    names = [f"b{n}" for n in range(40)]
    bad = {name for name in names if name.endswith("3")}
    for name in names:
        text = "bad\n" if name in bad else "x\n"
        box.request(name, {f"{name[1:]}.txt": text}, onto="main")
    box.request("clash", {"0.txt": "clash\n"}, onto="main")
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
            engine.wait(timeout=draw.uniform(0.1, 0.7))
        except subprocess.TimeoutExpired:
            os.killpg(engine.pid, signal.SIGKILL)
            engine.wait()
            kills += 1
        else:  # nothing is left to do: only engines that were killed count
            more = [f"k{len(names)}-{n}" for n in range(5)]
            names += more
            for name in more:
                box.request(name, {f"{name}.txt": "x\n"}, onto="main")
    time.sleep(3.1)  # the last claims run out
    assert box.run("process", "--drain").code == 0
    assert sorted(box.landed) == sorted(set(names) - bad)
    assert all(box.mr(name).failure is not None for name in bad)
    issues = box.cli("issue", "list", "--json").json
    assert [issue["mr"] for issue in issues] == [box.mr("clash").id]
    assert not box.refs("refs/refinery/claims/")
    assert box.cli("verify").code == 0
    assert box.cli("fsck").code == 0
