"""Deliveries are kept from the answer until they are done; what comes twice is done once."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from refinery.webhook import spool as spooling
from refinery.webhook.events import Forge
from refinery.webhook.spool import (
    FAILED_FOR,
    KNOWN_FOR,
    Delivery,
    Health,
    Spool,
    SpoolFull,
    SpoolInUse,
    SpoolUnusable,
    Taken,
    given_up,
)
from tests.webhook.conftest import Time


def delivery(number: int, *, id: str | None = "", forge: Forge = Forge.GITHUB) -> Delivery:
    told = f"id-{number}" if id == "" else id
    return Delivery(forge, "issues", told, b"digest %d" % number, b"body %d" % number)


def test_what_was_put_is_taken_oldest_first_until_it_is_done(spool: Spool) -> None:
    for number in range(3):
        assert spool.put(delivery(number)) is Taken.NEW
    taken = spool.take(2)
    assert [each.delivery for each in taken] == [delivery(0), delivery(1)]
    spool.done([taken[0].number])
    assert [each.delivery for each in spool.take(9)] == [delivery(1), delivery(2)]


def test_a_crash_in_the_work_loses_nothing_and_counts(spool: Spool, time: Time) -> None:
    spool.put(delivery(1))
    [first] = spool.take(1)
    spool.close()
    again = Spool.open(spool.path, clock=time)
    [second] = again.take(1)
    assert (first.tries, second.tries) == (1, 2)
    assert second.delivery == delivery(1)
    again.close()


@pytest.mark.parametrize(
    "twin",
    [
        delivery(1),
        Delivery(Forge.GITHUB, "issues", "id-1", b"another digest", b"another body"),
        Delivery(Forge.GITHUB, "issues", "another id", b"digest 1", b"body 1"),
        Delivery(Forge.GITHUB, "issues", None, b"digest 1", b"body 1"),
    ],
    ids=["the same", "its id", "its body under another id", "its body without an id"],
)
def test_what_comes_again_within_a_week_is_known(spool: Spool, time: Time, twin: Delivery) -> None:
    spool.put(delivery(1))
    spool.done([each.number for each in spool.take(1)])
    time.tick(KNOWN_FOR - 1)
    assert spool.put(twin) is Taken.KNOWN
    assert spool.take(9) == []
    time.tick(2)
    assert spool.put(twin) is Taken.NEW


@pytest.mark.parametrize(
    "other",
    [
        delivery(1, forge=Forge.GITEA),
        Delivery(Forge.GITHUB, "push", "another id", b"digest 1", b"body 1"),
        delivery(2, id=None),
    ],
    ids=["of another forge", "of another event", "without an id"],
)
def test_what_only_looks_alike_is_new(spool: Spool, other: Delivery) -> None:
    spool.put(delivery(1))
    assert spool.put(other) is Taken.NEW


def test_what_failed_is_kept_with_its_reason_and_gets_another_chance(
    spool: Spool, time: Time
) -> None:
    spool.put(delivery(1))
    [taken] = spool.take(1)
    spool.failed({taken.number: "the remote says no"})
    assert spool.take(9) == []
    [failed] = given_up(spool.path)
    assert (failed.name, failed.id, failed.reason) == ("issues", "id-1", "the remote says no")
    assert spool.put(delivery(1)) is Taken.NEW
    [again] = spool.take(9)
    assert (again.tries, again.delivery) == (1, delivery(1))
    assert given_up(spool.path) == []


def test_later_is_later_and_is_counted_only_where_it_should(spool: Spool, time: Time) -> None:
    spool.put(delivery(1))
    [taken] = spool.take(1)
    spool.later({taken.number: 10.0}, counted=False)
    assert spool.take(1) == []
    assert spool.next_due() == 10.0
    time.tick(10)
    assert spool.next_due() == 0.0
    [again] = spool.take(1)
    assert again.tries == 1
    spool.later({again.number: 1.0}, counted=True)
    time.tick(1)
    assert [each.tries for each in spool.take(1)] == [2]


def test_the_old_is_forgotten_and_bodies_sooner(spool: Spool, time: Time) -> None:
    for number in range(3):
        spool.put(delivery(number))
    done, failed, _ = spool.take(3)
    spool.done([done.number])
    spool.failed({failed.number: "no"})
    assert _bodies(spool.path) == [None, b"body 1", b"body 2"]
    time.tick(KNOWN_FOR + 3600)
    spool.put(delivery(7))
    assert _bodies(spool.path) == [b"body 1", b"body 2", b"body 7"]
    time.tick(FAILED_FOR)
    spool.put(delivery(8))
    assert _bodies(spool.path) == [b"body 2", b"body 7", b"body 8"]


def _bodies(path: Path) -> list[bytes | None]:
    with sqlite3.connect(path) as connection:
        return [row[0] for row in connection.execute("SELECT body FROM deliveries ORDER BY number")]


@pytest.mark.parametrize(
    ("limit", "value"), [("MOST_WAITING", 2), ("MOST_WAITING_BYTES", len(b"body 0") * 2)]
)
def test_too_much_is_refused_until_some_is_done(
    spool: Spool, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(spooling, limit, value)
    for number in range(2):
        spool.put(delivery(number))
    with pytest.raises(SpoolFull):
        spool.put(delivery(2))
    spool.done([each.number for each in spool.take(1)])
    assert spool.put(delivery(2)) is Taken.NEW


def test_many_threads_lose_nothing_and_take_nothing_twice(spool: Spool) -> None:
    numbers = [number % 100 for number in range(400)]
    with ThreadPoolExecutor(16) as threads:
        taken = list(threads.map(lambda number: spool.put(delivery(number)), numbers))
    assert taken.count(Taken.NEW) == 100
    assert {each.delivery for each in spool.take(500)} == {delivery(n) for n in range(100)}


def test_health_says_what_waits_and_for_how_long(spool: Spool, time: Time) -> None:
    assert spool.health() == Health(waiting=0, oldest=None, failed=0)
    spool.put(delivery(1))
    time.tick(5)
    spool.put(delivery(2))
    assert spool.health() == Health(waiting=2, oldest=5.0, failed=0)


def test_nobody_else_reads_what_is_kept(spool: Spool) -> None:
    spool.put(delivery(1))
    files = {path.name: path.stat().st_mode & 0o777 for path in spool.path.parent.iterdir()}
    del files["webhooks.sqlite3.lock"]
    assert len(files) == 3
    assert set(files.values()) == {0o600}


def test_one_process_at_a_time(spool: Spool) -> None:
    with pytest.raises(SpoolInUse):
        Spool.open(spool.path)


def test_a_file_that_is_none_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "spool"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(SpoolUnusable):
        Spool.open(path)
    with pytest.raises(SpoolUnusable):
        given_up(path)
    path.unlink()
    Spool.open(path).close()  # the lock was given back


def test_a_file_of_a_later_version_is_not_touched(spool: Spool) -> None:
    spool.close()
    with sqlite3.connect(spool.path) as connection:
        connection.execute("PRAGMA user_version = 2")
    with pytest.raises(SpoolUnusable):
        Spool.open(spool.path)
