"""GitLab's deliveries as events: its hooks, and the system hooks that say the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from refinery.typed import Any
from refinery.webhook import payload as read
from refinery.webhook.events import (
    LABEL,
    BranchDeleted,
    Event,
    Forge,
    Ignored,
    IssueClosed,
    IssueLabelled,
    IssueReopened,
    IssueTransferred,
    PullRequestLabelled,
    PullRequestMerged,
    Pushed,
    Told,
)

Payload = Mapping[str, Any]

_SYSTEM = "System Hook"
_SHOWN_NEW = frozenset({"open", "reopen"})


def parse(name: str, payload: Payload) -> Told:
    """What a delivery says; system hooks name their event in the body."""
    kind = read.text(payload, "object_kind") if name == _SYSTEM else _KINDS.get(name)
    parser = _PARSERS.get(kind or "")
    event = parser(payload) if parser else Ignored(f"the event {name!r} is not acted on")
    return Told(event, read.text(read.part(payload, "project"), "path_with_namespace"))


def _issue(payload: Payload) -> Event:
    facts = read.part(payload, "object_attributes")
    issue = read.issue(Forge.GITLAB, facts, "iid")
    if issue is None:
        return Ignored("it names no issue")
    action = read.text(facts, "action")
    if action == "reopen":
        return IssueReopened(issue)
    if _shows_labels(action, payload):
        return IssueLabelled(issue)
    if action != "close":
        return Ignored(f"an issue's action was {action or 'none'}")
    moved = read.number(facts, "moved_to_id") is not None
    return IssueTransferred(issue) if moved else IssueClosed(issue)


def _shows_labels(action: str | None, payload: Payload) -> bool:
    """Whether an issue came with labels, or was given or lost some."""
    if action == "open":
        return bool(read.listed(payload, "labels"))
    return action == "update" and bool(read.part(payload, "changes", "labels"))


def _push(payload: Payload) -> Event:
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


def _merge_request(payload: Payload) -> Event:
    facts = read.part(payload, "object_attributes")
    number = read.number(facts, "iid")
    source, target = read.branch(facts, "source_branch"), read.branch(facts, "target_branch")
    head = read.sha(read.part(facts, "last_commit"), "id")
    if number is None or source is None or target is None or head is None:
        return Ignored("it names no branches")
    projects = read.number(facts, "source_project_id"), read.number(facts, "target_project_id")
    if projects[0] is None or projects[0] != projects[1]:
        return Ignored(f"merge request {number} comes from a fork")
    action = read.text(facts, "action")
    if action == "merge":
        return PullRequestMerged(number, source, target, head)
    if not _asks(action, payload, facts):
        return Ignored(f"merge request {number}'s action was {action or 'none'}")
    is_draft = facts.get("work_in_progress") is True or facts.get("draft") is True
    if is_draft or read.text(facts, "state") != "opened":
        return Ignored(f"merge request {number} is a draft, or not open")
    return PullRequestLabelled(number, LABEL, source, target, head, read.title(facts))


def _asks(action: str | None, payload: Payload, facts: Payload) -> bool:
    """Whether it was given our label just now, or has it and shows something new."""
    changed = read.part(payload, "changes", "labels")
    if action == "update" and LABEL in _names(changed, "current"):
        return LABEL not in _names(changed, "previous")
    is_new = action in _SHOWN_NEW or (action == "update" and read.sha(facts, "oldrev") is not None)
    return is_new and LABEL in _names(payload, "labels")


def _names(payload: Payload, key: str) -> set[str | None]:
    return {read.text(label, "title") for label in read.listed(payload, key)}


_KINDS: Mapping[str, str] = {
    "Issue Hook": "issue",
    "Confidential Issue Hook": "issue",
    "Push Hook": "push",
    "Merge Request Hook": "merge_request",
}
_PARSERS: Mapping[str, Callable[[Payload], Event]] = {
    "issue": _issue,
    "push": _push,
    "merge_request": _merge_request,
}
