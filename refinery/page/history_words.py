"""What the history says in words: lengths of time, shares, steps, and how something changed."""

from __future__ import annotations

from datetime import datetime, timedelta

from refinery.page.history_spans import Span, Stretch
from refinery.page.wording import lasting

UNKNOWN = "\N{EN DASH}"
_SECOND, _HOUR, _DAY = 1 / 60, 60.0, 1440.0
MINUTES = (
    *(each * _SECOND for each in (1, 2, 5, 10, 15, 30)),
    *(1.0, 2.0, 5.0, 10.0, 15.0, 30.0),
    *(each * _HOUR for each in (1, 2, 3, 6, 12)),
    *(each * _DAY for each in (1, 2, 5, 10, 30, 90)),
)
"""Steps for an axis of times."""


def minutes(value: float | None) -> str:
    """A length of time; short ones with a fraction, as costs are compared."""
    if value is None:
        return UNKNOWN
    if 0 < value < _SECOND:
        return "under 1 s"
    return f"{value:.1f} min" if 1 <= value < 9.95 else lasting(value * 60)


def short_minutes(value: float) -> str:
    """A length of time in one unit, for an axis."""
    if not value:
        return "0"
    for size, unit in ((_DAY, "d"), (_HOUR, "h"), (1.0, "min")):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value * 60:.3g} s"


def share(value: float | None) -> str:
    """A part of a whole in per cent; a small one is not said to be none."""
    if value is None:
        return UNKNOWN
    percent = value * 100
    if 99.95 <= percent < 100:
        return "over 99.9%"
    return f"{percent:.3g}%" if percent < 0.95 or percent == 100 else f"{percent:.1f}%"


def number(value: int) -> str:
    """A count."""
    return f"{value:,}"


def rate(value: float) -> str:
    """So many a day."""
    return f"{value:,.0f}" if value >= 20 else f"{value:.2g}"


def step(stretch: Stretch, since: datetime) -> str:
    """One hour or day by its name."""
    return f"{since:%d %b %H:%M}" if stretch.hourly else f"{since:%a %d %b}"


def short_step(stretch: Stretch, since: datetime) -> str:
    """The same below a chart."""
    return f"{since:%H:%M}" if stretch.hourly else f"{since.day} {since:%b}"


def day(at: datetime) -> str:
    """A day in a list."""
    return f"{at.day} {at:%b}"


def each_step(stretch: Stretch) -> str:
    """What a step is."""
    return "hour" if stretch.hourly else "day"


def span_name(span: Span, title: str) -> str:
    """A span in a row of others, where "last" goes without saying."""
    return title if span is Span.LAST_MONTH else title.removeprefix("Last ")


def compared(now: float | None, before: float | None) -> str:
    """How much more or less it is than it was; nothing where that says nothing."""
    if now is None or not before:
        return ""
    change = now / before - 1
    if abs(change) < 0.005:
        return "the same"
    if change > 9:
        return ""
    sign = "+" if change > 0 else "\N{MINUS SIGN}"
    return f"{sign}{abs(change):.0%}"


def against(stretch: Stretch) -> str:
    """What the changes are against."""
    if stretch.span is Span.LAST_MONTH:
        return f"{stretch.since - timedelta(days=1):%B}"
    return f"the {stretch.title.removeprefix('Last ')} before"
