"""Durations as people write them on the command line."""

from __future__ import annotations

from refinery.config.config import seconds
from refinery.errors import UsageError


def duration(text: str) -> float:
    """90, 90s, 10m or 1h in seconds."""
    try:
        return seconds(text)
    except (ValueError, KeyError):
        raise UsageError(f"{text!r} is not a duration", hint="such as 90s, 10m or 1h") from None
