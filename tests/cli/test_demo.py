"""`refinery demo` plays its whole story anywhere, and fails where it would not be true."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from refinery.app import open_queue
from refinery.cli.demo import project
from refinery.cli.main import main
from refinery.records.merge_request import CloseReason
from tests.sandbox import CHECKOUT

CHAPTERS = [
    "1. A project",
    "2. A queue",
    "3. Five branches, five plain pushes",
    "4. A worker",
    "5. A conflict is an issue",
    "6. A failure says what failed",
    "7. The worker again",
    "8. The proof",
]
REPAIRED = ["mr/tea-5", "mr/milk", "mr/cake"]
PUSHED = ["mr/limit", "mr/tea-4", *REPAIRED, *REPAIRED]
LANDED = [
    "Merge mr/cake into main",
    "Merge mr/milk into main",
    "Merge mr/tea-5 into main",
    "Merge mr/tea-4 into main",
    "Merge mr/limit into main",
    "Add the merge queue's configuration",
    "Open the café",
]


def environment(tmp_path: Path, changes: Mapping[str, str]) -> dict[str, str]:
    """This process's, with a folder of its own for what is thrown away."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return {**os.environ, "PYTHONPATH": str(CHECKOUT), "TMPDIR": str(scratch), **changes}


def run(
    tmp_path: Path, *argv: str, cwd: Path | None = None, **changes: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "refinery", "demo", *argv],
        cwd=cwd or tmp_path,
        env=environment(tmp_path, changes),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def lines_of(out: str, pattern: str) -> list[str]:
    return re.findall(pattern, out, re.MULTILINE)


def assert_told(out: str) -> None:
    """The real lines of real commands, in the order of the story."""
    assert lines_of(out, r"^\d\. .*") == CHAPTERS
    assert lines_of(out, r"remote: refinery: mr-\w{10} queued: (\S+) at \w{12} for main") == PUSHED
    ids = lines_of(out, r"remote: refinery: (mr-\w{10}) queued")
    assert len(set(ids)) == 8
    assert lines_of(out, r"remote: refinery: conflicts with (\S+) in menu/tea") == [ids[1]]
    assert lines_of(out, r"a new revision of (\S+), which") == [ids[2], ids[3], ids[4]]
    assert f"✓ landed {ids[0]}, {ids[1]} on main" in out
    assert f"⚠ {ids[2]} is blocked by local#1" in out
    assert "local#1 Resolve merge conflicts: Tea costs 5" in out
    assert f"{ids[5]} re-enters the queue: its head moved" in out
    again = out[out.index("The worker again") :]
    assert sorted(re.findall(r"mr-\w{10}", "".join(lines_of(again, "✓ landed .*")))) == sorted(
        ids[5:]
    )
    assert "✓ 5 landed merge requests verified" in out
    log = out[out.index("git log --oneline") :]
    assert lines_of(log, r"^    [0-9a-f]{7} (.*)$") == LANDED
    assert "✓ all as told, in " in out


@pytest.mark.soak
def test_the_story_is_told_to_its_end_and_leaves_nothing_behind(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert_told(done.stdout)
    assert "\x1b" not in done.stdout
    assert str(tmp_path) not in done.stdout
    assert list((tmp_path / "scratch").iterdir()) == []


@pytest.mark.soak
def test_it_plays_whatever_git_and_the_user_have_configured(tmp_path: Path) -> None:
    config = tmp_path / "gitconfig"
    config.write_text(
        "[commit]\n gpgsign = true\n[core]\n hooksPath = /nowhere\n excludesFile = /dev/null\n"
        "[push]\n default = nothing\n[init]\n defaultBranch = trunk\n[protocol]\n allow = never\n"
        "[rebase]\n instructionFormat = %h\n[merge]\n ff = only\n[refinery]\n prefix = refs/x/y\n"
    )
    repository = tmp_path / "somewhere"
    subprocess.run(["git", "init", "-q", str(repository)], check=True)
    done = run(
        tmp_path,
        cwd=repository / ".git",
        HOME=str(tmp_path / "no-home"),
        XDG_CONFIG_HOME="/dev/null",
        EMAIL="",
        GIT_CONFIG_GLOBAL=str(config),
        GIT_DIR=str(repository / ".git"),
        GIT_WORK_TREE=str(repository),
        GIT_INDEX_FILE="/nowhere/index",
        GIT_OBJECT_DIRECTORY="/nowhere/objects",
        GIT_AUTHOR_DATE="not a date",
        GIT_AUTHOR_NAME="",
        GIT_COMMITTER_EMAIL="",
        GIT_CONFIG_COUNT="1",
        GIT_CONFIG_KEY_0="user.useConfigOnly",
        GIT_CONFIG_VALUE_0="true",
        GIT_TRACE="1",
        GIT_EDITOR="false",
        REFINERY_WORKER="",
        LC_ALL="C",
        FORCE_COLOR="1",
        NO_COLOR="1",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert_told(done.stdout)
    assert "\x1b" not in done.stdout
    assert not (repository / ".git" / "refinery").exists()


@pytest.mark.journey
def test_what_is_kept_can_be_played_on_with(tmp_path: Path) -> None:
    keep = tmp_path / "a café's"
    done = run(tmp_path, "--keep", str(keep))
    assert (done.returncode, done.stderr) == (0, "")
    assert_told(done.stdout)
    with open_queue(str(keep / "cafe.git")) as queue:
        view = queue.view()
        files = {
            name: queue.repo.reader.blob(f"main:{name}") for name in [*project.LAST, "menu/juice"]
        }
    reasons = sorted(mr.close_reason.value for mr in view.mrs.values() if mr.close_reason)
    assert reasons == [CloseReason.MERGED.value] * 5 + [CloseReason.SUPERSEDED.value] * 3
    assert files == {name: text.encode() for name, text in project.LAST.items()} | {
        "menu/juice": None
    }
    _play_on(done.stdout, keep)


def _play_on(out: str, keep: Path) -> None:
    """What the last lines say to try next works as it stands there."""
    _, _, advice = out.partition("What to try next:\n")
    commands = [line.strip() for line in advice.splitlines()]
    assert len(commands) == 4
    script = f"set -e\nrefinery() {{ '{sys.executable}' -m refinery \"$@\"; }}\n"
    done = subprocess.run(
        ["sh", "-c", script + "\n".join(commands)],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with open_queue(str(keep / "cafe.git")) as queue:
        assert queue.repo.reader.blob("main:menu/juice") == b"3\n"


def test_a_folder_with_something_in_it_is_not_touched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine").write_text("mine\n")
    assert main(["demo", "--keep", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith(f"error: --keep: '{tmp_path}' is there already")
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.journey
def test_an_interrupted_demo_leaves_nothing_behind(tmp_path: Path) -> None:
    playing = subprocess.Popen(
        [sys.executable, "-m", "refinery", "demo"],
        cwd=tmp_path,
        env=environment(tmp_path, {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert playing.stdout is not None
    for line in playing.stdout:
        if "git push origin mr/limit" in line:
            break
    playing.send_signal(signal.SIGINT)
    _, said = playing.communicate(timeout=60)
    assert (playing.returncode, said) == (130, "interrupted\n")
    assert list((tmp_path / "scratch").iterdir()) == []


@pytest.mark.journey
def test_a_demo_that_comes_out_otherwise_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = dict(os.environ)
    monkeypatch.setattr(project, "MILK", {"menu/milk": "2\n"})
    assert main(["demo"]) == 1
    said = capsys.readouterr()
    assert said.err.splitlines()[0] == "error: it is not so that what landed is mr/limit, mr/tea-4"
    assert "all as told" not in said.out
    assert dict(os.environ) == before
