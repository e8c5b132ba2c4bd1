"""Writes a queue in every state, for later versions to read: tests/upgrades/queues/VERSION.bundle.

python -m tools.keep_queue FILE              with this refinery
python -m tools.keep_queue FILE --source DIR with the one whose source is there

Nothing but the command line is used, so that a refinery of any age can be asked.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ARCHIVED = 97  # as many as it takes for a group of closed ones to go to the archive

CONFIG = """\
version: 1
method: merge
checks:
  - name: words
    run: "! grep -rl broken --include=*.txt ."
    timeout: 30s
"""
SEALED = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_NAME": "Ada" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "ada@example.com" for who in ("AUTHOR", "COMMITTER")},
    "REFINERY_WORKER": "ada",
}


class Clone:
    """A clone of an empty repository, whose queue one version of refinery fills."""

    def __init__(self, root: Path, source: Path) -> None:
        self.origin, self.path = root / "origin.git", root / "clone"
        self.env = {**os.environ, **SEALED, "PYTHONPATH": str(source), "HOME": str(root)}
        self._run("git", "init", "-q", "--bare", "-b", "main", str(self.origin), cwd=root)
        self._run("git", "clone", "-q", str(self.origin), str(self.path), cwd=root)
        self.git("checkout", "-q", "-b", "main")
        self.commit({".refinery.yaml": CONFIG, "shared.txt": "one\n"})
        self.git("push", "-q", "origin", "main")

    def git(self, *argv: str) -> str:
        """What git said in the clone."""
        return self._run("git", *argv, cwd=self.path)

    def refinery(self, *argv: str) -> str:
        """What refinery said there."""
        return self._run(sys.executable, "-P", "-m", "refinery", *argv, cwd=self.path)

    def commit(self, files: dict[str, str]) -> None:
        """A commit on the branch that is checked out."""
        for name, text in files.items():
            (self.path / name).write_text(text)
        self.git("add", "--all")
        self.git("commit", "-q", "-m", f"Change {', '.join(files)}")

    def request(self, branch: str, files: dict[str, str], *options: str) -> str:
        """A branch on what main was at first, queued; the id."""
        self.git("checkout", "-q", "-B", branch, "main")
        self.commit(files)
        self.git("push", "-q", "--force", "origin", branch)
        return self.refinery("submit", branch, *options).strip()

    def _run(self, *command: str, cwd: Path) -> str:
        done = subprocess.run(
            command, cwd=cwd, env=self.env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(command)}: {done.stderr}")
        return done.stdout


def fill(clone: Clone) -> None:
    """Bring merge requests into every state there is."""
    for number in range(ARCHIVED):
        clone.request(f"old-{number}", {f"{number}.txt": f"{number}\n"})
    clone.request("landed", {"shared.txt": "two\n"}, "--issue", "JIRA-7", "--priority", "0")
    clone.refinery("process", "--drain")
    clone.request("conflicting", {"shared.txt": "three\n"})
    clone.request("failing", {"broken.txt": "broken\n"})
    rejected = clone.request("rejected", {"rejected.txt": "no\n"})
    clone.refinery("reject", rejected, "--reason", "not wanted")
    held = clone.request("held", {"held.txt": "held\n"})
    clone.refinery("hold", held, "--reason", "after the release")
    clone.refinery("process", "--drain")
    below = clone.request("below", {"below.txt": "below\n"}, "--priority", "1")
    clone.request("above", {"above.txt": "above\n"}, "--depends-on", below)
    clone.request("moved", {"moved.txt": "first\n"})
    clone.request("moved", {"moved.txt": "second\n"})
    claimed = clone.request("claimed", {"claimed.txt": "claimed\n"})
    clone.refinery("claim", claimed)
    clone.refinery("pause", "--reason", "kept for later versions")
    clone.request("unfolded", {"unfolded.txt": "unfolded\n"})


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.keep_queue")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--source", type=Path, default=ROOT)
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as root:
        clone = Clone(Path(root), arguments.source.resolve())
        fill(clone)
        origin = ["git", f"--git-dir={clone.origin}"]
        subprocess.run([*origin, "repack", "-adfq", "--depth=250", "--window=250"], check=True)
        bundle = str(arguments.bundle.absolute())
        subprocess.run([*origin, "bundle", "create", "-q", bundle, "--all"], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
