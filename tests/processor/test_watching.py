"""A watched queue: cheap while nothing moves, quick when something does, patient in an outage."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.processor.story import Story, nothing
from tests.sandbox import Sandbox

pytestmark = pytest.mark.journey


def started_git(trace: Path) -> Counter[str]:
    """The git commands that we started, without those that git started itself."""
    found: Counter[str] = Counter()
    for file in trace.iterdir():
        events = [json.loads(line) for line in file.read_text().splitlines()]
        ours = [each for each in events if "/" not in each["sid"]]
        found.update(each["name"] for each in ours if each["event"] == "cmd_name")
    return found


def test_what_is_submitted_lands_at_the_next_look(box: Sandbox) -> None:
    story = Story(box).watch(nothing, lambda: box.request("feat", {"a.txt": "a\n"}))
    assert box.landed == ["feat"]
    assert story.said[0] == "main: nothing is ready"
    assert story.said[-1] == "main: nothing is ready"


def test_an_idle_look_starts_two_gits(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    box.request("feat", {"a.txt": "a\n"})
    trace = box.root / "trace"
    trace.mkdir()
    counted: list[Counter[str]] = []

    def count() -> None:
        counted.append(started_git(trace))

    monkeypatch.setenv("GIT_TRACE2_EVENT", str(trace))
    story = Story(box).watch(nothing, count, *[nothing] * 9, count)
    assert box.landed == ["feat"]
    assert counted[1] - counted[0] == {"fetch": 10, "for-each-ref": 10}
    assert story.opened == 1


def test_a_quiet_queue_is_looked_at_less_and_less(box: Sandbox) -> None:
    story = Story(box).watch(*[nothing] * 40)
    assert story.pauses[:11] == [10.0] * 11
    assert story.pauses == sorted(story.pauses)
    assert story.pauses[-1] == 120.0


def test_what_moves_brings_the_short_pauses_back(box: Sandbox) -> None:
    quiet = [nothing] * 40
    story = Story(box).watch(*quiet, lambda: box.request("feat"), nothing)
    assert story.pauses[-2:] == [120.0, 10.0]
    assert box.landed == ["feat"]


# Outages


def away(box: Sandbox) -> None:
    """The remote goes away."""
    box.origin.rename(box.root / "gone.git")


def back(box: Sandbox) -> None:
    """It is there again."""
    (box.root / "gone.git").rename(box.origin)


def test_an_hour_without_the_remote_is_said_twice_and_costs_nothing(box: Sandbox) -> None:
    started = box.clock.now
    gone = box.clock.now

    def until_an_hour_is_over() -> None:
        if (box.clock.now - gone).total_seconds() >= 3780 and not box.origin.exists():
            back(box)
            box.request("feat", {"a.txt": "a\n"})

    story = Story(box).watch(nothing, lambda: away(box), *[until_an_hour_is_over] * 90)
    assert box.landed == ["feat"]
    warnings = [line for line in story.said if "warning" in line or "again" in line]
    assert len(warnings) == 2, story.said
    assert warnings[0].startswith("warning: ")
    assert warnings[0].endswith("; trying again, quietly, until it works")
    assert warnings[1].startswith("it works again, after 1h and ")
    tries = int(warnings[1].split()[-4])
    assert 60 <= tries <= 85
    assert max(story.pauses) <= 60.0
    assert started < box.clock.now


def test_a_remote_that_fails_in_other_ways_each_time_is_not_said_each_time(box: Sandbox) -> None:
    def other_trouble() -> None:
        box.git("config", "remote.origin.url", str(box.root / f"none-{len(story.pauses)}.git"))

    story = Story(box)
    story.watch(*[other_trouble] * 40)
    assert sum("warning" in line for line in story.said) == 10


def test_a_claim_that_could_not_be_given_back_holds_nobody_up(box: Sandbox) -> None:
    """The remote goes away while checks run, and comes back after they have ended."""
    box.config(f"version: 1\nchecks:\n- name: away\n  run: mv {box.origin} {box.root}/gone.git\n")
    box.request("feat", {"a.txt": "a\n"})

    def repaired() -> None:
        back(box)
        box.config("version: 1\nchecks: []\n")

    story = Story(box).watch(nothing, repaired, nothing)
    assert box.landed == ["feat"]
    assert any("its worker ada ended" in line for line in story.said), story.said


def test_what_a_pass_finds_wrong_each_time_is_said_once(box: Sandbox) -> None:
    box.config("version: 1\nchecks:\n- name: none\n  run: no-such-command\n")
    box.request("feat", {"a.txt": "a\n"})
    story = Story(box)
    story.watch(*[nothing] * 30, lambda: box.config("version: 1\nchecks: []\n"), nothing)
    assert sum("no-such-command" in line for line in story.said) == 1, story.said
    assert sum(line.startswith("→") for line in story.said) == 2, story.said
    assert box.landed == ["feat"]


# What no ref of the queue shows


def test_a_claim_that_ran_out_is_noticed(box: Sandbox) -> None:
    box.request("feat", {"a.txt": "a\n"})
    other = box.clone("bob")
    assert other.cli("claim", box.mr("feat").id).code == 0
    story = Story(box).watch(*[nothing] * 50)
    assert box.landed == []
    assert set(story.pauses) == {10.0}  # as long as somebody is at work it may go on at any moment
    story.watch(*[nothing] * 50)
    assert box.landed == ["feat"]


def test_settings_are_read_again_when_asked_to(box: Sandbox) -> None:
    story = Story(box)
    box.request("feat", {"a.txt": "a\n"})
    box.origin.rename(box.root / "moved.git")

    def told_where() -> None:
        box.git("config", "remote.origin.url", str(box.root / "moved.git"))
        assert story.current is not None
        story.current.reload()

    def moved_again() -> None:
        (box.root / "moved.git").rename(box.origin)
        box.git("config", "remote.origin.url", str(box.origin))
        assert story.current is not None
        story.current.reload()

    story.watch(told_where, moved_again, nothing)
    assert box.landed == ["feat"]
    assert story.opened == 3
    assert sum("warning" in line for line in story.said) == 1
