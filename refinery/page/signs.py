"""The signs of the visual language as drawings: not every machine has a font for each of them."""

from __future__ import annotations

from collections.abc import Mapping

from refinery.looks import Look
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Drawing:
    """A path in a square of 12; `filled`, or else a line."""

    path: str
    filled: bool = False


DRAWINGS: Mapping[str, Drawing] = {
    "○": Drawing("M6 2a4 4 0 1 1 0 8a4 4 0 1 1 0-8z"),
    "◌": Drawing("M6 2v0M9 3.4v0M10 6v0M9 8.6v0M6 10v0M3 8.6v0M2 6v0M3 3.4v0"),
    "●": Drawing("M6 2.5a3.5 3.5 0 1 1 0 7a3.5 3.5 0 1 1 0-7z", filled=True),
    "•": Drawing("M6 4a2 2 0 1 1 0 4a2 2 0 1 1 0-4z", filled=True),
    "▶": Drawing("M3.5 2v8l6.5-4z", filled=True),
    "⏸": Drawing("M3 2h2v8H3zM7 2h2v8H7z", filled=True),
    "❄": Drawing("M6 1.5v9M2.1 3.75l7.8 4.5M9.9 3.75l-7.8 4.5"),
    "■": Drawing("M2.5 2.5h7v7h-7z", filled=True),
    "◇": Drawing("M6 1.5L10.5 6L6 10.5L1.5 6z"),
    "↑": Drawing("M6 10V2.5M2.8 5.5L6 2.2l3.2 3.3"),
    "⚠": Drawing("M6 1.8L11 10.2H1zM6 5v2.2M6 8.8v0"),
    "✗": Drawing("M2.8 2.8l6.4 6.4M9.2 2.8L2.8 9.2"),
    "✓": Drawing("M2 6.4l2.8 2.8L10 3.4"),
    "»": Drawing("M2.5 2.8L5.7 6L2.5 9.2M6.3 2.8L9.5 6L6.3 9.2"),
    "∅": Drawing("M6 2a4 4 0 1 1 0 8a4 4 0 1 1 0-8zM2.6 9.4l6.8-6.8"),
    "?": Drawing("M4 4.2a2 2 0 1 1 2.9 1.9Q6 6.5 6 7.4M6 9.6v0"),
    "!": Drawing("M6 2v4.8M6 9.4v0"),
    "i": Drawing("M6 5.4V10M6 2.6v0"),
}


def drawing(look: Look) -> Drawing | None:
    """The drawing of a look's sign; None where there is only the letter."""
    return DRAWINGS.get(look.sign)
