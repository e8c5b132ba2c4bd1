"""The edit: what a pure function of a view wants changed, all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping

from refinery.records.claim import Claim
from refinery.records.header import QueueHeader
from refinery.records.merge_request import MergeRequest
from refinery.records.names import CandidateId, MrId, Ref, Sha
from refinery.records.verdict import Verdict, VerdictKey
from refinery.repo.refs import Lost, Refused
from refinery.values import dataclass, field


@dataclass(frozen=True, slots=True)
class Event:
    """What an edit means: the subject for people, the rest for programs (commit trailers)."""

    name: str
    subject: str
    mrs: tuple[MrId, ...] = ()
    worker: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RefMove:
    """A ref outside the store that moves with the edit; None for absent on either side."""

    ref: Ref
    old: Sha | None
    new: Sha | None


@dataclass(frozen=True, slots=True)
class Edit:
    """All changes of one transaction.

    `put`, `archive`, `forget`, `verdicts` and `header` touch the queue; `submit` creates inbox
    entries, `fold` removes them once their records are put; `claim` takes, renews or takes over;
    `release` gives back; `pins` sets or removes pinned heads; `moves` are targets and branches.
    An edit without queue changes does not touch the queue ref, so submissions and claims never
    contend with each other.  One that `mends` writes its header over one that cannot be read.
    """

    event: Event
    put: tuple[MergeRequest, ...] = ()
    archive: tuple[MergeRequest, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    forget: tuple[VerdictKey, ...] = ()
    header: QueueHeader | None = None
    submit: tuple[MergeRequest, ...] = ()
    fold: tuple[MrId, ...] = ()
    claim: Mapping[MrId | CandidateId, Claim] = field(default_factory=dict)
    release: tuple[MrId | CandidateId, ...] = ()
    pins: Mapping[MrId, Sha | None] = field(default_factory=dict)
    moves: tuple[RefMove, ...] = ()
    mends: bool = False

    @property
    def touches_queue(self) -> bool:
        """Whether the queue ref has to move."""
        return bool(
            self.put or self.archive or self.verdicts or self.forget or self.header is not None
        )


@dataclass(frozen=True, slots=True)
class Applied:
    """The edit is the truth now."""

    edit: Edit


Swap = Applied | Lost | Refused

__all__ = ["Applied", "Edit", "Event", "Lost", "RefMove", "Refused", "Swap"]
