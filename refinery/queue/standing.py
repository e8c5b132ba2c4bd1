"""Where a merge request stands: one code, and what it waits for."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from refinery.records.claim import Claim
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import MrId
from refinery.store.view import View
from refinery.values import dataclass


class Code(StrEnum):
    """Stable reason codes: scripts and agents may rely on them."""

    READY = "ready"
    CLAIMED = "claimed"
    PAUSED = "paused"
    HELD = "held"
    INTENT = "awaiting-push"
    PROPOSED = "in-pull-request"
    BLOCKED_BY_ISSUE = "blocked-by-issue"
    BLOCKED_BY_MR = "blocked-by-mr"
    DEPENDENCY_FAILED = "dependency-failed"
    NEEDS_REWORK = "needs-rework"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Standing:
    """The code, and the facts its words are made of."""

    code: Code
    claim: Claim | None = None
    dependency: MrId | None = None


BLOCKED = frozenset({Code.BLOCKED_BY_ISSUE, Code.BLOCKED_BY_MR, Code.DEPENDENCY_FAILED})


def standing(view: View, mr: MergeRequest, now: datetime) -> Standing:
    """What the merge request waits for now; the first reason that holds."""
    claim = None if mr.closed else live_claim(view, mr.id, now)
    return stands_by_itself(view, mr) if claim is None else Standing(Code.CLAIMED, claim=claim)


def stands_by_itself(view: View, mr: MergeRequest) -> Standing:
    """What it waits for, whoever has claimed it.

    A dependency that is not in the view is taken as landed only if nobody says otherwise: the store
    keeps a closed dependency in the view until all that depend on it are closed.
    """
    if mr.closed:
        return Standing(Code.CLOSED)
    if mr.hold is not None:
        return Standing(Code.HELD)
    if mr.proposal is not None:
        return Standing(Code.PROPOSED)
    if mr.intent:
        return Standing(Code.INTENT)
    if mr.blocked_by is not None or mr.block is not None:
        return Standing(Code.BLOCKED_BY_ISSUE)
    if mr.failure is not None:
        return Standing(Code.NEEDS_REWORK)
    for dependency in mr.depends_on:
        code = _dependency(view, dependency)
        if code is not None:
            return Standing(code, dependency=dependency)
    return Standing(Code.PAUSED if view.header.paused else Code.READY)


def live_claim(view: View, mr: MrId, now: datetime) -> Claim | None:
    """The claim that it is processed under at `now`, the oldest of several; expired are none."""
    by_hand = view.claims.get(mr)
    claims = (by_hand, *view.testing.get(mr, ()))
    return next((each for each in claims if each is not None and each.live(now)), None)


def newest_revision(view: View, id: MrId) -> MergeRequest | None:
    """What a merge request has become: the last of those that superseded each other, if known."""
    return view.mrs.get(_newest_id(view, id))


def _newest_id(view: View, id: MrId) -> MrId:
    passed: set[MrId] = set()
    known = view.mrs.get(id)
    while known is not None and known.superseded_by is not None and id not in passed:
        passed.add(id)  # a record that somebody wrote by hand may lead in a circle
        id = known.superseded_by
        known = view.mrs.get(id)
    return id


def _dependency(view: View, dependency: MrId) -> Code | None:
    found = newest_revision(view, dependency)
    if found is None:
        return Code.BLOCKED_BY_MR if _is_unreadable(view, dependency) else None
    if not found.closed:
        return Code.BLOCKED_BY_MR
    landed = found.close_reason in (CloseReason.MERGED, CloseReason.ALREADY_MERGED)
    return None if landed else Code.DEPENDENCY_FAILED


def _is_unreadable(view: View, dependency: MrId) -> bool:
    """Whether it, or the revision that went on in its place, is there but cannot be read."""
    id = _newest_id(view, dependency)
    return any(
        each.where.endswith(f"/{id}.yaml") or f"/inbox/{id}:" in each.where for each in view.damage
    )
