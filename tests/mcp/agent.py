"""A coding agent without a model: it sees only documents and exit codes, and has hands for git."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from tests.mcp.client import Agent
from tests.sandbox import CHECKOUT, Sandbox

_MARKED = re.compile(
    r"^<{7}.*\n(?P<ours>(.*\n)*?)\|{7}.*\n(.*\n)*?={7}\n(?P<theirs>(.*\n)*?)>{7}.*\n", re.MULTILINE
)


class Hands(Protocol):
    """How an agent asks the queue: the document, and whether it was an answer or an error."""

    def __call__(self, command: str, **given: Any) -> tuple[bool, Any]: ...


@dataclass
class Shell:
    """Commands with `--json`, each a process of its own; what they say on stderr is thrown away."""

    box: Sandbox
    codes: list[int] = field(default_factory=list)

    def __call__(self, command: str, **given: Any) -> tuple[bool, Any]:
        """Run it: what is wrong is known by `error` in the document alone."""
        named = [given.pop(each) for each in ("id", "code") if each in given]
        named += [f"--{given.pop('step')}"] if "step" in given else []
        options = [f"--{key.replace('_', '-')}={value}" for key, value in given.items()]
        options = [each.removesuffix("=True") for each in options]
        done = self.box.run(command, *named, *options, "--json")
        self.codes.append(done.code)
        return "error" not in done.json, done.json


@dataclass
class Tools:
    """The same by the tools of the server."""

    agent: Agent

    def __call__(self, command: str, **given: Any) -> tuple[bool, Any]:
        """Call the tool."""
        told = self.agent(command, **given)
        only_list = {*told.document} == {command}
        return not told.is_error, told.document[command] if only_list else told.document


@dataclass
class Worker:
    """Lands one branch, whatever comes in its way; `story` is what came."""

    box: Sandbox
    hands: Hands
    story: list[str] = field(default_factory=list)

    def land(self, branch: str) -> None:
        """Submit and wait, and repair it as often as it comes back."""
        self._know("submit", branch=branch)
        for _ in range(5):
            self.box.run("process", "--drain")
            ended = self._know("wait", id=branch)
            self.story.append(ended["outcome"])
            if ended["outcome"] == "landed":
                return
            self._repair(self._know("why", id=branch), branch)
        raise AssertionError(f"gave up: {self.story}")

    def _know(self, command: str, **given: Any) -> Any:
        answered, document = self.hands(command, **given)
        assert answered, document
        return document

    def _repair(self, why: dict[str, Any], branch: str) -> None:
        kinds = {each["kind"] for each in self._know("explain", code=why["code"])}
        assert "standing" in kinds
        self.story.append(why["code"])
        match why["code"]:
            case "needs-rework":
                self._obey_evidence(why["evidence"], branch)
                self._know("submit", branch=branch)
            case "blocked-by-issue":
                assert why["next"] == f"refinery resolve {why['id']}"
                self._resolve(why["id"])

    def _obey_evidence(self, evidence: str, branch: str) -> None:
        """`FILE: expected WORDS`, said a check."""
        found = re.search(r"^(?P<file>\S+): expected (?P<words>.*)$", evidence, re.MULTILINE)
        assert found is not None, evidence
        self._sh(f"git switch -q {branch}")
        (self.box.path / found["file"]).write_text(f"{found['words']}\n")
        self._sh("git commit -q -a -m Repair")

    def _resolve(self, id: str) -> None:
        """Both sides are right: of what both changed, the lines of both stay."""
        laid_out = self._know("resolve", id=id)
        for each in laid_out["files"]:
            assert each["kind"] == "both-changed"
            file = Path(laid_out["worktree"], each["path"])
            file.write_text(_MARKED.sub(r"\g<ours>\g<theirs>", file.read_text()))
        self.story.append(self._know("resolve", id=id, step="continue")["state"])

    def _sh(self, command: str) -> str:
        """What anybody with a shell in the clone can do."""
        done = subprocess.run(
            ["sh", "-ec", f'refinery() {{ "$PYTHON" -m refinery "$@"; }}\n{command}'],
            cwd=self.box.path,
            env={**os.environ, "PYTHON": sys.executable, "PYTHONPATH": str(CHECKOUT)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout
