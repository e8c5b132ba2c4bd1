"""Which changes of records are legal: what a server holds against every push, as pure functions.

Each returns why a change is refused, or None.  The rules are those of the state machine: open to
open with the identity kept, open to closed, and closed is immutable.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import datetime

from refinery.queue.claiming import LONGEST_CLAIM
from refinery.queue.folding import INTENT_LASTS
from refinery.records.claim import Claim
from refinery.records.header import QueueHeader
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import MrId, Sha
from refinery.values import replace

IDENTITY = ("id", "branch", "target", "head", "worker", "submitted_at")
"""What a record is from its submission on."""

FIXED = (*IDENTITY, "created_at", "supersedes", "convoy_created_at")
"""What never changes once it is folded."""

IMMUTABLE = "closed merge requests are immutable"


def changed(before: MergeRequest, after: MergeRequest, known: Container[MrId]) -> str | None:
    """A record of the queue is replaced; `known` are the ids of the queue afterwards."""
    if before.closed:
        return _changed_closed(before, after)
    moved = _differing(before, after, FIXED)
    if moved is not None:
        return f"{moved} of a merge request never changes: a new commit is a new submission"
    if after.retry_count < before.retry_count:
        return "retry_count never goes down"
    if after.intent and not before.intent:
        return "what is queued cannot become an announcement again"
    return _closing(after, known) if after.closed else _open(after)


def entered(
    waiting: MergeRequest | None, after: MergeRequest, known: Container[MrId]
) -> str | None:
    """A record appears in the queue; `waiting` is the submission of that id in the inbox."""
    if waiting is None:
        return "it was never submitted: a record enters the queue out of the inbox"
    moved = _differing(waiting, after, IDENTITY)
    if moved is not None:
        return f"its {moved} is not the one that was submitted"
    if after.created_at > waiting.created_at:
        return "it would be younger than it was submitted"
    return _closing(after, known) if after.closed else _open(after)


def removed(before: MergeRequest, archived: MergeRequest | None) -> str | None:
    """A record leaves the queue; `archived` is what the same push puts into the archive."""
    if not before.closed:
        return "it is open: a merge request leaves the queue only after it has ended"
    if archived != before:
        return "it is not put into the archive, as it is, by the same push"
    return None


def submitted(mr: MergeRequest, id: str, parent: Sha | None) -> str | None:
    """A submission is put into the inbox under an id, its commit a child of `parent`."""
    if mr.id != id:
        return f"the record is that of {mr.id}"
    if mr.head != parent:
        return "the record's head is not the parent of its commit, so nothing would keep it alive"
    if mr.closed:
        return "it is closed before it was queued"
    if mr.attempts or mr.failure or mr.landing or mr.merge_commit:
        return "it has a history before it was queued"
    if mr.untold or mr.telling:
        return "it has a history before it was queued"
    if mr.hotfix is not None and mr.hotfix.allowed is not None:
        return "nobody lets a hotfix pass before it is queued"
    return None


def withdrawn(
    waiting: MergeRequest | None,
    id: MrId,
    queued: Iterable[MergeRequest],
    known: Container[MrId],
    now: datetime,
) -> str | None:
    """A submission leaves the inbox; `queued` are the records of the queue, if it matters."""
    if id in known or waiting is None:
        return None
    if any(_stands_for(mr, waiting) for mr in queued):
        return None
    if waiting.intent and now - waiting.submitted_at > INTENT_LASTS:
        return None
    return "it is not in the queue yet: it would be lost"


def _stands_for(mr: MergeRequest, waiting: MergeRequest) -> bool:
    """Whether a record is the same submission through another door, or a later one."""
    if (mr.branch, mr.target) != (waiting.branch, waiting.target):
        return False
    return mr.submitted_at > waiting.submitted_at or (mr.head == waiting.head and not mr.closed)


def claimed(
    name: str, before: Claim | None, after: Claim, live: Container[MrId], now: datetime
) -> str | None:
    """A claim is taken, renewed or taken over; `name` is that of its ref."""
    if name not in after.names:
        return f"the claim does not name {name}"
    if (after.base is None) != (after.purpose is None):
        return "base and purpose of a claim go together"
    if after.expires_at - now > LONGEST_CLAIM:
        return f"it would last until {after.expires_at:%Y-%m-%d}"
    gone = [id for id in after.candidate if id not in live and (after.base or id == name)]
    if gone:
        return f"{gone[0]} is not waiting in the queue"
    if before is None or before.token == after.token or not before.live(now):
        return None
    if before.worker == after.worker:
        return None
    return f"it is claimed by {before.worker} until {before.expires_at:%H:%M:%S} UTC"


def header_changed(before: QueueHeader, after: QueueHeader) -> str | None:
    """queue.yaml is replaced; where its targets stand is compared with the targets elsewhere."""
    if after.archived < before.archived:
        return "archived counts up"
    lost = sorted(before.landed.keys() - after.landed.keys())
    return f"landed forgets {lost[0]}" if lost else None


def _changed_closed(before: MergeRequest, after: MergeRequest) -> str | None:
    """Only words that were still to be said may be taken and said."""
    if replace(after, untold=before.untold, telling=before.telling) != before:
        return IMMUTABLE
    told_of = {each.task for each in after.telling}
    return None if told_of <= set(after.untold) <= set(before.untold) else IMMUTABLE


def _open(after: MergeRequest) -> str | None:
    ended = [
        name
        for name in ("close_reason", "closed_at", "merge_commit", "landing", "superseded_by")
        if getattr(after, name) is not None
    ]
    return f"it is open, and has {ended[0]}" if ended else None


def _closing(after: MergeRequest, known: Container[MrId]) -> str | None:
    if after.close_reason is None or after.closed_at is None:
        return "it is closed without a reason and a time"
    if after.close_reason is CloseReason.MERGED:
        return None if after.landing and after.merge_commit else "it is merged without evidence"
    if after.landing or after.merge_commit:
        return f"it is {after.close_reason.value}, and has a landing"
    if after.close_reason is CloseReason.SUPERSEDED:
        new = after.superseded_by
        return None if new and new in known else "what superseded it is not in the queue"
    return None


def _differing(one: MergeRequest, other: MergeRequest, names: tuple[str, ...]) -> str | None:
    return next((name for name in names if getattr(one, name) != getattr(other, name)), None)
