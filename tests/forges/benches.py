"""What a contract test may ask of a forge: a fresh repository, people, and troubles."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from refinery.engine.ports import Forge, Tracker
from refinery.records.merge_request import Method
from refinery.records.names import IssueRef, Sha


class Trouble(Enum):
    """What goes wrong between us and a forge; a bench says it in its forge's own words."""

    SERVER_ERROR = auto()  # 500, nothing is done
    LOST_ANSWER = auto()  # 502, though it is done
    CUT = auto()  # the connection ends, nothing is done
    CUT_AFTER = auto()  # the connection ends, though it is done
    HANGS = auto()  # no answer before the timeout
    SLOW = auto()  # an answer, a moment later
    BAD_TOKEN = auto()
    RATE_LIMITED = auto()
    SECONDARY_LIMIT = auto()  # slow down; where a forge has one limit only, that
    FORBIDDEN = auto()  # the token may not do this
    ISSUES_DISABLED = auto()
    NO_REPOSITORY = auto()


@dataclass(frozen=True)
class SeenIssue:
    """An issue as people see it."""

    ref: IssueRef
    title: str
    body: str
    is_open: bool
    labels: frozenset[str] = frozenset()
    assignees: frozenset[str] = frozenset()
    comments: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeenStatus:
    """What a forge shows beside a commit as `refinery`: a status or a check."""

    state: str  # pending | success | failure | error
    description: str
    url: str | None


class Troubles(Protocol):
    """A connection that can break; `writes`: only what asks for a change is hit."""

    def break_down(
        self, trouble: Trouble, *, writes: bool = False, times: int | None = None
    ) -> None:
        """From now on, or for so many requests, this goes wrong."""
        ...

    def heal(self) -> None:
        """All is well again."""
        ...

    def asked(self) -> list[str]:
        """The requests so far since this was called last, such as `POST /repos/o/r/issues`."""
        ...


class TrackerBench(Protocol):
    """A fresh repository with issues; what is not a tracker's is done as a person would."""

    name: str
    assignable: str  # somebody that issues can be assigned to

    def tracker(self) -> Tracker:
        """One more, as another process would have it."""
        ...

    def issues(self) -> list[SeenIssue]:
        """All there are, the oldest first."""
        ...

    def seen(self, issue: IssueRef) -> SeenIssue:
        """One of them."""
        ...

    def file(self, title: str, body: str = "") -> IssueRef:
        """A person opens an issue."""
        ...

    def close(self, issue: IssueRef) -> None:
        """A person closes it."""
        ...

    def reopen(self, issue: IssueRef) -> None:
        """A person opens it again."""
        ...


class RemoteBench(TrackerBench, Protocol):
    """A tracker elsewhere, which can be out of reach, and where people can do more."""

    troubles: Troubles

    def file_as_stranger(self, title: str, body: str) -> IssueRef:
        """Somebody without any rights in the repository opens an issue."""
        ...

    def delete(self, issue: IssueRef) -> None:
        """A person deletes it."""
        ...

    def transfer(self, issue: IssueRef) -> None:
        """A person moves it to another repository."""
        ...


class ForgeBench(Protocol):
    """A fresh repository with a `main` and pull requests."""

    name: str
    troubles: Troubles

    def forge(self) -> Forge:
        """One more, as another process would have it."""
        ...

    def allow(self, method: Method) -> None:
        """The repository's settings let pull requests be merged this way."""
        ...

    def branch(self, name: str) -> Sha:
        """Somebody pushed a branch that is one commit ahead of main; its tip.

        For a branch that is there: one more commit.
        """
        ...

    def main(self) -> Sha:
        """Where main is."""
        ...

    def shown(self, head: Sha) -> SeenStatus | None:
        """What is shown as `refinery` beside a commit now."""
        ...

    def said_on(self, number: int) -> tuple[str, ...]:
        """What was said on a pull request."""
        ...

    def close_pull(self, number: int) -> None:
        """A person closes a pull request."""
        ...

    def merge_pull(self, number: int) -> Sha:
        """A person merges a pull request by the forge's button; the commit it became."""
        ...

    def require_checks(self) -> None:
        """From now on main takes only pull requests whose checks passed.

        The forge merges them by itself then, where it is asked to.
        """
        ...

    def merges_by_itself(self, number: int) -> bool:
        """Whether the forge was asked to merge it once its checks passed."""
        ...
