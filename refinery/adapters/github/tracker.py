"""GitHub's issues as the tracker: opened once, found again, asked for their states in few requests.

An issue that was deleted, or transferred to another repository, is GONE: whoever did it took it
away from what it was about, and no webhook of this repository would tell how it went on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice

from refinery.adapters import forge_errors
from refinery.adapters.forge_errors import ForgeAway, ForgeRefused, NotThere
from refinery.adapters.github.connection import PAGE, GitHub
from refinery.adapters.github.conversation import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    Conversations,
    is_pull_request,
    number_of,
)
from refinery.adapters.issue_labels import labels_of
from refinery.adapters.issue_text import carries, fitted, fitted_title
from refinery.errors import RefineryError
from refinery.queue.tracking import IssueDraft, IssueStatus, OpenIssue
from refinery.records.names import IssueRef
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from github.Issue import Issue

_PAGES = 3  # of the newest issues, among which one of ours is looked for
_MOST_LABELLED = 300
_FEW = 3  # issues are asked for one by one; more are looked up in the list
_INSIDERS = {"OWNER", "MEMBER", "COLLABORATOR"}
_STATES = {"open": IssueStatus.OPEN, "closed": IssueStatus.CLOSED}
_DUPLICATE = "The same as #{first}, which was opened at the same time."


class GitHubTracker:
    """Fits `engine.ports.Tracker`."""

    name = "github"

    def __init__(self, github: GitHub) -> None:
        self._github = github
        self._conversations = Conversations(github)

    def find(self, marker: str) -> IssueRef | None:
        """Looks at the newest issues, then searches: the search is a minute behind."""
        listed = 0
        for page in self._pages(_PAGES):
            found = _first(page, marker)
            if found is not None:
                return _ref(found)
            listed += len(page)
        older = self._search(marker) if listed == _PAGES * PAGE else None
        return None if older is None else _ref(older)

    def open(self, draft: IssueDraft) -> IssueRef:
        """Look, create, look again: of two that were created at the same time the first stays."""
        there = self.find(draft.marker)
        if there:
            return there
        self._conversations.make_labels(labels_of(draft))
        issue = self._create(draft)
        first = self._just_opened(draft.marker)
        if first is not None and first < issue.number:
            self._close_duplicate(issue, first)
            return _ref(first)
        self._assign(issue, draft.assignee)
        return _ref(issue.number)

    def statuses(self, issues: Sequence[IssueRef]) -> Mapping[IssueRef, IssueStatus]:
        """Few are asked for one by one, many are found in the list of the newest."""
        numbers = {ref: number_of(ref) for ref in issues}
        wanted = {number for number in numbers.values() if number is not None}
        known = self._listed(wanted) if len(wanted) > _FEW else {}
        for number in sorted(wanted - known.keys()):
            known[number] = self._status(number)
        return {
            ref: IssueStatus.UNKNOWN if number is None else known[number]
            for ref, number in numbers.items()
        }

    def labelled(self, label: str) -> Sequence[OpenIssue]:
        """GitHub lists pull requests too, which are none."""
        doing = f"list the issues with the label {label!r}"
        repository = self._github.repository()
        with self._github.asking(doing):
            listed = islice(repository.get_issues(state="open", labels=[label]), _MOST_LABELLED)
            issues = [each for each in listed if not is_pull_request(each)]
            return [OpenIssue(_ref(each.number), each.title) for each in issues]

    def comment(self, issue: IssueRef, body: str) -> None:
        """Add a comment."""
        doing = f"comment on {issue}"
        self._conversations.say(self._get(issue, doing), body, doing)

    def close(self, issue: IssueRef, body: str) -> None:
        """Comment and close; a closed one stays as it is."""
        self._turn(issue, body, is_open=False)

    def reopen(self, issue: IssueRef, body: str) -> None:
        """Comment and open again; an open one stays as it is."""
        self._turn(issue, body, is_open=True)

    def label(self, issue: IssueRef, *, add: Sequence[str], remove: Sequence[str]) -> None:
        """Labels that the repository does not have are made."""
        doing = f"label {issue}"
        self._conversations.label(self._get(issue, doing), add=add, remove=remove, doing=doing)

    def _turn(self, ref: IssueRef, body: str, *, is_open: bool) -> None:
        doing = f"{'reopen' if is_open else 'close'} {ref}"
        issue = self._get(ref, doing)
        if (issue.state == "open") == is_open:
            return
        self._conversations.say_once(issue, body, doing)
        self._conversations.set_open(issue, is_open, doing)

    def _get(self, ref: IssueRef, doing: str) -> Issue:
        number = number_of(ref)
        if number is None:
            raise NotThere(f"{doing}: {ref!r} is no issue on GitHub", status=404)
        issue = self._conversations.get(number, doing)
        if is_pull_request(issue):
            raise NotThere(f"{doing}: #{number} is a pull request", status=404)
        return issue

    def _create(self, draft: IssueDraft) -> Issue:
        """Where the answer was lost, look before trying once more."""
        try:
            return self._post(draft)
        except ForgeAway:
            there = self._just_opened(draft.marker)
            if there is not None:
                return self._conversations.get(there, "open an issue")
            return self._post(draft)

    def _post(self, draft: IssueDraft) -> Issue:
        repository = self._github.repository()
        with self._github.asking("open an issue"):
            return repository.create_issue(
                fitted_title(draft.title, LONGEST_TITLE),
                fitted(draft.body, LONGEST_TEXT, marker=draft.marker),
                labels=list(labels_of(draft)),
            )

    def _close_duplicate(self, issue: Issue, first: int) -> None:
        doing = f"close {_ref(issue.number)}, a duplicate"
        self._conversations.say_once(issue, _DUPLICATE.format(first=first), doing)
        self._conversations.set_open(issue, False, doing)

    def _assign(self, issue: Issue, login: str | None) -> None:
        """Assign it to its author, if that is somebody who can be; it is open either way."""
        if login is None or not _is_login(login):
            return
        with suppress(RefineryError), self._github.asking("assign an issue"):
            issue.add_to_assignees(login)

    def _pages(self, most: int) -> Iterator[list[Issue]]:
        """The newest issues, a hundred at a time; pull requests are among them."""
        repository = self._github.repository()
        doing = "list the issues"
        with self._github.asking(doing):
            listed = repository.get_issues(state="all", sort="created", direction="desc")
        for page in range(most):
            with self._github.asking(doing):
                issues = listed.get_page(page)
                if not all(issue.html_url for issue in issues):
                    raise self._github.nonsense(doing)
            if issues:
                yield issues
            if len(issues) < PAGE:
                return

    def _just_opened(self, marker: str) -> int | None:
        """The first of the newest issues that carries a marker."""
        return next((_first(page, marker) for page in self._pages(1)), None)

    def _search(self, marker: str) -> int | None:
        name = self._github.repository().full_name
        query = f'repo:{name} is:issue in:body "{marker}"'
        try:
            with self._github.asking("search the issues"):
                return _first(self._github.client.search_issues(query).get_page(0), marker)
        except ForgeRefused:
            return None  # a repository that is not indexed

    def _listed(self, wanted: set[int]) -> dict[int, IssueStatus]:
        """What the list says of them; the rest is cheaper to ask for one by one."""
        known: dict[int, IssueStatus] = {}
        for page in self._pages(len(wanted)):
            known |= {issue.number: _state(issue) for issue in page if issue.number in wanted}
            left = wanted - known.keys()
            if not left or page[-1].number < min(left) or len(left) <= _pages_to(page, left):
                break
        return known

    def _status(self, number: int) -> IssueStatus:
        doing = f"read {_ref(number)}"
        try:
            return _state(self._conversations.get(number, doing))
        except NotThere:
            self._prove_readable(doing)
            return IssueStatus.GONE

    def _prove_readable(self, doing: str) -> None:
        """A token that may see no issue is told that there are none: that is not GONE."""
        repository = self._github.repository()
        if not repository.has_issues:
            raise forge_errors.issues_disabled(self._github.address, doing)
        try:
            next(self._pages(1), None)
        except NotThere as error:
            raise forge_errors.no_such_repository(self._github.address, doing) from error


def _ref(number: int) -> IssueRef:
    return IssueRef(f"github#{number}")


def _first(page: Sequence[Issue], marker: str) -> int | None:
    found = [issue for issue in page if carries(issue.body, marker) and _is_trusted(issue)]
    return min((issue.number for issue in found if not is_pull_request(issue)), default=None)


def _is_trusted(issue: Issue) -> bool:
    """Anybody can write a marker into an issue: its author has to belong here, or be an app."""
    is_app = issue.user is not None and issue.user.type == "Bot"
    return is_app or issue.author_association in _INSIDERS


def _state(issue: Issue) -> IssueStatus:
    """A pull request is an issue to GitHub, but it is not what we wait for."""
    if is_pull_request(issue):
        return IssueStatus.UNKNOWN
    return _STATES.get(issue.state, IssueStatus.UNKNOWN)


def _pages_to(page: list[Issue], left: set[int]) -> int:
    """How many more pages there are down to the oldest one wanted; at least one."""
    return (page[-1].number - min(left)) // PAGE + 1


def _is_login(name: str) -> bool:
    plain = name.removesuffix("[bot]").replace("-", "").replace("_", "")
    return 0 < len(name) < 40 and plain.isascii() and plain.isalnum() and name[0] not in "-_"
