"""A GitHub for tests: the emulator behind the fault proxy, and what the emulator lacks of GitHub.

Added here, as GitHub does it (docs.github.com/rest): commit statuses; 401 for a token that is not
known; OAuth scopes; issues that were deleted (410) or transferred (301); a pull request is an
issue too; 422 for a pull request that is there, or whose branch is not; 405 and 409 where a merge
is refused; 410 where issues are disabled; auto-merge by GraphQL.  All the rest is the emulator's.
"""

from __future__ import annotations

import itertools
import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.forges.emulator import Emulator, start_emulator
from tests.forges.fault_proxy import Answer, Asked, FaultProxy, Forward, replaced

OWNER = "acme"
TOKEN = "the-refinery-token"
PERSON_TOKEN = "a-person-token"
TOKENS = {TOKEN: OWNER, PERSON_TOKEN: "ada", "another-token": "grace"}

_names = itertools.count(1)


@dataclass
class GitHubServer:
    """One emulator for a session; each test has a repository of its own on it."""

    emulator: Emulator
    proxy: FaultProxy
    lacks: Lacking

    @property
    def url(self) -> str:
        """The API's address, as GITHUB_API_URL says it."""
        return self.proxy.url

    def repository(self, name: str | None = None, **settings: Any) -> str:
        """Make a repository with a commit on main; its `owner/name`."""
        made = {"name": name or f"shop-{next(_names)}", "auto_init": True, **settings}
        return str(self.api("POST", "/user/repos", made)["full_name"])

    def api(self, method: str, path: str, body: Any = None, *, token: str = TOKEN) -> Any:
        """Ask the emulator itself, past all faults; `HTTPError` where it refuses."""
        request = urllib.request.Request(
            self.emulator.url + path,
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"token {token}", "Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")

    def hook(self, repository: str, url: str, secret: str, *events: str) -> int:
        """Have webhooks delivered to a URL on loopback; the hook's id."""
        config = {"url": url, "secret": secret, "content_type": "json"}
        asked = {"config": config, "events": list(events) or ["*"], "active": True}
        return int(self.api("POST", f"/repos/{repository}/hooks", asked)["id"])

    def clear(self) -> None:
        """No fault and no memory of requests is left for the next test."""
        self.proxy.heal()
        self.proxy.forget()

    def stop(self) -> None:
        """End both."""
        self.proxy.close()
        self.emulator.stop()


def start_github(folder: Path) -> GitHubServer:
    """Start one; it is up in 0.2 s."""
    proxy = FaultProxy()
    emulator = start_emulator(folder, public_url=proxy.url, tokens=TOKENS)
    proxy.forward_to(emulator.url)
    lacks = Lacking(proxy.url)
    proxy.extensions.append(lacks)
    return GitHubServer(emulator, proxy, lacks)


@dataclass
class Lacking:
    """What the emulator lacks; paths are lower case `/repos/owner/name`."""

    url: str
    statuses: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    deleted: set[tuple[str, int]] = field(default_factory=set)
    strange: set[tuple[str, int]] = field(default_factory=set)  # opened by nobody of ours
    moved: dict[tuple[str, int], str] = field(default_factory=dict)  # to a path
    auto_merging: dict[str, dict[str, Any]] = field(default_factory=dict)  # by node id
    scopes: str | None = "repo, workflow"
    has_statuses: bool = True

    def __call__(self, asked: Asked, forward: Forward) -> Answer | None:
        if _token(asked) not in TOKENS:
            return Answer(401, {"message": "Bad credentials", "status": "401"})
        for pattern, answer in _ROUTES:
            found = re.fullmatch(pattern, asked.path)
            if found:
                answered = answer(self, asked, forward, *found.groups())
                if answered is not None:
                    return self._scoped(answered)
        return self._scoped(forward(asked))

    def _scoped(self, answer: Answer) -> Answer:
        told = {} if self.scopes is None else {"X-OAuth-Scopes": self.scopes}
        return Answer(answer.status, answer.body, {**answer.headers, **told})

    def status(self, asked: Asked, _: Forward, repo: str, sha: str) -> Answer | None:
        """`POST /repos/{owner}/{repo}/statuses/{sha}`"""
        if not self.has_statuses:
            return Answer(403, {"message": "Resource not accessible by integration"})
        told = asked.json
        if told["state"] not in {"pending", "success", "failure", "error"}:
            return Answer(422, {"message": "Validation Failed"})
        if len(told.get("description") or "") > 140:
            return Answer(422, {"message": "Validation Failed: description is too long"})
        if not re.fullmatch("[0-9a-f]{40}", sha):
            return Answer(422, {"message": f"No commit found for SHA: {sha}"})
        self.statuses.setdefault((repo, sha), []).append(told)
        return Answer(201, {**told, "url": f"{self.url}{asked.path}"})

    def issue(self, asked: Asked, forward: Forward, repo: str, number: str) -> Answer | None:
        """`/repos/{owner}/{repo}/issues/{number}`, and what is below it"""
        key = (repo, int(number))
        if key in self.deleted:
            return Answer(410, {"message": "This issue was deleted"})
        if key in self.moved:
            where = self.url + asked.path.replace(f"{repo}/issues/{number}", self.moved[key])
            return Answer(301, {"message": "Moved Permanently"}, {"Location": where})
        answer = forward(asked)
        if answer.status != 404:
            return answer
        pull = forward(replaced(asked, path=f"{repo}/pulls/{number}"))
        if pull.status == 200 and asked.path.endswith(f"/issues/{number}"):
            said = forward(replaced(asked, path=f"{asked.path}/comments?per_page=100")).json
            labels = forward(replaced(asked, path=f"{asked.path}/labels")).json
            url = f"{self.url}{asked.path}"
            as_issue = {"url": url, "comments": len(said), "labels": labels}
            return Answer(200, {**pull.json, **as_issue, "pull_request": {"url": url}})
        return self._gone(repo, forward, asked) or answer

    def issues(self, asked: Asked, forward: Forward, repo: str) -> Answer | None:
        """`/repos/{owner}/{repo}/issues`"""
        answer = forward(asked)
        if answer.status == 404:
            return self._gone(repo, forward, asked) or answer
        if asked.writes:
            return answer
        away = {*self.deleted, *self.moved}
        there = [one for one in answer.json if (repo, one["number"]) not in away]
        for one in there:
            if (repo, one["number"]) in self.strange:
                one["author_association"] = "NONE"
        if asked.query.get("page", ["1"]) == ["1"] and asked.query.get("state") == ["all"]:
            there = [*self._pulls(repo, forward, asked), *there]
        return Answer(answer.status, there, answer.headers)

    def _pulls(self, repo: str, forward: Forward, asked: Asked) -> list[dict[str, Any]]:
        """As issues, which they are to GitHub."""
        pulls = forward(replaced(asked, path=f"{repo}/pulls?state=all")).json
        return [{**pull, "pull_request": {"url": pull["url"]}} for pull in pulls]

    def _gone(self, repo: str, forward: Forward, asked: Asked) -> Answer | None:
        told = forward(replaced(asked, path=repo))
        if told.status == 200 and not told.json["has_issues"]:
            return Answer(410, {"message": "Issues are disabled for this repo"})
        return None

    def pulls(self, asked: Asked, forward: Forward, repo: str) -> Answer | None:
        """`POST /repos/{owner}/{repo}/pulls`: the emulator makes branches, and second ones"""
        if not asked.writes:
            return None
        head, base = asked.json["head"], asked.json["base"]
        for name in (head, base):
            if forward(replaced(asked, path=f"{repo}/branches/{name}")).status == 404:
                field = "head" if name == head else "base"
                wrong = {"resource": "PullRequest", "field": field, "code": "invalid"}
                return Answer(422, {"message": "Validation Failed", "errors": [wrong]})
        listed = f"{repo}/pulls?head={OWNER}:{head}&base={base}"
        if forward(replaced(asked, path=listed)).json:
            why = f"A pull request already exists for {OWNER}:{head}."
            wrong = {"resource": "PullRequest", "code": "custom", "message": why}
            return Answer(422, {"message": "Validation Failed", "errors": [wrong]})
        return None

    def merge(self, asked: Asked, forward: Forward, repo: str, number: str) -> Answer | None:
        """`PUT /repos/{owner}/{repo}/pulls/{number}/merge`"""
        answer = forward(asked)
        if answer.status != 422:
            return answer
        if "out of date" in answer.json["message"]:
            why = "Head branch was modified. Review and try the merge again."
            return Answer(409, {"message": why})
        return Answer(405, {"message": answer.json["message"]})

    def graphql(self, asked: Asked, forward: Forward) -> Answer | None:
        """`POST /graphql`: the mutation that enables auto-merge"""
        told = asked.json
        assert "enablePullRequestAutoMerge" in told["query"], told
        wanted = told["variables"]["input"]
        self.auto_merging[wanted["pullRequestId"]] = wanted
        return Answer(200, {"data": {"enablePullRequestAutoMerge": {"actor": {"login": OWNER}}}})


_REPO = "(/repos/[^/]+/[^/]+)"
_ROUTES: list[tuple[str, Callable[..., Answer | None]]] = [
    (f"{_REPO}/statuses/([^/]+)", Lacking.status),
    (f"{_REPO}/issues/([0-9]+)(?:/.*)?", Lacking.issue),
    (f"{_REPO}/issues", Lacking.issues),
    (f"{_REPO}/pulls/([0-9]+)/merge", Lacking.merge),
    (f"{_REPO}/pulls", Lacking.pulls),
    ("/graphql", Lacking.graphql),
]


def _token(asked: Asked) -> str:
    return asked.headers.get("authorization", "").partition(" ")[2]
