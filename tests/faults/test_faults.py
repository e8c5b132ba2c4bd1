"""One fault at a time, and a healthy run after it: everything agrees, nothing is lost or doubled.

These are the places where it matters most; the soaks try all of them.
"""

from __future__ import annotations

import sys
from functools import partial

import pytest

from tests.faults import clocks, cutting, disks, servers
from tests.faults.agreement import aspects, disagreements
from tests.faults.cutting import DOWN, LANDING, UP
from tests.faults.families import FAMILIES
from tests.faults.ground import Ground, drain
from tests.faults.killing import Attempt, Server, git_dies, server_dies, worker_dies
from tests.faults.servers import Lie
from tests.faults.shim import MOVES, Fault
from tests.faults.tally import Tally
from tests.programs import needs

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="faults are injected by LD_PRELOAD"),
    needs("cc"),
]
journey = pytest.mark.journey


def assert_healed(ground: Ground, attempt: Attempt, *, within: str) -> None:
    """The first call on such a path is met, and costs nothing."""
    with ground.fresh() as box:
        fault = Fault(box.root / "calls", calls=MOVES, within=within, at=1)
        wrong = attempt(ground, box, fault)
        assert fault.was_met
        assert wrong == []


def tried(attempt: object, ground: Ground, *arguments: object, **options: object) -> None:
    tally = Tally("")
    attempt(ground, tally, *arguments, **options)  # type: ignore[operator]
    assert tally.injected > 0
    assert tally.lost == []


# SIGKILL


@journey
@pytest.mark.parametrize("within", ["/refs/heads/main", "/refs/refinery/heads/"])
def test_a_server_that_dies_between_two_refs_is_put_right(ground: Ground, within: str) -> None:
    assert_healed(ground, partial(server_dies, Server.PATH), within=within)


@journey
def test_so_it_is_behind_a_connection(ground: Ground) -> None:
    assert_healed(ground, partial(server_dies, Server.DAEMON), within="/refs/heads/main")


@journey
def test_a_git_that_dies_in_a_clone_does_not_stop_its_next_run(ground: Ground) -> None:
    assert_healed(ground, git_dies, within="/clone/.git/refs/refinery/")


@journey
def test_a_worker_that_dies_with_its_git_does_not_either(ground: Ground) -> None:
    assert_healed(ground, worker_dies, within="/clone/.git/refs/")


# Connections


@journey
@pytest.mark.parametrize("direction", [UP, DOWN])
def test_a_landing_whose_connection_is_cut_is_known_by_its_refs(
    ground: Ground, direction: str
) -> None:
    wrong, was_cut = cutting.cut(ground, "git-receive-pack", LANDING, direction, 20)
    assert was_cut
    assert wrong == []


# Disks and files


@journey
@pytest.mark.parametrize("attempt", [disks.server_is_full, disks.worker_is_full])
def test_a_disk_that_is_full_costs_a_run(ground: Ground, attempt: Attempt) -> None:
    is_server = attempt is disks.server_is_full
    assert_healed(ground, attempt, within="main.lock" if is_server else "/refinery/")


@journey
def test_a_lock_file_of_the_dead_costs_nothing(ground: Ground) -> None:
    tried(servers.with_locks, ground, ["refs/refinery/queue.lock"], at_server=False)


# Clocks


@journey
def test_a_clock_that_jumps_by_hours_costs_nothing(ground: Ground) -> None:
    tried(clocks.jumping, ground, 1)


@journey
def test_workers_whose_clocks_are_hours_apart_come_to_the_same_end(ground: Ground) -> None:
    tried(clocks.apart, ground, (-7, 9))


# Servers


@journey
@pytest.mark.parametrize("lie", Lie)
def test_a_landing_that_the_server_takes_back_is_found_and_said(ground: Ground, lie: Lie) -> None:
    tried(servers.lying, ground, lie)


@journey
def test_a_server_that_packs_and_collects_all_the_time_loses_nothing(ground: Ground) -> None:
    tried(servers.repacking, ground)


# That all of this would be seen


@journey
def test_what_does_not_agree_is_seen(ground: Ground) -> None:
    with ground.fresh() as box:
        drain(box)
        assert disagreements(box, since=ground.start) == []
        pin = next(iter(box.refs("refs/refinery/heads/")))
        box.git("update-ref", "-d", pin, cwd=box.origin)
        box.git("update-ref", "refs/refinery/claims/mr-0", "main", cwd=box.origin)
        box.git("update-ref", "refs/heads/main", "main~1", cwd=box.origin)
        found = aspects(box, since=ground.start)
        assert {about for about, wrong in found.items() if wrong} == {"history", "refs", "commands"}


@pytest.mark.soak
@pytest.mark.parametrize("name", FAMILIES)
def test_no_fault_of_a_kind_costs_anything(ground: Ground, name: str) -> None:
    tally = FAMILIES[name].tried(ground, quick=False)
    assert tally.lost == []
    assert tally.injected > 0 or name == "full-disk"
