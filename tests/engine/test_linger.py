"""Who has nothing to test stays while others test, and asks little of anybody meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import pytest

from refinery.adapters.local import LocalTracker
from refinery.engine.engine import Engine
from refinery.engine.process import process
from refinery.engine.run import End, Orders
from refinery.records.names import IssueRef
from tests.conftest import Begin
from tests.sandbox import Sandbox

CONFIG = "version: 1\nchecks:\n- {name: test, run: 'true'}\nclaim: {minutes: 30}\n"


def _keep_busy(box: Sandbox) -> None:
    box.config(CONFIG)
    box.request("first", {"shared.txt": "1\n"}, onto="main")
    box.request("blocked", {"shared.txt": "2\n"}, onto="main")
    assert box.cli("process").code == 0
    box.request("tested")
    assert box.cli("candidate", "take", "--out", str(box.path / "candidate.json")).code == 0


@pytest.fixture
def busy(begin: Begin) -> Sandbox:
    """One is blocked on an issue, and the only other one is being tested by somebody."""
    return begin(_keep_busy)


@pytest.fixture
def idle(busy: Sandbox) -> Engine:
    """Another worker, for whom nothing is left."""
    return busy.clone("bob").queue(engine=True).engine(lambda _: None)


@pytest.fixture
def asked(busy: Sandbox, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """When the tracker was asked for news."""
    moments: list[datetime] = []
    real = LocalTracker.statuses

    def statuses(tracker: LocalTracker, issues: list[IssueRef]) -> object:
        moments.append(busy.clock.now)
        return real(tracker, issues)

    monkeypatch.setattr(LocalTracker, "statuses", statuses)
    return moments


def lingering(
    box: Sandbox, seconds: float, *, meanwhile: Callable[[int], object] = lambda _: None
) -> Orders:
    """Stay so long by the sandbox's clock, ten seconds a wait; each calls `meanwhile`."""
    waits = count(1)

    def wait(pause: float) -> None:
        box.clock.tick(10 * pause)
        meanwhile(next(waits))

    return Orders(linger=seconds, wait=wait, clock=box.clock.time)


def test_the_tracker_is_asked_once_a_minute_and_not_at_each_look(
    busy: Sandbox, idle: Engine, asked: list[datetime]
) -> None:
    began = busy.clock.now
    assert process(idle, lingering(busy, 130)) is End.DRAINED
    assert asked == [began + timedelta(minutes=minute) for minute in range(3)]
    assert busy.clock.now - began == timedelta(seconds=130)


def test_what_comes_meanwhile_is_tested_and_lands(busy: Sandbox, idle: Engine) -> None:
    def submit(number: int) -> None:
        if number == 2:
            busy.request("new")

    process(idle, lingering(busy, 30, meanwhile=submit))
    assert busy.landed == ["first", "tested", "new"]
    assert busy.mr("new").landing.worker == "bob"  # type: ignore[union-attr]


def test_the_time_that_looking_takes_is_counted(busy: Sandbox, idle: Engine) -> None:
    slow = count(0, 5)  # seconds that pass between two looks
    waits: list[float] = []
    process(idle, Orders(linger=20, wait=waits.append, clock=lambda: next(slow)))
    assert waits == [1, 1, 1, 1]


def test_it_ends_when_others_have_ended_and_the_tracker_has_no_news(
    busy: Sandbox, idle: Engine, asked: list[datetime]
) -> None:
    def settle(number: int) -> None:
        if number == 3:
            files = [str(busy.path / name) for name in ("candidate.json", "verdict.json")]
            assert busy.cli("candidate", "test", files[0], "--out", files[1]).code == 0
            assert busy.cli("candidate", "settle", *files).code == 0
            asked.clear()

    process(idle, lingering(busy, 60, meanwhile=settle))
    assert busy.landed == ["first", "tested"]
    assert asked == [busy.clock.now]


@pytest.mark.parametrize("linger", [0, 60])
def test_nobody_waits_where_nobody_tests(box: Sandbox, linger: float) -> None:
    box.config(CONFIG)
    box.request("only")
    waits: list[float] = []
    engine = box.queue(engine=True).engine(lambda _: None)
    orders = Orders(linger=linger, wait=waits.append, clock=box.clock.time)
    assert process(engine, orders) is End.DRAINED
    assert (box.landed, waits) == (["only"], [])
