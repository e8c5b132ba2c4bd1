"""`kill -9` of the engine at any step: after the next run everything agrees again."""

from __future__ import annotations

import os
import random
import subprocess
import sys

import pytest

from tests.sandbox import CHECKOUT, Sandbox

CONFIG = """\
version: 1
checks:
- name: test
  run: if grep -qr bad --include='*.txt' .; then exit 1; fi
"""


def populate(box: Sandbox) -> None:
    """Two that land together, one that conflicts with the first, one that fails."""
    box.commit("main", {".refinery.yaml": CONFIG, "shared.txt": "1\n"})
    box.push("main")
    box.request("first", {"shared.txt": "first\n"}, onto="main", priority=0)
    box.request("other", {"other.txt": "o\n"}, onto="main", priority=1)
    box.request("clash", {"shared.txt": "clash\n"}, onto="main", priority=2)
    box.request("broken", {"b.txt": "bad\n"}, onto="main", priority=3)


def process_and_die(box: Sandbox, step: int, moment: str) -> int:
    """The exit code of a run that is killed at a step: negative when it got that far."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("REFINERY")
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.dying", str(step), moment, "process", "--drain"],
        cwd=box.path,
        env={**environment, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        timeout=120,
        check=False,
    )
    return done.returncode


def assert_all_agree(box: Sandbox) -> None:
    """Everything is as if nobody had died: landed once, blocked once, sent back once."""
    done = box.cli("process", "--drain")
    assert done.code == 0, done.err
    assert box.landed == ["first", "other"]
    subjects = box.git("log", "--first-parent", "--format=%s", "main", cwd=box.origin)
    assert subjects.split("\n").count("Merge first into main") == 1
    assert subjects.split("\n").count("Merge other into main") == 1
    issues = box.cli("issue", "list", "--json").json
    assert [issue["mr"] for issue in issues] == [box.mr("clash").id]
    assert box.mr("clash").blocked_by == "local#1"
    assert box.mr("broken").failure is not None
    live = {box.mr("clash").id, box.mr("broken").id}
    pins = {ref.rpartition("/")[2] for ref in box.refs("refs/refinery/heads/")}
    assert pins == live
    assert not box.refs("refs/refinery/claims/")
    assert not box.refs("refs/refinery/inbox/")
    assert box.cli("verify").code == 0
    checked = box.cli("fsck")
    assert checked.code == 0, checked.out + checked.err


@pytest.mark.journey
@pytest.mark.parametrize(
    "part", [0, 1, *(pytest.param(part, marks=pytest.mark.soak) for part in (2, 3))]
)
def test_a_kill_at_any_step_of_a_run_is_healed_by_the_next(box: Sandbox, part: int) -> None:
    """Twenty-four of the steps each time, spread over the whole run; the soak takes them all."""
    populate(box)
    draw = random.Random(part)
    for step in sorted(draw.sample(range(1, 160), 6)):
        process_and_die(box, step, draw.choice(["before", "after"]))
    assert_all_agree(box)


@pytest.mark.soak
def test_a_kill_at_every_step_of_a_fresh_run_is_healed(box: Sandbox) -> None:
    populate(box)
    keep = box.root / "kept.git"
    box.git("clone", "-q", "--mirror", str(box.origin), str(keep))
    for step in range(1, 10_000):
        box.git("push", "-q", "--mirror", str(box.origin), cwd=keep)
        if process_and_die(box, step, "after") >= 0:
            break
        assert_all_agree(box)
    assert step > 100
