"""Merging a pull request on GitHub: at once, or by auto-merge once what is required is there."""

from __future__ import annotations

from refinery.adapters.forge_errors import ForgeAway, ForgeRefused, NotThere
from refinery.adapters.github.connection import GitHub
from refinery.queue.pull_requests import MergeAnswer, MergedNow, MergeRefused, MergesLater
from refinery.records.merge_request import Method
from refinery.records.names import Sha
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from github.PullRequest import PullRequest

_METHODS = {Method.MERGE: "merge", Method.SQUASH: "squash", Method.REBASE: "rebase"}
# Nothing stands in the way of these: who refuses them has not looked at the newest target yet.
_MERGEABLE = {"clean", "has_hooks", "unstable"}


def merged(github: GitHub, number: int, *, head: Sha, method: Method) -> MergeAnswer:
    """Merge it if its head is still this; `MergeRefused` carries GitHub's own words."""
    if method not in _METHODS:
        return MergeRefused("GitHub merges no pull request by fast-forward")
    pull = _pull(github, number)
    if pull is None:
        return MergeRefused(f"there is no pull request #{number}")
    refused = ""
    for _ in range(2):
        answer = _as_it_stands(pull, head) or _try(github, pull, head, method)
        if not isinstance(answer, ForgeRefused):
            return answer
        refused = answer.message
        pull = _pull(github, number) or pull
        if pull.mergeable_state not in _MERGEABLE:
            break
    return _as_it_stands(pull, head) or _wait(github, pull, head, method) or MergeRefused(refused)


def _pull(github: GitHub, number: int) -> PullRequest | None:
    repository = github.repository()
    try:
        with github.asking(f"read pull request #{number}"):
            return repository.get_pull(number)
    except NotThere:
        return None


def _as_it_stands(pull: PullRequest, head: Sha) -> MergeAnswer | None:
    """What needs no asking: it is merged already, or will be, or cannot be."""
    if pull.merged:
        if pull.head.sha == head:
            return MergedNow(Sha(pull.merge_commit_sha))
        return MergeRefused(f"#{pull.number} was merged at {pull.head.sha}, not at {head}")
    if pull.state != "open":
        return MergeRefused(f"#{pull.number} is closed")
    if pull.head.sha != head:
        return MergeRefused(f"#{pull.number} is at {pull.head.sha}, not at {head}")
    return None


def _try(
    github: GitHub, pull: PullRequest, head: Sha, method: Method
) -> MergeAnswer | ForgeRefused:
    """The answer, or the refusal of what may be merged later (405)."""
    try:
        with github.asking(f"merge pull request #{pull.number}"):
            return MergedNow(Sha(pull.merge(merge_method=_METHODS[method], sha=head).sha))
    except ForgeRefused as refusal:
        return refusal if refusal.status == 405 else MergeRefused(refusal.message)
    except ForgeAway:
        again = _pull(github, pull.number)
        answer = _as_it_stands(again, head) if again else None
        if answer is None:
            raise
        return answer


def _wait(github: GitHub, pull: PullRequest, head: Sha, method: Method) -> MergeAnswer | None:
    """Have GitHub merge it by itself, where the repository lets it and nothing conflicts."""
    if pull.mergeable is False or not github.repository().allow_auto_merge:
        return None
    try:
        with github.asking(f"have pull request #{pull.number} merged automatically"):
            pull.enable_automerge(_METHODS[method].upper(), expected_head_oid=head)
    except ForgeRefused as refusal:
        return MergeRefused(refusal.message)
    return MergesLater()
