"""What the engine tells while it works: values, worded elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from refinery.queue.candidate import Candidate
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import Branch, IssueRef, MrId, Sha
from refinery.records.verdict import Verdict
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Folded:
    """Submissions were taken into the queue."""

    ids: tuple[MrId, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A candidate was claimed."""

    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Tested:
    """Checks ran, or their verdict was known."""

    verdict: Verdict
    ids: tuple[MrId, ...]
    cached: bool


@dataclass(frozen=True, slots=True)
class Landed:
    """The target moved."""

    mrs: tuple[MergeRequest, ...]
    target: Branch
    commit: Sha


@dataclass(frozen=True, slots=True)
class Proposed:
    """A pull request was opened that shall land a tested candidate."""

    ids: tuple[MrId, ...]
    number: int
    url: str


@dataclass(frozen=True, slots=True)
class Conflicted:
    """A merge request conflicts; `issue` once it is open."""

    mr: MergeRequest
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConflictResolved:
    """Its conflict was resolved in a cheap way, and it goes on."""

    mr: MergeRequest


@dataclass(frozen=True, slots=True)
class IssueOpened:
    """The issue of a conflict is open."""

    mr: MrId
    issue: IssueRef


@dataclass(frozen=True, slots=True)
class Blamed:
    """A merge request needs rework, with the evidence."""

    mr: MergeRequest


@dataclass(frozen=True, slots=True)
class Ended:
    """A merge request ended without landing."""

    mr: MrId
    reason: CloseReason
    words: str


@dataclass(frozen=True, slots=True)
class Unblocked:
    """A merge request re-entered the queue."""

    mr: MrId
    words: str


@dataclass(frozen=True, slots=True)
class BlockedAgain:
    """The issue whose closing had let it go on was reopened."""

    mr: MrId
    issue: IssueRef


@dataclass(frozen=True, slots=True)
class StaysBlocked:
    """Its issue was closed without effect."""

    mr: MrId
    words: str


@dataclass(frozen=True, slots=True)
class EpicQueued:
    """The branch of a finished epic was queued by itself."""

    mr: MrId
    epic: str
    branch: Branch
    target: Branch


@dataclass(frozen=True, slots=True)
class Healed:
    """Something that a crash left behind was put right."""

    words: str


@dataclass(frozen=True, slots=True)
class Arranged:
    """Those that stand on one another were put in order."""

    words: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something outside failed; nothing was lost and it is tried again."""

    words: str


@dataclass(frozen=True, slots=True)
class Abandoned:
    """A candidate was given back untested or unlanded."""

    ids: tuple[MrId, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing is to be done for a target."""

    target: Branch
    why: str


Happening = (
    Folded
    | Chosen
    | Tested
    | Landed
    | Proposed
    | Conflicted
    | ConflictResolved
    | IssueOpened
    | Blamed
    | Ended
    | Unblocked
    | BlockedAgain
    | StaysBlocked
    | EpicQueued
    | Healed
    | Arranged
    | Trouble
    | Abandoned
    | Waiting
)

Tell = Callable[[Happening], None]
