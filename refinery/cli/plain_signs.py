"""Signs for streams that cannot show them: what stands in place of each in ASCII."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator

from refinery.typed import TextIO

NAME = "refinery-signs"

_OTHERS = {
    "→": "->",
    "←": "<-",
    "↳": "`-",
    "≠": "!=",
    "≤": "<=",
    "≥": ">=",
    "\N{MULTIPLICATION SIGN}": "x",
    "±": "+/-",
    "…": "...",
    "·": "-",
    "\N{EN DASH}": "-",
    "—": "-",
    "│": "|",
    "─": "-",
    "█": "#",
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "“": '"',
    "”": '"',
}
_PICTURES = "📋🚀🚧📊🧭⚙️\N{VARIATION SELECTOR-15}\N{VARIATION SELECTOR-16}"
"""They decorate a title: without them it says the same."""


def fall_back(stream: TextIO) -> None:
    """Have whatever the stream cannot encode replaced: signs by plain ones, the rest by `?`."""
    if not isinstance(stream, io.TextIOWrapper):
        return
    import codecs

    codecs.register_error(NAME, _replaced)
    if stream.isatty() and os.environ.get("LC_ALL") in ("C", "POSIX"):
        # Python writes UTF-8 there, for the sake of pipes; a terminal was told not to expect it.
        stream.reconfigure(encoding="ascii", errors=NAME)
    else:
        stream.reconfigure(errors=NAME)


def _replaced(error: UnicodeError) -> tuple[str, int]:
    """What `codecs` asks for: a text that can be encoded, and where to go on."""
    assert isinstance(error, UnicodeEncodeError)
    text, end = error.object, error.end
    shown = "".join(in_ascii(text[error.start : end]))
    if not shown and text[end : end + 1] == " ":
        end += 1
    return shown, end


def in_ascii(text: str) -> Iterator[str]:
    """Letter by letter: the plain sign, nothing for a picture, `?` for what nobody knows."""
    known = _known()
    for letter in text:
        if letter not in _PICTURES:
            yield known.get(letter, "?")


def _known() -> dict[str, str]:
    from refinery import looks

    tables = (
        looks.STANDINGS,
        looks.ENDINGS,
        looks.RESULTS,
        looks.ATTEMPTS,
        looks.HEALTH,
        looks.PROCESSOR,
        looks.ISSUES,
        looks.FINDINGS,
    )
    return {**_OTHERS, **{each.sign: each.ascii for table in tables for each in table.values()}}
