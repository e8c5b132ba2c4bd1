"""GitLab's issues, by the number within their project (`iid`).

An issue that was moved to another project stays behind closed and names its successor: it is GONE,
as a deleted one is, and one that was made confidential before a token that may not see those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from refinery.adapters.forge_errors import NotPermitted, NotThere
from refinery.adapters.gitlab.notes import LONGEST_TITLE, harmless
from refinery.adapters.gitlab.project import Project
from refinery.adapters.issue_labels import labels_of
from refinery.adapters.issue_text import fitted_title
from refinery.adapters.rest_tracker import Found
from refinery.queue.tracking import IssueDraft, IssueStatus
from refinery.typed import Any

_STATES = {"opened": IssueStatus.OPEN, "closed": IssueStatus.CLOSED}
_AT_ONCE = 100


class GitLabIssues:
    """Fits `Issues`."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._login: str | None = None

    def newest(self, *, pages: int) -> Iterator[list[Found]]:
        """By the time they were opened, whoever opened them."""
        doing = "list the issues"
        asked = {"scope": "all", "order_by": "created_at", "sort": "desc"}
        is_empty = True
        for page in self._project.pages("/issues", doing, most=pages, **asked):
            is_empty = False
            yield [_found(issue) for issue in page]
        if is_empty:
            self._project.prove_readable(doing)

    def search(self, text: str) -> list[Found]:
        """GitLab's search sees words, and may leave out those in comments of HTML."""
        asked = {"search": text, "in": "description", "scope": "all"}
        pages = self._project.pages("/issues", "search the issues", most=1, **asked)
        return [_found(issue) for page in pages for issue in page]

    def labelled(self, label: str) -> list[tuple[int, str]]:
        """An empty list is also what a token is shown that may not read them."""
        doing = f"list the issues with the label {label!r}"
        asked = {"scope": "all", "state": "opened", "labels": label}
        found = [
            (int(issue["iid"]), str(issue["title"]))
            for page in self._project.pages("/issues", doing, most=1, **asked)
            for issue in page
            if label in issue.get("labels", ()) and _status(issue) is IssueStatus.OPEN
        ]
        if not found:
            self._project.prove_readable(doing)
        return found

    def trusts(self, issue: Found) -> bool:
        """On GitLab guests can put labels on a new issue: the author has to be who we are."""
        if self._login is None:
            self._login = str(self._project.rest.get("/user", "ask whose token it is")["username"])
        return issue.author == self._login

    def create(self, draft: IssueDraft) -> int:
        """Labels that the project lacks are made by GitLab."""
        doing = "open an issue"
        told: dict[str, Any] = {
            "title": fitted_title(draft.title, LONGEST_TITLE),
            "description": harmless(draft.body, marker=draft.marker),
            "labels": ",".join(labels_of(draft)),
            "assignee_ids": self._assignees(draft.assignee),
        }
        return int(self._project.send("POST", "/issues", doing, told)["iid"])

    def status(self, number: int, doing: str) -> IssueStatus:
        """The state of one."""
        return _status(self._project.get(f"/issues/{number}", doing))

    def statuses(self, numbers: Sequence[int]) -> Mapping[int, IssueStatus]:
        """A request for each hundred of them, and one more where some are not shown."""
        doing = "read the issues"
        known: dict[int, IssueStatus] = {}
        for start in range(0, len(numbers), _AT_ONCE):
            asked = {"iids[]": list(numbers[start : start + _AT_ONCE]), "scope": "all"}
            for page in self._project.pages("/issues", doing, most=1, **asked):
                known |= {int(issue["iid"]): _status(issue) for issue in page}
        gone = [number for number in numbers if number not in known]
        if gone:
            self._project.prove_readable(doing)
        return known | dict.fromkeys(gone, IssueStatus.GONE)

    def set_open(self, number: int, is_open: bool, doing: str) -> None:
        """Close or reopen."""
        self._change(number, {"state_event": "reopen" if is_open else "close"}, doing)

    def label(self, number: int, *, add: Sequence[str], remove: Sequence[str], doing: str) -> None:
        """GitLab takes names, and makes the labels it lacks."""
        self._change(number, label_change(add, remove), doing)

    def _change(self, number: int, change: Mapping[str, Any], doing: str) -> None:
        self._project.send("PUT", f"/issues/{number}", doing, change)

    def _assignees(self, name: str | None) -> list[int]:
        """The author, if that is somebody GitLab knows; it leaves off who may not be assigned."""
        if not name or not name.isascii() or any(each in name for each in "/ @#"):
            return []
        with suppress(NotPermitted, NotThere):
            known = self._project.rest.get("/users", "look up the author", username=name)
            return [int(user["id"]) for user in known if user["username"].lower() == name.lower()][
                :1
            ]
        return []


def label_change(add: Sequence[str], remove: Sequence[str]) -> dict[str, str]:
    """Only what changes: an empty list means something else in some versions."""
    told = {"add_labels": ",".join(add), "remove_labels": ",".join(remove)}
    return {name: labels for name, labels in told.items() if labels}


def _found(issue: Mapping[str, Any]) -> Found:
    author = str((issue.get("author") or {}).get("username"))
    return Found(int(issue["iid"]), issue["description"] or "", _status(issue), author)


def _status(issue: Mapping[str, Any]) -> IssueStatus:
    if issue.get("moved_to_id"):
        return IssueStatus.GONE
    return _STATES.get(issue["state"], IssueStatus.UNKNOWN)
