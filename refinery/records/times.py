"""Instants: UTC, to the millisecond, one textual form."""

from __future__ import annotations

import time
from datetime import UTC, datetime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """The wall clock, to the millisecond: what is written is what was compared."""
    return instant(time.time())


def instant(seconds: float) -> datetime:
    """The instant that many seconds after the epoch, to the millisecond."""
    return datetime.fromtimestamp(round(seconds, 3), UTC)


def parse_time(text: str) -> datetime:
    """Read ISO 8601 with a `Z`, to the millisecond, as it would be written.

    The schema has checked the form, but not how long a month is.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:  # in words that depend on Python's version
        raise ValueError(f"there is no time {text}") from None
    beyond = moment.microsecond % 1000
    return moment.replace(microsecond=moment.microsecond - beyond) if beyond else moment


def format_time(moment: datetime) -> str:
    """Write ISO 8601 in UTC with milliseconds and `Z`."""
    # Not strftime: of a year before 1000 that makes one of three digits, which no schema takes.
    said = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return f"{said.removesuffix('+00:00')}Z"


def span(seconds: float) -> str:
    """A length of time, in the largest unit that says something."""
    whole = max(0, int(seconds))
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if whole >= size:
            return f"{whole // size}{unit}"
    return f"{whole}s"
