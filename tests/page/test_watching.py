"""The one reader: it reads while somebody looks, tells everybody, and outlives trouble."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Thread

import pytest

from refinery.app import Queue, open_queue
from refinery.errors import RefineryError
from refinery.page import watching
from refinery.page.snapshot import version_of
from refinery.page.streaming import LONGEST, RETRY_LATER, STREAMS, Streams
from refinery.page.watching import BOARD, LINGERS, Watch
from refinery.values import replace
from tests.sandbox import Sandbox


@dataclass
class Time:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Watched:
    """A watch of a sandbox's queue, and how often the queue was opened."""

    box: Sandbox
    time: Time
    watch: Watch
    opened: list[Queue] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)


@pytest.fixture
def watched(box: Sandbox) -> Iterator[Watched]:
    made = Watched(box, Time(), Watch(lambda: _unused(), lambda line: None))

    def opened() -> Queue:
        queue = open_queue(str(box.path), clock=box.clock)
        made.opened.append(queue)
        return queue

    made.watch = Watch(opened, made.logged.append, made.time)
    yield made
    made.watch.close()
    for each in made.opened:
        each.close()


def _unused() -> Queue:
    raise AssertionError


def test_what_did_not_move_is_the_same_snapshot(watched: Watched) -> None:
    watched.watch.look()
    first = watched.watch.newest()
    watched.watch.look()
    assert watched.watch.newest() is first
    assert first is not None
    assert first.number == 1


def test_what_moved_is_another_version(watched: Watched) -> None:
    watched.watch.look()
    first = watched.watch.newest()
    watched.box.request("work")
    watched.watch.look()
    second = watched.watch.newest()
    assert first is not None
    assert second is not None
    assert [mr.branch for mr in second.snapshot.view.mrs.values()] == ["work"]
    assert (second.number, second.version != first.version) == (2, True)


def test_time_alone_makes_a_newer_snapshot_of_the_same_version(watched: Watched) -> None:
    watched.box.cli("claim", watched.box.request("work"))
    watched.watch.look()
    first = watched.watch.newest()
    watched.box.clock.tick(BOARD + 1)
    watched.watch.look()
    second = watched.watch.newest()
    assert first is not None
    assert second is not None
    assert second.snapshot.at > first.snapshot.at
    assert second.version == first.version


def test_a_claim_that_is_renewed_is_no_news(watched: Watched) -> None:
    id = watched.box.request("work")
    watched.box.cli("claim", id)
    view = watched.box.view()
    claim = view.claims[id]
    longer = replace(claim, expires_at=claim.expires_at + timedelta(hours=1))
    renewed = replace(view, claims={id: longer}, leases={**view.leases})
    assert version_of(renewed, watched.box.clock()) == version_of(view, watched.box.clock())


def test_a_claim_that_ran_out_is_news(watched: Watched) -> None:
    watched.box.cli("claim", watched.box.request("work"))
    watched.watch.look()
    first = watched.watch.newest()
    watched.box.clock.tick(86400)
    watched.watch.look()
    second = watched.watch.newest()
    assert first is not None
    assert second is not None
    assert second.version != first.version


def test_trouble_is_said_once_and_over_when_it_is_over(watched: Watched) -> None:
    watched.watch.look()
    fine = watched.watch.newest()
    away = watched.box.origin.rename(watched.box.origin.with_name("away.git"))
    for _ in range(3):
        watched.watch.look()
    seen = watched.watch.newest()
    assert fine is not None
    assert seen is not None
    assert seen.trouble == watched.watch.trouble != ""
    assert (seen.snapshot, seen.version != fine.version) == (fine.snapshot, True)
    assert watched.logged == [f"warning: page: {seen.trouble}"]
    away.rename(watched.box.origin)
    watched.watch.look()
    again = watched.watch.newest()
    assert again is not None
    assert (again.trouble, again.version) == ("", fine.version)


def test_a_bug_does_not_end_the_watch(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(queue: Queue, view: object) -> object:
        raise ZeroDivisionError("oh")

    with monkeypatch.context() as patch:
        patch.setattr(watching, "snapshot", broken)
        watched.watch.look()
    assert watched.logged == ["warning: page: a bug in refinery: ZeroDivisionError: oh"]
    watched.watch.look()
    assert watched.watch.newest() is not None


def test_it_reads_while_somebody_looks_and_rests_otherwise(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    time = Time()
    asked = 0

    def open_nothing() -> Queue:
        nonlocal asked
        asked += 1
        raise RefineryError("not now")

    watch = Watch(open_nothing, lambda line: None, time)
    naps: list[float | None] = []

    def wait(timeout: float | None = None) -> bool:
        naps.append(timeout)
        if timeout is None:
            watch._stopped = True
        else:
            time.now += timeout
        return True

    monkeypatch.setattr(watch._changed, "wait", wait)
    watch._trouble = ""
    watch._asked = time.now
    watch._run()
    watched_for = sum(nap for nap in naps if nap is not None)
    assert naps[-1] is None
    assert LINGERS <= watched_for <= LINGERS + 2 * watching.AWAY
    assert asked == len(naps) - 1


def test_who_changed_something_waits_until_it_is_seen(watched: Watched) -> None:
    watched.watch.start()
    assert watched.watch.newest(wait=20) is not None
    watched.box.request("work")
    watched.watch.refresh(wait=20)
    seen = watched.watch.newest()
    assert seen is not None
    assert [mr.branch for mr in seen.snapshot.view.mrs.values()] == ["work"]


def test_a_stream_tells_the_version_and_every_new_one(watched: Watched) -> None:
    watched.watch.look()
    news = Streams(watched.watch).stream()
    seen = watched.watch.newest()
    assert seen is not None
    assert next(news) == f"retry: 3000\nevent: version\ndata: {seen.version}\n\n".encode()
    watched.box.request("work")
    watched.watch.look()
    now = watched.watch.newest()
    assert now is not None
    assert next(news) == f"event: version\ndata: {now.version}\n\n".encode()


def test_a_quiet_stream_shows_that_it_is_alive(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("refinery.page.streaming.BEAT", 0.0)
    watched.watch.look()
    news = Streams(watched.watch).stream()
    next(news)
    assert next(news) == b": still here\n\n"


def test_streams_are_bounded_and_who_comes_too_late_asks_again(watched: Watched) -> None:
    watched.watch.look()
    streams = Streams(watched.watch)
    held = [streams.stream() for _ in range(STREAMS)]
    for each in held:
        next(each)
    late = list(streams.stream())
    assert len(late) == 1
    assert late[0].startswith(f"retry: {RETRY_LATER}000\nevent: version\n".encode())
    held[0].close()
    fresh = streams.stream()
    assert next(fresh).startswith(b"retry: 3000\n")
    for each in (*held, fresh):
        each.close()
    assert watched.watch._watchers == 0


def test_streams_end_when_the_server_stops_or_their_time_is_up(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.watch.look()
    time = Time()
    old = Streams(watched.watch, time).stream()
    next(old)
    time.now += LONGEST
    assert list(old) == []
    waiting = Streams(watched.watch).stream()
    next(waiting)
    ended: list[list[bytes]] = []
    thread = Thread(target=lambda: ended.append(list(waiting)))
    thread.start()
    watched.watch.stop()
    thread.join(10)
    assert ended in ([[b": still here\n\n"]], [[]])
