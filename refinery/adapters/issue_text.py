"""Fits texts into what a forge takes, without losing the marker that makes an issue found again."""

from __future__ import annotations

_CUT = "\n\n*… cut here: the whole text is longer than an issue may be.*"


def fitted(text: str, most: int, *, marker: str = "") -> str:
    """At most so many characters; a marker that stands in the text, or should, is still there."""
    whole = text if not marker or marker in text else f"{text}\n\n<!-- {marker} -->"
    if len(whole) <= most:
        return whole
    end = f"{_CUT}\n\n<!-- {marker} -->" if marker else _CUT
    return text[: most - len(end)] + end


def fitted_title(text: str, most: int) -> str:
    """One line of at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
