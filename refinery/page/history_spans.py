"""The spans of time that the history can be asked for, and the steps each is cut into."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import datetime, timedelta

from refinery.values import StrEnum, dataclass

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_INSTANT = timedelta(milliseconds=1)


class Span(StrEnum):
    """How far back; the values stand in addresses and file names."""

    DAY = "24-hours"
    WEEK = "7-days"
    MONTH = "30-days"
    QUARTER = "90-days"
    LAST_MONTH = "last-month"


USUAL = Span.MONTH
_DAYS: Mapping[Span, int] = {Span.WEEK: 7, Span.MONTH: 30, Span.QUARTER: 90}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A span as it is at some instant: from `since` to `until`, in steps that begin at `starts`.

    Hours and days are whole and in UTC: the first is never a part of one, the last may be.
    """

    span: Span
    since: datetime
    until: datetime
    starts: tuple[datetime, ...]

    @property
    def hourly(self) -> bool:
        """Whether a step is an hour; else it is a day."""
        return self.span is Span.DAY

    @property
    def title(self) -> str:
        """The span in words."""
        if self.span is Span.DAY:
            return "Last 24 hours"
        if self.span is Span.LAST_MONTH:
            return f"{self.since:%B %Y}"
        return f"Last {_DAYS[self.span]} days"

    def step_of(self, at: datetime) -> int | None:
        """The number of the step in which something was."""
        if not self.since <= at <= self.until:
            return None
        return bisect_right(self.starts, at) - 1


def stretch(span: Span, now: datetime) -> Stretch:
    """The span that ends now, or, for the last month, with it."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if span is Span.DAY:
        since = now.replace(minute=0, second=0, microsecond=0) - 23 * _HOUR
        return Stretch(span, since, now, tuple(since + number * _HOUR for number in range(24)))
    if span is Span.LAST_MONTH:
        end = today.replace(day=1)
        since = (end - _DAY).replace(day=1)
        return Stretch(span, since, end - _INSTANT, _days(since, (end - since).days))
    since = today - (_DAYS[span] - 1) * _DAY
    return Stretch(span, since, now, _days(since, _DAYS[span]))


def before(stretch: Stretch) -> Stretch | None:
    """The stretch to compare it with, as long and just before; None where that is too long ago."""
    if stretch.span is Span.QUARTER:
        return None
    if stretch.span is Span.LAST_MONTH:
        end = stretch.since
        since = (end - _DAY).replace(day=1)
        return Stretch(Span.LAST_MONTH, since, end - _INSTANT, _days(since, (end - since).days))
    length = len(stretch.starts) * (_HOUR if stretch.hourly else _DAY)
    starts = tuple(each - length for each in stretch.starts)
    return Stretch(stretch.span, stretch.since - length, stretch.until - length, starts)


def earliest(now: datetime) -> datetime:
    """Where the oldest of all spans begins, and of those that they are compared with."""
    spans = [stretch(span, now) for span in Span]
    compared = [found for each in spans if (found := before(each)) is not None]
    return min(each.since for each in (*spans, *compared))


def _days(since: datetime, count: int) -> tuple[datetime, ...]:
    return tuple(since + number * _DAY for number in range(count))
