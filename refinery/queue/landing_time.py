"""A landing time: a range, or an honest no; and the calendar that moves it past freezes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from refinery.config.freeze import FreezeRules
from refinery.queue.freezing import (
    Span,
    closed_spans,
    frozen_by,
    open_seconds,
    rules_of,
)
from refinery.records.header import QueueHeader
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch
from refinery.store.view import View
from refinery.values import dataclass, replace

LONGEST = timedelta(days=365).total_seconds()


@dataclass(frozen=True, slots=True)
class LandingTime:
    """When it lands, if it does without help: seconds from `at`; half of all are there by `median`.

    Half of all land within `half`, nine in ten within `most`.  `chance` is how likely it is fine by
    itself, `seen` how many landings stand behind all this.
    """

    at: datetime
    median: float
    half: tuple[float, float]
    most: tuple[float, float]
    chance: float
    seen: int

    @property
    def expected_at(self) -> datetime:
        """The instant of the median."""
        return self.at + timedelta(seconds=self.median)

    @property
    def range_at(self) -> tuple[datetime, datetime]:
        """The instants between which nine in ten land."""
        return self.at + timedelta(seconds=self.most[0]), self.at + timedelta(seconds=self.most[1])


@dataclass(frozen=True, slots=True)
class NoLandingTime:
    """Nothing honest can be said, and why, in words."""

    words: str


Estimate = LandingTime | NoLandingTime


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a target takes nothing, from now on; what passes freezes does not ask it."""

    target: Branch
    header: QueueHeader
    rules: FreezeRules
    spans: tuple[Span, ...]
    passed: Callable[[float], float]
    shut: bool

    @property
    def opens(self) -> bool:
        """Whether the end is in sight of what freezes it now."""
        return self.shut and self.spans[0][1] is not None

    def is_shut_for(self, mr: MergeRequest) -> bool:
        """Whether it waits for that end."""
        return self.shut and self._concerns(mr)

    def moved(self, mr: MergeRequest, told: LandingTime) -> Estimate:
        """The landing time of one that nothing would freeze, as it is on this calendar."""
        if not self.spans or not self._concerns(mr):
            return told
        half = self.passed(told.half[0]), self.passed(told.half[1])
        most = self.passed(told.most[0]), self.passed(told.most[1])
        median = self.passed(told.median)
        if max(median, half[1]) > LONGEST:
            return NoLandingTime(f"{self.target} is frozen before it lands, with no end in sight")
        return replace(told, median=median, half=half, most=(most[0], min(most[1], LONGEST)))

    def _concerns(self, mr: MergeRequest) -> bool:
        begins = self.spans[0][0]
        return frozen_by(self.header, self.rules, self.target, begins, mr) is not None


def calendar_of(view: View, target: Branch, now: datetime) -> Calendar:
    """The calendar of a target as it is known now."""
    spans = closed_spans(view, target, now)
    shut = bool(spans) and spans[0][0] == now
    passed = open_seconds(spans, now)
    return Calendar(target, view.header, rules_of(view, target), tuple(spans), passed, shut)
