"""The claim: who works on which candidate, and until when."""

from __future__ import annotations

from datetime import datetime

from refinery.records.names import Branch, CandidateId, MrId, Sha, derive_candidate_id
from refinery.records.verdict import Verdict
from refinery.typed import ClassVar
from refinery.values import dataclass, replace


@dataclass(frozen=True, slots=True)
class Claim:
    """One worker's right to land one candidate until `expires_at`; the token makes each unique.

    `base` is the target's commit that the candidate is built on, `purpose` why it is tested; a
    claim that a person took by hand has neither.  `verdict` is what the checks said, until the next
    landing writes it into the queue: many workers that each wrote their own would wait in a line.
    """

    token: str
    worker: str
    candidate: tuple[MrId, ...]
    target: Branch
    claimed_at: datetime
    expires_at: datetime
    base: Sha | None = None
    purpose: str | None = None
    verdict: Verdict | None = None

    NESTED: ClassVar = {"claimed_at": datetime, "expires_at": datetime, "verdict": Verdict}

    @property
    def names(self) -> tuple[MrId | CandidateId, ...]:
        """What its refs are called: one for a candidate, one a member where taken by hand."""
        if self.base is None:
            return self.candidate
        return (derive_candidate_id(self.target, self.base, self.candidate),)

    def live(self, now: datetime) -> bool:
        """Whether the claim still holds at `now`."""
        return now < self.expires_at and not self.is_report

    @property
    def is_report(self) -> bool:
        """Whether it claims nothing any more, and only holds a verdict."""
        return self.verdict is not None and self.expires_at <= self.claimed_at

    def report(self, verdict: Verdict) -> Claim:
        """The claim at its end: it ran out when it began, whatever anybody's clock says."""
        return replace(self, expires_at=self.claimed_at, verdict=verdict)
