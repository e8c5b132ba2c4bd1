"""Merging a merge request on GitLab: at once, or by GitLab once its pipeline has succeeded."""

from __future__ import annotations

from collections.abc import Mapping

from refinery.adapters import forge_errors
from refinery.adapters.forge_errors import BadToken, ForgeRefused, NotPermitted
from refinery.adapters.gitlab.project import Project
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

# How a project merges is its own setting; a merge request can only be squashed besides.  A
# fast-forward changes no commit either, so it does for a merge; a merge commit for nothing else.
_WAYS = {
    Method.MERGE: ("merge", "rebase_merge", "ff"),
    Method.SQUASH: ("merge", "rebase_merge", "ff"),
    Method.REBASE: ("ff",),
    Method.FAST_FORWARD: ("ff",),
}
_NOT_LOOKED_YET = {"unchecked", "checking", "preparing", "approvals_syncing"}
_LATER = {"auto_merge": True, "merge_when_pipeline_succeeds": True}  # since 17.11; until then
_MAY_BE_LATER = (405, 406, 422)


def merged(project: Project, pull: PullRequest, method: Method) -> MergeAnswer:
    """Try it now; what GitLab will not do now it may do later."""
    doing = f"merge !{pull.number}"
    way = project.settings(doing).get("merge_method", "merge")
    if way not in _WAYS[method]:
        return MergeRefused(
            f"merge method {way!r} of the project adds a merge commit, which is no {method}"
        )
    told = {"sha": pull.head, "squash": method is Method.SQUASH}
    answer = _asked(project, pull, told, doing)
    if isinstance(answer, ForgeRefused) and answer.status in _MAY_BE_LATER:
        later = _asked(project, pull, told | _LATER, f"have !{pull.number} merged automatically")
        answer = answer if isinstance(later, ForgeRefused) else later
    if isinstance(answer, ForgeRefused):
        return _refused(project, pull, answer, doing)
    return answer


def _asked(
    project: Project, pull: PullRequest, told: Mapping[str, Any], doing: str
) -> MergeAnswer | ForgeRefused:
    path = f"/merge_requests/{pull.number}/merge"
    try:
        return _answer(project.send("PUT", path, doing, told))
    except ForgeRefused as refusal:
        return refusal
    except BadToken as refusal:
        # The token was good a moment ago: this is how GitLab says that its owner may not merge.
        raise NotPermitted(
            refusal.message.replace("does not accept the token", "lets its owner merge nothing"),
            hint=f"let the owner of {project.address.token_name} merge into {pull.target!r}",
        ) from refusal


def _answer(found: Mapping[str, Any]) -> MergeAnswer:
    if found["state"] == "merged":
        landed = found.get("merge_commit_sha") or found.get("squash_commit_sha") or found["sha"]
        return MergedNow(Sha(landed))
    if found["state"] == "locked" or found.get("merge_when_pipeline_succeeds"):
        return MergesLater()
    return MergeRefused(found.get("merge_error") or str(found.get("detailed_merge_status")))


def _refused(project: Project, pull: PullRequest, refusal: ForgeRefused, doing: str) -> MergeAnswer:
    """Why, in GitLab's word for it; while it has not looked yet nothing is refused."""
    if refusal.status not in _MAY_BE_LATER:
        return MergeRefused(refusal.message)
    found = project.get(f"/merge_requests/{pull.number}", doing)
    if found["state"] == "merged":
        return _answer(found)
    why = found.get("detailed_merge_status") or found["merge_status"]
    if why in _NOT_LOOKED_YET:
        raise forge_errors.away(project.address, doing, "it still looks whether it can be merged")
    return MergeRefused(f"{refusal.message}: {why}")
