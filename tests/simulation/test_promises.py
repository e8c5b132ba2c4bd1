"""What holds of this queue's policy on any trace, whatever is bad, flaky, or at odds."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from refinery.simulation.policies import run
from refinery.simulation.trace import Setting, synthetic
from refinery.simulation.world import Build, World

SETTINGS = st.builds(
    Setting,
    arrivals=st.sampled_from([5.0, 30.0, 200.0, 1e5]),
    workers=st.sampled_from([1, 2, 4, 16]),
    changes=st.integers(1, 40),
    fail=st.sampled_from([0.0, 0.1, 0.5]),
    flake=st.sampled_from([0.0, 0.02]),
    interact=st.sampled_from([0.0, 0.005, 0.03]),
    conflict=st.sampled_from([0.0, 0.02, 0.2]),
    batch=st.sampled_from([None, 1, 2, 8]),
    foresight=st.sampled_from([0.0, 0.8]),
    seed=st.integers(1, 10_000),
)


@settings(max_examples=30, deadline=None)
@given(SETTINGS)
def test_all_are_decided_and_what_lands_was_tested(setting: Setting) -> None:
    trace = synthetic(setting)
    outcome = run("refinery", trace)
    assert sorted(outcome.decided) == [*range(setting.changes)]
    assert outcome.red == 0
    assert outcome.landed + len(outcome.refused) + outcome.conflicts == setting.changes
    if not setting.flake:
        assert outcome.wrongly_refused == 0


@pytest.mark.parametrize("seed", [3, 5, 7])
def test_a_crowd_with_flakes_and_disagreements_comes_to_an_end(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A train that holds one whose failure was taken for a flake was once run for ever."""
    started = count(1)
    start = World.start

    def counted(world: World, members: tuple[int, ...]) -> Build:
        assert next(started) < 1000
        return start(world, members)

    monkeypatch.setattr(World, "start", counted)
    crowd = Setting(
        arrivals=1e5,
        workers=16,
        changes=60,
        fail=0.08,
        flake=0.02,
        interact=0.002,
        foresight=0.8,
        seed=seed,
    )
    assert len(run("refinery", synthetic(crowd)).decided) == 60


CERTAIN = Setting(
    arrivals=30, workers=1, changes=4, flake=0.02, interact=0.03, fail=0.0, foresight=0.0, seed=4
)
"""None of them is bad, so each failure was taken for a flake, and the same two ran for ever."""


@settings(max_examples=30, deadline=None)
@example(CERTAIN)
@given(SETTINGS)
def test_nobody_waits_for_longer_than_each_by_itself_would(setting: Setting) -> None:
    """However much is waiting: three of the longest runs for each, false failures among them."""
    trace = synthetic(setting)
    outcome = run("refinery", trace)
    for change, at in outcome.decided.items():
        came = trace.arrivals[change].at
        others = sum(
            each.at < at and outcome.decided[other] > came
            for other, each in enumerate(trace.arrivals)
        )
        assert at - came <= 3 * (others + 3) * setting.longest
