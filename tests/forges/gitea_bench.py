"""Gitea's bench: a fresh repository on the fake, behind a connection that can break."""

from __future__ import annotations

from typing import Any

import pytest

from refinery.adapters import gitea
from refinery.adapters.rest_forge import RestForge
from refinery.adapters.rest_tracker import RestTracker
from refinery.queue.pull_requests import CONTEXT
from refinery.records.merge_request import Method
from refinery.records.names import IssueRef, Sha
from tests.forges.benches import SeenIssue, SeenStatus, Trouble
from tests.forges.fake_gitea import TOKEN, FakeGitea, merge
from tests.forges.fault_proxy import Answer, FaultProxy
from tests.forges.rest_bench import RestBench
from tests.sandbox import Sandbox


class GiteaBench(RestBench):
    """Fits `RemoteBench` and `ForgeBench`, and is its own `Troubles`."""

    name = "gitea"
    assignable = "ada"

    def __init__(
        self, server: tuple[FaultProxy, FakeGitea], box: Sandbox, environment: pytest.MonkeyPatch
    ) -> None:
        proxy, self.fake = server
        self.repository = self.fake.repository()
        super().__init__(proxy, box, repository=self.repository.name)
        environment.setenv("GITEA_TOKEN", TOKEN)
        environment.setenv("GITEA_API_URL", f"{proxy.url}/api/v1")

    def tracker(self) -> RestTracker:
        """One more process' tracker."""
        return gitea.make_tracker(self.place())

    def tracker_of(self, repository: str) -> RestTracker:
        """One that is configured for another repository."""
        return gitea.make_tracker(self.place(repository))

    def forge(self) -> RestForge:
        """One more process' forge."""
        return gitea.make_forge(self.place())

    def refused(self, trouble: Trouble) -> Answer:
        """As Gitea words it; its limits are those of the proxy that stands before it."""
        match trouble:
            case Trouble.BAD_TOKEN:
                return Answer(401, {"message": "invalid username, password or token"})
            case Trouble.RATE_LIMITED | Trouble.SECONDARY_LIMIT:
                return Answer(429, b"Too Many Requests", {"Retry-After": "60"})
            case Trouble.FORBIDDEN:
                needed = "required=[write:issue], token scope=read:issue"
                why = f"token does not have at least one of required scope(s), {needed}"
                return Answer(403, {"message": why})
            case _:
                return Answer(404, {"message": "The target couldn't be found."})

    def disable_issues(self) -> None:
        """By the settings of the repository."""
        self.repository.settings["has_issues"] = False

    def enable_issues(self) -> None:
        """By the settings of the repository."""
        self.repository.settings.pop("has_issues", None)

    # People and their issues

    def issues(self) -> list[SeenIssue]:
        """All there are."""
        return [self._seen(issue) for issue in self.repository.issues.values()]

    def seen(self, issue: IssueRef) -> SeenIssue:
        """One issue."""
        return self._seen(self._issue(issue))

    def file(self, title: str, body: str = "") -> IssueRef:
        """Anybody may."""
        told = {"title": title, "body": body}
        made = self.api("POST", f"/repos/{self.repository.name}/issues", told)
        return IssueRef(f"gitea#{made['number']}")

    def file_as_stranger(self, title: str, body: str) -> IssueRef:
        """Labels would be left off."""
        ref = self.file(title, body)
        self._issue(ref)["user"] = {"id": 666, "login": "mallory"}
        return ref

    def close(self, issue: IssueRef) -> None:
        """By the button."""
        self._issue(issue)["state"] = "closed"

    def reopen(self, issue: IssueRef) -> None:
        """By the button."""
        self._issue(issue)["state"] = "open"

    def delete(self, issue: IssueRef) -> None:
        """An administrator may."""
        del self.repository.issues[_number(issue)]

    def transfer(self, issue: IssueRef) -> None:
        """Gitea moves no issue: people file it anew elsewhere, and delete this one."""
        self.delete(issue)

    # People and their pull requests

    def allow(self, method: Method) -> None:
        """A fresh repository allows all of them."""

    @property
    def branches(self) -> dict[str, str]:
        """What the forge believes of the repository."""
        return self.repository.branches

    def branch(self, name: str) -> Sha:
        """One commit."""
        return Sha(self.repository.push(name))

    def main(self) -> Sha:
        """Where main is."""
        return Sha(self.repository.branches["main"])

    def shown(self, head: Sha) -> SeenStatus | None:
        """The newest of this context."""
        told = [one for one in self.repository.statuses.get(head, []) if one["context"] == CONTEXT]
        if not told:
            return None
        newest = told[-1]
        return SeenStatus(newest["status"], newest["description"], newest["target_url"] or None)

    def said_on(self, number: int) -> tuple[str, ...]:
        """The comments of a pull request."""
        return tuple(said["body"] for said in self.repository.comments.get(number, []))

    def close_pull(self, number: int) -> None:
        """By the button."""
        self.repository.pulls[number]["state"] = "closed"

    def merge_pull(self, number: int) -> Sha:
        """By the button."""
        return Sha(merge(self.repository, self.repository.pulls[number]))

    def require_checks(self) -> None:
        """Branch protection with a check that nobody has run."""
        self.repository.needs_checks = True

    def merges_by_itself(self, number: int) -> bool:
        """Whether it is scheduled."""
        return number in self.repository.scheduled

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """Ask past all faults."""
        shown = {"authorization": f"token {TOKEN}"}
        return self.past_faults(self.fake, method, f"/api/v1{path}", body, shown)

    def _issue(self, issue: IssueRef) -> dict[str, Any]:
        return self.repository.issues[_number(issue)]

    def _seen(self, issue: dict[str, Any]) -> SeenIssue:
        return SeenIssue(
            IssueRef(f"gitea#{issue['number']}"),
            issue["title"],
            issue["body"],
            issue["state"] == "open",
            frozenset(label["name"] for label in issue["labels"]),
            frozenset(user["login"] for user in issue["assignees"] or ()),
            self.said_on(issue["number"]),
        )


def _number(issue: IssueRef) -> int:
    return int(issue.partition("#")[2])
