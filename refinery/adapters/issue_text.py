"""Fits texts into what a forge takes, without losing the marker that makes an issue found again."""

from __future__ import annotations

_CUT = "\n\n*… cut here: the whole text is longer than an issue may be.*"


def carries(body: str | None, marker: str) -> bool:
    """Whether the marker is a line of its own, as a comment that no reader sees.

    What a text quotes (a branch, a file, a commit's subject) may hold another issue's marker, and
    never makes a line of its own.
    """
    wanted = _hidden(marker)
    return any(line.strip() == wanted for line in (body or "").splitlines())


def _hidden(marker: str) -> str:
    return f"<!-- {marker} -->"


def fitted(text: str, most: int, *, marker: str = "") -> str:
    """At most so many characters; a marker that stands in the text, or should, is still there."""
    whole = text if not marker or carries(text, marker) else f"{text}\n\n{_hidden(marker)}"
    if len(whole) <= most:
        return whole
    end = f"{_CUT}\n\n{_hidden(marker)}" if marker else _CUT
    return text[: most - len(end)] + end


def fitted_title(text: str, most: int) -> str:
    """One line of at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
