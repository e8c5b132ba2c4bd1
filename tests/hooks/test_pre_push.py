"""The client's pre-push hook: forecasts, announces, and never stands in the way by itself."""

from __future__ import annotations

import sys

import pytest

from refinery.hooks.installer import Side, install
from refinery.repo.repository import Repository
from tests.sandbox import Result, Sandbox

NUX = "polecat/nux/gt-1"

PRE_COMMIT = f"""\
repos:
- repo: local
  hooks:
  - id: refinery-pre-push
    name: refinery
    entry: {sys.executable} -P -m refinery hook pre-push
    language: system
    stages: [pre-push]
    always_run: true
    pass_filenames: false
    require_serial: true
    verbose: true
"""


@pytest.fixture
def hooked(box: Sandbox) -> Sandbox:
    """A clone whose pushes go through the hook."""
    with Repository.discover(box.path) as repo:
        install(repo, Side.CLIENT, ("polecat/**", "mr/**"))
    return box


def said(result: Result) -> list[str]:
    mark = "refinery: "
    return [line.removeprefix(mark) for line in result.err.splitlines() if line.startswith(mark)]


def test_a_push_is_forecast_announced_and_then_queued(hooked: Sandbox) -> None:
    head = hooked.commit(NUX)
    pushed = hooked.push(NUX)
    mr = hooked.mr(NUX)
    assert said(pushed) == [
        f"{NUX} merges cleanly with main and with all that is queued for it",
        f"{mr.id} announced: it is queued once {NUX} shows {head[:12]}",
    ]
    assert (mr.head, mr.worker, mr.intent) == (head, "nux", True)
    assert hooked.cli("process").code == 0
    assert hooked.landed == [NUX]


def test_a_push_that_fails_leaves_an_announcement_that_lands_nothing(hooked: Sandbox) -> None:
    hooked.hook(
        "pre-receive", "while read -r o n ref; do case $ref in refs/heads/*) exit 1;; esac; done"
    )
    hooked.commit(NUX)
    assert hooked.push(NUX, check=False).code == 1
    assert hooked.mr(NUX).intent
    hooked.cli("process")
    assert hooked.landed == []
    hooked.clock.tick(31 * 60)
    hooked.cli("process")
    assert hooked.view().mrs == {}


def test_a_conflict_is_told_before_the_push_and_does_not_stop_it(hooked: Sandbox) -> None:
    hooked.commit(NUX, {"README.md": "mine\n"})
    hooked.advance({"README.md": "theirs\n"})
    pushed = hooked.push(NUX)
    assert said(pushed)[0] == f"{NUX} conflicts with main in README.md"
    assert hooked.sha(NUX) is not None


def test_a_conflict_stops_the_push_where_that_is_wanted(hooked: Sandbox) -> None:
    hooked.git("config", "refinery.blockOnConflict", "true")
    hooked.commit(NUX, {"README.md": "mine\n"})
    hooked.advance({"README.md": "theirs\n"})
    pushed = hooked.push(NUX, check=False)
    assert pushed.code == 1
    assert said(pushed) == [
        f"{NUX} conflicts with main in README.md",
        f"the push of {NUX} is stopped: refinery.blockOnConflict is set",
        "rebase it on main, or push with --no-verify",
    ]
    assert (hooked.sha(NUX), hooked.view().mrs) == (None, {})
    hooked.commit("mr/fine")
    assert hooked.push("mr/fine").code == 0


@pytest.mark.parametrize("branch", ["feature", "main"])
def test_other_branches_are_pushed_without_a_word(hooked: Sandbox, branch: str) -> None:
    hooked.commit(branch)
    assert said(hooked.push(branch)) == []
    assert hooked.view().mrs == {}


def test_a_deletion_announces_nothing(hooked: Sandbox) -> None:
    hooked.commit(NUX)
    hooked.git("push", "-q", "--no-verify", "origin", NUX)
    deleted = hooked.run_git("push", "origin", f":{NUX}")
    assert (deleted.code, said(deleted)) == (0, [])


def test_a_push_to_another_remote_announces_nothing(hooked: Sandbox) -> None:
    hooked.git("init", "-q", "--bare", str(hooked.root / "backup.git"))
    hooked.git("remote", "add", "backup", str(hooked.root / "backup.git"))
    hooked.commit(NUX)
    pushed = hooked.run_git("push", "backup", NUX)
    assert (pushed.code, said(pushed)) == (0, [])
    assert hooked.view().mrs == {}


def test_a_queue_that_is_away_does_not_keep_a_push_back(hooked: Sandbox) -> None:
    hooked.commit(NUX)
    hooked.git("config", "remote.origin.url", str(hooked.root / "nowhere.git"))
    hooked.git("config", "remote.origin.pushurl", str(hooked.origin))
    pushed = hooked.push(NUX)
    assert said(pushed)[-1] == "the push goes on without refinery"
    assert hooked.sha(NUX) is not None


def test_a_python_that_is_gone_does_not_keep_a_push_back(hooked: Sandbox) -> None:
    hook = hooked.path / ".git" / "hooks" / "pre-push"
    text = (
        hook.read_text().replace("python='", "python='/nowhere").replace("refinery hook", "false")
    )
    hook.write_text(text)
    hooked.commit(NUX)
    assert hooked.push(NUX).code == 0


def test_a_foreign_hook_runs_first_with_the_same_input(hooked: Sandbox) -> None:
    legacy = hooked.path / ".git" / "hooks" / "pre-push.legacy"
    legacy.write_text('#!/bin/sh\nread -r line\necho "legacy $1: $line" >&2\n')
    legacy.chmod(0o755)
    head = hooked.commit(NUX)
    pushed = hooked.push(NUX)
    assert f"legacy origin: refs/heads/{NUX} {head} refs/heads/{NUX}" in pushed.err
    assert hooked.mr(NUX).intent


def test_a_foreign_hook_that_fails_stops_the_push(hooked: Sandbox) -> None:
    legacy = hooked.path / ".git" / "hooks" / "pre-push.legacy"
    legacy.write_text("#!/bin/sh\nexit 4\n")
    legacy.chmod(0o755)
    hooked.commit(NUX)
    assert hooked.push(NUX, check=False).code == 1
    assert (hooked.sha(NUX), hooked.view().mrs) == (None, {})


def test_a_push_from_a_linked_worktree_is_announced_too(hooked: Sandbox) -> None:
    head = hooked.commit(NUX)
    tree = hooked.root / "tree"
    hooked.git("worktree", "add", "-q", str(tree), NUX)
    assert hooked.run_git("push", "origin", NUX, cwd=tree).code == 0
    assert hooked.mr(NUX).head == head


def test_pre_commit_calls_it_as_one_of_its_hooks(box: Sandbox) -> None:
    pytest.importorskip("pre_commit")
    box.commit("main", {".pre-commit-config.yaml": PRE_COMMIT})
    box.push("main")
    installed = box._started(
        [sys.executable, "-m", "pre_commit", "install", "--hook-type", "pre-push"],
        **{"stdin": "", "cwd": None, "env": None, "timeout": 60},
    )
    assert installed.code == 0, installed.err
    box.switch("main")
    head = box.commit(NUX)
    box.switch(NUX)
    pushed = box.push(NUX)
    mr = box.mr(NUX)
    assert (mr.head, mr.intent) == (head, True)
    assert f"refinery: {mr.id} announced" in pushed.out + pushed.err
    box.cli("process")
    assert box.landed == [NUX]
