"""^C at any moment: the exit code is 130, nothing is left half done, and that is said."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from refinery.cli.catalogue import COMMANDS
from refinery.cli.interrupting import left_behind
from tests.cli.terminal import Terminal, shown
from tests.sandbox import CHECKOUT, Sandbox


def start(box: Sandbox, *argv: str) -> Terminal:
    env = {**os.environ, "PYTHONPATH": str(CHECKOUT), "NO_COLOR": "1", "TERM": "xterm"}
    command = [sys.executable, "-m", "refinery", *argv]
    return Terminal(command, cwd=box.path, env=env, columns=200)


def test_a_worker_that_tests_gives_back_what_it_has_claimed(box: Sandbox, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    box.config(f"version: 1\nchecks:\n  - name: slow\n    run: echo begun > {gate}; sleep 600\n")
    id = box.request("feat", {"a.txt": "a\n"})
    before = box.sha("main", at=box.origin)
    with start(box, "process") as terminal:
        terminal.wait_for(f"→ {id}")
        assert gate.read_text() == "begun\n"
        terminal.wait_for(rf"testing {id} \(1 s\)")
        terminal.type("\x03")
        assert terminal.end() == 130
        said = shown(terminal.seen)
    assert said[-2] == (
        "interrupted: what it tested was given back, and nothing was landed by halves"
    )
    assert [name for name in box.refs() if "/claims/" in name] == []
    assert box.sha("main", at=box.origin) == before
    assert box.cli("ready", "--json").json[0]["id"] == id


def test_a_second_interrupt_does_not_turn_into_a_traceback(box: Sandbox, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    box.config(f"version: 1\nchecks:\n  - name: slow\n    run: echo begun > {gate}; sleep 600\n")
    box.request("feat", {"a.txt": "a\n"})
    with start(box, "process") as terminal:
        assert gate.read_text() == "begun\n"
        terminal.type("\x03\x03")
        assert terminal.end() == 130
        assert "Traceback" not in terminal.seen


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_knows_what_it_leaves(name: str) -> None:
    words = left_behind(["--color=never", name])
    assert words == "" if name == "demo" else words
    assert not words.endswith(".")
