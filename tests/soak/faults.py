"""Every kind of fault, one at a time: how many were injected, and what any of them cost."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tests.faults.families import FAMILIES
from tests.faults.ground import Ground
from tests.faults.tally import Tally
from tests.soak.figure import Figure, at_most

PART = "faults"


def figures(scratch: Path, *, quick: bool) -> list[Figure]:
    """A row for each kind, and their sum."""
    at_once = (os.cpu_count() or 1) + 1  # they wait for git a good part of their time
    with ProcessPoolExecutor(at_once) as pool:
        tallies = list(pool.map(partial(_tried, scratch, quick), FAMILIES))
    injected = sum(tally.injected for tally in tallies)
    lost = [each for tally in tallies for each in tally.lost]
    return [
        Figure(PART, "injected", injected),
        at_most(PART, "not healed by the next run: lost, doubled, left over", len(lost), 0),
        *(
            at_most(
                PART,
                f"{tally.what}: {tally.injected}",
                len(tally.lost),
                0,
                note="; ".join(each[:300] for each in tally.lost[:2]),
            )
            for tally in tallies
        ),
    ]


def _tried(scratch: Path, quick: bool, name: str) -> Tally:
    tally = FAMILIES[name].tried(Ground.made(scratch / name), quick=quick)
    print(f"  {name}: {tally.injected}, {len(tally.lost)} lost", file=sys.stderr, flush=True)
    for each in tally.lost:
        print(f"    {each}", file=sys.stderr, flush=True)
    return tally
