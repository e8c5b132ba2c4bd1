"""A run of the engine: what it is asked to do, what it has learned, and why it ends."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum

from refinery.queue.candidate import Built, Candidate
from refinery.queue.plan import Idle
from refinery.queue.planning.facts import PassedSet
from refinery.records.claim import Claim
from refinery.records.names import Branch, MrId, Sha
from refinery.values import dataclass, field


class End(Enum):
    """Why processing ended."""

    DRAINED = "nothing is ready"
    ONCE = "one candidate was processed"
    TIME = "the time is up"
    STOPPED = "asked to stop"
    RED = "a target fails its own checks"
    CANNOT_CHECK = "the checks cannot run"
    PAUSED = "the queue is paused"
    BROKEN_CONFIG = "a target's configuration is broken"
    HANDED_OVER = "a candidate is to be tested elsewhere"
    TROUBLED = "some could not be built, tested or landed"

    @property
    def is_trouble(self) -> bool:
        """Whether somebody has to act."""
        return self in (End.RED, End.CANNOT_CHECK, End.BROKEN_CONFIG, End.TROUBLED)


@dataclass(slots=True)
class Orders:
    """What the caller may ask for while the engine works; asked between candidates and in ticks.

    `stop` ends after the candidate at hand, `abandon` gives it up at once.  A worker that has
    nothing to do stays for `linger` seconds of `clock` while others test something, and `wait`s in
    between.
    """

    stop: Callable[[], bool] = lambda: False
    abandon: Callable[[], str | None] = lambda: None
    out_of_time: Callable[[], bool] = lambda: False
    linger: float = 0.0
    wait: Callable[[float], object] = time.sleep
    clock: Callable[[], float] = time.monotonic


@dataclass(frozen=True, slots=True)
class Taken:
    """A candidate that is built and claimed, and waits to be tested."""

    candidate: Candidate
    built: Built
    claim: Claim


@dataclass(slots=True)
class Run:
    """What a run has learned beside what its engine keeps: which targets wait, and what is in vain.

    `unlike` passed but would not land as they passed; `losses` are the claims in a row that others
    were faster to make; `tried` is how often the same was chosen on the same commit; `taken` was
    claimed with the push that settled the one before; `stands_on` are the targets' tips when it was
    last looked whether each is recorded.  A run that is made `once` ends after one.
    """

    once: bool = False
    taken: Taken | None = None
    stuck: dict[Branch, Idle] = field(default_factory=dict)
    idle: dict[Branch, Idle] = field(default_factory=dict)
    told_at: datetime | None = None
    asked_at: datetime | None = None
    unlike: set[PassedSet] = field(default_factory=set)
    losses: int = 0
    tried: dict[tuple[Sha, tuple[MrId, ...]], int] = field(default_factory=dict)
    worked: bool = False
    idle_since: float | None = None
    stands_on: dict[Branch, Sha] = field(default_factory=dict)

    def idle_for(self, now: float) -> float:
        """For how many seconds nothing was there to do, from the first time that this is asked."""
        self.idle_since = now if self.idle_since is None else self.idle_since
        return now - self.idle_since

    def asked_within(self, ago: timedelta, now: datetime) -> bool:
        """Whether tracker and forge were asked less than so long ago."""
        return self.asked_at is not None and now - self.asked_at < ago
