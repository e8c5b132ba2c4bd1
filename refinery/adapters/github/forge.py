"""GitHub's pull requests and commit statuses as the forge."""

from __future__ import annotations

from collections.abc import Sequence

from refinery.adapters.forge_access import ForgeAccess
from refinery.adapters.forge_errors import ForgeAway, ForgeRefused, NotThere
from refinery.adapters.github.connection import GitHub
from refinery.adapters.github.conversation import LONGEST_TEXT, LONGEST_TITLE, Conversations
from refinery.adapters.github.diagnosis import access, failing_deliveries
from refinery.adapters.github.merging import merged
from refinery.adapters.github.statuses import Statuses
from refinery.adapters.issue_text import fitted, fitted_title
from refinery.queue.pull_requests import (
    HeadStatus,
    MergeAnswer,
    PullRequest,
    PullRequestDraft,
    PullRequestState,
)
from refinery.records.merge_request import Method
from refinery.records.names import Branch, Sha
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from github.PullRequest import PullRequest as GitHubPull


class GitHubForge:
    """Fits `engine.ports.Forge`; `access` and `failing_deliveries` serve `refinery doctor`."""

    name = "github"

    def __init__(self, github: GitHub) -> None:
        self._github = github
        self._conversations = Conversations(github)
        self._statuses = Statuses(github)

    def set_status(self, head: Sha, status: HeadStatus) -> None:
        """A commit status, or a check run where the token may make only those."""
        self._statuses.set(head, status)

    def pull_requests(
        self, branch: Branch, target: Branch, *, ended: bool = False
    ) -> Sequence[PullRequest]:
        """The newest first; those of a branch of the same name in a fork are others."""
        repository = self._github.repository()
        owner = repository.full_name.partition("/")[0]
        with self._github.asking("list the pull requests"):
            found = repository.get_pulls(
                state="all" if ended else "open",
                sort="created",
                direction="desc",
                head=f"{owner}:{branch}",
                base=target,
            )
            return [_pull_request(pull) for pull in found.get_page(0) if pull.head.ref == branch]

    def pull_request(self, number: int) -> PullRequest | None:
        """One pull request."""
        repository = self._github.repository()
        try:
            with self._github.asking(f"read pull request #{number}"):
                return _pull_request(repository.get_pull(number))
        except NotThere:
            return None

    def open_pull_request(self, draft: PullRequestDraft) -> PullRequest:
        """Look first, and again where it is refused or the answer is lost."""
        there = self.pull_requests(draft.source, draft.target)
        if there:
            return there[0]
        try:
            return self._open(draft)
        except (ForgeAway, ForgeRefused):
            there = self.pull_requests(draft.source, draft.target)
            if not there:
                raise
            return there[0]

    def _open(self, draft: PullRequestDraft) -> PullRequest:
        repository = self._github.repository()
        with self._github.asking(f"open a pull request for {draft.source}"):
            pull = repository.create_pull(
                base=draft.target,
                head=draft.source,
                title=fitted_title(draft.title, LONGEST_TITLE),
                body=fitted(draft.body, LONGEST_TEXT),
            )
            return _pull_request(pull)

    def merge(self, number: int, *, head: Sha, method: Method) -> MergeAnswer:
        """Merge it now, or have GitHub do it once its conditions are met."""
        return merged(self._github, number, head=head, method=method)

    def comment_on(self, number: int, body: str) -> None:
        """Add a comment."""
        doing = f"comment on pull request #{number}"
        self._conversations.say(self._conversations.get(number, doing), body, doing)

    def commented(self, number: int, marker: str) -> bool:
        """Whether it was said already."""
        doing = f"read the comments of pull request #{number}"
        return self._conversations.said(self._conversations.get(number, doing), marker, doing)

    def close_pull_request(self, number: int, body: str) -> None:
        """Comment and close; one that is closed or merged stays as it is."""
        doing = f"close pull request #{number}"
        pull = self._conversations.get(number, doing)
        if pull.state == "open":
            self._conversations.say_once(pull, body, doing)
            self._close(number, doing)

    def _close(self, number: int, doing: str) -> None:
        repository = self._github.repository()
        with self._github.asking(doing):
            repository.get_pull(number).edit(state="closed")

    def retarget_pull_request(self, number: int, target: Branch) -> None:
        """Have an open one merge into another branch."""
        repository = self._github.repository()
        with self._github.asking(f"retarget pull request #{number}"):
            pull = repository.get_pull(number)
            if pull.state == "open" and pull.base.ref != target:
                pull.edit(base=target)

    def label_pull_request(self, number: int, *, add: Sequence[str], remove: Sequence[str]) -> None:
        """Labels that the repository does not have are made."""
        doing = f"label pull request #{number}"
        pull = self._conversations.get(number, doing)
        self._conversations.label(pull, add=add, remove=remove, doing=doing)

    def access(self) -> ForgeAccess:
        """What the token may do here."""
        return access(self._github)

    def failing_deliveries(self) -> tuple[str, ...]:
        """Webhooks whose last delivery failed; empty where the token may not ask."""
        return failing_deliveries(self._github)


def _pull_request(pull: GitHubPull) -> PullRequest:
    is_merged = pull.merged_at is not None
    ended = PullRequestState.MERGED if is_merged else PullRequestState.CLOSED
    return PullRequest(
        number=pull.number,
        state=PullRequestState.OPEN if pull.state == "open" else ended,
        source=Branch(pull.head.ref),
        target=Branch(pull.base.ref),
        head=Sha(pull.head.sha),
        url=pull.html_url,
        labels=tuple(label.name for label in pull.labels),
        merge_commit=Sha(pull.merge_commit_sha) if is_merged else None,
    )
