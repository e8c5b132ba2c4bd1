"""Workers that know the same decide the same, whatever order their sets are in."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.sandbox import CHECKOUT

SEEDS = ("0", "1", "2", "3")


def said(seed: str, *argv: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(
        [sys.executable, *argv], env=environment, cwd=CHECKOUT, capture_output=True, check=True
    )
    return done.stdout.decode()


def test_groups_of_suspects_that_overlap_are_told_apart_the_same_way_by_all() -> None:
    script = """
from refinery.queue.planning.facts import Evidence
from refinery.queue.planning.learn import Failed, apply
from refinery.queue.planning.pick import plan
from tests.planning.driver import a_change, an_id, some_facts

evidence, pending = Evidence(), frozenset(map(an_id, range(4)))
for other in (1, 2, 3):
    evidence = apply(evidence, Failed((an_id(0), an_id(other)), 0), pending=pending)
print(plan(some_facts(*map(a_change, range(4)), evidence=evidence)))
"""
    assert len({said(seed, "-c", script) for seed in SEEDS}) == 1


def test_a_simulated_queue_is_the_same_in_every_process() -> None:
    command = "simulate --preset agent-fleet --changes 300 --seed 1 --policies refinery --json"
    assert len({said(seed, "-m", "refinery", *command.split()) for seed in SEEDS}) == 1
