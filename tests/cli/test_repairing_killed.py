"""`kill -9` in the middle of `doctor --repair`: what is left is repaired by the next one."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.cli.damages import a_header_without_keys
from tests.cli.damaging import folded, forge, found, push
from tests.sandbox import CHECKOUT, Sandbox

REPAIR = ("doctor", "--repair", "--yes")


def damage(box: Sandbox) -> None:
    """Of each kind one: records, header, pins, refs."""
    a_header_without_keys(box)
    one, two = folded(box, "three", "four")
    forge(box, {f"mrs/{one[-1]}/{one}.yaml": "no: record\n"})
    push(box, "main", f"refs/refinery/heads/{two}")
    push(box, "main", "refs/refinery/other/thing")


def dies(box: Sandbox, step: int) -> bool:
    """Repairs, and is killed at a step; whether it got that far."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("REFINERY")
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.dying", str(step), "after", *REPAIR],
        cwd=box.path,
        env={**environment, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        timeout=120,
        check=False,
    )
    return done.returncode < 0


@pytest.mark.soak
@pytest.mark.parametrize("part", range(4))
def test_a_repair_that_is_killed_anywhere_leaves_nothing_broken(box: Sandbox, part: int) -> None:
    damage(box)
    step = part + 1
    while dies(box, step):
        step += 4
    assert step > 20
    box.cli(*REPAIR)
    assert found(box) == []
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["one", "three", "four"]
