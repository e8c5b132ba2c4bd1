"""GitHub's deliveries as events; Gitea and Forgejo send nearly the same, and are read here too."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from refinery.records.names import IssueRef
from refinery.typed import Any
from refinery.webhook import payload as read
from refinery.webhook.events import (
    LABEL,
    BranchDeleted,
    Event,
    Forge,
    Ignored,
    IssueClosed,
    IssueGone,
    IssueLabelled,
    IssueReopened,
    IssueTransferred,
    Ping,
    PullRequestLabelled,
    PullRequestMerged,
    Pushed,
    Told,
)

Payload = Mapping[str, Any]

_ISSUE_ACTIONS: Mapping[str, Callable[[IssueRef], Event]] = {
    "closed": IssueClosed,
    "reopened": IssueReopened,
    "deleted": IssueGone,
    "transferred": IssueTransferred,
    **dict.fromkeys(("labeled", "unlabeled", "label_updated", "label_cleared"), IssueLabelled),
}
# GitHub's words, then those of Gitea where they differ.
_LABELLED = frozenset({"labeled", "label_updated"})
_ASKS_AGAIN = frozenset({"opened", "reopened", "synchronize", "synchronized", "ready_for_review"})


def parse(forge: Forge, name: str, payload: Payload) -> Told:
    """What a delivery says, whichever of the two it comes from."""
    parser = _PARSERS.get(name)
    event = parser(forge, payload) if parser else Ignored(f"the event {name!r} is not acted on")
    return Told(event, read.text(read.part(payload, "repository"), "full_name"))


def _ping(forge: Forge, payload: Payload) -> Event:
    return Ping()


def _issues(forge: Forge, payload: Payload) -> Event:
    action = read.text(payload, "action")
    made = _ISSUE_ACTIONS.get(action or "")
    if action == "opened" and read.listed(read.part(payload, "issue"), "labels"):
        made = IssueLabelled
    if made is None:
        return Ignored(f"an issue was {action or 'changed'}")
    issue = read.issue(forge, read.part(payload, "issue"), "number")
    return made(issue) if issue else Ignored("it names no issue")


def _push(forge: Forge, payload: Payload) -> Event:
    branch = read.branch_of_ref(payload, "ref")
    if branch is None:
        return Ignored("what was pushed is not a branch")
    before, after = read.sha(payload, "before"), read.sha(payload, "after")
    if after is None or before is None:
        return Ignored("it names no commits")
    if read.is_zero(after):
        return BranchDeleted(branch)
    is_new = read.is_zero(before)
    return Pushed(branch, None if is_new else before, after, is_new)


def _delete(forge: Forge, payload: Payload) -> Event:
    if read.text(payload, "ref_type") != "branch":
        return Ignored("what was deleted is not a branch")
    branch = read.branch(payload, "ref")
    return BranchDeleted(branch) if branch else Ignored("it names no branch")


def _pull_request(forge: Forge, payload: Payload) -> Event:
    request = read.part(payload, "pull_request")
    number = read.number(request, "number")
    source = read.branch(read.part(request, "head"), "ref")
    target = read.branch(read.part(request, "base"), "ref")
    head = read.sha(read.part(request, "head"), "sha")
    if number is None or source is None or target is None or head is None:
        return Ignored("it names no branches")
    if _is_fork(request):
        return Ignored(f"pull request {number} comes from a fork")
    action = read.text(payload, "action")
    if action == "closed" and request.get("merged") is True:
        return PullRequestMerged(number, source, target, head)
    if not _asks(action, payload, request):
        return Ignored(f"pull request {number} was {action or 'changed'}")
    if request.get("draft") is True or read.text(request, "state") != "open":
        return Ignored(f"pull request {number} is a draft, or not open")
    return PullRequestLabelled(number, LABEL, source, target, head, read.title(request))


def _is_fork(request: Payload) -> bool:
    """Whether it comes from anywhere but the repository it is for; unknown means yes."""
    theirs = read.text(read.part(request, "head", "repo"), "full_name")
    ours = read.text(read.part(request, "base", "repo"), "full_name")
    return theirs is None or ours is None or theirs.lower() != ours.lower()


def _asks(action: str | None, payload: Payload, request: Payload) -> bool:
    """Whether it was given our label just now, or has it and shows something new."""
    given = read.part(payload, "label")
    if action in _LABELLED and given:
        return read.text(given, "name") == LABEL
    labels = {read.text(label, "name") for label in read.listed(request, "labels")}
    return action in _LABELLED | _ASKS_AGAIN and LABEL in labels


_PARSERS: Mapping[str, Callable[[Forge, Payload], Event]] = {
    "ping": _ping,
    "issues": _issues,
    "issue_label": _issues,  # what Gitea calls a change of labels
    "push": _push,
    "delete": _delete,
    "pull_request": _pull_request,
    "pull_request_target": _pull_request,  # what GitHub Actions calls it
    "pull_request_label": _pull_request,  # what Gitea Actions and older ones call it
    "pull_request_sync": _pull_request,
}
