"""A real queue's past: read once, gone on with, and the same as if it were read anew."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from refinery.app import Queue, open_queue
from refinery.errors import RefineryError
from refinery.page.history import History
from refinery.page.history_keeping import (
    FRESH,
    Answer,
    Histories,
    Known,
    NoSuchTarget,
    Unknown,
    known,
)
from refinery.page.history_page import Chosen
from refinery.page.history_reading import Chronicle
from refinery.page.history_spans import Span, earliest, stretch
from refinery.queue.archiving import archive
from refinery.records.names import Branch
from refinery.store.view import View
from tests.conftest import Begin
from tests.sandbox import Sandbox

CHECKED = 'version: 1\nchecks:\n- {"name": "unit", "run": "test ! -e bad.txt"}\n'


def past(box: Sandbox, chronicle: Chronicle, span: Span = Span.WEEK) -> History:
    view, now = box.view(), box.clock.now
    chronicle.read(box.queue().store, view, earliest(now))
    return chronicle.history(view, stretch(span, now))


def _keep_busy(box: Sandbox) -> None:
    box.config(CHECKED)
    box.request("good", {"a.txt": "good\n", "b/c.txt": "good\n"})
    box.request("bad", {"bad.txt": "bad\n"})
    box.request("late", {"a.txt": "late\n", "b/c.txt": "late\n"})
    box.cli("process", "--drain")


@pytest.fixture
def busy(begin: Begin) -> Sandbox:
    """One landed, one is at fault, one conflicts in two files."""
    return begin(_keep_busy)


def test_the_files_of_a_conflict_are_remembered_after_it_was_repaired(busy: Sandbox) -> None:
    assert busy.mr("late").block is not None
    busy.commit("late", {"a.txt": "both\n", "b/c.txt": "both\n"}, onto="main")
    busy.push("late", force=True)
    busy.submit("late")
    busy.cli("issue", "close", "1")
    busy.cli("process", "--drain")
    found = past(busy, Chronicle())
    assert [(each.path, each.times) for each in found.contended] == [("a.txt", 1), ("b/c.txt", 1)]
    assert [each.mr.branch for each in found.culprits] == ["bad"]
    assert sum(each.landed for each in found.steps) == 2


def test_what_is_read_on_is_what_would_be_read_anew(busy: Sandbox) -> None:
    chronicle = Chronicle()
    first = past(busy, chronicle)
    assert sum(each.landed for each in first.steps) == 1
    busy.clock.tick(3600)
    busy.request("more", {"more.txt": "more\n"})
    busy.cli("process", "--drain")
    on, anew = past(busy, chronicle), past(busy, Chronicle())
    assert on == anew
    assert sum(each.landed for each in on.steps) == 2


def test_what_was_archived_belongs_to_it(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    box.config(CHECKED)
    box.request("good")
    box.cli("process", "--drain")
    chronicle = Chronicle()
    whole = past(box, chronicle)
    monkeypatch.setattr("refinery.queue.archiving.KEPT_CLOSED", 0)
    box.queue().update(lambda view: archive(view, at_least=1))
    assert [mr.branch for mr in box.archived()] == ["good"]
    for each in (past(box, chronicle), past(box, Chronicle())):
        assert each.steps == whole.steps


def test_a_queue_that_began_anew_is_read_anew(busy: Sandbox) -> None:
    chronicle = Chronicle()
    past(busy, chronicle)
    tree = busy.git("rev-parse", "refs/refinery/queue^{tree}", cwd=busy.origin)
    anew = busy.git("commit-tree", tree, "-m", "anew", cwd=busy.origin)
    busy.git("update-ref", "refs/refinery/queue", anew, cwd=busy.origin)
    assert past(busy, chronicle) == past(busy, Chronicle())


def test_what_is_older_is_forgotten(busy: Sandbox) -> None:
    chronicle = Chronicle()
    past(busy, chronicle)
    busy.clock.tick(200 * 86400)
    found = past(busy, chronicle)
    assert found.is_empty
    assert chronicle._trail is not None
    assert chronicle._trail.events == ()
    assert chronicle._clashes == {}


def test_an_empty_queue_has_a_past_of_nothing(box: Sandbox) -> None:
    found = past(box, Chronicle())
    assert found.is_empty
    assert found.measures.period.events == 0


def test_it_is_compared_only_with_what_the_queue_was_there_for(busy: Sandbox) -> None:
    def compared(days: float) -> float | None:
        busy.clock.now += timedelta(days=days)
        chronicle, view, now = Chronicle(), busy.view(), busy.clock.now
        chronicle.read(busy.queue().store, view, earliest(now))
        found = known(view, chronicle, Chosen(Span.WEEK), now).before
        return None if found is None else found.landed

    assert compared(0) is None
    assert compared(6.5) is None
    assert compared(30) == 0


# Kept ready for a server


class Bench:
    """Histories whose time stands still, and whose thread can be awaited."""

    def __init__(self, box: Sandbox) -> None:
        self.box, self.now, self.opened, self.logged = box, 0.0, 0, list[str]()
        self.gate = threading.Event()
        self.gate.set()
        self.broken = False
        self.histories = Histories(self._open, self._look, self.logged.append, lambda: self.now)

    def get(self, chosen: Chosen | None = None, wait: float = 30) -> Answer:
        return self.histories.get(chosen or Chosen(), wait=wait)

    def landed(self, chosen: Chosen | None = None) -> int:
        answer = self.get(chosen)
        assert isinstance(answer, Known)
        return answer.history.measures.landed

    def settle(self) -> None:
        """Wait until nothing is being read."""
        with self.histories._changed:
            assert self.histories._changed.wait_for(lambda: not self.histories._wanted, 30)

    def _open(self) -> Queue:
        self.opened += 1
        if self.broken:
            raise RefineryError("the remote is away")
        return open_queue(str(self.box.path), clock=self.box.clock, worker="page")

    def _look(self, queue: Queue) -> View:
        assert self.gate.wait(30)
        return queue.view()


@pytest.fixture
def bench(busy: Sandbox) -> Bench:
    return Bench(busy)


def test_who_asks_first_waits_a_little_and_is_told_that_it_is_being_read(bench: Bench) -> None:
    bench.gate.clear()
    assert bench.get(wait=0) == Unknown()
    bench.gate.set()
    assert bench.landed() == 1


def test_what_is_known_is_answered_at_once_and_read_again_once_it_is_old(bench: Bench) -> None:
    assert (bench.landed(), bench.opened) == (1, 1)
    bench.box.request("more", {"more.txt": "more\n"})
    bench.box.cli("process", "--drain")
    assert (bench.landed(), bench.opened) == (1, 1)
    bench.now += FRESH + 1
    bench.gate.clear()
    assert bench.landed() == 1
    bench.gate.set()
    bench.settle()
    assert bench.landed() == 2


def test_only_targets_that_exist_are_read(bench: Bench) -> None:
    assert isinstance(bench.get(Chosen(target=Branch("main"))), Known)
    assert bench.get(Chosen(target=Branch("nowhere"))) == NoSuchTarget()
    assert bench.get(Chosen(Span.DAY, Branch("nowhere"))) == NoSuchTarget()
    assert bench.histories._wanted == {}


def test_what_cannot_be_read_is_said_and_tried_again(bench: Bench) -> None:
    bench.broken = True
    assert bench.get() == Unknown("the remote is away")
    assert bench.logged == ["warning: history: the remote is away"]
    bench.broken = False
    assert bench.landed() == 1


def test_what_is_very_old_is_worth_waiting_for(bench: Bench) -> None:
    assert bench.landed() == 1
    bench.box.clock.now += timedelta(days=200)
    bench.now += 3600
    assert bench.landed() == 0
