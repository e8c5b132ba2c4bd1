"""What forges really sent: GitHub's recorded deliveries, and samples of GitLab's and Gitea's."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from tests.forges.emulator import NODE_MODULES

Recorded = tuple[str, dict[str, Any]]

_EXAMPLES = NODE_MODULES / "@octokit" / "webhooks-examples" / "api.github.com" / "index.json"
_SCHEMAS = NODE_MODULES / "@octokit" / "openapi-webhooks" / "generated" / "api.github.com.json"


@cache
def github() -> list[Recorded]:
    """Every recorded delivery of github.com, with its event's name."""
    kinds = json.loads(_EXAMPLES.read_text())
    return [(kind["name"], payload) for kind in kinds for payload in kind["examples"]]


@cache
def github_schemas() -> dict[str, Any]:
    """GitHub's description of its webhooks."""
    described: dict[str, Any] = json.loads(_SCHEMAS.read_text())
    return described


def gitlab(kind: str = "issue", **facts: Any) -> dict[str, Any]:
    """A delivery in the shape of GitLab's webhook_events page."""
    return {
        "object_kind": kind,
        "event_type": kind,
        "user": {"id": 1, "username": "root"},
        "project": {"id": 1, "path_with_namespace": "acme/shop", "default_branch": "main"},
        "object_attributes": {"id": 301, "iid": 23, "title": "New API", **facts},
        "labels": [],
        "changes": {},
    }


def gitlab_push(ref: str, before: str, after: str) -> dict[str, Any]:
    """A `Push Hook`."""
    return {
        "object_kind": "push",
        "event_name": "push",
        "before": before,
        "after": after,
        "ref": ref,
        "ref_protected": False,
        "checkout_sha": after,
        "project": {"id": 15, "path_with_namespace": "acme/shop"},
        "commits": [],
        "total_commits_count": 0,
    }


def gitlab_merge_request(action: str, **facts: Any) -> dict[str, Any]:
    """A `Merge Request Hook`."""
    told = gitlab(
        "merge_request",
        iid=1,
        action=action,
        source_branch="topic",
        target_branch="main",
        source_project_id=14,
        target_project_id=14,
        state="opened",
        title="MS-Viewport",
        last_commit={"id": "d" * 40},
    )
    told["object_attributes"] |= facts
    return told
