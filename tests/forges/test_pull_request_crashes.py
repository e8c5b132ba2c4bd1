"""`kill -9` while a candidate lands through a pull request: the next run puts all of it right."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Sequence

import pytest

from tests.forges.test_landing_by_pull_request import Shop, merged, shop
from tests.sandbox import CHECKOUT

__all__ = ["shop"]  # the fixture


def process_and_die(shop: Shop, step: int, moment: str) -> int:
    """The exit code of a run that is killed at a step: negative when it got that far."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.forges.dying_asking",
            str(step),
            moment,
            "process",
            "--drain",
        ],
        cwd=shop.box.path,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        timeout=120,
        check=False,
    )
    return done.returncode


def assert_landed_once(shop: Shop, ids: Sequence[str]) -> None:
    """One pull request landed all of them, and nothing is left of it."""
    shop.process()
    assert {merged(shop.box, id).landing.pull_request for id in ids} == {1001}  # type: ignore[union-attr]
    assert [pull["state"] for pull in shop.pulls.pulls.values()] == ["closed"]
    assert shop.branches() == []
    assert not shop.box.refs("refs/refinery/claims/")
    assert not shop.box.refs("refs/refinery/heads/")
    verified = shop.box.cli("verify")
    assert verified.code == 0, verified.out
    checked = shop.box.cli("fsck")
    assert checked.code == 0, checked.out + checked.err


@pytest.mark.parametrize("part", [0, pytest.param(1, marks=pytest.mark.soak)])
def test_a_kill_at_any_step_lands_it_once_in_one_pull_request(shop: Shop, part: int) -> None:
    ids = [shop.box.request(f"f{n}", {f"{n}.txt": "x\n"}) for n in range(2)]
    draw = random.Random(part)
    for step in sorted(draw.sample(range(1, 90), 4)):
        process_and_die(shop, step, draw.choice(["before", "after"]))
    assert_landed_once(shop, ids)


@pytest.mark.soak
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_kill_at_every_step_of_a_fresh_run_lands_it_once(shop: Shop, moment: str) -> None:
    ids = [shop.box.request(f"f{n}", {f"{n}.txt": "x\n"}) for n in range(2)]
    box, keep = shop.box, shop.box.root / "kept.git"
    box.git("clone", "-q", "--mirror", str(box.origin), str(keep))
    box.hook("update", "exit 0")
    for step in range(1, 10_000):
        box.git("push", "-q", "--mirror", str(box.origin), cwd=keep)
        shop.pulls.pulls.clear()
        code = process_and_die(shop, step, moment)
        if code >= 0:
            break
        assert_landed_once(shop, ids)
    assert (code, step > 40) == (0, True)


def taken_back(shop: Shop, step: int, moment: str) -> int:
    """A run that is killed while it takes a pull request back; the next one lands another."""
    code = process_and_die(shop, step, moment)
    shop.pulls.asks = None
    shop.process()
    mr = merged(shop.box, shop.box.mr("feat").id)
    assert mr.landing.pull_request == 1002  # type: ignore[union-attr]
    assert shop.pulls.pulls[1001]["merged"] is None
    assert shop.branches() == []
    return code


def proposed_and_outdated(shop: Shop) -> None:
    shop.pulls.asks = "wait"
    shop.box.request("feat", {"a.txt": "a\n"})
    shop.process()
    shop.push_past_the_queue()


def test_a_pull_request_that_a_dying_run_closed_blames_nobody(shop: Shop) -> None:
    proposed_and_outdated(shop)
    shop.pulls.dies_when_closed = True
    shop.process()
    assert shop.pulls.pulls[1001]["state"] == "closed"
    assert shop.box.mr("feat").proposal is not None
    shop.pulls.dies_when_closed = False
    taken_back(shop, 10_000, "after")


@pytest.mark.soak
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_kill_at_every_step_of_taking_back_blames_nobody(shop: Shop, moment: str) -> None:
    proposed_and_outdated(shop)
    box, keep = shop.box, shop.box.root / "kept.git"
    box.git("clone", "-q", "--mirror", str(box.origin), str(keep))
    box.hook("update", "exit 0")
    opened = dict(shop.pulls.pulls[1001])
    for step in range(1, 10_000):
        box.git("push", "-q", "--mirror", str(box.origin), cwd=keep)
        shop.pulls.pulls, shop.pulls.said, shop.pulls.asks = {1001: dict(opened)}, {}, "wait"
        code = taken_back(shop, step, moment)
        if code >= 0:
            break
    assert (code, step > 20) == (0, True)
