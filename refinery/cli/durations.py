"""Durations and numbers as people write them on the command line."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from refinery.config.config import seconds
from refinery.errors import UsageError
from refinery.records.times import EPOCH

MOST = 1000
_MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 10_080}


def duration(text: str) -> float:
    """90, 90s, 10m or 1h in seconds."""
    try:
        return seconds(text)
    except (ValueError, KeyError):
        raise UsageError(f"{text!r} is not a duration", hint="such as 90s, 10m or 1h") from None


def number(text: str) -> int:
    """A whole number from 1 to 1000."""
    if not text.isdecimal() or not 1 <= int(text[:9]) <= MOST:
        raise UsageError(f"{text!r} is not a number from 1 to {MOST}")
    return int(text)


def since(text: str, now: datetime) -> datetime:
    """7d, 12h, 2w before now, or the day or instant that ISO 8601 names; without a zone, UTC."""
    found = re.fullmatch(r"([0-9]{1,6})([mhdw])", text)
    if found is not None:
        return max(EPOCH, now - timedelta(minutes=int(found[1]) * _MINUTES[found[2]]))
    try:
        named = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{text!r} is neither a length of time nor a date",
            hint="such as 12h, 7d, 4w or 2026-03-01",
        ) from None
    named = named if named.tzinfo is not None else named.replace(tzinfo=UTC)
    if named > now:
        raise UsageError(f"{text} is still to come")
    return max(EPOCH, named)
