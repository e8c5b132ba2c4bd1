"""Every policy on the same changes: who is good lands, who is bad does not."""

from __future__ import annotations

import pytest

from refinery.simulation.outcome import percentile, row
from refinery.simulation.policies import NAMES, POLICIES, compare, run
from refinery.simulation.presets import PRESETS
from refinery.simulation.trace import Arrival, Setting, Trace, lasting, synthetic
from refinery.simulation.world import World

SMALL = Setting(arrivals=20, workers=4, changes=120, seed=3)


@pytest.mark.parametrize("name", NAMES)
def test_exactly_the_good_land(name: str) -> None:
    trace = synthetic(SMALL)
    outcome = run(name, trace)
    bad = {number for number, each in enumerate(trace.arrivals) if not each.good}
    assert outcome.refused == bad
    assert outcome.landed == SMALL.changes - len(bad)
    assert outcome.red == 0
    assert outcome.wrongly_refused == 0


@pytest.mark.parametrize("name", NAMES)
def test_with_flakes_and_disagreement_all_are_decided_and_nothing_is_red(name: str) -> None:
    setting = Setting(arrivals=20, workers=5, changes=120, flake=0.03, interact=0.002, seed=5)
    found = row(name, run(name, synthetic(setting)))
    assert (found.undecided, found.red_landings) == (0, 0)
    assert found.wrongly_refused <= 2


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_figures(name: str) -> None:
    assert compare([name], synthetic(SMALL)) == compare([name], synthetic(SMALL))


def test_a_lone_change_takes_one_build() -> None:
    setting = Setting(changes=1, workers=2, fail=0.0)
    trace = Trace((Arrival(5.0, 10.0, 0.9, True),), setting)
    for name in NAMES:
        outcome = run(name, trace)
        assert (outcome.builds, outcome.landed) == (1, 1), name
        assert 6 <= outcome.decided[0] - 5 <= 20


@pytest.mark.parametrize("name", NAMES)
def test_of_two_that_conflict_one_lands_and_they_are_never_built_together(name: str) -> None:
    setting = Setting(arrivals=20, workers=4, changes=100, conflict=0.02, seed=4)
    trace = synthetic(setting)
    if name == "oracle":
        outcome = run(name, trace)
    else:
        world = World(trace)
        start = world.start

        def checked(members: tuple[int, ...]) -> object:
            for place, each in enumerate(members):
                assert not trace.clash(each, members[:place])
            return start(members)

        world.start = checked  # type: ignore[method-assign,assignment]
        outcome = world.run(POLICIES[name](world))
    found = row(name, outcome)
    assert (found.undecided, found.red_landings, found.wrongly_refused) == (0, 0, 0)
    assert found.conflicts > 0


@pytest.mark.parametrize("name", ["bors", "refinery"])
def test_a_limit_of_a_batch_holds(name: str) -> None:
    world = World(synthetic(Setting(arrivals=60, workers=2, changes=80, batch=3, seed=1)))
    sizes: list[int] = []
    start = world.start

    def seen(members: tuple[int, ...]) -> object:
        sizes.append(len(members))
        return start(members)

    world.start = seen  # type: ignore[method-assign,assignment]
    world.run(POLICIES[name](world))
    assert max(sizes) == 3


def test_nobody_lands_on_a_tree_that_was_not_tested() -> None:
    world = World(synthetic(SMALL))
    world.pending[0] = None
    world.land((0,))
    assert world.outcome.red == 1


def test_refinery_beats_the_chain_where_workers_are_busy() -> None:
    trace = synthetic(Setting(arrivals=20, workers=4, changes=300, seed=2))
    chain, ours = compare(["chain", "refinery"], trace)
    assert ours.p50 < chain.p50
    assert ours.p95 < 0.6 * chain.p95


def test_no_more_builds_than_workers() -> None:
    for name, policy in POLICIES.items():
        world = World(synthetic(SMALL))
        most = 0
        start = world.start

        def counted(
            members: tuple[int, ...], world: World = world, start: object = start
        ) -> object:
            nonlocal most
            build = start(members)  # type: ignore[operator]
            most = max(most, len(world.running))
            return build

        world.start = counted  # type: ignore[method-assign,assignment]
        world.run(policy(world))
        assert most <= SMALL.workers, name


def test_presets_can_be_run() -> None:
    assert set(PRESETS) == {
        *("small-team", "large-team", "agent-fleet", "agents-and-person", "uber")
    }
    for setting in PRESETS.values():
        assert setting.shortest < setting.duration < setting.longest


def test_longer_runs_keep_their_spread() -> None:
    longer = lasting(SMALL, 30)
    assert (longer.duration, longer.shortest, longer.longest) == (30, 18, 60)


def test_percentiles_lie_between() -> None:
    assert [percentile([1.0, 2.0, 4.0], share) for share in (0, 0.5, 0.75, 1)] == [1, 2, 3, 4]
    assert percentile([], 0.5) == 0
