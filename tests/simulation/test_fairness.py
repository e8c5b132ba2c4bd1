"""Nobody starves: however much comes behind, what was tested and is good gets its landing."""

from __future__ import annotations

import pytest

from refinery.simulation.outcome import row
from refinery.simulation.policies import run
from refinery.simulation.presets import AGENTS_AND_PERSON
from refinery.simulation.trace import Setting, synthetic
from refinery.values import replace


@pytest.mark.parametrize(("arrivals", "workers", "seed"), [(10, 2, 1), (40, 8, 2), (60, 16, 3)])
def test_the_longest_wait_is_a_few_runs(arrivals: float, workers: int, seed: int) -> None:
    setting = Setting(arrivals=arrivals, workers=workers, changes=300, flake=0.01, seed=seed)
    trace = synthetic(setting)
    outcome = run("refinery", trace)
    waits = [outcome.decided[number] - each.at for number, each in enumerate(trace.arrivals)]
    assert max(waits) < 20 * setting.duration


@pytest.mark.parametrize("seed", [1])
def test_a_person_among_fifty_agents_waits_for_a_few_runs(seed: int) -> None:
    setting = replace(AGENTS_AND_PERSON, person=3, seed=seed)
    trace = synthetic(setting)
    fair, unfair = (row(name, run(name, trace)) for name in ("refinery", "refinery-by-score"))
    assert fair.person is not None
    assert unfair.person is not None
    assert fair.person.longest < 10 * setting.duration
    assert fair.person.p50 < 0.4 * unfair.person.p50
    assert fair.p50 < 1.3 * unfair.p50
    assert fair.builds_per_landed < 1.1 * unfair.builds_per_landed


def test_in_overload_the_first_come_is_served_first_on_the_whole() -> None:
    setting = Setting(arrivals=200, workers=2, changes=200, seed=1)
    trace = synthetic(setting)
    outcome = run("refinery", trace)
    middle = sorted(outcome.decided.values())[100]
    early = [outcome.decided[number] for number in range(50)]
    assert sum(each < middle for each in early) >= 48
