"""GitLab's merge requests and commit statuses as the forge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from refinery.adapters.forge_access import ForgeAccess
from refinery.adapters.forge_errors import ForgeRefused, NotPermitted, NotThere
from refinery.adapters.gitlab.issues import label_change
from refinery.adapters.gitlab.merging import merged
from refinery.adapters.gitlab.notes import LONGEST_TITLE, harmless
from refinery.adapters.gitlab.project import Project, access_level
from refinery.adapters.issue_text import fitted_title
from refinery.queue.pull_requests import (
    CONTEXT,
    LONGEST_DESCRIPTION,
    HeadState,
    HeadStatus,
    MergeAnswer,
    PullRequest,
    PullRequestDraft,
    PullRequestState,
)
from refinery.records.merge_request import Method
from refinery.records.names import Branch, Sha
from refinery.repo.masking import masked
from refinery.typed import Any

_STATES = {
    "opened": PullRequestState.OPEN,
    "locked": PullRequestState.OPEN,  # while it is being merged
    "merged": PullRequestState.MERGED,
    "closed": PullRequestState.CLOSED,
}
_STATUSES = {
    HeadState.PENDING: "pending",
    HeadState.SUCCESS: "success",
    HeadState.FAILURE: "failed",
    HeadState.ERROR: "canceled",  # nothing came of it, which is nobody's failure
}
_DEVELOPER = 30


class GitLabMergeRequests:
    """Fits `Pulls`."""

    sigil = "!"

    def __init__(self, project: Project) -> None:
        self._project = project

    def between(self, source: Branch, target: Branch, *, ended: bool) -> list[PullRequest]:
        """Those whose source is in the project itself."""
        asked = {"source_branch": source, "target_branch": target}
        state = {} if ended else {"state": "opened"}
        doing = "list the merge requests"
        pages = self._project.pages("/merge_requests", doing, most=1, **asked, **state)
        return [
            pull_request(found)
            for page in pages
            for found in page
            if found["source_project_id"] == found["target_project_id"]
        ]

    def get(self, number: int, doing: str) -> PullRequest:
        """One merge request."""
        return pull_request(self._project.get(f"/merge_requests/{number}", doing))

    def create(self, draft: PullRequestDraft, doing: str) -> PullRequest:
        """GitLab refuses a second one for the same branches (409)."""
        told = {
            "source_branch": draft.source,
            "target_branch": draft.target,
            "title": fitted_title(draft.title, LONGEST_TITLE),
            "description": harmless(draft.body),
        }
        return pull_request(self._project.send("POST", "/merge_requests", doing, told))

    def close(self, number: int, doing: str) -> None:
        """Close it."""
        self._change(number, {"state_event": "close"}, doing)

    def retarget(self, number: int, target: Branch, doing: str) -> None:
        """Have it merge into another branch."""
        self._change(number, {"target_branch": target}, doing)

    def label(self, number: int, *, add: Sequence[str], remove: Sequence[str], doing: str) -> None:
        """GitLab takes names, and makes the labels it lacks."""
        self._change(number, label_change(add, remove), doing)

    def merge(self, pull: PullRequest, method: Method) -> MergeAnswer:
        """Now, or once its pipeline has succeeded."""
        return merged(self._project, pull, method)

    def set_status(self, head: Sha, status: HeadStatus) -> None:
        """Of a status that is pending GitLab changes nothing, not even the text: a new one then."""
        try:
            self._set_status(head, _STATUSES[status.state], status)
        except ForgeRefused as refusal:
            if refusal.status != 400 or status.state is not HeadState.PENDING:
                raise
            self._set_status(head, "canceled", status)
            self._set_status(head, "pending", status)

    def _set_status(self, head: Sha, state: str, status: HeadStatus) -> None:
        told = {"state": state, "name": CONTEXT}
        told["description"] = fitted_title(status.description, LONGEST_DESCRIPTION)
        if status.url:
            told["target_url"] = status.url
        self._project.send("POST", f"/statuses/{head}", "set the status of a commit", told)

    def access(self) -> ForgeAccess:
        """Three requests: the project, who the token belongs to, and its scopes."""
        rest, path = self._project.rest, f"/projects/{self._project.address.quoted_repository}"
        settings = self._project.settings("read the project")
        headers, _ = rest.look(path, "read the project")
        left = headers.get("RateLimit-Remaining", "")
        return ForgeAccess(
            repository=settings["path_with_namespace"],
            login=self._asked("/user", "username"),
            can_push=access_level(settings) >= _DEVELOPER,
            has_issues=settings.get("issues_access_level", "enabled") != "disabled",
            scopes=self._scopes(),
            clock_skew=rest.ahead_of(headers.get("Date")),
            requests_left=int(left) if left.isdecimal() else None,
        )

    def failing_deliveries(self) -> tuple[str, ...]:
        """GitLab itself stops calling a webhook that fails too often, and says which."""
        found: list[str] = []
        with suppress(NotPermitted, NotThere):
            for page in self._project.pages("/hooks", "read the webhooks", most=1):
                found += [line for hook in page if (line := _failure(hook))]
        return tuple(found)

    def _scopes(self) -> tuple[str, ...] | None:
        told = self._asked("/personal_access_tokens/self", "scopes")
        return None if told is None else tuple(told)

    def _asked(self, path: str, name: str) -> Any:
        """What a token may not ask about itself is not known."""
        with suppress(NotPermitted, NotThere):
            return self._project.rest.get(path, "ask whose token it is").get(name)
        return None

    def _change(self, number: int, change: Mapping[str, Any], doing: str) -> None:
        self._project.send("PUT", f"/merge_requests/{number}", doing, change)


def pull_request(found: Mapping[str, Any]) -> PullRequest:
    """What GitLab calls a merge request."""
    state = _STATES.get(found["state"], PullRequestState.OPEN)
    # A fast-forward makes no commit of its own: the head is what landed.
    landed = found.get("merge_commit_sha") or found.get("squash_commit_sha") or found["sha"]
    return PullRequest(
        number=int(found["iid"]),
        state=state,
        source=Branch(found["source_branch"]),
        target=Branch(found["target_branch"]),
        head=Sha(found["sha"] or ""),
        url=found["web_url"],
        labels=tuple(found["labels"]),
        merge_commit=Sha(landed) if state is PullRequestState.MERGED else None,
    )


def _failure(hook: Mapping[str, Any]) -> str | None:
    state = hook.get("alert_status") or "executable"
    if state == "executable":
        return None
    until = hook.get("disabled_until")
    return f"{masked(hook['url'])}: {state.replace('_', ' ')}{f' until {until}' if until else ''}"
