"""GitHub's bench: a fresh repository on the emulator, behind a connection that can break."""

from __future__ import annotations

import itertools
import socket
import time
from typing import TYPE_CHECKING, Any

import pytest

from refinery.adapters import github
from refinery.adapters.registry import Place
from refinery.records.merge_request import Method
from refinery.records.names import IssueRef, Sha
from refinery.repo.remote import transport
from refinery.repo.repository import Repository
from refinery.store.layout import RefNames
from tests.forges.benches import SeenIssue, SeenStatus, Trouble, Troubles
from tests.forges.fault_proxy import Answer, Fault
from tests.forges.github_server import TOKEN, GitHubServer
from tests.sandbox import Sandbox

if TYPE_CHECKING:
    from refinery.engine.ports import Forge, Tracker

_commits = itertools.count(1)


class GitHubBench:
    """Fits `TrackerBench` and `ForgeBench`, and is its own `Troubles`."""

    name = "github"
    assignable = "ada"

    def __init__(
        self, server: GitHubServer, box: Sandbox, monkeypatch: pytest.MonkeyPatch, **settings: Any
    ) -> None:
        self.server = server
        self.repository = server.repository(**settings)
        self.troubles: Troubles = self
        self.environment = monkeypatch
        self.clock = box.clock
        self._box = box
        self._repos: list[Repository] = []
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        monkeypatch.setenv("GITHUB_API_URL", server.url)

    # What is under test

    def place(self, **git_settings: str) -> Place:
        """A clone that is configured for the repository."""
        repo = Repository.discover(self._box.path)
        repo.config = {**repo.config, **{key: (told,) for key, told in git_settings.items()}}
        self._repos.append(repo)
        return Place(repo, transport(repo), RefNames(), "worker", self._box.clock, self.repository)

    def tracker(self) -> Tracker:
        """One more process' tracker; it waits a second for answers, not twenty."""
        return github.make_tracker(self.place(**{"refinery.timeout": "1"}))

    def forge(self) -> Forge:
        """One more process' forge."""
        return github.make_forge(self.place(**{"refinery.timeout": "1"}))

    def end(self) -> None:
        """Let go of the clones."""
        for repo in self._repos:
            repo.close()

    # Troubles

    def break_down(
        self, trouble: Trouble, *, writes: bool = False, times: int | None = None
    ) -> None:
        """As GitHub words it, and with its headers."""
        fault = _fault(trouble)
        fault.times = times
        fault.when = lambda asked: asked.writes or not writes
        self.server.proxy.break_down(fault)

    def heal(self) -> None:
        """All is well again."""
        self.server.proxy.heal()

    def asked(self) -> list[str]:
        """The requests since the last call."""
        asked = [f"{one.method} {one.path}" for one in self.server.proxy.asked]
        self.server.proxy.forget()
        return asked

    def refuse_connections(self) -> None:
        """From now on nobody listens where new trackers look."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.environment.setenv("GITHUB_API_URL", f"http://127.0.0.1:{free.getsockname()[1]}")

    # People and their issues

    def api(self, method: str, path: str = "", body: Any = None, *, token: str = TOKEN) -> Any:
        """Ask about the repository, past all faults."""
        return self.server.api(method, f"/repos/{self.repository}{path}", body, token=token)

    def issues(self) -> list[SeenIssue]:
        """All that were not deleted or moved."""
        found = self.api("GET", "/issues?state=all&direction=asc&per_page=100")
        away = {*self.server.lacks.deleted, *self.server.lacks.moved}
        there = [one for one in found if (self._path, one["number"]) not in away]
        return [self._seen(issue) for issue in there]

    def seen(self, issue: IssueRef) -> SeenIssue:
        """One issue."""
        return self._seen(self.api("GET", f"/issues/{_number(issue)}"))

    def file(self, title: str, body: str = "") -> IssueRef:
        """On GitHub anybody may; on the emulator only the owner."""
        made = self.api("POST", "/issues", {"title": title, "body": body})
        return IssueRef(f"github#{made['number']}")

    def file_as_stranger(self, title: str, body: str) -> IssueRef:
        """Whoever has an account may, in a public repository."""
        ref = self.file(title, body)
        self.server.lacks.strange.add((self._path, _number(ref)))
        return ref

    def close(self, issue: IssueRef) -> None:
        """By the button."""
        self.api("PATCH", f"/issues/{_number(issue)}", {"state": "closed"})

    def reopen(self, issue: IssueRef) -> None:
        """By the button."""
        self.api("PATCH", f"/issues/{_number(issue)}", {"state": "open"})

    def delete(self, issue: IssueRef) -> None:
        """An administrator may."""
        self.server.lacks.deleted.add((self._path, _number(issue)))

    def transfer(self, issue: IssueRef) -> None:
        """To another repository, where it gets a new number."""
        before = self.api("GET", f"/issues/{_number(issue)}")
        other = self.server.repository()
        there = {"title": before["title"], "body": before["body"]}
        made = self.server.api("POST", f"/repos/{other}/issues", there)
        where = f"/repos/{other}/issues/{made['number']}"
        self.server.lacks.moved[self._path, _number(issue)] = where

    # People and their pull requests

    def allow(self, method: Method) -> None:
        """A fresh repository allows all of them."""

    def branch(self, name: str) -> Sha:
        """One commit on top of where the branch is, or main."""
        refs = self.api("GET", f"/git/matching-refs/heads/{name}")
        tip = next((r["object"]["sha"] for r in refs if r["ref"] == f"refs/heads/{name}"), None)
        parent = tip or self.main()
        tree = self.api("GET", f"/git/commits/{parent}")["tree"]["sha"]
        commit = {"message": f"change {next(_commits)}", "tree": tree, "parents": [parent]}
        made = Sha(self.api("POST", "/git/commits", commit)["sha"])
        if tip:
            self.api("PATCH", f"/git/refs/heads/{name}", {"sha": made})
        else:
            self.api("POST", "/git/refs", {"ref": f"refs/heads/{name}", "sha": made})
        return made

    def main(self) -> Sha:
        """Where main is."""
        return Sha(self.api("GET", "/git/ref/heads/main")["object"]["sha"])

    def shown(self, head: Sha) -> SeenStatus | None:
        """The newest commit status."""
        told = self.server.lacks.statuses.get((self._path, head))
        if not told or told[-1]["context"] != "refinery":
            return None
        return SeenStatus(told[-1]["state"], told[-1]["description"], told[-1].get("target_url"))

    def said_on(self, number: int) -> tuple[str, ...]:
        """The comments of a pull request."""
        return tuple(one["body"] for one in self.api("GET", f"/issues/{number}/comments"))

    def close_pull(self, number: int) -> None:
        """By the button."""
        self.api("PATCH", f"/pulls/{number}", {"state": "closed"})

    def merge_pull(self, number: int) -> Sha:
        """By the button."""
        return Sha(self.api("PUT", f"/pulls/{number}/merge", {})["sha"])

    def require_checks(self) -> None:
        """Branch protection with a check that nobody has run, and auto-merge."""
        self.api("PATCH", "", {"allow_auto_merge": True})
        rule = {
            "required_status_checks": {"strict": False, "contexts": ["tests"]},
            "enforce_admins": True,
            "required_pull_request_reviews": None,
            "restrictions": None,
        }
        self.api("PUT", "/branches/main/protection", rule)

    def merges_by_itself(self, number: int) -> bool:
        """Whether the mutation was asked for this pull request."""
        node = self.api("GET", f"/pulls/{number}")["node_id"]
        return node in self.server.lacks.auto_merging

    @property
    def _path(self) -> str:
        return f"/repos/{self.repository}"

    def _seen(self, issue: Any) -> SeenIssue:
        said = self.api("GET", f"/issues/{issue['number']}/comments") if issue["comments"] else []
        return SeenIssue(
            IssueRef(f"github#{issue['number']}"),
            issue["title"],
            issue["body"] or "",
            issue["state"] == "open",
            frozenset(label["name"] for label in issue["labels"]),
            frozenset(user["login"] for user in issue["assignees"]),
            tuple(comment["body"] for comment in said),
        )


def _fault(trouble: Trouble) -> Fault:
    lost = {"message": "Server Error"}
    match trouble:
        case Trouble.SERVER_ERROR:
            return Fault(Answer(500, lost))
        case Trouble.LOST_ANSWER:
            return Fault(Answer(502, lost), performed=True)
        case Trouble.CUT:
            return Fault()
        case Trouble.CUT_AFTER:
            return Fault(performed=True)
        case Trouble.HANGS:
            return Fault(hangs=True)
        case Trouble.SLOW:
            return Fault(delay=0.15)
        case _:
            return Fault(_refusal(trouble))


def _refusal(trouble: Trouble) -> Answer:
    limits = {"X-RateLimit-Limit": "5000", "X-RateLimit-Resource": "core"}
    match trouble:
        case Trouble.BAD_TOKEN:
            return Answer(401, {"message": "Bad credentials", "status": "401"})
        case Trouble.RATE_LIMITED:
            reset = {
                "X-RateLimit-Remaining": "0",
                "X-RateLimit-Reset": str(int(time.time()) + 1800),
            }
            why = "API rate limit exceeded for user ID 1."
            return Answer(403, {"message": why}, {**limits, **reset})
        case Trouble.SECONDARY_LIMIT:
            why = (
                "You have exceeded a secondary rate limit. "
                "Please wait a few minutes before you try again."
            )
            spare = {"X-RateLimit-Remaining": "4000", "Retry-After": "60"}
            return Answer(403, {"message": why}, {**limits, **spare})
        case Trouble.FORBIDDEN:
            needed = {"X-Accepted-GitHub-Permissions": "issues=write"}
            return Answer(403, {"message": "Resource not accessible by integration"}, needed)
        case Trouble.ISSUES_DISABLED:
            return Answer(410, {"message": "Issues are disabled for this repo"})
        case _:
            return Answer(404, {"message": "Not Found"})


def _number(issue: IssueRef) -> int:
    return int(issue.partition("#")[2])


def only(path: str) -> Any:
    """What a fault is limited to: requests of a path that ends so."""
    return lambda asked: asked.path.endswith(path)
