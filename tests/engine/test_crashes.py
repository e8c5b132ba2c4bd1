"""`kill -9` of the engine at any step: after the next run everything agrees again."""

from __future__ import annotations

import os
import random
import select
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

import pytest

from tests.sandbox import CHECKOUT, Sandbox
from tests.soak.processes import below, running

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
    """The exit code of a run that is killed at a step: negative when it got that far.

    A git outlives its engine, and may yet claim something; the next run comes after that.
    """
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
    await_those_left(box)
    return done.returncode


def await_those_left(box: Sandbox) -> None:
    """Until nothing that others started is at work in the sandbox; a killed engine's git is."""
    own = {each.pid for each in below([os.getpid()])}
    for each in running():
        if each.pid not in own and any(str(box.root) in word for word in each.words):
            with suppress(ProcessLookupError):
                left = os.pidfd_open(each.pid)
                select.select([left], [], [], 60)
                os.close(left)


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


STEPS = 200
"""A run of these has more; the soak takes all there are."""


@pytest.mark.journey
@pytest.mark.parametrize(
    "part", [0, *(pytest.param(part, marks=pytest.mark.soak) for part in range(1, 4))]
)
def test_a_kill_at_any_step_of_a_run_is_healed_by_the_next(box: Sandbox, part: int) -> None:
    """Some steps each time, spread over the whole of a run that begins with the queue as it was."""
    draw = random.Random(part)
    begin_again = kept(box)
    for step in range(1 + draw.randrange(50), STEPS, 50):
        begin_again()
        assert process_and_die(box, step, draw.choice(["before", "after"])) < 0
        assert_all_agree(box)


@pytest.mark.journey
def test_kills_one_after_another_are_healed_too(box: Sandbox) -> None:
    populate(box)
    draw = random.Random(0)
    killed = [process_and_die(box, draw.randrange(30, 90), "after") < 0 for _ in range(4)]
    assert killed.count(True) >= 2  # the others had nothing left to do
    assert_all_agree(box)


@pytest.mark.soak
def test_a_kill_at_every_step_of_a_fresh_run_is_healed(box: Sandbox) -> None:
    begin_again = kept(box)
    for step in range(1, 10_000):
        begin_again()
        if process_and_die(box, step, "after") >= 0:
            break
        assert_all_agree(box)
    assert step > STEPS


def kept(box: Sandbox) -> Callable[[], object]:
    """Puts the origin back to where the four are queued and nothing has happened to them."""
    populate(box)
    keep = box.root / "kept.git"
    box.git("clone", "-q", "--mirror", str(box.origin), str(keep))
    return lambda: box.git("push", "-q", "--mirror", str(box.origin), cwd=keep)
