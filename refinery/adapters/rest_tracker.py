"""A tracker over any forge's REST API: opened exactly once, whatever is lost on the way.

What a forge calls an issue, and how it is asked about it, is in `Issues`; this is the order in
which to ask.  An issue that was deleted, or moved to another project, is GONE: whoever did it took
it away from what it was about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from refinery.adapters.forge_errors import ForgeAway, NotThere
from refinery.adapters.issue_text import carries
from refinery.adapters.rest_comments import Comments, say, say_once
from refinery.queue.tracking import IssueDraft, IssueStatus, OpenIssue
from refinery.records.names import IssueRef
from refinery.typed import Protocol
from refinery.values import dataclass

_PAGES = 3  # of the newest issues, among which one of ours is looked for
_DUPLICATE = "The same as #{first}, which was opened at the same time."


@dataclass(frozen=True, slots=True)
class Found:
    """An issue, as far as it matters."""

    number: int
    body: str
    status: IssueStatus
    author: str = ""
    labels: tuple[str, ...] = ()


class Issues(Protocol):
    """The issues of one repository; pull requests are none of them."""

    def newest(self, *, pages: int) -> Iterator[list[Found]]:
        """The newest first, open and closed, so many pages at most."""
        ...

    def search(self, text: str) -> list[Found]:
        """Those an index knows of; it may lag, and may have some that lack the text."""
        ...

    def trusts(self, issue: Found) -> bool:
        """Whether it is what its marker says: anybody can write one into an issue of their own."""
        ...

    def labelled(self, label: str) -> list[tuple[int, str]]:
        """Numbers and titles of the open ones with a label; of many not all."""
        ...

    def create(self, draft: IssueDraft) -> int:
        """Open one, at once; `ForgeAway` where it may be open all the same."""
        ...

    def status(self, number: int, doing: str) -> IssueStatus:
        """The state of one; `NotThere` is raised where there is none."""
        ...

    def statuses(self, numbers: Sequence[int]) -> Mapping[int, IssueStatus]:
        """The states of many, in few requests; GONE only where that is known."""
        ...

    def set_open(self, number: int, is_open: bool, doing: str) -> None:
        """Close it, or open it again."""
        ...

    def label(self, number: int, *, add: Sequence[str], remove: Sequence[str], doing: str) -> None:
        """Put labels on it and take others off."""
        ...


class RestTracker:
    """Fits `engine.ports.Tracker`."""

    def __init__(self, name: str, issues: Issues, comments: Comments) -> None:
        self.name = name
        self._issues = issues
        self._comments = comments

    def find(self, marker: str) -> IssueRef | None:
        """Looks at the newest issues, then searches: an index knows nothing of the last minute."""
        seen = 0
        for page in self._issues.newest(pages=_PAGES):
            seen += 1
            first = self._first(page, marker)
            if first is not None:
                return self._ref(first)
        first = self._first(self._issues.search(marker), marker) if seen == _PAGES else None
        return None if first is None else self._ref(first)

    def open(self, draft: IssueDraft) -> IssueRef:
        """Look, create, look again: of two that were opened at the same time the first stays."""
        there = self.find(draft.marker)
        if there:
            return there
        number = self._create(draft)
        first = self._newest(draft.marker)
        if first is None or first >= number:
            return self._ref(number)
        self._close_duplicate(number, first)
        return self._ref(first)

    def statuses(self, issues: Sequence[IssueRef]) -> Mapping[IssueRef, IssueStatus]:
        """What is no issue of this tracker is UNKNOWN."""
        numbers = {ref: number_in(ref, self.name) for ref in issues}
        wanted = sorted({number for number in numbers.values() if number is not None})
        known = self._issues.statuses(wanted) if wanted else {}
        return {
            ref: IssueStatus.UNKNOWN if number is None else known[number]
            for ref, number in numbers.items()
        }

    def labelled(self, label: str) -> Sequence[OpenIssue]:
        """Asked of the forge's list, which knows of every change at once."""
        found = self._issues.labelled(label)
        return [OpenIssue(self._ref(number), title) for number, title in found]

    def comment(self, issue: IssueRef, body: str) -> None:
        """Add a comment."""
        doing = f"comment on {issue}"
        number = self._number(issue, doing)
        self._status(number, doing)
        say(self._comments, number, body, doing=doing)

    def close(self, issue: IssueRef, body: str) -> None:
        """Comment and close; a closed one stays as it is."""
        self._turn(issue, body, is_open=False)

    def reopen(self, issue: IssueRef, body: str) -> None:
        """Comment and open again; an open one stays as it is."""
        self._turn(issue, body, is_open=True)

    def label(self, issue: IssueRef, *, add: Sequence[str], remove: Sequence[str]) -> None:
        """Labels that the repository does not have are made."""
        doing = f"label {issue}"
        number = self._number(issue, doing)
        off = [name for name in remove if name not in add]
        if add or off:
            self._status(number, doing)
            self._issues.label(number, add=list(dict.fromkeys(add)), remove=off, doing=doing)

    def _turn(self, issue: IssueRef, body: str, *, is_open: bool) -> None:
        doing = f"{'reopen' if is_open else 'close'} {issue}"
        number = self._number(issue, doing)
        if self._status(number, doing) is (IssueStatus.OPEN if is_open else IssueStatus.CLOSED):
            return
        say_once(self._comments, number, body, doing=doing)
        self._issues.set_open(number, is_open, doing)

    def _status(self, number: int, doing: str) -> IssueStatus:
        """What is still here: on what was moved away nobody reads anything."""
        status = self._issues.status(number, doing)
        if status is IssueStatus.GONE:
            raise NotThere(f"{doing}: it was moved to somewhere else", status=404)
        return status

    def _create(self, draft: IssueDraft) -> int:
        """Where the answer was lost, look before trying once more."""
        try:
            return self._issues.create(draft)
        except ForgeAway:
            first = self._newest(draft.marker)
            return self._issues.create(draft) if first is None else first

    def _newest(self, marker: str) -> int | None:
        return self._first(next(self._issues.newest(pages=1), []), marker)

    def _first(self, issues: list[Found], marker: str) -> int | None:
        ours = (one for one in issues if carries(one.body, marker) and self._issues.trusts(one))
        return min((issue.number for issue in ours), default=None)

    def _close_duplicate(self, number: int, first: int) -> None:
        doing = f"close {self._ref(number)}, a duplicate"
        say_once(self._comments, number, _DUPLICATE.format(first=first), doing=doing)
        self._issues.set_open(number, False, doing)

    def _ref(self, number: int) -> IssueRef:
        return IssueRef(f"{self.name}#{number}")

    def _number(self, ref: IssueRef, doing: str) -> int:
        number = number_in(ref, self.name)
        if number is None:
            raise NotThere(f"{doing}: {ref!r} is no issue on {self.name}", status=404)
        return number


def number_in(ref: str, name: str) -> int | None:
    """The number in `gitea#12`; None where it is none of this tracker's."""
    tracker, _, number = ref.partition("#")
    is_ours = tracker == name and number.isdecimal() and len(number) < 18
    return int(number) if is_ours else None
