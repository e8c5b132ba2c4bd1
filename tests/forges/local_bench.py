"""The embedded tracker's bench: issues in a sandbox's repository, people at the command line."""

from __future__ import annotations

from refinery.adapters.local import LocalTracker, make_tracker
from refinery.adapters.registry import Place
from refinery.queue.tracking import IssueDraft
from refinery.records.issue import Issue, IssueState
from refinery.records.names import IssueRef, MrId
from refinery.repo.remote import transport
from refinery.repo.repository import Repository
from refinery.store.layout import RefNames
from tests.forges.benches import SeenIssue
from tests.sandbox import Sandbox


class LocalBench:
    """Fits `TrackerBench`."""

    name = "local"
    assignable = "ada"

    def __init__(self, box: Sandbox) -> None:
        self._box = box
        self._repos: list[Repository] = []

    def tracker(self) -> LocalTracker:
        """One more clone's."""
        repo = Repository.discover(self._box.path)
        self._repos.append(repo)
        return make_tracker(Place(repo, transport(repo), RefNames(), "worker", self._box.clock))

    def issues(self) -> list[SeenIssue]:
        """What is in the ref."""
        found = self.tracker().store.read().issues.values()
        return [_seen(issue) for issue in sorted(found, key=lambda issue: _number(issue.id))]

    def seen(self, issue: IssueRef) -> SeenIssue:
        """One issue."""
        return _seen(self.tracker().store.read().issues[issue])

    def file(self, title: str, body: str = "") -> IssueRef:
        """As a person; the embedded tracker opens issues only for merge requests."""
        marker = f"filed by a person: {title}"
        return self.tracker().open(IssueDraft(title, body, marker, MrId("mr-person"), 2))

    def close(self, issue: IssueRef) -> None:
        """`refinery issue close`."""
        self.tracker().close(issue)

    def reopen(self, issue: IssueRef) -> None:
        """`refinery issue reopen`."""
        self.tracker().reopen(issue)

    def end(self) -> None:
        """Let go of the repositories."""
        for repo in self._repos:
            repo.close()


def _seen(issue: Issue) -> SeenIssue:
    return SeenIssue(
        issue.id,
        issue.title,
        issue.body,
        issue.state is IssueState.OPEN,
        frozenset(issue.labels),
        frozenset({issue.assignee} - {None}),  # type: ignore[arg-type]
        tuple(comment.body for comment in issue.comments),
    )


def _number(issue: IssueRef) -> int:
    return int(issue.partition("#")[2])
