"""What others name this repository and a tag for: the pre-commit hook and the action of GitHub."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from refinery import __version__
from tests.ci.runner import TOOLS, Runner
from tests.release.conftest import OFFLINE, TAG
from tests.sandbox import Sandbox

pytestmark = pytest.mark.journey


# pre-commit


def test_pre_commit_installs_the_hook_from_the_tag_and_it_announces_a_push(
    tagged: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in OFFLINE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PRE_COMMIT_HOME", str(box.root / "pre-commit"))
    # As docs/ and the README have it, with the address that it has here.
    config = f"""\
repos:
- repo: file://{tagged}
  rev: {TAG}
  hooks:
  - id: refinery-pre-push
"""
    box.commit("main", {".pre-commit-config.yaml": config})
    box.push("main")
    box.switch("main")
    pre_commit = [sys.executable, "-m", "pre_commit"]
    for command in (["validate-manifest", str(tagged / ".pre-commit-hooks.yaml")], ["install"]):
        more = ["--hook-type", "pre-push", "--install-hooks"] if command == ["install"] else []
        done = subprocess.run(
            [*pre_commit, *command, *more], cwd=box.path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
    # From here on nothing but what it installed: the libraries come with its environment.
    head = box.commit("polecat/nux/gt-7")
    box.switch("polecat/nux/gt-7")
    pushed = box.push("polecat/nux/gt-7")
    mr = box.mr("polecat/nux/gt-7")
    assert (mr.head, mr.intent, mr.source_issue) == (head, True, "gt-7")
    said = pushed.out + pushed.err
    assert "refinery (forecast and submit what is pushed)" in said
    assert f"refinery: {mr.id} announced" in said
    [installed] = (box.root / "pre-commit").glob("repo*/py_env-*/bin/refinery")
    assert installed.is_file()
    box.cli("process")
    assert box.landed == ["polecat/nux/gt-7"]


# GitHub Actions

WORKFLOW = f"""\
name: refinery
on: workflow_dispatch
jobs:
  process:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
        with:
          ref: main
          persist-credentials: false
      - id: refinery
        uses: git-refinery/git-refinery@{TAG}
      - run: test "$LANDED" = 1
        env:
          LANDED: ${{{{ steps.refinery.outputs.landed }}}}
"""


@pytest.fixture
def action(tagged: Path, tmp_path: Path) -> Path:
    """What a runner downloads for `uses: git-refinery/git-refinery@TAG`: an archive of the tag."""
    archive = tmp_path / "action.tar"
    subprocess.run(
        ["git", "archive", "--format=tar", "--output", archive, TAG], cwd=tagged, check=True
    )
    (folder := tmp_path / "action").mkdir()
    subprocess.run(["tar", "--extract", "--file", archive, "--directory", folder], check=True)
    return folder


def test_the_action_installs_itself_from_the_tag_and_lands(
    action: Path, box: Sandbox, tmp_path: Path
) -> None:
    box.request("feat", {"feat.txt": "feat\n"})
    runner = Runner(tmp_path / "runner", box.origin, env=OFFLINE)
    (runner.bin / "refinery").unlink()  # nothing is installed there
    for name in ("python3", "git"):
        found = TOOLS / "python" if name == "python3" else shutil.which("git")
        (runner.bin / name).write_text(f'#!/bin/sh\nexec "{found}" "$@"\n')
        (runner.bin / name).chmod(0o755)
    more = ["--local-repository", f"git-refinery/git-refinery@{TAG}={action}"]
    ran = runner.run("workflow_dispatch", {}, workflow=WORKFLOW, more=more)
    assert ran.jobs == {"process": "success"}, ran.words
    assert f"Install refinery {__version__}" in ran.words
    assert box.landed == ["feat"]


def test_what_the_documentation_names_is_this_version() -> None:
    """The tag of the action and the version of the package, wherever they are shown."""
    root = Path(__file__).resolve().parent.parent.parent
    named = re.compile(r"git-refinery/git-refinery@v(\S+)|git-refinery(?:\[\w+\])?==([\w.]+)")
    pages = [root / "README.md", *(root / "docs").glob("*.md")]
    found = {
        (path.name, match[1] or match[2])
        for path in pages
        for match in named.finditer(path.read_text())
    }
    assert found == {(name, __version__) for name, _ in found}
    assert ("github.md", __version__) in found
