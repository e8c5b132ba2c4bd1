"""Calendars of targets: when nothing lands from now on, and what that does to landing times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from math import inf

from refinery.config.freeze import FreezeRules
from refinery.queue.freezing import frozen_by, next_freeze, rules_of, target_frozen
from refinery.queue.landing_time import LONGEST, Estimate, LandingTime, NoLandingTime
from refinery.records.header import QueueHeader
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch
from refinery.store.view import View
from refinery.values import dataclass, replace

Span = tuple[datetime, datetime | None]
"""From the first instant of it to the first after it, if an end is in sight."""

HORIZON = timedelta(days=60)
_MOST_SPANS = 100


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


def closed_spans(view: View, target: Branch, now: datetime) -> list[Span]:
    """When nothing without an exception lands from now on, as far as that can be seen."""
    spans: list[Span] = []
    at = now
    while at - now < HORIZON and len(spans) < _MOST_SPANS:
        holds = target_frozen(view, target, at)
        if holds is not None:
            spans.append((at, holds.until))
            if holds.until is None:
                break
            at = holds.until
        coming = next_freeze(view, target, at)
        if coming is None or coming.until is None:
            break
        at = coming.until
    return spans


def open_seconds(spans: list[Span], now: datetime) -> Callable[[float], float]:
    """After how many seconds from now so many of them were outside of all the spans.

    Infinity where no end of a span is in sight.
    """

    def passed(seconds: float) -> float:
        for begins, ends in spans:
            if seconds < (begins - now).total_seconds():
                break
            if ends is None:
                return inf
            seconds += (ends - begins).total_seconds()
        return seconds

    return passed
