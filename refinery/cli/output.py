"""What reaches the terminal: results on stdout, the rest on stderr, colour where it shows."""

from __future__ import annotations

import os
import re
import sys

from refinery.typed import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from refinery.looks import Look, Role

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_NARROWEST = 20  # below that nothing is cut or folded: it would be unreadable anyway

colour_asked: bool | None = None
"""What `--color` said: always, never, or nothing."""


def print_json(document: object) -> None:
    """One document with two-space indent."""
    import json

    text = json.dumps(document, indent=2, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # a file name that is not UTF-8
        text = json.dumps(document, indent=2)
    print(text)


def note(text: str) -> None:
    """A line for people, on stderr."""
    print(text, file=sys.stderr)


# Colour


def style(text: str, *names: str, stream: TextIO | None = None) -> str:
    """The text in a style, where the stream shows it."""
    if not coloured(stream or sys.stdout):
        return text
    codes = ";".join(_CODES[name] for name in names)
    return f"\x1b[{codes}m{text}\x1b[0m"


def in_role(text: str, role: Role, *names: str, stream: TextIO | None = None) -> str:
    """The text in the colour of its role, and in a style, where the stream shows it."""
    from refinery.looks import ANSI

    codes = ";".join(filter(None, (*(_CODES[name] for name in names), ANSI[role])))
    if not codes or not coloured(stream or sys.stdout):
        return text
    return f"\x1b[{codes}m{text}\x1b[0m"


def marked(look: Look, text: str | None = None, *, stream: TextIO | None = None) -> str:
    """The look's sign in its colour, and its word, or other words in its place."""
    return f"{in_role(look.sign, look.role, stream=stream)} {look.word if text is None else text}"


def coloured(stream: TextIO) -> bool:
    """Whether to colour what goes there: --color, then the environment, then the terminal.

    NO_COLOR (https://no-color.org) is stronger than FORCE_COLOR and CLICOLOR_FORCE.
    """
    if colour_asked is not None:
        return colour_asked
    environ = os.environ
    if environ.get("NO_COLOR"):
        return False
    if any(environ.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    if environ.get("CLICOLOR") == "0" or environ.get("FORCE_COLOR") == "0":
        return False
    return stream.isatty() and environ.get("TERM") != "dumb"


# Room


def width(stream: TextIO | None = None) -> int | None:
    """How many columns the reader has; None where lines may be as long as they are.

    COLUMNS says it for a pipe as well; else only a terminal has an edge.
    """
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return int(told)
    where = stream or sys.stdout
    try:
        return (os.get_terminal_size(where.fileno()).columns or None) if where.isatty() else None
    except (OSError, ValueError):
        return None


def shortened(text: str, beside: str, *, stream: TextIO | None = None) -> str:
    """The text without its middle where it would not fit on a line beside the rest of it."""
    columns = width(stream)
    if columns is None or len(text) + len(beside) <= columns:
        return text
    room = max(columns - len(beside), _NARROWEST)
    if len(text) <= room:
        return text
    end = (room - 1) // 2
    return f"{text[: room - 1 - end]}…{text[-end:]}"


def folded(text: str, *, indent: int = 0, hang: int = 0, stream: TextIO | None = None) -> str:
    """A paragraph, folded between words where a terminal would break it in the middle of one."""
    columns = width(stream)
    if columns is None or indent + len(text) <= columns or columns < indent + _NARROWEST:
        return " " * indent + text
    from textwrap import fill

    space = " " * indent
    return fill(
        text,
        columns,
        initial_indent=space,
        subsequent_indent=space + " " * hang,
        break_long_words=False,
        break_on_hyphens=False,
    )


# Text of others


def plain(text: str) -> str:
    """Text from outside without anything that a terminal or a CI runner would obey."""
    if not text.isprintable():
        text = "".join(
            letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}"
            for letter in text
        )
    return _unheard(text) if os.environ.get("GITHUB_ACTIONS") == "true" else text


def _unheard(text: str) -> str:
    """The same to the eye.

    A runner obeys a line that begins with two colons, and an older form wherever it stands.
    """
    return re.sub(r"^(?=[^\S\n]*::)|(?<=##)(?=\[)", "\N{WORD JOINER}", text, flags=re.MULTILINE)


def counted(number: int, thing: str) -> str:
    """`1 record`, `2 records`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
