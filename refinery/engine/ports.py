"""What the engine must ask outside: the issue tracker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from refinery.queue.tracking import IssueDraft, IssueStatus
from refinery.records.names import IssueRef


class Tracker(Protocol):
    """An issue tracker.

    Each method raises `TryAgain` where the tracker does not answer; nothing is assumed then.
    """

    name: str

    def find(self, marker: str) -> IssueRef | None:
        """The issue that carries a marker, open or closed."""
        ...

    def open(self, draft: IssueDraft) -> IssueRef:
        """Open an issue; the same marker twice gives the same issue."""
        ...

    def statuses(self, issues: Sequence[IssueRef]) -> Mapping[IssueRef, IssueStatus]:
        """What each issue's state is; UNKNOWN for what it cannot tell."""
        ...

    def comment(self, issue: IssueRef, body: str) -> None:
        """Say something on an issue."""
        ...

    def close(self, issue: IssueRef, body: str) -> None:
        """Close an issue with a comment; closing a closed one changes nothing."""
        ...
