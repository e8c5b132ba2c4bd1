"""The merge request: one commit that somebody wants on one target, and all that happened to it."""

from __future__ import annotations

from datetime import datetime

from refinery.records.names import Branch, IssueRef, MrId, Sha
from refinery.typed import Any, ClassVar
from refinery.values import StrEnum, dataclass


class Status(StrEnum):
    """What is stored; whether it is in progress follows from a live claim."""

    OPEN = "open"
    CLOSED = "closed"


class CloseReason(StrEnum):
    """How a merge request ended."""

    MERGED = "merged"
    REJECTED = "rejected"
    CONFLICT = "conflict"
    SUPERSEDED = "superseded"
    ALREADY_MERGED = "already_merged"
    EMPTY = "empty"


class Method(StrEnum):
    """How a merge request is put on its target."""

    MERGE = "merge"
    SQUASH = "squash"
    REBASE = "rebase"
    FAST_FORWARD = "fast-forward"


class AttemptOutcome(StrEnum):
    """What came of one attempt to land."""

    LANDED = "landed"
    CONFLICT = "conflict"
    TESTS_FAIL = "tests_fail"
    BUILD_FAIL = "build_fail"
    FLAKY_TEST = "flaky_test"
    PUSH_FAIL = "push_fail"
    FETCH_FAIL = "fetch_fail"
    CHECKOUT_FAIL = "checkout_fail"
    TIMEOUT = "timeout"
    ERROR = "error"
    NOT_FAST_FORWARD = "not_fast_forward"
    RED_BASE = "red_base"


class FailureType(StrEnum):
    """Why a merge request needs rework before it is tried again."""

    TESTS_FAIL = "tests_fail"
    BUILD_FAIL = "build_fail"
    TIMEOUT = "timeout"
    ERROR = "error"
    NOT_FAST_FORWARD = "not_fast_forward"
    ATTEMPTS = "attempts"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to land, alone or with others."""

    at: datetime
    worker: str
    outcome: AttemptOutcome
    base: Sha | None = None
    tree: Sha | None = None
    candidate: tuple[MrId, ...] = ()
    note: str = ""

    NESTED: ClassVar = {"at": datetime, "outcome": AttemptOutcome}


@dataclass(frozen=True, slots=True)
class Block:
    """The facts behind an open issue that blocks: what was tried on what, and which files clash."""

    reason: str
    head: Sha
    base: Sha
    files: tuple[str, ...] = ()
    answered: bool = False
    tried: tuple[str, ...] = ()


class Way(StrEnum):
    """A cheap way out of a conflict."""

    REBASE = "rebase"
    UNION = "union"
    RERERE = "rerere"
    REGENERATE = "regenerate"


@dataclass(frozen=True, slots=True)
class Resolved:
    """What one way resolved."""

    way: Way
    files: tuple[str, ...]

    NESTED: ClassVar = {"way": Way}


@dataclass(frozen=True, slots=True)
class Resolution:
    """A conflict with `base` that was resolved without asking anybody.

    `commit` holds the head and the target, its tree is what they come to; `line` is the last of the
    commits as they are replayed, where the target is rebased onto.
    """

    base: Sha
    commit: Sha
    at: datetime
    worker: str
    ways: tuple[Resolved, ...]
    line: Sha | None = None

    NESTED: ClassVar = {"at": datetime, "ways": (Resolved,)}


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a merge request needs rework, with the evidence."""

    type: FailureType
    at: datetime
    message: str
    base: Sha | None = None
    tree: Sha | None = None

    NESTED: ClassVar = {"type": FailureType, "at": datetime}


@dataclass(frozen=True, slots=True)
class Hold:
    """Somebody's word that it must wait."""

    by: str
    reason: str
    at: datetime
    until: datetime | None = None

    NESTED: ClassVar = {"at": datetime, "until": datetime}


@dataclass(frozen=True, slots=True)
class Allowance:
    """Somebody's word that a hotfix may pass a freeze."""

    by: str
    reason: str
    at: datetime

    NESTED: ClassVar = {"at": datetime}


@dataclass(frozen=True, slots=True)
class Hotfix:
    """It asks to land in a freeze, and why it cannot wait."""

    reason: str
    allowed: Allowance | None = None

    NESTED: ClassVar = {"allowed": Allowance}


@dataclass(frozen=True, slots=True)
class Landing:
    """The evidence of a landing: target from `base` to `commit`, whose tree is the tested one.

    Through a pull request, the forge may have put a merge commit of its own on top: `merged_as`.
    """

    base: Sha
    commit: Sha
    tree: Sha
    candidate: tuple[MrId, ...]
    method: Method
    fingerprint: str
    result: str
    worker: str
    mode: str
    pull_request: int | None = None
    merged_as: Sha | None = None

    NESTED: ClassVar = {"method": Method}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A tested candidate that a pull request shall land; `commit` is this member's own.

    `landing` is what will be recorded; `why` is what the forge still asks for.
    """

    branch: Branch
    commit: Sha
    landing: Landing
    at: datetime
    number: int | None = None
    why: str = ""

    NESTED: ClassVar = {"landing": Landing, "at": datetime}


@dataclass(frozen=True, slots=True)
class Telling:
    """A word of the outbox that somebody took to say: nobody else takes it before `until`."""

    task: str
    worker: str
    until: datetime
    tries: int

    NESTED: ClassVar = {"until": datetime}


@dataclass(frozen=True, slots=True)
class MergeRequest:
    """One commit that somebody wants on one target; its schema describes each field."""

    id: MrId
    branch: Branch
    target: Branch
    head: Sha
    status: Status
    priority: int
    title: str
    worker: str
    created_at: datetime
    submitted_at: datetime
    retry_count: int
    source_issue: str | None = None
    rig: str | None = None
    agent_bead: str | None = None
    epic: str | None = None
    target_reason: str | None = None
    convoy_id: str | None = None
    convoy_created_at: datetime | None = None
    supersedes: MrId | None = None
    superseded_by: MrId | None = None
    depends_on: tuple[MrId, ...] = ()
    labels: tuple[str, ...] = ()
    stands_on: tuple[Sha, ...] = ()
    unit: str | None = None
    intent: bool = False
    blocked_by: IssueRef | None = None
    block: Block | None = None
    was_blocked_by: IssueRef | None = None
    resolution: Resolution | None = None
    failure: Failure | None = None
    hold: Hold | None = None
    hotfix: Hotfix | None = None
    proposal: Proposal | None = None
    attempts: tuple[Attempt, ...] = ()
    closed_at: datetime | None = None
    close_reason: CloseReason | None = None
    error: str | None = None
    merge_commit: Sha | None = None
    landing: Landing | None = None
    untold: tuple[str, ...] = ()
    telling: tuple[Telling, ...] = ()

    NESTED: ClassVar[dict[str, Any]] = {
        "status": Status,
        "created_at": datetime,
        "submitted_at": datetime,
        "convoy_created_at": datetime,
        "block": Block,
        "resolution": Resolution,
        "failure": Failure,
        "hold": Hold,
        "hotfix": Hotfix,
        "proposal": Proposal,
        "attempts": (Attempt,),
        "closed_at": datetime,
        "close_reason": CloseReason,
        "landing": Landing,
        "telling": (Telling,),
    }

    @property
    def closed(self) -> bool:
        """Whether it has ended; what has ended never changes again."""
        return self.status is Status.CLOSED

    @property
    def pin(self) -> Sha:
        """The commit that is pinned and merged: its head, or that with its conflict resolved."""
        return self.resolution.commit if self.resolution else self.head

    @property
    def line(self) -> Sha:
        """The commits that are replayed where the target is rebased onto."""
        replayed = self.resolution.line if self.resolution else None
        return replayed or self.head
