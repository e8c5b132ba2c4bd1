"""What authors do needs nothing that Windows lacks: tried there by CI, and elsewhere without it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from refinery.repo import process

pytestmark = pytest.mark.journey

ROOT = Path(__file__).resolve().parent.parent.parent
POSIXLESS = Path(__file__).resolve().parent / "posixless"


@dataclass(frozen=True)
class Author:
    """Somebody with a clone, on a machine that has only what Windows has."""

    path: Path

    def git(self, *arguments: str) -> str:
        """git, which has to succeed."""
        done = subprocess.run(
            ["git", *arguments], cwd=self.path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def commit(self, branch: str, files: dict[str, str]) -> None:
        """A commit on a branch that begins at main."""
        self.git("switch", "-q", "-C", branch, "main")
        for name, text in files.items():
            (self.path / name).write_text(text, encoding="utf-8", newline="\n")
        self.git("add", "--all")
        self.git("commit", "-q", "-m", f"Change {', '.join(files)}")

    def refinery(self, *arguments: str, code: int = 0) -> str:
        """A command, which has to end with the code; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "refinery", *arguments],
            cwd=self.path,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(map(str, (POSIXLESS, ROOT))),
                "PYTHONIOENCODING": "utf-8",
                "REFINERY_WORKER": "ada",
            },
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == code, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout if code == 0 else done.stderr


@pytest.fixture
def author(tmp_path: Path) -> Author:
    origin, clone = tmp_path / "origin.git", tmp_path / "clone"
    clone.mkdir()
    made = Author(clone)
    made.git("init", "-q", "--bare", "-b", "main", str(origin))
    made.git("init", "-q", "-b", "main")
    made.git("remote", "add", "origin", str(origin))
    made.git("config", "core.autocrlf", "false")
    made.git("commit", "-q", "--allow-empty", "-m", "first")
    made.git("push", "-q", "origin", "main")
    return made


@pytest.mark.skipif(sys.platform == "win32", reason="there it is so")
def test_the_stand_in_lacks_what_windows_lacks(author: Author) -> None:
    script = """
import os, refinery.repo.process as git, refinery.repo.locking as locking
print(hasattr(os, 'killpg'), 'fcntl' in vars(locking), git._signal_group.__code__.co_consts)
"""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (POSIXLESS, ROOT)))}
    said = subprocess.run(
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True
    ).stdout
    assert said.startswith("False False")
    assert "win32" in said
    assert hasattr(process.os, "killpg")


def test_an_author_submits_looks_decides_and_pushes(author: Author) -> None:
    author.commit("feat", {"feat.txt": "feat\n"})
    id = author.refinery("submit").strip()
    assert [row["mr"]["id"] for row in json.loads(author.refinery("queue", "--json"))] == [id]
    for command in ("queue", "list", "ready", "unclaimed", "blocked", "next", "log", "status"):
        author.refinery(command)
    for command in ("plan", "forecast", "stats", "fsck", "issue"):
        author.refinery(command, *(["list"] if command == "issue" else []))
    assert json.loads(author.refinery("show", id, "--json"))["branch"] == "feat"
    assert id in author.refinery("why")
    author.refinery("hold", id, "--reason", "not yet")
    author.refinery("unhold", id)
    author.refinery("priority", id, "0")
    author.refinery("pause", "--reason", "a break")
    author.refinery("resume")
    author.refinery("claim", id)
    author.refinery("release", id)
    author.commit("more", {"more.txt": "more\n"})
    author.refinery("push")
    author.refinery("reject", "more", "--reason", "not wanted")
    author.git("switch", "-q", "feat")
    author.commit("feat", {"feat.txt": "better\n"})
    assert author.refinery("push", "--force").splitlines()[-1] != id
    assert len(json.loads(author.refinery("queue", "--json"))) == 1
    assert author.git("ls-remote", "origin", "refs/refinery/queue")


def test_a_hook_of_the_clone_announces_a_push(author: Author) -> None:
    author.refinery("hooks", "install")
    author.commit("mr/feat", {"feat.txt": "feat\n"})
    author.git("push", "-q", "origin", "mr/feat")
    [row] = json.loads(author.refinery("queue", "--json"))
    assert (row["mr"]["branch"], row["mr"]["intent"]) == ("mr/feat", True)


def test_processing_is_refused_with_where_it_can_be_done(author: Author) -> None:
    author.commit("feat", {"feat.txt": "feat\n"})
    author.refinery("submit")
    assert author.refinery("process", "--drain", code=1) == (
        "error: checks do not run on Windows, so nothing is processed here\n"
        "hint: submitting works; let a worker on Linux or macOS, in WSL or in CI process it\n"
    )
