"""What takes longer than a second is said on a terminal, and leaves nothing behind."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from refinery import doing
from refinery.cli.progress import Line, shown_if_long, what_takes_long
from refinery.repo import process
from tests.cli.terminal import Terminal, shown
from tests.sandbox import CHECKOUT, Sandbox

ERASE = "\r\x1b[K"


class Screen(io.StringIO):
    """A terminal that keeps all that was written to it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def a_terminal_of_80_columns(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm")
    before = doing.current
    yield
    assert doing.current is before


# What is said


def test_a_second_needs_no_words() -> None:
    with doing.doing("verifying", 10) as at:
        assert what_takes_long(at.since + 0.9) == ""
        assert what_takes_long(at.since + 1.0) == "verifying 0 of 10 (1 s)"


def test_how_far_it_is_says_how_long_it_will_still_take() -> None:
    with doing.doing("verifying", 400) as at:
        at.done = 100
        assert what_takes_long(at.since + 5) == "verifying 100 of 400 (25%), 5 s, 15 s left"


def test_without_a_total_only_the_time_is_known() -> None:
    with doing.doing("judging") as at:
        assert what_takes_long(at.since + 2) == "judging (2 s)"


def test_the_innermost_is_said_and_then_what_is_around_it() -> None:
    with doing.doing("outer") as outer:
        assert [*doing.counted_off("inner", [1, 2])] == [1, 2]
        counting = doing.counted_off("inner", ["a", "b"])
        assert next(counting) == "a"
        assert next(counting) == "b"
        assert what_takes_long(outer.since + 2).startswith("inner 1 of 2 (50%)")
        counting.close()
        assert what_takes_long(outer.since + 2) == "outer (2 s)"


def test_a_git_that_is_waited_for_is_named_by_what_it_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(process, "at_work", {1: ("fetch", 10.0), 2: ("gc", 5.0)})
    assert what_takes_long(11.5) == "fetching from the remote (2 s)"
    monkeypatch.setattr(process, "at_work", {2: ("gc", 5.0)})
    assert what_takes_long(8.0) == "git gc (3 s)"
    assert what_takes_long(5.5) == ""


# How it is shown


def test_the_line_makes_room_for_what_is_printed_and_is_gone_in_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setattr(sys, "stderr", screen)
    line = Line(screen)
    line.draw("fetching (2 s)")
    print("a result")
    print("half a line, ", end="")
    line.draw("not in the middle of it")
    print("and its end")
    line.draw("fetching (3 s)")
    line.close()
    line.draw("too late")
    assert (sys.stdout, sys.stderr) == (screen, screen)
    assert screen.getvalue() == (
        f"{ERASE}fetching (2 s){ERASE}a result\nhalf a line, and its end\n"
        f"{ERASE}fetching (3 s){ERASE}"
    )
    assert shown(screen.getvalue()) == ["a result", "half a line, and its end", ""]


def test_the_line_never_runs_over_the_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "10")
    screen = Screen()
    Line(screen).draw("0123456789")
    assert screen.getvalue() == f"{ERASE}012345678"


def test_a_pipe_beside_the_terminal_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe, screen = io.StringIO(), Screen()
    monkeypatch.setattr(sys, "stdout", pipe)
    monkeypatch.setattr(sys, "stderr", screen)
    line = Line(screen)
    line.draw("fetching (2 s)")
    assert sys.stdout is pipe
    line.close()


def test_a_dumb_terminal_gets_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr("refinery.cli.progress.Line", None)
    with shown_if_long():
        pass


# In a real terminal


@pytest.fixture
def slow(box: Sandbox, tmp_path: Path) -> Path:
    """A remote that answers once somebody writes into this pipe."""
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    helper = tmp_path / "slow-upload-pack"
    helper.write_text(f'#!/bin/sh\nread line < "{gate}"\nexec git upload-pack "$@"\n')
    helper.chmod(0o755)
    box.git("config", "remote.origin.uploadpack", str(helper), cwd=box.path)
    return gate


def start(box: Sandbox, *argv: str) -> Terminal:
    command = [sys.executable, "-m", "refinery", *argv]
    env = {**os.environ, "PYTHONPATH": str(CHECKOUT), "NO_COLOR": "1"}
    env.pop("COLUMNS")
    return Terminal(command, cwd=box.path, env=env)


def test_a_slow_remote_is_waited_for_with_words_that_go_away(box: Sandbox, slow: Path) -> None:
    with start(box, "queue") as terminal:
        terminal.wait_for(r"fetching from the remote \(1 s\)")
        slow.write_text("go\n")
        assert terminal.end() == 0
        assert shown(terminal.seen) == ["📋 Merge queue for 'origin':", "", "  (empty)", ""]


def test_an_interrupt_ends_a_command_that_waits_and_says_what_it_leaves(
    box: Sandbox, slow: Path
) -> None:
    before = box.refs()
    with start(box, "pause", "--reason", "a test") as terminal:
        terminal.wait_for(r"fetching from the remote \(1 s\)")
        terminal.type("\x03")
        assert terminal.end() == 130
        assert " ".join(shown(terminal.seen)).endswith(
            "interrupted: what it changes in the queue is one atomic push, done as a whole or not "
            "at all; `refinery log -n 1` shows what was last done "
        )
    assert box.refs() == before
