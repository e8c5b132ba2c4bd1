"""What the engine must ask outside: the issue tracker, the forge, and whoever notifies people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from refinery.queue.pull_requests import HeadStatus, MergeAnswer, PullRequest, PullRequestDraft
from refinery.queue.tracking import IssueDraft, IssueStatus, OpenIssue
from refinery.records.merge_request import Method
from refinery.records.names import Branch, IssueRef, Sha
from refinery.typed import Protocol


class Tracker(Protocol):
    """An issue tracker.

    Each method raises `TryAgain` where the tracker does not answer, and another `RefineryError`
    where it refuses; nothing is assumed then.
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

    def labelled(self, label: str) -> Sequence[OpenIssue]:
        """The open issues with a label; raises where it cannot tell all of them."""
        ...

    def comment(self, issue: IssueRef, body: str) -> None:
        """Say something on an issue."""
        ...

    def close(self, issue: IssueRef, body: str) -> None:
        """Close an issue with a comment; closing a closed one changes nothing."""
        ...

    def reopen(self, issue: IssueRef, body: str) -> None:
        """Open a closed issue again with a comment; an open one stays as it is."""
        ...

    def label(self, issue: IssueRef, *, add: Sequence[str], remove: Sequence[str]) -> None:
        """Put labels on an issue and take others off; those that are so already stay."""
        ...


class Forge(Protocol):
    """A host of repositories with pull requests; raises as a `Tracker` does."""

    name: str

    def set_status(self, head: Sha, status: HeadStatus) -> None:
        """Show the queue's word on a commit; the newest replaces the one before."""
        ...

    def pull_requests(
        self, branch: Branch, target: Branch, *, ended: bool = False
    ) -> Sequence[PullRequest]:
        """The open pull requests from a branch of this repository to a target.

        `ended`: also those that are closed or merged, the newest first.
        """
        ...

    def pull_request(self, number: int) -> PullRequest | None:
        """One pull request; None where it is gone."""
        ...

    def open_pull_request(self, draft: PullRequestDraft) -> PullRequest:
        """Open a pull request, or find the one that is open for its branches."""
        ...

    def merge(self, number: int, *, head: Sha, method: Method) -> MergeAnswer:
        """Merge a pull request whose head is still this, now or once its conditions are met."""
        ...

    def comment_on(self, number: int, body: str) -> None:
        """Say something on a pull request."""
        ...

    def commented(self, number: int, marker: str) -> bool:
        """Whether some comment on a pull request contains the marker."""
        ...

    def close_pull_request(self, number: int, body: str) -> None:
        """Close a pull request, with a comment if `body` says anything.

        One that is closed or merged stays as it is, without a comment.
        """
        ...

    def retarget_pull_request(self, number: int, target: Branch) -> None:
        """Have an open pull request merge into another branch; one that has ended stays."""
        ...

    def label_pull_request(self, number: int, *, add: Sequence[str], remove: Sequence[str]) -> None:
        """Put labels on a pull request and take others off."""
        ...


class Notifier(Protocol):
    """Sends messages to channels; a channel is the name of the variable that has its address."""

    def obstacle(self, to: str) -> str | None:
        """Why this worker cannot reach a channel at all; another one may."""
        ...

    def send(self, to: str, *, title: str, body: str) -> None:
        """Send a message; raises `TryAgain` where the service does not take it now."""
        ...
