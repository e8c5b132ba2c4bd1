"""What GitHub says of the token and of its webhooks, for `refinery doctor`."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from refinery.adapters.forge_access import ForgeAccess
from refinery.adapters.forge_errors import NotPermitted, NotThere
from refinery.adapters.github.connection import GitHub
from refinery.repo.masking import masked
from refinery.typed import Any

_LATEST = 30  # deliveries of a hook that are looked at


def access(github: GitHub) -> ForgeAccess:
    """Two requests: the repository, and who the token belongs to."""
    repository = github.repository()
    with github.asking("read the repository"):
        headers, data = repository.requester.requestJsonAndCheck("GET", repository.url)
    scopes = headers.get("x-oauth-scopes")
    left = headers.get("x-ratelimit-remaining", "")
    return ForgeAccess(
        repository=repository.full_name,
        login=_login(github),
        can_push=(data.get("permissions") or {}).get("push"),
        has_issues=data.get("has_issues"),
        scopes=None if scopes is None else tuple(filter(None, scopes.split(", "))),
        clock_skew=github.ahead_of(headers.get("date")),
        requests_left=int(left) if left.isdecimal() else None,
    )


def _login(github: GitHub) -> str | None:
    """Nobody's name where the token is a workflow's own: that may not ask who it is."""
    with suppress(NotPermitted, NotThere), github.asking("ask whose token it is"):
        return github.client.get_user().login
    return None


def failing_deliveries(github: GitHub) -> tuple[str, ...]:
    """One line for each active webhook whose newest delivery failed."""
    repository = github.repository()
    found: list[str] = []
    with suppress(NotPermitted, NotThere), github.asking("read the webhooks"):
        for hook in repository.get_hooks():
            if hook.active:
                found += _failure(hook.config, _deliveries(github, hook.id))
    return tuple(found)


def _deliveries(github: GitHub, hook: int) -> list[Mapping[str, Any]]:
    repository = github.repository()
    where = f"{repository.url}/hooks/{hook}/deliveries"
    _, data = repository.requester.requestJsonAndCheck(
        "GET", where, parameters={"per_page": _LATEST}
    )
    return list(data)


def _failure(config: Mapping[str, Any], deliveries: list[Mapping[str, Any]]) -> list[str]:
    """Nothing if the newest delivery arrived, however many before it did not."""
    failed = 0
    for delivery in deliveries:
        if 200 <= int(delivery["status_code"] or 0) < 300:
            break
        failed += 1
    if not failed:
        return []
    newest = deliveries[0]
    url = masked(str(config.get("url", "")))
    answer = f"{newest['status_code'] or ''} {newest['status']}".strip()
    times = "" if failed == 1 else f", {failed} times in a row"
    return [f"{url}: {newest['event']} at {newest['delivered_at']}: {answer}{times}"]
