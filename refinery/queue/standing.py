"""Where a merge request stands: one code, and what it waits for."""

from __future__ import annotations

from datetime import datetime

from refinery.queue.freezing import Frozen, frozen
from refinery.queue.halting import hold_of, pause_of
from refinery.queue.units import unit_of
from refinery.records.claim import Claim
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import MrId
from refinery.store.view import View
from refinery.values import StrEnum, dataclass, replace


class Code(StrEnum):
    """Stable reason codes: scripts and agents may rely on them."""

    READY = "ready"
    CLAIMED = "claimed"
    PAUSED = "paused"
    FROZEN = "frozen"
    HELD = "held"
    INTENT = "awaiting-push"
    PROPOSED = "in-pull-request"
    BLOCKED_BY_ISSUE = "blocked-by-issue"
    BLOCKED_BY_MR = "blocked-by-mr"
    DEPENDENCY_FAILED = "dependency-failed"
    UNIT_INCOMPLETE = "unit-incomplete"
    NEEDS_REWORK = "needs-rework"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Standing:
    """The code, and the facts its words are made of; `dependency` is whom it waits for."""

    code: Code
    claim: Claim | None = None
    dependency: MrId | None = None
    frozen: Frozen | None = None


LANDABLE = frozenset({Code.READY, Code.PAUSED, Code.BLOCKED_BY_MR})
GOES_ON = frozenset({Code.READY, Code.PAUSED})
BLOCKED = frozenset(
    {Code.BLOCKED_BY_ISSUE, Code.BLOCKED_BY_MR, Code.DEPENDENCY_FAILED, Code.UNIT_INCOMPLETE}
)
LANDED = frozenset({CloseReason.MERGED, CloseReason.ALREADY_MERGED, CloseReason.EMPTY})
"""How what others wait for has ended where the target has all of it."""


def standing(view: View, mr: MergeRequest, now: datetime) -> Standing:
    """What the merge request waits for now; the first reason that holds."""
    claim = None if mr.closed else live_claim(view, mr.id, now)
    return stands_by_itself(view, mr, now) if claim is None else Standing(Code.CLAIMED, claim=claim)


def stands_by_itself(view: View, mr: MergeRequest, now: datetime) -> Standing:
    """What it waits for, whoever has claimed it."""
    stands = _regardless_of_its_unit(view, mr, now)
    if stands.code not in GOES_ON:
        return stands
    for other in unit_of(view, mr):
        if _regardless_of_its_unit(view, other, now).code not in GOES_ON:
            return Standing(Code.UNIT_INCOMPLETE, dependency=other.id)
    return stands


def _regardless_of_its_unit(view: View, mr: MergeRequest, now: datetime) -> Standing:
    """The same, as if whatever it has to land with could land."""
    stands = stands_in_records(view, mr)
    if stands.code is Code.HELD and hold_of(mr, now) is None:
        stands = stands_in_records(view, replace(mr, hold=None))
    if stands.code not in (Code.READY, Code.BLOCKED_BY_MR):
        return stands
    holds = frozen(view, mr, now)
    if holds is not None:
        return Standing(Code.FROZEN, frozen=holds)
    is_paused = stands.code is Code.READY and pause_of(view, now) is not None
    return Standing(Code.PAUSED) if is_paused else stands


def stands_in_records(view: View, mr: MergeRequest) -> Standing:
    """What it waits for by the records alone, whatever the time: pauses and freezes aside.

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
        code = _dependency(view, mr, dependency)
        if code is not None:
            return Standing(code, dependency=dependency)
    return Standing(Code.READY)


def live_claim(view: View, mr: MrId, now: datetime) -> Claim | None:
    """The claim that it is processed under at `now`, the oldest of several; expired are none."""
    by_hand = view.claims.get(mr)
    claims = (by_hand, *view.testing.get(mr, ()))
    return next((each for each in claims if each is not None and each.live(now)), None)


def newest_revision(view: View, id: MrId) -> MergeRequest | None:
    """What a merge request has become: the last of those that superseded each other, if known."""
    return view.mrs.get(_newest_id(view, id))


def stands_for(view: View, id: MrId) -> MergeRequest | None:
    """What those that depend on `id` wait for now.

    That is its newest revision or, where that ended without landing, what was submitted of its
    branch since: who mends what was refused mends what stands on it.
    """
    found = newest_revision(view, id)
    if found is None or not found.closed or found.close_reason in LANDED:
        return found
    later = [
        each
        for each in view.mrs.values()
        if (each.branch, each.target) == (found.branch, found.target)
        if each.submitted_at > found.submitted_at
    ]
    return max(later, key=lambda each: (each.submitted_at, each.id), default=found)


def _newest_id(view: View, id: MrId) -> MrId:
    passed: set[MrId] = set()
    known = view.mrs.get(id)
    while known is not None and known.superseded_by is not None and id not in passed:
        passed.add(id)  # a record that somebody wrote by hand may lead in a circle
        id = known.superseded_by
        known = view.mrs.get(id)
    return id


def _dependency(view: View, mr: MergeRequest, dependency: MrId) -> Code | None:
    found = stands_for(view, dependency)
    if found is None:
        return Code.BLOCKED_BY_MR if _is_unreadable(view, dependency) else None
    if not found.closed:
        together = mr.unit is not None and (found.unit, found.target) == (mr.unit, mr.target)
        return None if together else Code.BLOCKED_BY_MR
    if found.close_reason not in LANDED:
        return Code.DEPENDENCY_FAILED
    return Code.BLOCKED_BY_MR if is_left_behind(view, mr, found) else None


def is_left_behind(view: View, mr: MergeRequest, below: MergeRequest) -> bool:
    """Whether it is for the branch of one that has landed: it has to be sent on, not to land there.

    A branch that takes landings is a target like any other, whatever else is submitted of it.
    """
    if below.branch != mr.target or below.close_reason not in LANDED:
        return False
    return mr.target not in (view.header.default_target, *view.header.landed)


def _is_unreadable(view: View, dependency: MrId) -> bool:
    """Whether it, or the revision that went on in its place, is there but cannot be read."""
    id = _newest_id(view, dependency)
    return any(
        each.where.endswith(f"/{id}.yaml") or f"/inbox/{id}:" in each.where for each in view.damage
    )
