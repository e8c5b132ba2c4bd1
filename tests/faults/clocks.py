"""Clocks that jump, and workers whose clocks are hours apart."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta

from tests.faults.ground import Ground
from tests.faults.tally import Tally
from tests.sandbox import CHECKOUT, Clock, Sandbox

HOUR = 3600.0


class Jumping(Clock):
    """Once in a while it is hours later, or earlier, than a moment ago."""

    def __init__(self, draw: random.Random) -> None:
        super().__init__()
        self._draw = draw
        self.jumps = 0

    def __call__(self) -> object:  # type: ignore[override]
        return super().__call__() + self._jump()

    def time(self) -> float:
        """What `time.time` is to the code under test."""
        return super().time() + self._jump().total_seconds()

    def _jump(self) -> timedelta:
        if self._draw.random() < 0.1:
            self.jumps += 1
            self.now += timedelta(hours=self._draw.uniform(-12, 12))
        return timedelta(0)


def jumping(ground: Ground, tally: Tally, seed: int) -> None:
    """One worker whose clock jumps while it works."""
    with ground.fresh() as box:
        right = box.clock
        box.clock = Jumping(random.Random(seed))
        box.cli("process", "--drain")
        jumps = box.clock.jumps
        box.clock = right
        box.clock.tick(13 * HOUR * max(1, jumps))
        tally.add(f"seed {seed}, {jumps} jumps", ground.wrong(box, by="bob"))


def apart(ground: Ground, tally: Tally, hours: Sequence[float]) -> None:
    """Workers at once, each so many hours off."""
    with ground.fresh() as box:
        running = [_started(box.clone(f"worker-{n}"), off) for n, off in enumerate(hours)]
        said = [each.communicate(timeout=300)[1].decode() for each in running]
        codes = [each.returncode for each in running]
        box.clock.tick(13 * HOUR)
        wrong = ground.wrong(box, by="bob")
        if any(codes):
            wrong.append(f"they ended {codes}: {said}")
        tally.add(f"{', '.join(f'{off:+g} h' for off in hours)}", wrong)


def _started(box: Sandbox, hours: float) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.skewed", str(hours * HOUR), "process", "--drain"],
        cwd=box.path,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "REFINERY_WORKER": box.worker},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
