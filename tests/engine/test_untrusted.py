"""What somebody gets who can only push branches: no secret of the worker, no word in the clone."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from refinery.engine.checks import check_environment
from tests.sandbox import Sandbox

CONFIG = """\
version: 1
environment: [FOR_CHECKS{more}]
checks:
  - name: test
    run: "env > {out}"
"""


def test_a_target_of_ones_own_shows_no_more_than_the_default_target_allows(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any branch can be named as a target, and brings its own configuration."""
    monkeypatch.setenv("FOR_CHECKS", "allowed")
    monkeypatch.setenv("DEPLOY_TOKEN", "canary-4711")
    seen = box.root / "seen"
    box.config(CONFIG.format(more="", out="/dev/null"))
    own = CONFIG.format(more=", DEPLOY_TOKEN", out=seen)
    box.commit("mine", {".refinery.yaml": own}, onto="main")
    box.push("mine")
    box.request("work", {"w.txt": "w\n"}, onto="mine", target="mine")
    done = box.cli("process")
    assert done.code == 0, done.err
    assert box.landed_on("mine") == ["work"]
    assert "FOR_CHECKS=allowed" in seen.read_text()
    assert "canary-4711" not in seen.read_text()


def test_the_default_target_may_show_what_it_names(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPLOY_TOKEN", "wanted")
    seen = box.root / "seen"
    box.config(CONFIG.format(more=", DEPLOY_TOKEN", out=seen))
    box.request("work", {"w.txt": "w\n"}, onto="main")
    assert box.cli("process").code == 0
    assert "DEPLOY_TOKEN=wanted" in seen.read_text()


def test_a_check_is_not_told_where_the_runner_takes_orders() -> None:
    """Whoever can write there decides the environment of later steps, or their outputs."""
    runners = ("GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_STEP_SUMMARY")
    others = ("RUNNER_TEMP", "RUNNER_TOOL_CACHE", "ACTIONS_RUNTIME_URL", "ACTIONS_RUNTIME_TOKEN")
    ours = ("REFINERY_SUMMARY", "REFINERY_ACTION_VERDICT", "CI_JOB_TOKEN", "TRIGGER_PAYLOAD")
    base = dict.fromkeys((*runners, *others, *ours, "CI"), "x")
    seen = check_environment(base, extra={})
    assert [name for name in base if name in seen] == ["CI"]


def test_settings_that_a_check_makes_do_not_reach_what_lands_it(box: Sandbox) -> None:
    """With husky `npm install` does it; what it names would run beside the credentials."""
    ran = box.root / "ran"
    hook = f"#!/bin/sh\ntouch {ran}\n"
    box.config(
        "version: 1\n"
        "checks:\n"
        "  - name: test\n"
        "    run: |\n"
        "      chmod +x h/*\n"
        "      git config core.hooksPath $PWD/h\n"
        "      git config core.fsmonitor $PWD/h/f\n"
    )
    names = ("reference-transaction", "pre-push", "post-checkout", "f")
    box.request("work", {f"h/{name}": hook for name in names}, onto="main")
    box.request("more", {"more.txt": "m\n"}, onto="main")
    before = (box.path / ".git/config").read_text()
    assert box.cli("process").code == 0
    assert sorted(box.landed) == ["more", "work"]
    assert (box.path / ".git/config").read_text() == before
    assert not ran.exists()


READS = (
    "import subprocess, sys\n"
    "from refinery.engine.privacy import keep_private\n"
    "{hide}"
    "read = subprocess.run('cat /proc/$PPID/environ', shell=True, capture_output=True, env={{}})\n"
    "sys.exit(b'canary-4711' in read.stdout)\n"
)


def _like_any_user() -> None:
    """Without the capabilities by which root reads every process."""
    for capability in range(64):
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


@pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc")
@pytest.mark.parametrize(("hide", "found"), [("keep_private()\n", 0), ("", 1)])
def test_what_is_private_is_not_read_by_a_child_of_the_same_user(hide: str, found: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", READS.format(hide=hide)],
        env={"TOKEN": "canary-4711", "PATH": os.environ["PATH"]},
        cwd=Path(__file__).parents[2],
        preexec_fn=_like_any_user,
        check=False,
    )
    assert done.returncode == found


@pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc")
def test_what_runs_checks_is_private(box: Sandbox) -> None:
    library = ctypes.CDLL(None)
    library.prctl(4, 1, 0, 0, 0)
    box.config("version: 1\nchecks:\n  - name: test\n    run: 'true'\n")
    box.request("work", {"w.txt": "w\n"}, onto="main")
    assert box.cli("process").code == 0
    assert library.prctl(3, 0, 0, 0, 0) == 0
    library.prctl(4, 1, 0, 0, 0)
