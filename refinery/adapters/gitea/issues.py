"""Gitea's issues, by their number within the repository (`index`).

Gitea moves no issue to another repository, so GONE is deleted; a repository that was transferred
or renamed as a whole is found by its new name only, and said so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from refinery.adapters.forge_errors import NotPermitted, NotThere
from refinery.adapters.gitea.comments import LONGEST_TEXT, LONGEST_TITLE
from refinery.adapters.gitea.labels import Labels
from refinery.adapters.gitea.repository import GiteaRepository
from refinery.adapters.issue_labels import is_ours, labels_of
from refinery.adapters.issue_text import fitted, fitted_title
from refinery.adapters.rest_tracker import Found
from refinery.queue.tracking import IssueDraft, IssueStatus
from refinery.typed import Any

_STATES = {"open": IssueStatus.OPEN, "closed": IssueStatus.CLOSED}
_FEW = 3  # issues are asked for one by one; more are looked up in the list first


class GiteaIssues:
    """Fits `Issues`."""

    def __init__(self, repository: GiteaRepository) -> None:
        self._repository = repository
        self._labels = Labels(repository)

    def newest(self, *, pages: int) -> Iterator[list[Found]]:
        """By the time they were opened, which is Gitea's own order."""
        for page in self._listed("list the issues", most=pages):
            yield [_found(issue) for issue in page]

    def search(self, text: str) -> list[Found]:
        """By Gitea's index, which may be behind."""
        pages = self._listed("search the issues", most=1, q=text)
        return [_found(issue) for page in pages for issue in page]

    def labelled(self, label: str) -> list[tuple[int, str]]:
        """Some versions show all issues where the repository has no such label."""
        doing = f"list the issues with the label {label!r}"
        return [
            (found.number, str(issue["title"]))
            for page in self._listed(doing, most=1, state="open", labels=label)
            for issue in page
            if label in (found := _found(issue)).labels and found.status is IssueStatus.OPEN
        ]

    def trusts(self, issue: Found) -> bool:
        """Gitea leaves labels off the issues of those who may not write here, and ours have some.

        Who it is that our token belongs to it tells only tokens with one more scope.
        """
        return any(is_ours(label) for label in issue.labels)

    def create(self, draft: IssueDraft) -> int:
        """Gitea refuses the whole issue where somebody in it may not be assigned."""
        doing = "open an issue"
        told = {
            "title": fitted_title(draft.title, LONGEST_TITLE),
            "body": fitted(draft.body, LONGEST_TEXT, marker=draft.marker),
            "labels": self._labels.ids(labels_of(draft)),
            "assignees": self._assignees(draft.assignee),
        }
        return int(self._repository.send("POST", "/issues", doing, told)["number"])

    def status(self, number: int, doing: str) -> IssueStatus:
        """The state of one."""
        return _status(self._repository.get(f"/issues/{number}", doing))

    def statuses(self, numbers: Sequence[int]) -> Mapping[int, IssueStatus]:
        """Few are asked for one by one; of many, those that are open are in one list."""
        doing = "read the issues"
        known: dict[int, IssueStatus] = {}
        if len(numbers) > _FEW:
            for page in self._listed(doing, most=len(numbers) - _FEW, state="open"):
                known |= {int(one["number"]): _status(one) for one in page}
                if known.keys() >= set(numbers):
                    break
        left = [number for number in numbers if number not in known]
        return known | {number: self._status_or_gone(number) for number in left}

    def set_open(self, number: int, is_open: bool, doing: str) -> None:
        """Close or reopen."""
        state = {"state": "open" if is_open else "closed"}
        self._repository.send("PATCH", f"/issues/{number}", doing, state)

    def label(self, number: int, *, add: Sequence[str], remove: Sequence[str], doing: str) -> None:
        """Labels that the repository lacks are made."""
        self._labels.change(number, add=add, remove=remove, doing=doing)

    def _listed(
        self, doing: str, *, most: int, state: str = "all", **query: str
    ) -> Iterator[list[Any]]:
        asked = {"type": "issues", "state": state, **query}
        yield from self._repository.pages("/issues", doing, most=most, **asked)

    def _status_or_gone(self, number: int) -> IssueStatus:
        doing = f"read gitea#{number}"
        try:
            return self.status(number, doing)
        except NotThere:
            return IssueStatus.GONE

    def _assignees(self, name: str | None) -> list[str]:
        """The author, if that is somebody who may be assigned here."""
        if not name:
            return []
        with suppress(NotPermitted, NotThere):
            there = self._repository.get("/assignees", "look up the author")
            return [user["login"] for user in there if user["login"].lower() == name.lower()][:1]
        return []


def _found(issue: Mapping[str, Any]) -> Found:
    labels = tuple(str(label["name"]) for label in issue.get("labels") or ())
    return Found(int(issue["number"]), issue["body"] or "", _status(issue), labels=labels)


def _status(issue: Mapping[str, Any]) -> IssueStatus:
    """A pull request is an issue to Gitea, but it is not what we wait for."""
    if issue.get("pull_request"):
        return IssueStatus.UNKNOWN
    return _STATES.get(issue["state"], IssueStatus.UNKNOWN)
