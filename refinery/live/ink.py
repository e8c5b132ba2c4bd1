"""Lines of a screen as values: text with roles, of so many columns, whatever will show them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from refinery.looks import Look, Role
from refinery.values import dataclass, replace

_WIDE = frozenset("WF")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line; `strong` is bold."""

    text: str
    role: Role = Role.PLAIN
    strong: bool = False


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Pen:
    """What the terminal can show."""

    unicode: bool = True

    def sign(self, look: Look) -> Span:
        """The sign of a state, one column wide."""
        return Span(look.sign_in(unicode=self.unicode), look.role)

    def text(self, text: str) -> str:
        """Text from outside: nothing that a terminal would obey, all of it on one line."""
        shown = "".join(each if each.isprintable() else " " for each in text)
        return shown if self.unicode else shown.encode("ascii", "replace").decode()

    @property
    def more(self) -> str:
        """What stands for the rest of a text that was cut."""
        return "…" if self.unicode else "~"

    @property
    def dot(self) -> str:
        """What stands between two facts."""
        return " · " if self.unicode else " - "

    @property
    def to(self) -> str:
        """What stands between the ends of a range."""
        return "–" if self.unicode else "-"  # noqa: RUF001

    @property
    def rule(self) -> str:
        """What a line is drawn with."""
        return "─" if self.unicode else "-"

    def bar(self, share: float, columns: int) -> tuple[Span, Span]:
        """How much of something is done: what is, and what is not."""
        done = min(columns, max(0, round(share * columns)))
        full, empty = ("━", "─") if self.unicode else ("#", ".")
        return Span(full * done, Role.ACTIVE), Span(empty * (columns - done), Role.MUTED)

    def sparks(self, numbers: Sequence[int]) -> str:
        """A small chart: a column a number, the lowest for none."""
        none, steps = ("▁", "▂▃▄▅▆▇█") if self.unicode else ("_", ".:-=+*#")
        most = max(numbers, default=0)
        return "".join(steps[(each * len(steps) - 1) // most] if each else none for each in numbers)


def columns_of(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum(_columns(letter) for letter in text)


def _columns(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in _WIDE else 1


def cut(text: str, columns: int, more: str = "…") -> str:
    """The text in at most so many columns; `more` says that some of it is missing."""
    if columns_of(text) <= columns:
        return text
    room = columns - len(more)
    if room < 0:
        return ""
    kept = []
    for letter in text:
        room -= _columns(letter)
        if room < 0:
            break
        kept.append(letter)
    return "".join(kept) + more


def fitted(line: Iterable[Span], columns: int, pen: Pen) -> Line:
    """The line in exactly so many columns: cut, or filled with blanks."""
    spans = []
    for span in line:
        taken = columns_of(span.text)
        if taken > columns:
            spans.append(replace(span, text=cut(span.text, columns, pen.more)))
            columns -= columns_of(spans[-1].text)
            break
        spans.append(span)
        columns -= taken
    return (*spans, Span(" " * columns)) if columns > 0 else tuple(spans)


def padded(text: str, columns: int, pen: Pen) -> str:
    """The text in exactly so many columns, to the left."""
    shown = cut(text, columns, pen.more)
    return shown + " " * (columns - columns_of(shown))


def apart(left: Line, right: Line, columns: int, pen: Pen) -> Line:
    """Two lines in one, at both ends of it; the left one is cut first."""
    taken = sum(columns_of(span.text) for span in right)
    if taken >= columns:
        return fitted(right, columns, pen)
    return (*fitted(left, columns - taken, pen), *right)


def told(look: Look, words: str, columns: int, pen: Pen, *, most: int) -> list[Line]:
    """The sign of a state and words that matter, on as many lines as it takes, up to `most`."""
    from textwrap import wrap

    room = max(10, columns - 2)
    lines = wrap(pen.text(words), room) or [""]
    if len(lines) > most:
        lines = [*lines[: most - 1], cut(" ".join(lines[most - 1 :]), room, pen.more)]
    signs = [pen.sign(look), *[Span(" ")] * (len(lines) - 1)]
    return [
        (sign, Span(f" {line}", look.role, strong=True))
        for sign, line in zip(signs, lines, strict=True)
    ]


def plain(line: Line) -> str:
    """The text alone."""
    return "".join(span.text for span in line).rstrip()
