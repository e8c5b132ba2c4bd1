"""What a forge tells, as values: each delivery is one event, or is ignored for a reason by name."""

from __future__ import annotations

from refinery.queue.tracking import IssueStatus
from refinery.records.names import Branch, IssueRef, Sha
from refinery.values import StrEnum, dataclass

LABEL = "merge-queue"


class Forge(StrEnum):
    """The kinds of forge whose deliveries are understood; Forgejo speaks as Gitea does."""

    GITHUB = "github"
    GITLAB = "gitlab"
    GITEA = "gitea"


@dataclass(frozen=True, slots=True)
class IssueClosed:
    """Somebody closed an issue."""

    issue: IssueRef


@dataclass(frozen=True, slots=True)
class IssueReopened:
    """Somebody opened a closed issue again."""

    issue: IssueRef


@dataclass(frozen=True, slots=True)
class IssueLabelled:
    """An issue was opened, or its labels were changed: it may close a target, or open it."""

    issue: IssueRef


@dataclass(frozen=True, slots=True)
class IssueGone:
    """Somebody deleted an issue."""

    issue: IssueRef


@dataclass(frozen=True, slots=True)
class IssueTransferred:
    """Somebody moved an issue to another repository."""

    issue: IssueRef


@dataclass(frozen=True, slots=True)
class Pushed:
    """A branch moved; what it shows by now is the remote's to say."""

    branch: Branch
    before: Sha | None
    after: Sha
    is_new: bool


@dataclass(frozen=True, slots=True)
class BranchDeleted:
    """A branch is gone."""

    branch: Branch


@dataclass(frozen=True, slots=True)
class PullRequestLabelled:
    """A pull request of this very repository asks for the queue by its label."""

    number: int
    label: str
    source: Branch
    target: Branch
    head: Sha
    title: str


@dataclass(frozen=True, slots=True)
class PullRequestMerged:
    """A pull request was merged, by whomever."""

    number: int
    source: Branch
    target: Branch
    head: Sha


@dataclass(frozen=True, slots=True)
class Ping:
    """The forge tries the webhook out."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing that the queue has to know."""

    why: str


IssueEvent = IssueClosed | IssueReopened | IssueGone | IssueTransferred
Event = (
    IssueEvent
    | IssueLabelled
    | Pushed
    | BranchDeleted
    | PullRequestLabelled
    | PullRequestMerged
    | Ping
    | Ignored
)


@dataclass(frozen=True, slots=True)
class Told:
    """One delivery understood; `repository` is the forge's path of the one it is about."""

    event: Event
    repository: str | None = None


def status_of(event: IssueEvent) -> IssueStatus:
    """What an event says of its issue's state."""
    match event:
        case IssueClosed():
            return IssueStatus.CLOSED
        case IssueReopened():
            return IssueStatus.OPEN
        case IssueGone() | IssueTransferred():
            return IssueStatus.GONE
