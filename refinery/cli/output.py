"""What reaches the terminal: results on stdout, the rest on stderr, colour where it shows."""

from __future__ import annotations

import os
import re
import sys
from typing import TextIO

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


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


def style(text: str, *names: str, stream: TextIO | None = None) -> str:
    """The text in a style, where the stream shows it."""
    if not coloured(stream or sys.stdout):
        return text
    codes = ";".join(_CODES[name] for name in names)
    return f"\x1b[{codes}m{text}\x1b[0m"


def coloured(stream: TextIO) -> bool:
    """NO_COLOR and FORCE_COLOR decide, then whether it is a terminal (https://no-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


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
    return re.sub(r"^(?=\s*::)|(?<=##)(?=\[)", "\N{WORD JOINER}", text, flags=re.MULTILINE)


def counted(number: int, thing: str) -> str:
    """`1 record`, `2 records`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
