"""The issue of the embedded tracker."""

from __future__ import annotations

from datetime import datetime

from refinery.records.names import IssueRef, MrId
from refinery.typed import ClassVar
from refinery.values import StrEnum, dataclass


class IssueState(StrEnum):
    """Open until somebody closes it."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment on an issue; `body` is Markdown."""

    author: str
    at: datetime
    body: str

    NESTED: ClassVar = {"at": datetime}


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue; `mr` is the merge request it blocks, `marker` makes opening it exactly-once."""

    id: IssueRef
    state: IssueState
    title: str
    body: str
    created_at: datetime
    labels: tuple[str, ...] = ()
    assignee: str | None = None
    priority: int | None = None
    mr: MrId | None = None
    marker: str | None = None
    closed_at: datetime | None = None
    comments: tuple[Comment, ...] = ()

    NESTED: ClassVar = {
        "state": IssueState,
        "created_at": datetime,
        "closed_at": datetime,
        "comments": (Comment,),
    }

    @property
    def number(self) -> int:
        """The running number inside the tracker."""
        return int(self.id.partition("#")[2])
