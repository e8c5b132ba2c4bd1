"""Pull requests on a real bare repository, for the emulator has no git behind its own.

An extension of the fault proxy: it answers for pull requests as GitHub does, and a merge is one in
the repository: `merge` makes a merge commit, `rebase` makes the commits again.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.forges.fault_proxy import Answer, Asked, Forward

FIRST = 1001  # no number of the emulator's


@dataclass
class GitPulls:
    """The pull requests of one repository; `strict`: a branch must be up to date to be merged."""

    repository: str
    origin: Path
    url: str
    strict: bool = True
    asks: str | None = None  # what it still wants before it merges anything
    merged_when_closed: bool = False  # it merges by itself just before somebody closes
    dies_when_closed: bool = False  # it closes, and the answer is lost
    pulls: dict[int, dict[str, Any]] = field(default_factory=dict)
    said: dict[int, list[str]] = field(default_factory=dict)

    def __call__(self, asked: Asked, _: Forward) -> Answer | None:
        base = f"/repos/{self.repository}"
        if asked.path == f"{base}/pulls":
            return self._open(asked) if asked.writes else self._list(asked)
        found = re.fullmatch(rf"{base}/(pulls|issues)/(\d+)(/.*)?", asked.path)
        if found is None or int(found[2]) not in self.pulls:
            return None
        number, below = int(found[2]), found[3] or ""
        if below == "/comments":
            return self._comments(asked, number)
        if below == "/merge":
            return self._merge(asked.json, number)
        if asked.method == "PATCH" and asked.json.get("state") == "closed":
            if self.merged_when_closed:
                self.merge(number)
            self.pulls[number]["state"] = "closed"
            if self.dies_when_closed:
                return Answer(503, {"message": "down"})
        return Answer(200, self._shown(number))

    def git(self, *args: str, stdin: str = "") -> str:
        """In the repository, as the forge."""
        who = {
            f"GIT_{role}_{what}": "forge@example.com"
            for role in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        done = subprocess.run(
            ("git", *args),
            cwd=self.origin,
            input=stdin,
            env={**os.environ, **who},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def merge(self, number: int, method: str = "merge") -> str:
        """Somebody, or the forge itself, merges it."""
        pull = self.pulls[number]
        onto = self.git("rev-parse", f"refs/heads/{pull['target']}")
        head = self._head(number)
        make = {"merge": self._merged, "rebase": self._rebased, "squash": self._squashed}[method]
        made = make(onto, head)
        self.git("update-ref", f"refs/heads/{pull['target']}", made, onto)
        pull |= {"state": "closed", "merged": made, "head": head}
        return made

    def close(self, number: int) -> None:
        """By the button."""
        self.pulls[number]["state"] = "closed"

    def _merged(self, onto: str, head: str) -> str:
        tree = self.git("merge-tree", "--write-tree", onto, head).splitlines()[0]
        return self.git("commit-tree", tree, "-p", onto, "-p", head, "-m", "Merge pull request")

    def _squashed(self, onto: str, head: str) -> str:
        return self.git("commit-tree", f"{head}^{{tree}}", "-p", onto, "-m", "All of it (#1)")

    def _rebased(self, onto: str, head: str) -> str:
        assert self.git("merge-base", onto, head) == onto, "only what is up to date"
        for commit in self.git("rev-list", "--reverse", f"{onto}..{head}").split():
            message = self.git("log", "-1", "--format=%B", commit)
            onto = self.git(
                "commit-tree", f"{commit}^{{tree}}", "-p", onto, "-F", "-", stdin=message
            )
        return onto

    def _merge(self, told: dict[str, Any], number: int) -> Answer:
        pull = self.pulls[number]
        if told["sha"] != self._head(number):
            return Answer(409, {"message": "Head branch was modified."})
        if pull["state"] != "open":
            return Answer(405, {"message": "Pull Request is not mergeable"})
        if self.asks:
            return Answer(405, {"message": self.asks})
        onto = self.git("rev-parse", f"refs/heads/{pull['target']}")
        if self.strict and self.git("merge-base", onto, told["sha"]) != onto:
            return Answer(405, {"message": "The head branch is not up to date with the base."})
        made = self.merge(number, told["merge_method"])
        return Answer(200, {"sha": made, "merged": True, "message": "merged"})

    def _open(self, asked: Asked) -> Answer:
        told = asked.json
        number = FIRST + len(self.pulls)
        self.pulls[number] = {
            "source": told["head"].rpartition(":")[2],
            "target": told["base"],
            "title": told["title"],
            "body": told["body"],
            "state": "open",
            "merged": None,
        }
        return Answer(201, self._shown(number))

    def _list(self, asked: Asked) -> Answer:
        source = asked.query.get("head", [""])[0].rpartition(":")[2]
        return Answer(
            200,
            [
                self._shown(number)
                for number, pull in reversed(self.pulls.items())
                if pull["source"] == source
                and (pull["state"] == "open" or asked.query.get("state") == ["all"])
            ],
        )

    def _comments(self, asked: Asked, number: int) -> Answer:
        said = self.said.setdefault(number, [])
        if asked.writes:
            said.append(asked.json["body"])
            return Answer(201, {"id": len(said), "body": said[-1]})
        return Answer(200, [{"id": n, "body": body} for n, body in enumerate(said)])

    def _head(self, number: int) -> str:
        pull = self.pulls[number]
        refs = self.git("for-each-ref", "--format=%(objectname)", f"refs/heads/{pull['source']}")
        return refs or str(pull.get("head", "0" * 40))

    def _shown(self, number: int) -> dict[str, Any]:
        pull = self.pulls[number]
        head = pull["head"] = self._head(number)
        repo = {"full_name": self.repository, "name": self.repository.partition("/")[2]}
        return {
            "number": number,
            "state": pull["state"],
            "title": pull["title"],
            "body": pull["body"],
            "merged": pull["merged"] is not None,
            "merged_at": "2026-01-01T00:00:00Z" if pull["merged"] else None,
            "merge_commit_sha": pull["merged"],
            "mergeable": True,
            "mergeable_state": "blocked" if self.asks else "clean",
            "labels": [],
            "comments": len(self.said.get(number, ())),
            "node_id": f"PR_{number}",
            "head": {"ref": pull["source"], "sha": head, "repo": repo},
            "base": {"ref": pull["target"], "sha": "0" * 40, "repo": repo},
            "url": f"{self.url}/repos/{self.repository}/issues/{number}",
            "html_url": f"https://github.com/{self.repository}/pull/{number}",
        }
