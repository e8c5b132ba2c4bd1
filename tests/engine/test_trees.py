"""Trees that issues close: when the tracker is asked, and what its silence means."""

from __future__ import annotations

import pytest

from refinery.adapters.local import LocalTracker
from refinery.engine import trees
from refinery.engine.engine import Engine
from refinery.engine.happenings import Happening, Trouble
from refinery.errors import TryAgain
from refinery.queue.tracking import OpenIssue
from tests.decisions.makers import MAIN
from tests.sandbox import Sandbox

CONFIG = "version: 1\nfreeze:\n  issues:\n  - label: tree-closed\n"


@pytest.fixture
def asked(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The labels that the tracker was asked for."""
    found: list[str] = []
    real = LocalTracker.labelled

    def labelled(tracker: LocalTracker, label: str) -> object:
        found.append(label)
        return real(tracker, label)

    monkeypatch.setattr(LocalTracker, "labelled", labelled)
    return found


def test_before_a_landing_they_are_asked_about_again_unless_that_was_just_done(
    box: Sandbox, engine: Engine, asked: list[str]
) -> None:
    box.config(CONFIG)
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
    box: Sandbox, engine: Engine, asked: list[str]
) -> None:
    trees.look(engine)
    trees.look_before_landing(engine, MAIN)
    assert asked == []


def test_one_that_is_closed_opens_with_its_last_issue(box: Sandbox, engine: Engine) -> None:
    box.config(CONFIG)
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
    box: Sandbox, engine: Engine, told: list[Happening], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(tracker: LocalTracker, label: str) -> list[OpenIssue]:
        raise TryAgain("the tracker is away")

    box.config(CONFIG)
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
