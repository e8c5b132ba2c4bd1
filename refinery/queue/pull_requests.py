"""What the queue and a forge tell each other about heads and pull requests."""

from __future__ import annotations

from enum import Enum

from refinery.records.names import Branch, Sha
from refinery.values import dataclass

CONTEXT = "refinery"
LONGEST_DESCRIPTION = 140  # what GitHub keeps of a status; the others keep more


class HeadState(Enum):
    """What is shown beside a commit."""

    PENDING = "pending"
    SUCCESS = "success"
    FAILURE = "failure"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class HeadStatus:
    """The queue's word on a pinned head: its place, or what came of it; shown as `refinery`."""

    state: HeadState
    description: str
    url: str | None = None


class PullRequestState(Enum):
    """Where a pull request (on GitLab: merge request) stands."""

    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A forge's pull request; `merge_commit` is what it became on its target."""

    number: int
    state: PullRequestState
    source: Branch
    target: Branch
    head: Sha
    url: str
    labels: tuple[str, ...] = ()
    merge_commit: Sha | None = None


@dataclass(frozen=True, slots=True)
class PullRequestDraft:
    """A pull request to open; a source branch has at most one open for a target."""

    source: Branch
    target: Branch
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class MergedNow:
    """The forge merged it."""

    commit: Sha


@dataclass(frozen=True, slots=True)
class MergesLater:
    """The forge merges it by itself once what it asks for is there."""


@dataclass(frozen=True, slots=True)
class MergeRefused:
    """The forge will not merge it as it is."""

    why: str


MergeAnswer = MergedNow | MergesLater | MergeRefused
