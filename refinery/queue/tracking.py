"""What the queue and an issue tracker tell each other: drafts one way, states the other."""

from __future__ import annotations

from enum import Enum

from refinery.records.merge_request import MergeRequest
from refinery.records.names import IssueRef, MrId
from refinery.values import dataclass


class IssueStatus(Enum):
    """What a tracker says of an issue; not knowing is an answer of its own."""

    OPEN = "open"
    CLOSED = "closed"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OpenIssue:
    """An issue that a tracker has open."""

    id: IssueRef
    title: str


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


def marker(mr: MergeRequest) -> str:
    """What makes opening the issue of a block exactly-once; carried in the issue's body."""
    head = mr.block.head if mr.block else mr.head
    return f"refinery:mr={mr.id} revision={head}"
