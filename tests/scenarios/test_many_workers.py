"""Many workers at once: all that is good lands, nobody else does, and each tip of main is green."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.aftermath import Aftermath, Fate, Start, aftermath, all_decided, claims
from benchmarks.crew import Crew, Shift
from benchmarks.real_changes import NoHistory, RealChanges, real_history
from benchmarks.told import RUNS, Check, Told, tell
from benchmarks.workers import Trial, attempt
from benchmarks.world import World
from tests.sandbox import Sandbox

QUICK = Check(median=0.05, shortest=0.05, longest=0.05)
LINGERING = ("process", "--drain", "--linger", "5s")


class Queued:
    """Sixteen changes in the queue: two are bad, two fail together, two conflict."""

    def __init__(self, box: Sandbox) -> None:
        box.git("config", "core.logAllRefUpdates", "always", cwd=box.origin)
        box.advance(QUICK.files(batch=16, minutes=0.05))
        branches = [f"change-{number:02}" for number in range(16)]
        self.box = box
        self.told: list[Told] = tell(branches, bad=2, pairs=1, clashes=1, seed=1)
        for each in self.told:
            box.commit(each.branch, each.files)
        self.ids = World(box.root, branches).submit_all()
        self.log = box.root / "runs"
        self.log.touch()
        self.start = Start.of(box.origin)

    def crew(self, *names: str, arguments: tuple[str, ...] = LINGERING) -> Crew:
        clones = [self.box.clone(name).path for name in names]
        environment = {RUNS: str(self.log), "PYTHONPATH": str(Path.cwd())}
        return Crew(clones, self.box.root, arguments, environment, every=0.2, patience=60)

    def all_decided(self) -> bool:
        return all_decided(self.box.path, self.ids)

    def none_claimed(self) -> bool:
        return not claims(self.box.origin)

    def found(self) -> Aftermath:
        return aftermath(self.box.origin, self.box.path, self.told, start=self.start, log=self.log)


@pytest.fixture
def queued(box: Sandbox) -> Queued:
    return Queued(box)


def assert_only_what_is_good_landed(queued: Queued, shift: Shift) -> None:
    found = queued.found()
    assert (found.faults, shift.complaints, found.refused_wrongly) == ([], [], [])
    assert [found.count(fate) for fate in Fate] == [12, 3, 1, 0]
    assert queued.box.cli("verify").code == 0
    assert queued.box.cli("fsck").code == 0


@pytest.mark.soak  # the next two are the same, and more
def test_four_workers_land_all_that_is_good_and_nothing_else(queued: Queued) -> None:
    shift = queued.crew("ann", "ben", "cleo", "dan").work(queued.all_decided)
    assert_only_what_is_good_landed(queued, shift)


def test_one_command_does_the_same_with_four_workers_in_one_clone(queued: Queued) -> None:
    shift = queued.crew("ann", arguments=("process", "--jobs", "4")).work(queued.all_decided)
    assert_only_what_is_good_landed(queued, shift)
    assert (shift.starts, shift.exits) == (1, {0: 1})


def test_workers_that_are_killed_at_work_come_to_the_same_end(queued: Queued) -> None:
    killed = queued.crew("ann", "ben", "cleo", "dan").work(
        queued.all_decided, murderer=random.Random(1), kills=5
    )
    healed = queued.crew("eve").work(queued.none_claimed)
    killed.complaints += healed.complaints
    assert_only_what_is_good_landed(queued, killed)


@pytest.fixture(scope="module")
def real_changes(tmp_path_factory: pytest.TempPathFactory) -> RealChanges:
    try:
        stream = real_history()
    except NoHistory as absent:
        pytest.skip(str(absent))
    return RealChanges.read(tmp_path_factory.mktemp("real"), stream)


def assert_all_is_well(trial: Trial) -> None:
    assert trial.faults == []
    assert len(trial.found.refused_wrongly) <= 2
    assert trial.found.transactions <= 2.5 * len(trial.found.runs)


@pytest.mark.soak
def test_sixteen_workers_land_three_hundred_real_changes(
    real_changes: RealChanges, tmp_path: Path
) -> None:
    assert_all_is_well(attempt(tmp_path / "world", real_changes, count=300, workers=16))


@pytest.mark.soak
def test_one_kill_a_second_costs_sixteen_workers_nothing_but_time(
    real_changes: RealChanges, tmp_path: Path
) -> None:
    trial = attempt(tmp_path / "world", real_changes, count=300, workers=16, is_deadly=True)
    assert_all_is_well(trial)
    assert trial.shift.kills > 20
