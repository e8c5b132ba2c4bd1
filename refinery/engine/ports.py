"""What the engine must ask outside: the issue tracker, and somebody to tell what happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from refinery.queue.blocking import IssueStatus
from refinery.records.names import IssueRef, MrId


@dataclass(frozen=True, slots=True)
class IssueDraft:
    """An issue to open; `marker` is unique to what it is about, so that it is opened once."""

    title: str
    body: str
    marker: str
    mr: MrId
    priority: int
    labels: tuple[str, ...] = ()
    assignee: str | None = None


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
