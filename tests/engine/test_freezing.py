"""A freeze that comes while the checks run: nothing lands, and what was tested is not lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from refinery.adapters.local import LocalTracker
from refinery.config.config import Config
from refinery.engine.checks import Abandoned
from refinery.engine.testing import Subject
from refinery.engine.testing import TestBench as Bench
from refinery.errors import TryAgain
from refinery.queue.tracking import OpenIssue
from refinery.records.verdict import Verdict
from tests.sandbox import Clock, Sandbox

pytestmark = pytest.mark.journey

CONFIG = """\
version: 1
checks:
- {name: test, run: "true"}
freeze:
  issues:
  - label: tree-closed
"""
HOURS = 3600


class Runs:
    """Counts the runs of the checks; while the first runs, something happens."""

    def __init__(
        self, clock: Clock, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], object]
    ) -> None:
        self.count, self.clock = 0, clock
        run = Bench.run

        def counted(
            bench: Bench, subject: Subject, config: Config, *, tick: Callable[[], str | None]
        ) -> Verdict | Abandoned:
            self.count += 1
            if self.count == 1:
                self.clock.tick(60)
                meanwhile()
            return run(bench, subject, config, tick=tick)

        monkeypatch.setattr(Bench, "run", counted)


def settles(box: Sandbox, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], object]) -> Runs:
    """One is queued; while it is tested this happens; a pass later nothing has landed."""
    box.request("a")
    runs = Runs(box.clock, monkeypatch, meanwhile)
    assert box.cli("process", "--drain").code == 0
    assert box.landed == []
    assert box.view().claims == {}
    return runs


def test_what_is_frozen_while_it_is_tested_lands_when_it_thaws_without_another_test(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.config(CONFIG)
    bob = box.clone("bob")
    runs = settles(box, monkeypatch, lambda: bob.cli("freeze", "main", "--reason", "release"))
    assert box.cli("why", "a", "--json").json["code"] == "frozen"
    assert box.cli("thaw", "main").code == 0
    assert box.cli("process", "--drain").code == 0
    assert (box.landed, runs.count) == (["a"], 1)


def test_a_window_that_begins_meanwhile_freezes_too(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    tomorrow = f"{box.clock.tick(24 * HOURS):%Y-%m-%d}"
    box.clock.tick(-24 * HOURS)
    ends = f"{box.clock.now.replace(hour=0, minute=0):%Y-%m-%d}"
    assert ends < tomorrow
    box.config(f"{CONFIG}  windows:\n  - {{name: day, from: {tomorrow}, until: 2099-01-01}}\n")
    settles(box, monkeypatch, lambda: box.clock.tick(24 * HOURS))
    told = box.cli("why", "a", "--json").json
    assert (told["code"], "by the window 'day'" in told["words"]) == ("frozen", True)


def test_an_issue_that_is_opened_meanwhile_closes_the_tree(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.config(CONFIG)
    tracker = box.queue().local_tracker()
    opened: list[str] = []
    settles(
        box,
        monkeypatch,
        lambda: opened.append(tracker.create("main is broken", "", ["tree-closed"])),
    )
    told = box.cli("why", "a", "--json").json
    assert told["words"].startswith("It waits: main is closed by local#1: main is broken.")
    assert told["next"] == "refinery issue close 1"
    assert box.cli("issue", "close", "1").code == 0
    assert box.cli("ready", "--json").json[0]["branch"] == "a"
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["a"]


def test_while_the_tracker_does_not_answer_nothing_lands(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(tracker: LocalTracker, label: str) -> list[OpenIssue]:
        raise TryAgain("the tracker is away")

    box.config(CONFIG)
    asked = LocalTracker.labelled
    settles(box, monkeypatch, lambda: monkeypatch.setattr(LocalTracker, "labelled", away))
    told = box.cli("why", "a", "--json").json
    assert "the tracker is away" in told["words"]
    monkeypatch.setattr(LocalTracker, "labelled", asked)
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["a"]
    assert [each.event for each in box.queue_log() if each.event.startswith("tree")] == [
        "tree_closed",
        "tree_opened",
    ]


def test_a_label_that_the_configuration_forgets_closes_nothing(box: Sandbox) -> None:
    box.config(CONFIG)
    box.queue().local_tracker().create("main is broken", "", ["tree-closed"])
    box.request("a")
    assert box.cli("process", "--drain").code == 0
    assert box.landed == []
    box.config("version: 1\nchecks: []\n")
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["a"]


def test_what_ends_by_itself_is_taken_away_by_the_next_pass(box: Sandbox) -> None:
    box.request("a")
    assert box.cli("freeze", "main", "--for", "2h", "--reason", "x").code == 0
    assert box.cli("hold", "a", "--for", "1h", "--reason", "x").code == 0
    box.clock.tick(3 * HOURS)
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["a"]
    assert "lapsed" in [each.event for each in box.queue_log()]
