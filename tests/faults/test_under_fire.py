"""A queue whose workers, gits and servers are killed all the time comes to the same end."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.aftermath import Fate
from tests.soak.kills import fire


@pytest.mark.soak
@pytest.mark.skipif(sys.platform != "linux", reason="who is to be killed is read from /proc")
def test_a_kill_every_second_costs_nothing_but_time(tmp_path: Path) -> None:
    trial = fire(tmp_path, count=60, workers=4)
    assert {about: wrong for about, wrong in trial.faults.items() if wrong} == {}
    assert trial.found.count(Fate.OPEN) == 0
    assert sum(trial.kills.values()) > 10
