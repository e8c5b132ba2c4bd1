"""The words of git's settings for yes and no."""

from __future__ import annotations

_WORDS = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0"), False),
}


def yes_or_no(told: str | None) -> bool | None:
    """What a setting says; None where it says nothing, or something else."""
    return None if told is None else _WORDS.get(told.lower())
