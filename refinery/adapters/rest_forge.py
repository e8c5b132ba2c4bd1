"""A forge over any REST API: pull requests opened once, closed once, statuses said once.

What a forge calls a pull request, and how it is asked about it, is in `Pulls`.
"""

from __future__ import annotations

from collections.abc import Sequence

from refinery.adapters.forge_access import ForgeAccess
from refinery.adapters.forge_errors import ForgeAway, ForgeRefused, NotThere
from refinery.adapters.rest_comments import Comments, say, say_once
from refinery.queue.pull_requests import (
    HeadStatus,
    MergeAnswer,
    MergedNow,
    MergeRefused,
    PullRequest,
    PullRequestDraft,
    PullRequestState,
)
from refinery.records.merge_request import Method
from refinery.records.names import Branch, Sha
from refinery.typed import Protocol


class Pulls(Protocol):
    """The pull requests of one repository, and what is shown beside its commits."""

    sigil: str  # what people write before the number: `#` or `!`

    def between(self, source: Branch, target: Branch, *, ended: bool) -> list[PullRequest]:
        """The open ones between two branches of this repository; `ended`: the others too."""
        ...

    def get(self, number: int, doing: str) -> PullRequest:
        """One; `NotThere` is raised where there is none."""
        ...

    def create(self, draft: PullRequestDraft, doing: str) -> PullRequest:
        """Open one."""
        ...

    def close(self, number: int, doing: str) -> None:
        """Close it."""
        ...

    def retarget(self, number: int, target: Branch, doing: str) -> None:
        """Have it merge into another branch."""
        ...

    def label(self, number: int, *, add: Sequence[str], remove: Sequence[str], doing: str) -> None:
        """Put labels on it and take others off."""
        ...

    def merge(self, pull: PullRequest, method: Method) -> MergeAnswer:
        """Merge an open one at its head, now or later; `ForgeAway` where that may be done."""
        ...

    def set_status(self, head: Sha, status: HeadStatus) -> None:
        """Show the newest word on a commit."""
        ...

    def access(self) -> ForgeAccess:
        """What the token may do."""
        ...

    def failing_deliveries(self) -> tuple[str, ...]:
        """One line for each webhook that fails."""
        ...


class RestForge:
    """Fits `engine.ports.Forge`; `access` and `failing_deliveries` serve `refinery doctor`."""

    def __init__(self, name: str, pulls: Pulls, comments: Comments) -> None:
        self.name = name
        self._pulls = pulls
        self._comments = comments
        self._said: dict[Sha, HeadStatus] = {}

    def set_status(self, head: Sha, status: HeadStatus) -> None:
        """Say it; what was said last is not said again."""
        if self._said.get(head) != status:
            self._pulls.set_status(head, status)
            self._said[head] = status

    def pull_requests(
        self, branch: Branch, target: Branch, *, ended: bool = False
    ) -> Sequence[PullRequest]:
        """The newest first; those of a branch of the same name in a fork are others."""
        found = self._pulls.between(branch, target, ended=ended)
        return sorted(found, key=lambda pull: pull.number, reverse=True)

    def pull_request(self, number: int) -> PullRequest | None:
        """One pull request."""
        try:
            return self._pulls.get(number, f"read {self._called(number)}")
        except NotThere:
            return None

    def open_pull_request(self, draft: PullRequestDraft) -> PullRequest:
        """Look first, and again where it cannot be opened or the answer was lost."""
        there = self.pull_requests(draft.source, draft.target)
        if there:
            return there[0]
        try:
            return self._pulls.create(draft, f"open a pull request for {draft.source}")
        except (ForgeAway, ForgeRefused):
            there = self.pull_requests(draft.source, draft.target)
            if not there:
                raise
            return there[0]

    def merge(self, number: int, *, head: Sha, method: Method) -> MergeAnswer:
        """Merge it if its head is still this, now or once the forge lets it."""
        pull = self.pull_request(number)
        if pull is None:
            return MergeRefused(f"there is no {self._called(number)}")
        settled = self._as_it_stands(pull, head)
        if settled:
            return settled
        try:
            return self._pulls.merge(pull, method)
        except ForgeAway:
            again = self.pull_request(number)
            settled = self._as_it_stands(again, head) if again else None
            if settled is None:
                raise
            return settled

    def _as_it_stands(self, pull: PullRequest, head: Sha) -> MergeAnswer | None:
        """What needs no asking: it is merged already, or cannot be."""
        called = self._called(pull.number)
        if pull.state is PullRequestState.CLOSED:
            return MergeRefused(f"{called} is closed")
        if pull.state is PullRequestState.MERGED and pull.head == head and pull.merge_commit:
            return MergedNow(pull.merge_commit)
        if pull.head != head:
            was = "was merged" if pull.state is PullRequestState.MERGED else "is"
            return MergeRefused(f"{called} {was} at {pull.head}, not at {head}")
        return None

    def comment_on(self, number: int, body: str) -> None:
        """Add a comment."""
        say(self._comments, number, body, doing=f"comment on {self._called(number)}")

    def commented(self, number: int, marker: str) -> bool:
        """Whether it was said already."""
        doing = f"read the comments of {self._called(number)}"
        return any(marker in said for said in self._comments.newest(number, doing))

    def close_pull_request(self, number: int, body: str) -> None:
        """Comment and close; one that is closed or merged stays as it is."""
        doing = f"close {self._called(number)}"
        if self._pulls.get(number, doing).state is PullRequestState.OPEN:
            say_once(self._comments, number, body, doing=doing)
            self._pulls.close(number, doing)

    def retarget_pull_request(self, number: int, target: Branch) -> None:
        """Have an open one merge into another branch."""
        doing = f"retarget {self._called(number)}"
        found = self._pulls.get(number, doing)
        if found.state is PullRequestState.OPEN and found.target != target:
            self._pulls.retarget(number, target, doing)

    def label_pull_request(self, number: int, *, add: Sequence[str], remove: Sequence[str]) -> None:
        """Labels that the repository does not have are made."""
        off = [name for name in remove if name not in add]
        if add or off:
            names = list(dict.fromkeys(add))
            doing = f"label {self._called(number)}"
            self._pulls.label(number, add=names, remove=off, doing=doing)

    def access(self) -> ForgeAccess:
        """What the token may do here."""
        return self._pulls.access()

    def failing_deliveries(self) -> tuple[str, ...]:
        """Webhooks whose deliveries fail; empty where the token or the forge does not tell."""
        return self._pulls.failing_deliveries()

    def _called(self, number: int) -> str:
        return f"pull request {self._pulls.sigil}{number}"
