"""GitLab's bench: a fresh project on the fake, behind a connection that can break."""

from __future__ import annotations

from typing import Any

import pytest

from refinery.adapters import gitlab
from refinery.adapters.rest_forge import RestForge
from refinery.adapters.rest_tracker import RestTracker
from refinery.queue.pull_requests import CONTEXT
from refinery.records.merge_request import Method
from refinery.records.names import IssueRef, Sha
from tests.forges.benches import SeenIssue, SeenStatus, Trouble
from tests.forges.fake_gitlab import TOKEN, FakeGitLab, merge
from tests.forges.fault_proxy import Answer, FaultProxy
from tests.forges.rest_bench import RestBench
from tests.sandbox import Sandbox

_SHOWN = {"pending": "pending", "success": "success", "failed": "failure", "canceled": "error"}


class GitLabBench(RestBench):
    """Fits `RemoteBench` and `ForgeBench`, and is its own `Troubles`."""

    name = "gitlab"
    assignable = "ada"

    def __init__(
        self, server: tuple[FaultProxy, FakeGitLab], box: Sandbox, environment: pytest.MonkeyPatch
    ) -> None:
        proxy, self.fake = server
        self.project = self.fake.project()
        super().__init__(proxy, box, repository=self.project.path)
        environment.setenv("GITLAB_TOKEN", TOKEN)
        environment.setenv("GITLAB_API_URL", f"{proxy.url}/api/v4")
        environment.delenv("CI_JOB_TOKEN", raising=False)

    def tracker(self) -> RestTracker:
        """One more process' tracker."""
        return gitlab.make_tracker(self.place())

    def tracker_of(self, repository: str) -> RestTracker:
        """One that is configured for another repository."""
        return gitlab.make_tracker(self.place(repository))

    def forge(self) -> RestForge:
        """One more process' forge."""
        return gitlab.make_forge(self.place())

    def refused(self, trouble: Trouble) -> Answer:
        """As GitLab words it."""
        match trouble:
            case Trouble.BAD_TOKEN:
                told = {"error": "invalid_token", "error_description": "Token was revoked."}
                return Answer(401, told)
            case Trouble.RATE_LIMITED | Trouble.SECONDARY_LIMIT:
                left = {"RateLimit-Remaining": "0", "Retry-After": "60"}
                return Answer(429, {"message": "Too Many Requests"}, left)
            case Trouble.FORBIDDEN:
                why = "The request requires higher privileges than provided."
                told = {"error": "insufficient_scope", "error_description": why, "scope": "api"}
                return Answer(403, told)
            case _:
                return Answer(404, {"message": "404 Project Not Found"})

    def disable_issues(self) -> None:
        """By the settings of the project."""
        self.project.issues_access_level = "disabled"

    def enable_issues(self) -> None:
        """By the settings of the project."""
        self.project.issues_access_level = "enabled"

    # People and their issues

    def issues(self) -> list[SeenIssue]:
        """All that are still there."""
        return [self._seen(one) for one in self.project.issues.values() if not one["moved_to_id"]]

    def seen(self, issue: IssueRef) -> SeenIssue:
        """One issue."""
        return self._seen(self._issue(issue))

    def file(self, title: str, body: str = "") -> IssueRef:
        """Anybody may."""
        told = {"title": title, "description": body}
        made = self.api("POST", f"/projects/{self.project.id}/issues", told)
        return IssueRef(f"gitlab#{made['iid']}")

    def file_as_stranger(self, title: str, body: str) -> IssueRef:
        """Whoever has an account may, in a public project."""
        ref = self.file(title, body)
        self._issue(ref)["author"] |= {"id": 666, "username": "mallory"}
        self._issue(ref)["labels"] = ["needs-rebase"]
        return ref

    def close(self, issue: IssueRef) -> None:
        """By the button."""
        self._issue(issue)["state"] = "closed"

    def reopen(self, issue: IssueRef) -> None:
        """By the button."""
        self._issue(issue)["state"] = "opened"

    def delete(self, issue: IssueRef) -> None:
        """An owner may."""
        del self.project.issues[_number(issue)]

    def transfer(self, issue: IssueRef) -> None:
        """To another project: what is left behind is closed and names its successor."""
        self._issue(issue).update(state="closed", moved_to_id=4711)

    # People and their merge requests

    def allow(self, method: Method) -> None:
        """The project's own setting: there is no choice for a single merge request."""
        is_linear = method in (Method.REBASE, Method.FAST_FORWARD)
        self.project.merge_method = "ff" if is_linear else "merge"

    @property
    def branches(self) -> dict[str, str]:
        """What the forge believes of the repository."""
        return self.project.branches

    def branch(self, name: str) -> Sha:
        """One commit."""
        return Sha(self.project.push(name))

    def main(self) -> Sha:
        """Where main is."""
        return Sha(self.project.branches["main"])

    def shown(self, head: Sha) -> SeenStatus | None:
        """The newest of this name."""
        told = [one for one in self.project.statuses.get(head, []) if one["name"] == CONTEXT]
        if not told:
            return None
        newest = told[-1]
        return SeenStatus(_SHOWN[newest["status"]], newest["description"], newest["target_url"])

    def said_on(self, number: int) -> tuple[str, ...]:
        """The notes of a merge request."""
        return self._notes("merge_requests", number)

    def close_pull(self, number: int) -> None:
        """By the button."""
        self.project.merge_requests[number]["state"] = "closed"

    def merge_pull(self, number: int) -> Sha:
        """By the button."""
        return Sha(merge(self.project, self.project.merge_requests[number]))

    def require_checks(self) -> None:
        """Pipelines must succeed, and one is running."""
        self.project.needs_pipeline = True

    def merges_by_itself(self, number: int) -> bool:
        """Whether its auto-merge is on."""
        return bool(self.project.merge_requests[number]["merge_when_pipeline_succeeds"])

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """Ask past all faults."""
        return self.past_faults(self.fake, method, f"/api/v4{path}", body, {"private-token": TOKEN})

    def _issue(self, issue: IssueRef) -> dict[str, Any]:
        return self.project.issues[_number(issue)]

    def _notes(self, kind: str, number: int) -> tuple[str, ...]:
        return tuple(note["body"] for note in self.project.notes.get((kind, number), []))

    def _seen(self, issue: dict[str, Any]) -> SeenIssue:
        return SeenIssue(
            IssueRef(f"gitlab#{issue['iid']}"),
            issue["title"],
            issue["description"] or "",
            issue["state"] == "opened",
            frozenset(issue["labels"]),
            frozenset(user["username"] for user in issue["assignees"]),
            self._notes("issues", issue["iid"]),
        )


def _number(issue: IssueRef) -> int:
    return int(issue.partition("#")[2])
