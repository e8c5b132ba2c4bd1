"""The work on what was kept: nothing is lost, nothing waits for ever, one harms no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from refinery.app import Queue
from refinery.cli.narration import worded
from refinery.errors import RefineryError, TryAgain
from refinery.webhook import working
from refinery.webhook.acting import Done, Failed, Heard, Later, Outcome
from refinery.webhook.events import Forge, IssueClosed
from refinery.webhook.spool import Delivery, Spool, given_up
from refinery.webhook.telling import Teller
from refinery.webhook.working import MOST_TRIES, Worker
from tests.sandbox import Sandbox
from tests.webhook.conftest import Time
from tests.webhook.deliveries import closed, encoded, pushed

Acting = Callable[[IssueClosed], Outcome]


def worker(box: Sandbox, spool: Spool, logged: list[str]) -> Worker:
    """One that works on a sandbox, whose queue stays open."""

    class Kept(Queue):
        def close(self) -> None:
            return

    queue = box.queue(engine=True)
    kept = Kept(queue.repo, queue.store, queue.clock, queue.worker, queue.name)
    return Worker(spool, lambda: kept, lambda: Teller(worded), logged.append)


def put(spool: Spool, *numbers: int) -> None:
    for number in numbers:
        body = encoded(closed(number))
        spool.put(Delivery(Forge.GITHUB, "issues", f"id-{number}", b"%d" % number, body))


@pytest.fixture
def logged() -> list[str]:
    return []


@pytest.fixture
def acting(monkeypatch: pytest.MonkeyPatch) -> Callable[[Acting], None]:
    """Stands in for the queue: what comes of each closed issue."""

    def install(outcome: Acting) -> None:
        def act(queue: Queue, heard: Sequence[Heard], *_: Any, **__: Any) -> list[Outcome]:
            events = [each.told.event for each in heard]
            return [outcome(event) for event in events if isinstance(event, IssueClosed)]

        monkeypatch.setattr(working, "act", act)

    return install


def test_what_is_done_is_forgotten(ours: Sandbox, spool: Spool, logged: list[str]) -> None:
    put(spool, 1, 2)
    made = worker(ours, spool, logged)
    assert (made.work(), made.work()) == (2, 0)
    assert spool.health().waiting == 0
    assert logged == []


def test_a_refusal_is_tried_again_ever_later_and_then_given_up_with_its_reason(
    ours: Sandbox,
    spool: Spool,
    time: Time,
    logged: list[str],
    acting: Callable[[Acting], None],
) -> None:
    acting(lambda event: Failed("the remote says no"))
    put(spool, 1)
    made = worker(ours, spool, logged)
    pauses = []
    while made.work():
        due = spool.next_due()
        if due is not None:
            pauses.append(due)
            time.tick(due)
    assert pauses == [1.0, 4.0, 16.0, 64.0]
    [failed] = given_up(spool.path)
    assert failed.reason == "the remote says no"
    assert logged[-2] == "error: delivery 1 is given up: the remote says no"


def test_who_is_away_is_waited_for_without_end(
    ours: Sandbox,
    spool: Spool,
    time: Time,
    logged: list[str],
    acting: Callable[[Acting], None],
) -> None:
    acting(lambda event: Later("the remote is away"))
    put(spool, 1)
    made = worker(ours, spool, logged)
    for _ in range(3 * MOST_TRIES):
        assert made.work() == 1
        time.tick(spool.next_due() or 0)
    acting(lambda event: Done("done"))
    made.work()
    assert (spool.health().waiting, given_up(spool.path)) == (0, [])


@pytest.mark.parametrize("error", [TryAgain("away"), RefineryError("no such repository")])
def test_a_queue_that_cannot_be_opened_is_no_deliverys_fault(
    spool: Spool, time: Time, logged: list[str], error: RefineryError
) -> None:
    def broken() -> Queue:
        raise error

    put(spool, 1)
    made = Worker(spool, broken, lambda: Teller(worded), logged.append)
    for _ in range(3 * MOST_TRIES):
        assert made.work() == 1
        time.tick(spool.next_due() or 0)
    assert spool.health().waiting == 1


def test_one_that_trips_us_up_harms_no_other(
    ours: Sandbox,
    spool: Spool,
    time: Time,
    logged: list[str],
    acting: Callable[[Acting], None],
) -> None:
    def outcome(event: IssueClosed) -> Outcome:
        if event.issue == "github#2":
            raise ZeroDivisionError("a bug")
        return Done("done")

    acting(outcome)
    put(spool, 1, 2, 3)
    made = worker(ours, spool, logged)
    assert made.work() == 3
    assert spool.health().waiting == 1
    for _ in range(MOST_TRIES):
        time.tick(spool.next_due() or 0)
        made.work()
    [failed] = given_up(spool.path)
    assert (failed.id, failed.reason) == (
        "id-2",
        "a bug in refinery: ZeroDivisionError: a bug",
    )


def test_one_that_kills_us_each_time_is_given_up(
    ours: Sandbox, spool: Spool, logged: list[str]
) -> None:
    put(spool, 1)
    for _ in range(MOST_TRIES):
        assert len(spool.take(1)) == 1  # and the power goes
    assert worker(ours, spool, logged).work() == 1
    [failed] = given_up(spool.path)
    assert failed.reason == "the work on it never ended"


def test_deliveries_of_several_forges_are_done_in_one_batch(
    ours: Sandbox, spool: Spool, logged: list[str]
) -> None:
    head = ours.commit("polecat/a/1")
    ours.push("polecat/a/1")
    put(spool, 1)
    body = encoded(pushed("polecat/a/1", head))
    spool.put(Delivery(Forge.GITEA, "push", "an-id", b"digest", body))
    assert worker(ours, spool, logged).work() == 2
    assert spool.health().waiting == 0
    assert ours.mr("polecat/a/1").head == head
