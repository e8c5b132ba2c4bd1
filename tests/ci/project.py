"""A project on GitHub's emulator whose workflow runs on this machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any

from refinery.setup.workflows import workflow
from tests.ci.runner import ACTION, Ran, Runner
from tests.forges.github_server import GitHubServer
from tests.sandbox import Sandbox


@dataclass
class Deliveries:
    """Where the emulator's webhooks arrive, one after the other."""

    url: str
    arrived: SimpleQueue[tuple[str, dict[str, Any]]] = field(default_factory=SimpleQueue)

    def next(self, event: str) -> dict[str, Any]:
        """The payload of the next event of a kind."""
        while True:
            name, payload = self.arrived.get(timeout=20)
            if name == event:
                return payload


@dataclass
class Project:
    """A repository on the emulator, whose git side is a sandbox's origin, and its workflow."""

    server: GitHubServer
    name: str
    box: Sandbox
    runner: Runner
    two_jobs: bool = False

    def run(self, event: str, **payload: Any) -> Ran:
        """Run the workflow that `init --github` writes, for an event."""
        _, text = workflow("github", branches=(), workers=1, action=ACTION, two_jobs=self.two_jobs)
        about = {"repository": {"full_name": self.name, "default_branch": "main"}}
        return self.runner.run(event, {**about, **payload}, workflow=text)

    def pushed(self, branch: str, before: str | None = None) -> Ran:
        """Run it for the push of a branch as it is on the origin."""
        return self.run(
            "push",
            ref=f"refs/heads/{branch}",
            before=before or "0" * 40,
            after=self.box.sha(branch),
            deleted=False,
        )

    def issues(self) -> list[dict[str, Any]]:
        """The open issues, oldest first."""
        found = self.server.api("GET", f"/repos/{self.name}/issues?state=open")
        return sorted(found, key=lambda issue: int(issue["number"]))

    def close(self, number: int) -> None:
        """Close an issue, as a person does."""
        self.server.api("PATCH", f"/repos/{self.name}/issues/{number}", {"state": "closed"})
