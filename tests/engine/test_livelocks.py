"""What once made workers do the same again and again, or stand still, told on real git."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from refinery.records.claim import Claim
from refinery.records.names import Branch
from refinery.store.edit import Edit, Event
from refinery.store.update import Committed
from tests.sandbox import Clock, Result, Sandbox

pytestmark = pytest.mark.journey

# Fails when a file says "bad".
CHECK = "if grep -qr bad --include='*.txt' .; then exit 1; fi"
CONFIG = f"version: 1\nchecks:\n- name: test\n  run: {CHECK}\n"


@pytest.fixture
def checked(box: Sandbox) -> Sandbox:
    """A queue whose target declares a real check."""
    box.config(CONFIG)
    return box


def second_worker(box: Sandbox, *argv: str) -> Result:
    """Process as one of two, in a clone of its own."""
    return box.clone("bob").cli("process", "--workers", "2", *argv)


def test_a_push_of_many_that_is_refused_for_one_lands_the_others(checked: Sandbox) -> None:
    for name in ("aa", "forbidden", "cc"):
        checked.request(name)
    checked.hook(
        "update",
        "if [ $1 = refs/heads/main ] && git ls-tree -r --name-only $3 | grep -q forbidden\n"
        "then echo not this one; exit 1; fi",
    )
    for _ in range(3):
        checked.cli("process")
    assert sorted(checked.landed) == ["aa", "cc"]


def test_a_claim_until_the_end_of_time_stops_nobody(checked: Sandbox) -> None:
    kept = checked.request("aa")
    checked.request("bb")
    base = checked.sha("main")
    assert base is not None
    claim = Claim(
        token="a" * 32,
        worker="mallory",
        candidate=(kept,),
        target=Branch("main"),
        claimed_at=checked.clock(),
        expires_at=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
        base=base,
        purpose="screen",
    )
    edit = Edit(Event("claimed", "for ever"), claim={claim.names[0]: claim})
    assert isinstance(checked.queue().update(lambda _: edit), Committed)
    done = checked.cli("process")
    assert (done.code, sorted(checked.landed)) == (0, ["aa", "bb"])


def test_one_of_a_head_that_somebody_tests_is_left_alone(checked: Sandbox) -> None:
    checked.request("aa")
    checked.git("branch", "bb", "aa")
    checked.push("bb")
    checked.submit("bb")
    assert checked.cli("candidate", "take").code == 0
    done = second_worker(checked)
    assert (done.code, "without any effect" in done.err) == (0, False), done.err


def test_one_on_a_revision_that_was_replaced_is_left_alone_while_the_new_one_is_tested(
    checked: Sandbox,
) -> None:
    lower = checked.request("lower", {"f.txt": "one\n"})
    checked.request("upper", {"f.txt": "one\ntwo\n"}, onto="lower", depends_on=lower)
    checked.request("lower", {"f.txt": "changed\n"}, onto="main")
    assert checked.cli("candidate", "take").code == 0
    done = second_worker(checked)
    assert (done.code, "without any effect" in done.err) == (0, False), done.err


def test_one_that_fails_is_not_run_for_ever_while_another_tests_the_target(
    checked: Sandbox,
) -> None:
    checked.request("xx", {"bad.txt": "bad\n"})
    assert checked.cli("process", "--once").code == 0
    taken = checked.cli("candidate", "take").json
    assert taken["tree"] == checked.git("rev-parse", "main^{tree}", cwd=checked.origin)
    done = second_worker(checked)
    assert done.code == 0
    assert done.err.count("✗") <= 3


def test_a_retry_lands_whoever_refused_it_by_a_clock_that_is_ahead(box: Sandbox) -> None:
    broken = box.root / "broken"
    broken.touch()
    box.config(
        f"version: 1\nchecks:\n- name: test\n  run: test ! -e {broken} || ! test -e xx.txt\n"
    )
    id = box.request("xx")
    ahead = box.clone("ahead")
    ahead.clock = Clock()
    ahead.clock.now = box.clock.now + timedelta(minutes=3)
    assert ahead.cli("process").code == 0
    assert box.mr("xx").failure is not None
    broken.unlink()  # it was the machine
    assert box.cli("retry", id).code == 0
    assert box.cli("process").code == 0
    assert box.landed == ["xx"]
