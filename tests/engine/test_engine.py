"""What a worker knows, remembers and asks beside its work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from refinery.adapters.local import LocalTracker
from refinery.engine import showing, testing, trees
from refinery.engine.checks import CheckSpec, not_run
from refinery.engine.engine import Engine
from refinery.engine.happenings import Happening, Trouble
from refinery.engine.signals import PARENT, GracefulStop
from refinery.errors import TryAgain
from refinery.queue.tracking import OpenIssue
from refinery.records.verdict import Result
from tests.decisions.makers import MAIN, an_id
from tests.sandbox import CHECKOUT, Sandbox


@pytest.fixture
def told() -> list[Happening]:
    return []


@pytest.fixture
def engine(box: Sandbox, told: list[Happening]) -> Iterator[Engine]:
    with box.queue(engine=True) as queue:
        yield queue.engine(told.append)


class TestPlanning:
    def test_the_planner_is_told_who_asks_and_how_many_there_are(self, engine: Engine) -> None:
        known = engine.known(MAIN)
        assert (known.me, known.workers, known.most) == (engine.worker, 0, 0)
        engine.workers, engine.one_by_one = 3, True
        known = engine.known(MAIN)
        assert (known.workers, known.most) == (3, 1)

    def test_who_cannot_be_helped_is_left_out_while_that_is_so(
        self, box: Sandbox, engine: Engine
    ) -> None:
        tip = engine.view.targets[MAIN]
        engine.skipped.add(an_id("never"))
        engine.later[an_id("not-here")] = tip
        engine.later[an_id("elsewhere")] = tip[::-1]  # type: ignore[assignment]
        assert engine.known(MAIN).skip == {"mr-never", "mr-not-here"}
        box.advance({"a.txt": "a\n"})
        engine.refresh()
        assert engine.known(MAIN).skip == {"mr-never"}

    def test_others_are_at_work_while_a_claim_of_theirs_lasts(
        self, box: Sandbox, engine: Engine
    ) -> None:
        assert not engine.others_at_work()
        id = box.request("a")
        assert box.clone("bob").cli("claim", id).code == 0
        engine.refresh()
        [theirs] = set(engine.view.claims.values())
        assert engine.others_at_work()
        assert not engine.others_at_work(theirs)
        box.clock.now = theirs.expires_at
        assert not engine.others_at_work()

    def test_what_was_read_lately_need_not_be_read_again(
        self, box: Sandbox, engine: Engine
    ) -> None:
        engine.refresh()
        assert not engine.read_before(timedelta(seconds=5))
        box.clock.tick(4)
        assert not engine.read_before(timedelta(seconds=5))
        box.clock.tick(2)
        assert engine.read_before(timedelta(seconds=5))

    def test_trouble_that_goes_on_is_told_once(self, engine: Engine, told: list[Happening]) -> None:
        for words in ("away", "away", "back", "away"):
            engine.tell_once(words)
        assert told == [Trouble("away"), Trouble("back")]


class TestClosedTrees:
    CONFIG = "version: 1\nfreeze:\n  issues:\n  - label: tree-closed\n"

    @pytest.fixture
    def asked(self, box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """The labels that the tracker was asked for."""
        found: list[str] = []
        real = LocalTracker.labelled

        def labelled(tracker: LocalTracker, label: str) -> object:
            found.append(label)
            return real(tracker, label)

        monkeypatch.setattr(LocalTracker, "labelled", labelled)
        return found

    def test_before_a_landing_they_are_asked_about_again_unless_that_was_just_done(
        self, box: Sandbox, engine: Engine, asked: list[str]
    ) -> None:
        box.config(self.CONFIG)
        engine.refresh()
        trees.look_before_landing(engine, MAIN)
        assert asked == ["tree-closed"]
        box.clock.tick(4.9)
        trees.look_before_landing(engine, MAIN)
        assert len(asked) == 1
        box.clock.tick(0.1)
        trees.look_before_landing(engine, MAIN)
        assert len(asked) == 2

    def test_where_no_label_closes_any_nobody_is_asked(
        self, box: Sandbox, engine: Engine, asked: list[str]
    ) -> None:
        trees.look(engine)
        trees.look_before_landing(engine, MAIN)
        assert asked == []

    def test_one_that_is_closed_opens_with_its_last_issue(
        self, box: Sandbox, engine: Engine
    ) -> None:
        box.config(self.CONFIG)
        tracker = box.queue().local_tracker()
        issues = [tracker.create(f"broken {n}", "", ["tree-closed"]) for n in (1, 2)]
        engine.refresh()
        trees.look(engine)
        assert [each.reason for each in engine.view.header.freezes] == ["broken 1", "broken 2"]
        assert {each.target for each in engine.view.header.freezes} == {MAIN}
        for issue in issues:
            assert box.cli("issue", "close", issue.removeprefix("local#")).code == 0
        trees.look(engine)
        assert engine.view.header.freezes == ()

    def test_who_does_not_land_leaves_what_is_not_known_as_it_was(
        self, box: Sandbox, engine: Engine, told: list[Happening], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(tracker: LocalTracker, label: str) -> list[OpenIssue]:
            raise TryAgain("the tracker is away")

        box.config(self.CONFIG)
        engine.refresh()
        monkeypatch.setattr(LocalTracker, "labelled", away)
        trees.look(engine, answers_only=True)
        assert engine.view.header.freezes == ()
        trees.look(engine)
        assert [each.reason for each in engine.view.header.freezes] == [
            "local does not say whether an issue is 'tree-closed': the tracker is away"
        ]
        trouble = Trouble("which issues are 'tree-closed' is not known: the tracker is away")
        assert told.count(trouble) == 2


class TestSignals:
    def test_one_finishes_what_is_at_hand_and_two_give_it_up(self) -> None:
        before = signal.getsignal(signal.SIGTERM)
        with GracefulStop() as stop:
            assert (stop.asked(), stop.at_once()) == (False, None)
            signal.raise_signal(signal.SIGTERM)
            assert (stop.asked(), stop.at_once()) == (True, None)
            signal.raise_signal(signal.SIGHUP)
            assert (stop.asked(), stop.at_once()) == (True, "asked to stop at once")
        assert signal.getsignal(signal.SIGTERM) is before

    def test_an_interrupt_is_counted_where_an_answer_is_under_way(self) -> None:
        with GracefulStop(also_interrupts=True) as stop:
            signal.raise_signal(signal.SIGINT)
            assert stop.asked()
        with GracefulStop() as stop, pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert not stop.asked()

    @pytest.mark.parametrize(
        ("parent", "asked"), [(None, False), ("", False), ("ours", False), ("1234567", True)]
    )
    def test_a_worker_ends_with_whoever_started_it(
        self, monkeypatch: pytest.MonkeyPatch, parent: str | None, asked: bool
    ) -> None:
        monkeypatch.delenv(PARENT, raising=False)
        if parent is not None:
            monkeypatch.setenv(PARENT, parent.replace("ours", str(os.getppid())))
        assert GracefulStop().asked() is asked


def test_places_are_shown_while_checks_run_and_not_once_they_are_to_end(
    box: Sandbox, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[int] = []
    monkeypatch.setattr(showing, "show", lambda engine, most: shown.append(most))
    answers = iter([None, "the claim was lost", None])
    tick = showing.meanwhile(engine, lambda: next(answers))
    assert [tick(), tick(), tick()] == [None, "the claim was lost", None]
    assert shown == [1, 1]


def test_the_oldest_logs_go_when_there_are_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(testing, "LOGS_KEPT", 3)
    for age, name in enumerate(["d", "b", "e", "a", "c"]):
        log = tmp_path / f"{name}.log"
        log.touch()
        os.utime(log, (1_000_000 - age, 1_000_000 - age))
    (tmp_path / "other.txt").touch()
    testing._forget_oldest(tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "b.log",
        "d.log",
        "e.log",
        "other.txt",
    ]
    testing._forget_oldest(tmp_path)
    assert len(list(tmp_path.iterdir())) == 4


def test_checks_that_nobody_could_start_say_why_and_took_no_time(tmp_path: Path) -> None:
    specs = [CheckSpec("a", "true"), CheckSpec("b", "true")]
    ran = not_run(specs, "there is no sandbox", log_dir=tmp_path)
    assert (ran.verdict.value, ran.seconds) == (Result.ERROR.value, 0.0)
    assert [(each.name, each.note, each.seconds) for each in ran.results] == [
        ("a", "there is no sandbox", 0.0),
        ("b", "there is no sandbox", 0.0),
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux")
@pytest.mark.parametrize(
    ("allowed", "then"), [("unlimited", 1), (4096, 1), (1, 1), (0, 0)], ids=str
)
def test_no_process_of_a_worker_leaves_an_image_of_its_memory(allowed: object, then: int) -> None:
    script = (
        "import resource, sys; from refinery.engine.privacy import leave_no_core; "
        "leave_no_core(); print(*resource.getrlimit(resource.RLIMIT_CORE))"
    )
    limited = f"ulimit -c {allowed} && exec {sys.executable} -c '{script}'"
    told = subprocess.run(
        ["bash", "-c", limited], capture_output=True, text=True, check=True, cwd=CHECKOUT
    )
    assert int(told.stdout.split()[0]) == then
