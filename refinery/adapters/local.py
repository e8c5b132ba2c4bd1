"""The embedded tracker: issues in the repository itself, for where no forge is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from refinery.adapters.issue_text import fitted
from refinery.adapters.registry import Place
from refinery.errors import RefineryError
from refinery.queue.tracking import IssueDraft, IssueStatus, OpenIssue
from refinery.records.issue import Comment, Issue, IssueState
from refinery.records.names import IssueRef
from refinery.store.edit import Event
from refinery.store.issue_store import IssueEdit, IssueStore, IssueView
from refinery.values import replace

_LONGEST_BODY = 65_536  # of the schema of issues


class NoSuchIssue(RefineryError):
    """The tracker has no issue of this number."""

    code = "no-such-issue"


def make_tracker(place: Place) -> LocalTracker:
    """The tracker of a repository."""
    store = IssueStore(place.repo, place.transport, refs=place.refs, clock=place.clock)
    return LocalTracker(store, place.worker, place.clock)


class UnreadableIssue(RefineryError):
    """The record of an issue cannot be read, so what it says is not known."""

    code = "unreadable-issue"
    usual_hint = "`refinery fsck` says what is there"


class LocalTracker:
    """Fits `engine.ports.Tracker`; `list`, `show` and `reopen` serve the command line."""

    name = "local"

    def __init__(self, store: IssueStore, worker: str, clock: Callable[[], datetime]) -> None:
        self.store = store
        self._worker = worker
        self._clock = clock

    def find(self, marker: str) -> IssueRef | None:
        """The issue with this marker."""
        found = _with_marker(self.store.read(), marker)
        return found.id if found else None

    def open(self, draft: IssueDraft) -> IssueRef:
        """One compare-and-swap: looks for the marker and opens only if nobody has."""
        opened: list[IssueRef] = []

        def decide(view: IssueView) -> IssueEdit | None:
            there = _with_marker(view, draft.marker)
            issue = there or self._issue(view.next_id(), draft)
            opened[:] = [issue.id]
            if there:
                return None
            event = Event("issue_opened", f"open {issue.id}: {issue.title}", (draft.mr,))
            return IssueEdit(event, (issue,))

        self.store.update(decide)
        return opened[0]

    def create(self, title: str, body: str, labels: Sequence[str]) -> IssueRef:
        """Open one that is about no merge request."""
        opened: list[IssueRef] = []

        def decide(view: IssueView) -> IssueEdit:
            id = view.next_id()
            opened[:] = [id]
            issue = Issue(
                id=id,
                state=IssueState.OPEN,
                title=title,
                body=fitted(body, _LONGEST_BODY),
                created_at=self._clock(),
                labels=tuple(dict.fromkeys(labels)),
            )
            return IssueEdit(
                Event("issue_opened", f"open {id}: {title}", (), self._worker), (issue,)
            )

        self.store.update(decide)
        return opened[0]

    def statuses(self, issues: Sequence[IssueRef]) -> Mapping[IssueRef, IssueStatus]:
        """Open, closed, gone; unknown for one whose record cannot be read."""
        view = self.store.read()
        return {id: _status(view, id) for id in issues}

    def labelled(self, label: str) -> Sequence[OpenIssue]:
        """The open ones with a label; one that cannot be read might have it."""
        view = self.store.read()
        if view.damage:
            raise UnreadableIssue(f"{view.damage[0].where}: {view.damage[0].problem}")
        return [
            OpenIssue(each.id, each.title)
            for each in view.issues.values()
            if each.state is IssueState.OPEN and label in each.labels
        ]

    def comment(self, issue: IssueRef, body: str) -> None:
        """Add a comment."""
        self._change(issue, f"comment on {issue}", lambda found: self._said(found, body))

    def close(self, issue: IssueRef, body: str = "") -> None:
        """Close it; a closed one stays as it is."""

        def closed(found: Issue) -> Issue:
            if found.state is IssueState.CLOSED:
                return found
            said = self._said(found, body) if body else found
            return replace(said, state=IssueState.CLOSED, closed_at=self._clock())

        self._change(issue, f"close {issue}", closed)

    def reopen(self, issue: IssueRef, body: str = "") -> None:
        """Open a closed one again."""

        def reopened(found: Issue) -> Issue:
            if found.state is IssueState.OPEN:
                return found
            said = self._said(found, body) if body else found
            return replace(said, state=IssueState.OPEN, closed_at=None)

        self._change(issue, f"reopen {issue}", reopened)

    def label(self, issue: IssueRef, *, add: Sequence[str], remove: Sequence[str]) -> None:
        """Put labels on it and take others off."""

        def labelled(found: Issue) -> Issue:
            kept = tuple(label for label in found.labels if label not in remove)
            return replace(found, labels=(*kept, *(label for label in add if label not in kept)))

        self._change(issue, f"label {issue}", labelled)

    def _change(self, id: IssueRef, subject: str, change: Callable[[Issue], Issue]) -> None:
        def decide(view: IssueView) -> IssueEdit | None:
            if id not in view.issues:
                raise NoSuchIssue(f"no issue {id}", hint="`refinery issue list --all` shows them")
            before = view.issues[id]
            after = change(before)
            if after == before:
                return None
            mrs = (before.mr,) if before.mr else ()
            return IssueEdit(Event("issue_changed", subject, mrs, self._worker), (after,))

        self.store.update(decide)

    def _said(self, issue: Issue, body: str) -> Issue:
        said = Comment(author=self._worker, at=self._clock(), body=body)
        return replace(issue, comments=(*issue.comments, said))

    def _issue(self, id: IssueRef, draft: IssueDraft) -> Issue:
        return Issue(
            id=id,
            state=IssueState.OPEN,
            title=draft.title,
            body=fitted(draft.body, _LONGEST_BODY, marker=draft.marker),
            created_at=self._clock(),
            labels=draft.labels,
            assignee=draft.assignee,
            priority=draft.priority,
            mr=draft.mr,
            marker=draft.marker,
        )


def _with_marker(view: IssueView, marker: str) -> Issue | None:
    return next((issue for issue in view.issues.values() if issue.marker == marker), None)


def _status(view: IssueView, id: IssueRef) -> IssueStatus:
    issue = view.issues.get(id)
    if issue is None:
        broken = any(item.where.endswith(f"/{id.partition('#')[2]}.yaml") for item in view.damage)
        return IssueStatus.UNKNOWN if broken else IssueStatus.GONE
    return IssueStatus.OPEN if issue.state is IssueState.OPEN else IssueStatus.CLOSED
