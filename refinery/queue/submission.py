"""What a submission means: new, unchanged, a new revision, a second try, or nothing to do."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum

from refinery.records.merge_request import CloseReason, Hotfix, MergeRequest, Status
from refinery.records.names import Branch, MrId, Sha, derive_id
from refinery.store.edit import Edit, Event
from refinery.store.view import View
from refinery.values import StrEnum, dataclass, replace

DEFAULT_PRIORITY = 2
_INSTANT = timedelta(milliseconds=1)  # authors' clocks differ: a revision is the later one anyway


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants landed; None means: as the revision before, else the default.

    `unit` is "" where it shall be in none.  `instead_of` is one of the same branch for another
    target, which this one replaces.
    """

    branch: Branch
    target: Branch
    head: Sha
    worker: str
    title: str
    priority: int | None = None
    source_issue: str | None = None
    rig: str | None = None
    agent_bead: str | None = None
    epic: str | None = None
    target_reason: str | None = None
    convoy_id: str | None = None
    convoy_created_at: datetime | None = None
    depends_on: tuple[MrId, ...] | None = None
    stands_on: tuple[Sha, ...] = ()
    unit: str | None = None
    instead_of: MrId | None = None
    labels: tuple[str, ...] = ()
    hotfix: str | None = None
    intent: bool = False


class Relation(Enum):
    """How a head relates to the target it is meant for."""

    AHEAD = "ahead"
    IN_TARGET = "in target"
    EMPTY = "empty"
    UNRELATED = "unrelated"


class Novelty(StrEnum):
    """What kind of submission it was."""

    NEW = "new"
    REVISION = "revision"
    RESUBMITTED = "resubmitted"


@dataclass(frozen=True, slots=True)
class Unchanged:
    """This very commit is queued already."""

    mr: MergeRequest


@dataclass(frozen=True, slots=True)
class NothingToLand:
    """The target has it all, the commit or its changes; or there is no common history."""

    relation: Relation
    request: Request


def submit(
    view: View, request: Request, *, relation: Relation, now: datetime
) -> Edit | Unchanged | NothingToLand:
    """The edit that queues a request: one new inbox entry, whatever else is going on."""
    before = predecessor(view, request)
    if before is not None and is_queued(before, request):
        return Unchanged(before)
    if relation is not Relation.AHEAD:
        return NothingToLand(relation, request)
    mr = _merge_request(view, request, before, now)
    return Edit(
        event=Event(
            name="submitted",
            subject=f"submit {mr.id}: {mr.title}",
            mrs=(mr.id,),
            worker=mr.worker,
        ),
        submit=(mr,),
    )


def is_queued(before: MergeRequest | None, request: Request) -> bool:
    """Whether that is this very commit, and open."""
    if before is None or before.closed:
        return False
    return (before.head, before.target) == (request.head, request.target)


def predecessor(view: View, request: Request) -> MergeRequest | None:
    """The live revision of the same branch and target; else a closed one of this very commit."""
    if request.instead_of is not None:
        return view.mrs[request.instead_of]
    same = [
        mr
        for mr in view.mrs.values()
        if mr.branch == request.branch and mr.target == request.target
    ]
    alive = [mr for mr in same if not mr.closed]
    closed = [mr for mr in same if mr.closed and mr.head == request.head]
    return max(alive or closed, key=lambda mr: (mr.submitted_at, mr.id), default=None)


def novelty(mr: MergeRequest, before: MergeRequest | None) -> Novelty:
    """What a submitted merge request was, seen against what stood before it."""
    if before is None:
        return Novelty.NEW
    return Novelty.RESUBMITTED if before.closed else Novelty.REVISION


def _merge_request(
    view: View, request: Request, before: MergeRequest | None, now: datetime
) -> MergeRequest:
    salt = f"{before.id if before else ''}/{view.header.archived}"
    fresh = MergeRequest(
        id=derive_id(request.branch, request.target, request.head, salt),
        branch=request.branch,
        target=request.target,
        head=request.head,
        status=Status.OPEN,
        priority=DEFAULT_PRIORITY if request.priority is None else request.priority,
        title=request.title,
        worker=request.worker,
        created_at=now,
        submitted_at=now if before is None else max(now, before.submitted_at + _INSTANT),
        retry_count=0,
        source_issue=request.source_issue,
        rig=request.rig,
        agent_bead=request.agent_bead,
        epic=request.epic,
        target_reason=request.target_reason,
        convoy_id=request.convoy_id,
        convoy_created_at=request.convoy_created_at,
        supersedes=before.id if before else None,
        depends_on=request.depends_on or (),
        stands_on=request.stands_on,
        unit=request.unit or None,
        labels=request.labels,
        hotfix=Hotfix(request.hotfix) if request.hotfix else None,
        intent=request.intent,
    )
    if before is None or before.closed:
        return fresh
    kept = replace(
        fresh,
        priority=before.priority if request.priority is None else fresh.priority,
        depends_on=before.depends_on if request.depends_on is None else fresh.depends_on,
        unit=before.unit if request.unit is None else fresh.unit,
    )
    return successor(before, kept)


def successor(before: MergeRequest, new: MergeRequest) -> MergeRequest:
    """A revision with the age and the standing of the one before it; only what failed is forgotten.

    An issue that blocks goes on blocking: its block remembers the head it was about, so that
    closing it lets the moved head through.  Whoever let a hotfix pass has not seen the new commit.
    What it stands on and lands with is as it was submitted, unless nobody knew of the one before.
    """
    knew = new.supersedes == before.id
    return replace(
        new,
        supersedes=before.id,
        created_at=min(before.created_at, new.created_at),
        retry_count=before.retry_count,
        source_issue=new.source_issue or before.source_issue,
        epic=new.epic or before.epic,
        convoy_id=new.convoy_id or before.convoy_id,
        convoy_created_at=new.convoy_created_at or before.convoy_created_at,
        depends_on=new.depends_on if knew else new.depends_on or before.depends_on,
        unit=new.unit if knew else new.unit or before.unit,
        blocked_by=before.blocked_by,
        block=before.block,
        was_blocked_by=before.was_blocked_by,
        labels=new.labels or before.labels,
        hotfix=new.hotfix or (Hotfix(before.hotfix.reason) if before.hotfix else None),
        hold=before.hold,
    )


def superseded(old: MergeRequest, new: MrId, now: datetime) -> MergeRequest:
    """The old revision, closed."""
    return replace(
        old,
        status=Status.CLOSED,
        close_reason=CloseReason.SUPERSEDED,
        superseded_by=new,
        closed_at=now,
        blocked_by=None,
        block=None,
        was_blocked_by=None,
    )
