"""A merge request as programs see it: the record, with what follows from a live claim."""

from __future__ import annotations

from datetime import datetime

from refinery.queue.standing import live_claim, standing
from refinery.records.codec import to_json
from refinery.records.merge_request import MergeRequest
from refinery.records.times import format_time
from refinery.store.view import View
from refinery.typed import Any


def merge_request(view: View, mr: MergeRequest, now: datetime) -> dict[str, Any]:
    """The record under the seed's field names, and where it stands."""
    claim = live_claim(view, mr.id, now)
    stands = standing(view, mr, now)
    document = to_json(mr)
    document["status"] = "in_progress" if claim and not mr.closed else mr.status.value
    document["claimed_by"] = claim.worker if claim else None
    document["claimed_at"] = format_time(claim.claimed_at) if claim else None
    document["claim_expires_at"] = format_time(claim.expires_at) if claim else None
    document["standing"] = stands.code.value
    document["waits_for"] = stands.dependency or mr.blocked_by
    return document
