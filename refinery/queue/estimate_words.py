"""Estimates in words: how long from now for a screen, at what time for what is written once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from refinery.queue.estimating import Estimate, LandingTime
from refinery.records.times import EPOCH

_STEPS = (5, 10, 15, 30, 60, 120, 360, 720, 1440)  # minutes


def in_short(estimate: Estimate) -> str:
    """`in about 12m (5m to 41m)`, or nothing."""
    if not isinstance(estimate, LandingTime):
        return ""
    low, high = estimate.most
    return f"in about {about(estimate.median)} ({_between(low, high)})"


def in_full(estimate: Estimate) -> str:
    """One line with both ranges, or why there is none."""
    if not isinstance(estimate, LandingTime):
        return estimate.words
    return (
        f"in about {about(estimate.median)}: half of all take {_between(*estimate.half)}, "
        f"9 in 10 take {_between(*estimate.most)}"
    )


def at_what_time(estimate: Estimate) -> str:
    """`expected 14:10 to 14:40 UTC`: true for as long as nothing happens, and changes seldom."""
    if not isinstance(estimate, LandingTime):
        return ""
    begin, end = estimate.range_at
    step = _step(end - begin)
    first, last = _floor(begin, step), _floor(end, step) + step
    if step >= timedelta(days=1) or (last - estimate.at) > timedelta(days=2):
        return f"expected {first.day} {first:%B} to {last.day} {last:%B}"
    day = "" if first.date() == estimate.at.astimezone(UTC).date() else f"{first:%A} "
    other = "" if last.date() == first.date() else f"{last:%A} "
    return f"expected {day}{first:%H:%M} to {other}{last:%H:%M} UTC"


def about(seconds: float) -> str:
    """A length of time as exact as an estimate can be: `75s`, `12m`, `2h 10m`, `14h`, `3d`."""
    if seconds < 97.5:
        return f"{max(1, round(seconds))}s" if seconds < 9.5 else f"{5 * round(seconds / 5)}s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes}m"
    if minutes < 595:
        hours, tens = divmod(round(minutes / 10), 6)
        return f"{hours}h {tens * 10}m" if tens else f"{hours}h"
    hours = round(seconds / 3600)
    return f"{hours}h" if hours < 48 else f"{round(seconds / 86400)}d"


def _between(low: float, high: float) -> str:
    first, last = about(low), about(high)
    return first if first == last else f"{first} to {last}"


def _step(width: timedelta) -> timedelta:
    """About a third of the range."""
    wanted = width.total_seconds() / 180
    return timedelta(minutes=next((each for each in _STEPS if each >= wanted), _STEPS[-1]))


def _floor(moment: datetime, step: timedelta) -> datetime:
    return moment.astimezone(UTC) - (moment - EPOCH) % step
