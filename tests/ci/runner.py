"""Runs workflow files for real: act executes them on this machine, without Docker or network."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.sandbox import CHECKOUT

ACTION = f"acme/refinery@{'a' * 40}"
"""What the workflows of these tests use; it is this checkout's action."""
PARTS = ("action.yml", "scripts/action", "refinery/__init__.py")
TOOLS = Path(sys.executable).parent

# As little of actions/checkout as matters here: a clone of depth 1 that keeps no credentials.
_CHECKOUT_ACTION = """\
name: checkout
inputs:
  ref: {default: ""}
  persist-credentials: {default: "true"}
runs:
  using: composite
  steps:
    - shell: bash
      env:
        REF: ${{ inputs.ref }}
        KEEPS: ${{ inputs.persist-credentials }}
      run: |
        test "$KEEPS" = false
        git init -q .
        git remote add origin "$TEST_ORIGIN"
        git fetch -q --no-tags --depth=1 origin "+refs/heads/$REF:refs/remotes/origin/$REF"
        git checkout -q -B "$REF" "refs/remotes/origin/$REF"
"""


@dataclass(frozen=True)
class Ran:
    """What became of a workflow."""

    lines: tuple[dict[str, Any], ...]

    @property
    def jobs(self) -> dict[str, str]:
        """The jobs that ran, and how they ended."""
        return {line["jobID"]: line["jobResult"] for line in self.lines if "jobResult" in line}

    @property
    def output(self) -> str:
        """All that the steps printed, as far as the runner did not take it for a command."""
        return "".join(line["msg"] for line in self.lines if line.get("raw_output"))

    def commands(self, name: str) -> list[dict[str, Any]]:
        """The commands of a kind that the runner obeyed."""
        return [line for line in self.lines if line.get("command") == name]

    def outputs(self, job: str) -> dict[str, str]:
        """The last value of each output that a step of the job set."""
        told = [line for line in self.commands("set-output") if line["jobID"] == job]
        return {line["name"]: line["arg"] for line in told}

    def summary(self, job: str) -> str:
        """The page of a job."""
        pages = [line for line in self.commands("summary") if line["jobID"] == job]
        return "".join(page["content"] for page in pages)

    @property
    def words(self) -> str:
        """Everything, for the message of an assertion."""
        return "\n".join(str(line["msg"]).rstrip() for line in self.lines if not _is_noise(line))


def _is_noise(line: Mapping[str, Any]) -> bool:
    return str(line["msg"]).startswith(("unable to get git", "LocalRepositoryCache"))


@dataclass
class Runner:
    """A machine with a refinery on its PATH, where workflows of one repository run."""

    root: Path
    origin: Path
    env: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.root.mkdir()
        (self.root / "home").mkdir()
        _write(self.root / "checkout" / "action.yml", _CHECKOUT_ACTION)
        copy_action(self.root / "action")
        self.install(CHECKOUT)

    @property
    def bin(self) -> Path:
        """Where commands can be put for the steps to find."""
        return self.root / "bin"

    def install(self, package: Path) -> None:
        """Put a `refinery` on the PATH that is this Python's, with the package from a folder."""
        command = f'PYTHONPATH="{package}" exec "{sys.executable}" -P -m refinery "$@"'
        write_script(self.bin / "refinery", command)

    def run(
        self,
        event: str,
        payload: Mapping[str, Any],
        *,
        workflow: str,
        more: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
    ) -> Ran:
        """Run the workflow for an event; `workflow` is its text."""
        folder = self.root / "repository"
        _write(folder / ".github" / "workflows" / "refinery.yml", workflow)
        _write(self.root / "event.json", json.dumps(payload))
        if not (folder / ".git").exists():
            subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
        done = subprocess.run(
            [
                *(TOOLS / "act", event, "--json", "--no-cache-server"),
                *("--platform", "ubuntu-latest=-self-hosted"),
                *("--eventpath", self.root / "event.json"),
                *("--workflows", folder / ".github" / "workflows" / "refinery.yml"),
                *("--local-repository", f"{ACTION}={self.root / 'action'}"),
                *(arg for name in checkouts(workflow) for arg in self._checkout(name)),
                *(arg for pair in self.secrets.items() for arg in ("-s", "=".join(pair))),
                *(
                    arg
                    for pair in self._env(env or {}).items()
                    for arg in ("--env", "=".join(pair))
                ),
                *more,
            ],
            cwd=folder,
            env=os.environ
            | {
                "HOME": str(self.root / "home"),
                "PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}",
            },
            capture_output=True,
            text=True,
            timeout=120,
        )
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        ran = Ran(tuple(lines))
        assert ran.jobs, f"{done.stdout}\n{done.stderr}"
        return ran

    def _checkout(self, name: str) -> tuple[str, str]:
        return ("--local-repository", f"{name}={self.root / 'checkout'}")

    def _env(self, more: Mapping[str, str]) -> dict[str, str]:
        return {"TEST_ORIGIN": f"file://{self.origin}", **self.env, **more}


def checkouts(workflow: str) -> set[str]:
    """The actions/checkout that a workflow uses, as act knows them."""
    uses = [
        line.partition("uses: ")[2].split()[0] for line in workflow.splitlines() if "uses: " in line
    ]
    return {
        name.removeprefix("https://github.com/") for name in uses if "actions/checkout@" in name
    }


def copy_action(folder: Path) -> None:
    """What a runner downloads of this repository, as far as the action looks at it."""
    for name in PARTS:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(CHECKOUT / name, folder / name)


def write_script(path: Path, text: str) -> None:
    """An executable file."""
    _write(path, f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
