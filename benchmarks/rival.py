"""Finds or installs mergetrain, a merge queue for one machine, to be measured in the same run."""

from __future__ import annotations

import shutil
import subprocess
import venv
from dataclasses import dataclass
from pathlib import Path

from benchmarks.world import World, git, run

VERSION = "3.7.1"

_CONFIG = """\
version: 2
project:
  name: bench
queue:
  processing: {processing}
gates:
  - name: test
    run: "true"
"""


class NoRival(Exception):
    """It cannot be had here; its rows are left out, and the reason is printed."""


@dataclass(frozen=True)
class Rival:
    """The command, and the verbs of a queue in its words."""

    command: Path

    def prepare(self, world: World, *, processing: str) -> None:
        """Configure it in the clone, and check every branch out: it queues nothing else."""
        run([self.command, "init", "--project", "bench", "--write"], cwd=world.clone)
        (world.clone / ".mergetrain.yaml").write_text(_CONFIG.format(processing=processing))
        git(world.clone, "add", ".")
        git(world.clone, "commit", "-q", "-m", "set up")
        git(world.clone, "push", "-q", "origin", "main")
        for branch in world.branches:
            git(world.clone, "worktree", "add", "-q", str(world.root / "trees" / branch), branch)

    def enqueue(self, world: World, branch: str) -> None:
        """Queue one branch, approved for landing without another word."""
        asked = ["enqueue", "--auto", "--task", f"task-{branch}", "--branch", branch]
        run([self.command, *asked], cwd=world.clone)

    def list(self, world: World) -> None:
        """Show the queue."""
        run([self.command, "status"], cwd=world.clone)

    def land(self, world: World) -> None:
        """Land what it takes in one go: one where it is `ordered`, all where it is `batch`.

        Its daemon sleeps a second between two, so a process for each is its fastest way.
        """
        run([self.command, "daemon", "--once"], cwd=world.clone)


def find(given: str | None, cache: Path) -> Rival:
    """The one that was named, the one on the PATH, or a fresh one under `cache`."""
    found = given or shutil.which("mergetrain")
    command = Path(found) if found else _installed(cache / f"mergetrain-{VERSION}")
    try:
        said = subprocess.run(
            [command, "--version"], capture_output=True, text=True, check=True, timeout=60
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise NoRival(f"{command}: {error}") from None
    if VERSION not in said:
        raise NoRival(f"{command} is {said.strip()}, not {VERSION}")
    return Rival(command)


def _installed(place: Path) -> Path:
    command = place / "bin" / "mergetrain"
    if not command.exists():
        venv.create(place, with_pip=True)
        pip = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        try:
            subprocess.run(
                [*pip, f"mergetrain=={VERSION}"], check=True, capture_output=True, timeout=300
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise NoRival(f"pip install mergetrain=={VERSION}: {error}") from None
    return command
