"""A GitLab as far as the adapter uses one, held to its API's description.

No real GitLab can be had where the tests run.  The description is `descriptions/gitlab.json`: REST
API v4 as @gitbeaker/core 43.8.0 types it, which knows GitLab 17.11.  Every request is checked
against it by path, query and body, and every answer; what it does not say is done as GitLab's
documentation and sources have it: 404 for what a token may not see, labels made as they are named,
400 for a status that is pending already, 405 for what cannot be merged yet, 401 for who may not.
"""

from __future__ import annotations

import hashlib
import itertools
import threading
from dataclasses import dataclass, field
from typing import Any

from tests.forges.described import Answer, Call, DescribedForge, Description, page_of
from tests.forges.fault_proxy import Asked, FaultProxy

TOKEN = "the-refinery-token"
JOB_TOKEN = "a-job-token"
TOKENS = {TOKEN: "refinery-bot", "a-person-token": "ada"}
PEOPLE = {"refinery-bot": 1, "ada": 2, "grace": 3}
NO_PROJECT = Answer(404, {"message": "404 Project Not Found"})
NOT_FOUND = Answer(404, {"message": "404 Not found"})

_serial = itertools.count(1)


@dataclass
class Project:
    """One project; issues and merge requests are kept as GitLab shows them."""

    path: str
    id: int
    issues: dict[int, dict[str, Any]] = field(default_factory=dict)
    merge_requests: dict[int, dict[str, Any]] = field(default_factory=dict)
    notes: dict[tuple[str, int], list[dict[str, Any]]] = field(default_factory=dict)
    statuses: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    hooks: list[dict[str, Any]] = field(default_factory=list)
    members: dict[str, int] = field(default_factory=lambda: {"refinery-bot": 40, "ada": 30})
    issues_access_level: str = "enabled"
    merge_method: str = "merge"
    needs_pipeline: bool = False
    is_checking: bool = False
    search_sees: bool = True

    def push(self, branch: str) -> str:
        """One more commit on a branch; merge requests follow it."""
        self.branches[branch] = tip = a_commit()
        for found in self.merge_requests.values():
            if found["source_branch"] == branch and found["state"] == "opened":
                found["sha"] = tip
                found["merge_when_pipeline_succeeds"] = False  # as GitLab aborts it
        return tip


class FakeGitLab(DescribedForge):
    """The API; `project` makes another one, which is all that a test needs."""

    def __init__(self) -> None:
        super().__init__(Description("gitlab"), base="/api/v4")
        self.projects: dict[str, Project] = {}
        self._lock = threading.RLock()
        one = "/projects/{id}/issues/{issue_iid}"
        merging = "/projects/{id}/merge_requests/{merge_request_iid}"
        self.answers(
            {
                "GET /personal_access_tokens/self": self._token,
                "GET /user": self._user,
                "GET /users": self._users,
                "GET /projects/{id}": self._project,
                "GET /projects/{id}/hooks": self._hooks,
                "GET /projects/{id}/issues": self._list_issues,
                "POST /projects/{id}/issues": self._create_issue,
                f"GET {one}": self._issue,
                f"PUT {one}": self._change_issue,
                f"GET {one}/notes": self._list_notes,
                f"POST {one}/notes": self._create_note,
                "GET /projects/{id}/merge_requests": self._list_merge_requests,
                "POST /projects/{id}/merge_requests": self._create_merge_request,
                f"GET {merging}": self._merge_request,
                f"PUT {merging}": self._change_merge_request,
                f"PUT {merging}/merge": self._merge,
                f"GET {merging}/notes": self._list_notes,
                f"POST {merging}/notes": self._create_note,
                "POST /projects/{id}/statuses/{sha}": self._set_status,
            }
        )

    def project(self, path: str | None = None) -> Project:
        """A fresh project with a commit on main."""
        number = next(_serial)
        made = Project(path or f"acme/tools/shop-{number}", number)
        made.branches["main"] = a_commit()
        self.projects[made.path] = self.projects[str(number)] = made
        return made

    def refusal(self, asked: Asked) -> Answer | None:
        """GitLab takes a job's token for few things, and issues are none of them."""
        if "job-token" in asked.headers:
            return NOT_FOUND if asked.headers["job-token"] == JOB_TOKEN else _unauthorized()
        return None if asked.headers.get("private-token") in TOKENS else _unauthorized()

    def __call__(self, asked: Asked, forward: Any) -> Answer:
        with self._lock:
            answer = super().__call__(asked, forward)
        limits = {"RateLimit-Limit": "2000", "RateLimit-Remaining": "1999"}
        date = {"Date": "Mon, 23 Nov 2026 12:00:00 GMT"}
        return Answer(answer.status, answer.body, {**limits, **date, **answer.headers})

    # People

    def _token(self, call: Call) -> Answer:
        return Answer(200, {"id": 1, "name": "refinery", "active": True, "scopes": ["api"]})

    def _user(self, call: Call) -> Answer:
        return Answer(200, _person(_asker(call)))

    def _users(self, call: Call) -> Answer:
        named = call.query.get("username", "").lower()
        return Answer(200, [_person(name) for name in PEOPLE if name == named])

    # The project

    def _found(self, call: Call) -> Project | None:
        return self.projects.get(call.path["id"])

    def _project(self, call: Call) -> Answer:
        project = self._found(call)
        if project is None:
            return NO_PROJECT
        level = project.members.get(_asker(call))
        access = {"access_level": level} if level else None
        return Answer(
            200,
            {
                "id": project.id,
                "path_with_namespace": project.path,
                "web_url": f"https://gitlab.example/{project.path}",
                "issues_enabled": project.issues_access_level != "disabled",
                "issues_access_level": project.issues_access_level,
                "merge_method": project.merge_method,
                "permissions": {"project_access": access, "group_access": None},
            },
        )

    def _hooks(self, call: Call) -> Answer:
        project = self._found(call)
        return NO_PROJECT if project is None else Answer(200, project.hooks)

    # Issues

    def _list_issues(self, call: Call) -> Answer:
        """One who may not read issues sees none: GitLab does not refuse the list."""
        project = self._found(call)
        if project is None:
            return NO_PROJECT
        found = [dict(issue) for issue in project.issues.values() if _reads(project, call)]
        asked = call.query
        if "iids" in asked:
            found = [issue for issue in found if issue["iid"] in asked["iids"]]
        if asked.get("scope", "created_by_me") == "created_by_me":
            found = [issue for issue in found if issue["author"]["username"] == _asker(call)]
        if "search" in asked:
            sees = project.search_sees
            found = [i for i in found if sees and asked["search"] in (i["description"] or "")]
        found.sort(key=lambda issue: issue["iid"], reverse=asked.get("sort", "desc") == "desc")
        return page_of(found, call, size_name="per_page", size=100)

    def _create_issue(self, call: Call) -> Answer:
        project = self._found(call)
        if project is None:
            return NO_PROJECT
        if not _reads(project, call):
            return Answer(403, {"message": "403 Forbidden"})
        told = call.body
        if len(told["title"]) > 255:
            return Answer(400, {"message": {"title": ["is too long (maximum is 255 characters)"]}})
        iid = max(project.issues, default=0) + 1
        assigned = [
            name for name in project.members if PEOPLE[name] in told.get("assignee_ids", [])
        ]
        project.issues[iid] = {
            "id": next(_serial),
            "iid": iid,
            "project_id": project.id,
            "title": told["title"],
            "description": told.get("description"),
            "state": "opened",
            "labels": _names(told.get("labels", "")),
            "assignees": [_person(name) for name in assigned[:1]],  # more is GitLab Premium
            "author": _person(_asker(call)),
            "web_url": f"https://gitlab.example/{project.path}/-/issues/{iid}",
            "created_at": "2026-11-23T12:00:00Z",
            "moved_to_id": None,
            "confidential": False,
        }
        return Answer(201, dict(project.issues[iid]))

    def _its_issue(self, call: Call) -> tuple[Project | None, dict[str, Any] | None]:
        project = self._found(call)
        if project is None or not _reads(project, call):
            return project, None
        return project, project.issues.get(call.number("issue_iid"))

    def _issue(self, call: Call) -> Answer:
        project, issue = self._its_issue(call)
        if project is None:
            return NO_PROJECT
        return NOT_FOUND if issue is None else Answer(200, dict(issue))

    def _change_issue(self, call: Call) -> Answer:
        project, issue = self._its_issue(call)
        if project is None or issue is None:
            return NO_PROJECT if project is None else NOT_FOUND
        _relabel(issue, call.body)
        event = call.body.get("state_event")
        issue["state"] = {"close": "closed", "reopen": "opened"}.get(event, issue["state"])
        return Answer(200, dict(issue))

    def _thread(self, call: Call) -> list[dict[str, Any]] | None:
        project = self._found(call)
        if project is None:
            return None
        if "issue_iid" in call.path:
            number, there = call.number("issue_iid"), project.issues
            is_there = number in there and _reads(project, call)
            kind = "issues"
        else:
            number, kind = call.number("merge_request_iid"), "merge_requests"
            is_there = number in project.merge_requests
        return project.notes.setdefault((kind, number), []) if is_there else None

    def _list_notes(self, call: Call) -> Answer:
        thread = self._thread(call)
        if thread is None:
            return NOT_FOUND
        newest_first = call.query.get("sort", "desc") == "desc"
        said = thread[::-1] if newest_first else thread
        return page_of(said, call, size_name="per_page", size=100)

    def _create_note(self, call: Call) -> Answer:
        thread = self._thread(call)
        if thread is None:
            return NOT_FOUND
        thread.append(_note(call.body["body"], _asker(call)))
        return Answer(201, thread[-1])

    # Merge requests

    def _list_merge_requests(self, call: Call) -> Answer:
        project = self._found(call)
        if project is None:
            return NO_PROJECT
        keys = ("state", "source_branch", "target_branch")
        wanted = {key: call.query[key] for key in keys if key in call.query}
        found = [
            dict(one)
            for one in reversed(project.merge_requests.values())
            if wanted.items() <= one.items()
        ]
        return page_of(found, call, size_name="per_page", size=100)

    def _create_merge_request(self, call: Call) -> Answer:
        project = self._found(call)
        if project is None:
            return NO_PROJECT
        told = call.body
        source, target = told["source_branch"], told["target_branch"]
        missing = [name for name in (source, target) if name not in project.branches]
        if missing:
            return Answer(400, {"message": [f'Branch "{missing[0]}" does not exist']})
        for other in project.merge_requests.values():
            branches = (other["source_branch"], other["target_branch"])
            if branches == (source, target) and other["state"] == "opened":
                why = "Another open merge request already exists for this source branch"
                return Answer(409, {"message": [f"{why}: !{other['iid']}"]})
        iid = max(project.merge_requests, default=0) + 1
        project.merge_requests[iid] = self._fresh(project, iid, told)
        return Answer(201, dict(project.merge_requests[iid]))

    def _fresh(self, project: Project, iid: int, told: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": next(_serial),
            "iid": iid,
            "project_id": project.id,
            "title": told["title"],
            "description": told.get("description"),
            "state": "opened",
            "web_url": f"https://gitlab.example/{project.path}/-/merge_requests/{iid}",
            "source_branch": told["source_branch"],
            "target_branch": told["target_branch"],
            "source_project_id": project.id,
            "target_project_id": project.id,
            "labels": [],
            "sha": project.branches[told["source_branch"]],
            "merge_commit_sha": None,
            "squash_commit_sha": None,
            "merge_when_pipeline_succeeds": False,
            "merge_status": "can_be_merged",
            "detailed_merge_status": "mergeable",
        }

    def _its_merge_request(self, call: Call) -> tuple[Project | None, dict[str, Any] | None]:
        project = self._found(call)
        if project is None:
            return None, None
        found = project.merge_requests.get(call.number("merge_request_iid"))
        if found and found["state"] == "opened":
            found["detailed_merge_status"] = _why_not(project) or "mergeable"
        return project, found

    def _merge_request(self, call: Call) -> Answer:
        project, found = self._its_merge_request(call)
        if project is None or found is None:
            return NO_PROJECT if project is None else NOT_FOUND
        return Answer(200, dict(found))

    def _change_merge_request(self, call: Call) -> Answer:
        project, found = self._its_merge_request(call)
        if project is None or found is None:
            return NO_PROJECT if project is None else NOT_FOUND
        _relabel(found, call.body)
        event = call.body.get("state_event")
        if found["state"] != "merged":
            found["state"] = {"close": "closed", "reopen": "opened"}.get(event, found["state"])
            found["target_branch"] = call.body.get("target_branch", found["target_branch"])
        return Answer(200, dict(found))

    def _merge(self, call: Call) -> Answer:
        project, found = self._its_merge_request(call)
        if project is None or found is None:
            return NO_PROJECT if project is None else NOT_FOUND
        if project.members.get(_asker(call), 0) < 30:
            return _unauthorized()
        later = call.body.get("auto_merge") or call.body.get("merge_when_pipeline_succeeds")
        why_not = _why_not(project)
        can_wait = later and why_not == "ci_must_pass"
        if found["state"] != "opened" or (why_not and not can_wait) or (later and not why_not):
            return Answer(405, {"message": "405 Method Not Allowed"})
        if call.body.get("sha", found["sha"]) != found["sha"]:
            return Answer(
                409, {"message": "SHA does not match HEAD of source branch: " + found["sha"]}
            )
        if can_wait:
            found["merge_when_pipeline_succeeds"] = True
        else:
            merge(project, found, squash=call.body.get("squash", False))
        return Answer(200, dict(found))

    def _set_status(self, call: Call) -> Answer:
        """A pending one of this name is changed, and refuses to become pending once more."""
        project = self._found(call)
        if project is None:
            return NO_PROJECT
        sha, told = call.path["sha"], call.body
        if sha not in project.branches.values():
            return Answer(404, {"message": "404 References for commit Not Found"})
        name = told.get("name", "default")
        there = project.statuses.setdefault(sha, [])
        running = [one for one in there if one["name"] == name and one["status"] == "pending"]
        if running and told["state"] == "pending":
            why = 'Reason(s): Status cannot transition via "enqueue"'
            told = f"Cannot transition status via :enqueue from :pending ({why})"
            return Answer(400, {"message": told})
        made = {
            "id": running[-1]["id"] if running else next(_serial),
            "sha": sha,
            "ref": "feat",
            "status": told["state"],
            "name": name,
            "target_url": told.get("target_url"),
            "description": told.get("description"),
        }
        if running:
            there.remove(running[-1])
        there.append(made)
        return Answer(201, made)


def merge(project: Project, found: dict[str, Any], *, squash: bool = False) -> str:
    """What becomes of the target; a fast-forward makes no merge commit."""
    found["state"] = "merged"
    landed = found["sha"]
    if squash:
        found["squash_commit_sha"] = landed = a_commit()
    if project.merge_method != "ff":
        found["merge_commit_sha"] = landed = a_commit()
    project.branches[found["target_branch"]] = landed
    return str(landed)


def start_gitlab() -> tuple[FaultProxy, FakeGitLab]:
    """One that listens on loopback; its API is at `{proxy.url}/api/v4`."""
    proxy, fake = FaultProxy(), FakeGitLab()
    proxy.extensions.append(fake)
    return proxy, fake


def a_commit() -> str:
    """The id of a commit that nobody made before."""
    return hashlib.sha1(f"commit {next(_serial)}".encode()).hexdigest()


def _why_not(project: Project) -> str | None:
    if project.is_checking:
        return "checking"
    return "ci_must_pass" if project.needs_pipeline else None


def _reads(project: Project, call: Call) -> bool:
    level = project.issues_access_level
    return level == "enabled" or (level == "private" and _asker(call) in project.members)


def _asker(call: Call) -> str:
    return TOKENS[call.headers["private-token"]]


def _relabel(found: dict[str, Any], told: dict[str, str]) -> None:
    off = _names(told.get("remove_labels", ""))
    kept = [label for label in found["labels"] if label not in off]
    new = [label for label in _names(told.get("add_labels", "")) if label not in kept]
    found["labels"] = kept + new


def _names(told: str) -> list[str]:
    return [name for name in told.split(",") if name]


def _person(name: str) -> dict[str, Any]:
    return {"id": PEOPLE[name], "username": name, "name": name.title(), "state": "active"}


def _note(body: str, author: str, *, system: bool = False) -> dict[str, Any]:
    return {
        "id": next(_serial),
        "body": body,
        "author": _person(author),
        "created_at": "2026-11-23T12:00:00Z",
        "system": system,
    }


def _unauthorized() -> Answer:
    return Answer(401, {"message": "401 Unauthorized"})
