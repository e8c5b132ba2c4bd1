"""Makes text from outside fit for a record: what the schema would refuse is cut or replaced."""

from __future__ import annotations

from collections.abc import Sequence

LONGEST_LINE = 1000
LONGEST_TEXT = 65536
KEPT_FILES = 200

_UNFIT = dict.fromkeys((*range(9), *range(10, 32), 127), "\N{REPLACEMENT CHARACTER}")


def as_line(text: str) -> str:
    """One line: a path may hold a line break and be longer than any line."""
    return text.translate(_UNFIT)[:LONGEST_LINE]


def as_lines(texts: Sequence[str]) -> tuple[str, ...]:
    """A list such as of files: no longer than a record holds."""
    return tuple(map(as_line, texts[:KEPT_FILES]))


def as_text(text: str) -> str:
    """Text whose beginning counts, such as the words of a hundred failed checks."""
    return text[:LONGEST_TEXT]


def in_a_line(text: str) -> str:
    """The same words on one line, without anything unprintable."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
