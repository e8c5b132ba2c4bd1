"""Merging a pull request on Gitea: at once, or by Gitea once its checks have succeeded."""

from __future__ import annotations

from refinery.adapters import forge_errors
from refinery.adapters.forge_errors import ForgeRefused
from refinery.adapters.gitea.repository import GiteaRepository
from refinery.queue.pull_requests import (
    MergeAnswer,
    MergedNow,
    MergeRefused,
    MergesLater,
    PullRequest,
)
from refinery.records.merge_request import Method
from refinery.records.names import Sha
from refinery.typed import Any

_WAYS = {
    Method.MERGE: "merge",
    Method.SQUASH: "squash",
    Method.REBASE: "rebase",
    Method.FAST_FORWARD: "fast-forward-only",
}
_NOT_LOOKED_YET = "try again later"
_SCHEDULED = "already scheduled to auto merge"


def merged(repository: GiteaRepository, pull: PullRequest, method: Method) -> MergeAnswer:
    """Try it now; what Gitea will not do now (405) it may do later."""
    told = {"Do": _WAYS[method], "head_commit_id": pull.head}
    refusal = _refusal(repository, pull, told, f"merge #{pull.number}")
    if refusal is not None and refusal.status == 405:
        if _NOT_LOOKED_YET in refusal.message.lower():
            why = "it still looks whether it can be merged"
            raise forge_errors.away(repository.address, f"merge #{pull.number}", why)
        later = {**told, "merge_when_checks_succeed": True}
        doing = f"have #{pull.number} merged automatically"
        again = _refusal(repository, pull, later, doing)
        if again is None or _SCHEDULED in again.message:
            return _landed(repository, pull)
    return _landed(repository, pull) if refusal is None else MergeRefused(refusal.message)


def _refusal(
    repository: GiteaRepository, pull: PullRequest, told: dict[str, Any], doing: str
) -> ForgeRefused | None:
    try:
        repository.send("POST", f"/pulls/{pull.number}/merge", doing, told)
    except ForgeRefused as refusal:
        return refusal
    return None


def _landed(repository: GiteaRepository, pull: PullRequest) -> MergeAnswer:
    """What became of it: the answer to a merge is empty.

    Gitea keeps no head for what it merges later: one that moved meanwhile is not to be merged.
    """
    doing = f"merge #{pull.number}"
    found = repository.get(f"/pulls/{pull.number}", doing)
    if found["merged"]:
        return MergedNow(Sha(found["merge_commit_sha"]))
    if found["head"]["sha"] == pull.head:
        return MergesLater()
    repository.send("DELETE", f"/pulls/{pull.number}/merge", doing)
    return MergeRefused(f"#{pull.number} is at {found['head']['sha']}, not at {pull.head}")
