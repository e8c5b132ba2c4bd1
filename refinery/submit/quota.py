"""Refuses one more where as many of an author or a fleet wait as may."""

from __future__ import annotations

from shlex import quote

from refinery.config.config import Config
from refinery.errors import TryAgain
from refinery.queue.quotas import full
from refinery.records.merge_request import MergeRequest
from refinery.store.view import View


class QuotaReached(TryAgain):
    """As many of the author's, or of its fleet's, wait for the target as may."""

    code = "quota-reached"


def refuse_over_quota(view: View, mr: MergeRequest, config: Config) -> None:
    """Raise it where a new merge request would be one too many; a new revision never is."""
    before = view.mrs.get(mr.supersedes) if mr.supersedes else None
    if before is not None and not before.closed:
        return
    found = full(view, mr.target, mr.worker, config.fairness)
    if found is not None:
        whose = "refinery list" if found.share[0] else f"refinery list --worker {quote(mr.worker)}"
        raise QuotaReached(
            f"as many of {found.whose} wait for {mr.target} as may: {found.most}",
            hint=f"submit it again once one of these has landed: `{whose}`",
        )
