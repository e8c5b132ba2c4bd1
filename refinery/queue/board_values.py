"""What a board is made of: places, lines, runs, endings and targets, as every screen shows them."""

from __future__ import annotations

from datetime import datetime

from refinery.queue.estimating import Estimate, LandingTime, NoLandingTime
from refinery.queue.freezing import Frozen
from refinery.queue.planning.facts import Health, Purpose
from refinery.queue.standing import Code, Standing
from refinery.queue.standing_words import words_of
from refinery.queue.taking_turns import Turn
from refinery.records.header import Pause
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import Branch, CandidateId, IssueRef, MrId, Sha
from refinery.store.view import Damage
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Number so and so `of` those that are ready for a target, in the order of the queue."""

    number: int
    of: int


@dataclass(frozen=True, slots=True)
class Line:
    """An open merge request.

    `position` is what `refinery queue` shows: 0 is being tested, the rest are counted over all
    targets.  `place` is among those that are ready for its own target: None for who is being tested
    already, and for who waits for something else (an issue, a person, another one).  `turn` is what
    taking turns does to that place.
    """

    mr: MergeRequest
    position: int
    standing: Standing
    score: float
    place: Place | None = None
    estimate: Estimate = NoLandingTime("no estimate yet")
    turn: Turn | None = None

    @property
    def id(self) -> MrId:
        """The merge request's."""
        return self.mr.id

    @property
    def code(self) -> Code:
        """The stable reason code."""
        return self.standing.code

    @property
    def words(self) -> str:
        """Where it stands, in one line."""
        place = self.place
        return words_of(self.mr, self.standing, (place.number, place.of) if place else None)

    @property
    def landing_time(self) -> LandingTime | None:
        """When it lands, where that is known."""
        return self.estimate if isinstance(self.estimate, LandingTime) else None

    @property
    def issue(self) -> IssueRef | None:
        """The issue that blocks it, as in `local#7`."""
        return self.mr.blocked_by

    @property
    def waits_for(self) -> str | None:
        """The merge request or the issue that it waits for."""
        return self.standing.dependency or self.mr.blocked_by

    @property
    def files(self) -> tuple[str, ...]:
        """What it conflicts in."""
        return self.mr.block.files if self.mr.block is not None else ()


@dataclass(frozen=True, slots=True)
class Running:
    """What a worker tests now; no members: the target by itself.

    `expected_seconds` is how long such a run usually takes, from `since`; None while nothing is
    known.  Who took merge requests by hand has no `base` and no `purpose`.
    """

    name: MrId | CandidateId
    members: tuple[MrId, ...]
    target: Branch
    base: Sha | None
    worker: str
    since: datetime
    expires_at: datetime
    purpose: Purpose | None
    expected_seconds: float | None
    why: str

    def seconds(self, now: datetime) -> float:
        """How long it has run."""
        return max(0.0, (now - self.since).total_seconds())

    def share(self, now: datetime) -> float | None:
        """How much of the usual time has gone, at most 1; None while that is unknown."""
        if not self.expected_seconds:
            return None
        return min(1.0, self.seconds(now) / self.expected_seconds)


@dataclass(frozen=True, slots=True)
class Ended:
    """One that ended lately; `waited_seconds` since it was submitted."""

    mr: MergeRequest
    how: CloseReason | None
    when: datetime
    commit: Sha | None
    waited_seconds: float

    @property
    def id(self) -> MrId:
        """The merge request's."""
        return self.mr.id

    @property
    def words(self) -> str:
        """What came of it, in one line."""
        return words_of(self.mr, Standing(Code.CLOSED))


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One target; `tip` is None while the branch is not known.

    `health` is what the checks said of the tip by itself, `why` what keeps it from going on, or
    empty.  The counts are of merge requests; `waiting` all that are open.  `frozen` is what freezes
    it now, `freezes_next` what will, its `until` being when that begins.
    """

    target: Branch
    tip: Sha | None
    health: Health
    why: str
    waiting: int
    ready: int
    under_test: int
    blocked: int
    held: int
    rework: int
    oldest_ready_seconds: float | None = None
    oldest_ready: Line | None = None
    waiting_for_thaw: int = 0
    frozen: Frozen | None = None
    freezes_next: Frozen | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """Everything that a screen shows of a queue.

    `line` is every open merge request in order, also those of `blocked` (by an issue or by another)
    and `rework` (the author has to act).  `workers` are those with a live claim.  `more_ended`:
    others have ended before those of `recent`.
    """

    at: datetime
    paused: Pause | None
    targets: tuple[TargetLine, ...]
    running: tuple[Running, ...]
    line: tuple[Line, ...]
    blocked: tuple[Line, ...]
    rework: tuple[Line, ...]
    recent: tuple[Ended, ...]
    workers: tuple[str, ...]
    oldest_ready: Line | None
    oldest_ready_seconds: float | None
    damage: tuple[Damage, ...] = ()
    more_ended: bool = False

    def of(self, id: MrId) -> Line | None:
        """The open one with this id."""
        return next((each for each in self.line if each.id == id), None)
