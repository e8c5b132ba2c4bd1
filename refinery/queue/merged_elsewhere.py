"""Merge requests that reached their target past the queue: closed as what they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from refinery.queue.standing import live_claim
from refinery.records.merge_request import CloseReason, MergeRequest, Status
from refinery.records.names import MrId
from refinery.store.edit import Edit, Event
from refinery.store.view import View
from refinery.values import replace


def merged_elsewhere(view: View, found: Mapping[MrId, CloseReason], now: datetime) -> Edit | None:
    """Close those that are found in their targets, in one transaction, each with its reason.

    One that a worker holds is left to it: it finds the same, or lands it at this moment.  So is one
    that a pull request of the queue's own lands: who follows it records it with its evidence.
    """
    closed = [
        _closed(mr, reason, now)
        for id, reason in found.items()
        if (mr := view.mrs.get(id)) is not None and not mr.closed and mr.proposal is None
        if live_claim(view, id, now) is None
    ]
    if not closed:
        return None
    ids = tuple(mr.id for mr in closed)
    subject = f"{ids[0]}: {closed[0].error}"
    if len(closed) > 1:
        subject = f"{len(closed)} merge requests are in their targets already"
    return Edit(
        event=Event("closed", subject, ids),
        put=tuple(closed),
        fold=tuple(id for id in ids if id in view.unfolded),
        release=tuple(id for id in ids if id in view.claims),
        pins=dict.fromkeys(ids),
    )


def _closed(mr: MergeRequest, reason: CloseReason, now: datetime) -> MergeRequest:
    words = (
        f"{mr.head[:12]} is already in {mr.target}"
        if reason is CloseReason.ALREADY_MERGED
        else f"merging {mr.head[:12]} changes nothing: {mr.target} has all of it"
    )
    return replace(
        mr,
        status=Status.CLOSED,
        close_reason=reason,
        closed_at=now,
        error=words,
        blocked_by=None,
        block=None,
    )
