"""Gitea's pull requests and commit statuses as the forge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from refinery.adapters import forge_errors
from refinery.adapters.forge_access import ForgeAccess
from refinery.adapters.forge_errors import NotPermitted, NotThere
from refinery.adapters.gitea.comments import LONGEST_TEXT, LONGEST_TITLE
from refinery.adapters.gitea.labels import Labels
from refinery.adapters.gitea.merging import merged
from refinery.adapters.gitea.repository import GiteaRepository
from refinery.adapters.issue_text import fitted, fitted_title
from refinery.queue.pull_requests import (
    CONTEXT,
    LONGEST_DESCRIPTION,
    HeadStatus,
    MergeAnswer,
    PullRequest,
    PullRequestDraft,
    PullRequestState,
)
from refinery.records.merge_request import Method
from refinery.records.names import Branch, Sha
from refinery.typed import Any

_PAGES = 20  # of open pull requests, among which ours is looked for: Gitea filters by no source
_PAGES_OF_ENDED = 3


class GiteaPulls:
    """Fits `Pulls`."""

    sigil = "#"

    def __init__(self, repository: GiteaRepository) -> None:
        self._repository = repository
        self._labels = Labels(repository)

    def between(self, source: Branch, target: Branch, *, ended: bool) -> list[PullRequest]:
        """Those whose source is in the repository itself; Forgejo ignores `base_branch`.

        There is one open one at most; of those that ended, those that did so lately are seen.
        """
        asked = {"state": "all" if ended else "open", "base_branch": target}
        most = _PAGES_OF_ENDED if ended else _PAGES
        doing = "list the pull requests"
        found: list[PullRequest] = []
        for page in self._repository.pages(
            "/pulls", doing, most=most, sort="recentupdate", **asked
        ):
            pulls = [pull_request(one) for one in page if _is_from_here(one)]
            found += [pull for pull in pulls if (pull.source, pull.target) == (source, target)]
            if found and not ended:
                break
        return found

    def get(self, number: int, doing: str) -> PullRequest:
        """One pull request."""
        return pull_request(self._repository.get(f"/pulls/{number}", doing))

    def create(self, draft: PullRequestDraft, doing: str) -> PullRequest:
        """Gitea refuses a second one for the same branches (409)."""
        told = {
            "head": draft.source,
            "base": draft.target,
            "title": fitted_title(draft.title, LONGEST_TITLE),
            "body": fitted(draft.body, LONGEST_TEXT),
        }
        return pull_request(self._repository.send("POST", "/pulls", doing, told))

    def close(self, number: int, doing: str) -> None:
        """Close it."""
        self._repository.send("PATCH", f"/pulls/{number}", doing, {"state": "closed"})

    def retarget(self, number: int, target: Branch, doing: str) -> None:
        """Have it merge into another branch."""
        self._repository.send("PATCH", f"/pulls/{number}", doing, {"base": target})

    def label(self, number: int, *, add: Sequence[str], remove: Sequence[str], doing: str) -> None:
        """Labels that the repository lacks are made."""
        self._labels.change(number, add=add, remove=remove, doing=doing)

    def merge(self, pull: PullRequest, method: Method) -> MergeAnswer:
        """Now, or once its checks have succeeded."""
        return merged(self._repository, pull, method)

    def set_status(self, head: Sha, status: HeadStatus) -> None:
        """One more status of the commit; the newest of a context is the one that is shown."""
        told = {"state": status.state.value, "context": CONTEXT}
        told["description"] = fitted_title(status.description, LONGEST_DESCRIPTION)
        if status.url:
            told["target_url"] = status.url
        self._repository.send("POST", f"/statuses/{head}", "set the status of a commit", told)

    def access(self) -> ForgeAccess:
        """Two requests: the repository, and who the token belongs to; Gitea shows no scopes."""
        rest, doing = self._repository.rest, "read the repository"
        try:
            headers, settings = rest.look(self._repository.path, doing)
        except NotThere as refusal:
            raise forge_errors.no_such_repository(self._repository.address, doing) from refusal
        return ForgeAccess(
            repository=settings["full_name"],
            login=self._login(),
            can_push=(settings.get("permissions") or {}).get("push"),
            has_issues=settings.get("has_issues"),
            scopes=None,
            clock_skew=rest.ahead_of(headers.get("Date")),
            requests_left=None,
        )

    def failing_deliveries(self) -> tuple[str, ...]:
        """Gitea shows how deliveries went to people only, not through its API."""
        return ()

    def _login(self) -> str | None:
        with suppress(NotPermitted, NotThere):
            found = self._repository.rest.get("/user", "ask whose token it is")
            return str(found["login"])
        return None


def _is_from_here(found: Mapping[str, Any]) -> bool:
    return bool(found["head"]["repo_id"] == found["base"]["repo_id"])


def pull_request(found: Mapping[str, Any]) -> PullRequest:
    """`label` is the branch's name even when the branch is gone, where `ref` is Gitea's own ref."""
    head = found["head"]
    ended = PullRequestState.MERGED if found["merged"] else PullRequestState.CLOSED
    return PullRequest(
        number=int(found["number"]),
        state=PullRequestState.OPEN if found["state"] == "open" else ended,
        source=Branch(head["label"] or head["ref"]),
        target=Branch(found["base"]["ref"]),
        head=Sha(head["sha"]),
        url=found["html_url"],
        labels=tuple(label["name"] for label in found["labels"] or ()),
        merge_commit=Sha(found["merge_commit_sha"]) if found["merged"] else None,
    )
