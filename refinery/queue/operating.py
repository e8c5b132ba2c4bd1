"""What people decide over the queue's head: reject, retry, hold, pause."""

from __future__ import annotations

from datetime import datetime

from refinery.queue.halting import hold_of, pause_of
from refinery.queue.reporting import reports
from refinery.queue.standing import live_claim
from refinery.records.claim import Claim
from refinery.records.header import Pause
from refinery.records.merge_request import CloseReason, Hold, MergeRequest, Status
from refinery.records.names import MrId
from refinery.store.edit import Edit, Event
from refinery.store.view import View
from refinery.values import dataclass, replace


@dataclass(frozen=True, slots=True)
class Immutable:
    """It is closed, and closed merge requests are immutable."""

    mr: MergeRequest


@dataclass(frozen=True, slots=True)
class InProgress:
    """Somebody is processing it right now."""

    mr: MergeRequest
    claim: Claim


@dataclass(frozen=True, slots=True)
class Already:
    """It is as wanted already; nothing changed."""

    words: str


Refusal = Immutable | InProgress | Already


def reject(view: View, id: MrId, *, reason: str, by: str, now: datetime) -> Edit | Refusal:
    """Close a merge request for good; a claim on it is withdrawn, so its worker cannot land it."""
    mr = view.mrs[id]
    if mr.closed:
        return Immutable(mr)
    closed = replace(
        mr,
        status=Status.CLOSED,
        close_reason=CloseReason.REJECTED,
        closed_at=now,
        error=reason,
        blocked_by=None,
        block=None,
    )
    return operation(view, closed, Event("rejected", f"reject {id}: {reason}", (id,), by))


def retry(view: View, id: MrId, *, by: str, now: datetime) -> Edit | Refusal:
    """Forget a failure, so that the same commit is tried again."""
    mr = view.mrs[id]
    if mr.closed:
        return Immutable(mr)
    claim = live_claim(view, id, now)
    if claim is not None:
        return InProgress(mr, claim)
    if mr.failure is None:
        return Already(f"{id} has not failed: there is nothing to retry")
    fresh = replace(mr, failure=None)
    edit = operation(view, fresh, Event("retried", f"retry {id}", (id,), by))
    about = tuple(key for key, verdict in view.verdicts.items() if verdict.candidate == (id,))
    mine = tuple(name for name, each in reports(view).items() if each.candidate == (id,))
    return replace(edit, forget=about, release=(*edit.release, *mine))


def hold(
    view: View, id: MrId, *, reason: str, by: str, now: datetime, until: datetime | None = None
) -> Edit | Refusal:
    """Keep a merge request from being processed until it is released, or that instant comes."""
    mr = view.mrs[id]
    if mr.closed:
        return Immutable(mr)
    before = hold_of(mr, now)
    if before is not None and (before.until == until or until is None):
        return Already(f"{id} is already held by {before.by}: {before.reason}")
    held = replace(mr, hold=Hold(by=by, reason=reason, at=now, until=until))
    return operation(view, held, Event("held", f"hold {id}: {reason}", (id,), by))


def unhold(view: View, id: MrId, *, by: str) -> Edit | Refusal:
    """Let a held merge request go on."""
    mr = view.mrs[id]
    if mr.closed:
        return Immutable(mr)
    if mr.hold is None:
        return Already(f"{id} is not held")
    return operation(view, replace(mr, hold=None), Event("unheld", f"unhold {id}", (id,), by))


def prioritise(view: View, id: MrId, *, priority: int, by: str) -> Edit | Refusal:
    """Give a merge request another priority; 0 is the most urgent."""
    mr = view.mrs[id]
    if mr.closed:
        return Immutable(mr)
    if mr.priority == priority:
        return Already(f"{id} has priority {priority} already")
    changed = replace(mr, priority=priority)
    event = Event("prioritised", f"give {id} priority {priority}", (id,), by)
    return operation(view, changed, event)


def pause(
    view: View, *, reason: str, by: str, now: datetime, until: datetime | None = None
) -> Edit | Already:
    """Stop claiming and landing; what is being tested is not landed either.

    Who names another end than the pause has replaces it.
    """
    before = pause_of(view, now)
    if before is not None and (before.until == until or until is None):
        return Already(f"the queue is already paused: {before.reason}")
    return Edit(
        event=Event("paused", f"pause: {reason}", worker=by),
        header=replace(view.header, paused=Pause(by=by, reason=reason, at=now, until=until)),
    )


def resume(view: View, *, by: str) -> Edit | Already:
    """Go on after a pause."""
    if view.header.paused is None:
        return Already("the queue is not paused")
    return Edit(
        event=Event("resumed", "resume", worker=by), header=replace(view.header, paused=None)
    )


def operation(view: View, mr: MergeRequest, event: Event) -> Edit:
    """The edit that writes one record, folding it first where it still lies in the inbox."""
    waiting = mr.id in view.unfolded
    return Edit(
        event=event,
        put=(mr,),
        fold=(mr.id,) if waiting else (),
        pins={mr.id: mr.head} if waiting and not mr.closed else {},
        release=(mr.id,) if mr.closed and mr.id in view.claims else (),
    )
