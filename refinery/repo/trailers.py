"""The `Key: value` lines at the end of a commit message, which say for programs what happened."""

from __future__ import annotations

import re

from refinery.records.names import trimmed
from refinery.typed import Final

_LINE: Final = r"(?P<key>[A-Za-z0-9][A-Za-z0-9-]*)[ \t]*:[ \t]*(?P<value>.*)"


def trailers(message: str) -> tuple[tuple[str, str], ...]:
    """The trailers in order: a last paragraph made of nothing else, and never the subject."""
    paragraphs = re.split(r"\n[ \t]*(?:\n[ \t]*)*\n", message.strip("\n"))
    if len(paragraphs) < 2:
        return ()
    found: list[tuple[str, list[str]]] = []
    for line in paragraphs[-1].rstrip(" \t\r\n").split("\n"):
        match = re.fullmatch(_LINE, line)
        if match is not None:
            found.append((match["key"], [trimmed(match["value"])]))
        elif line[:1] in (" ", "\t") and found:
            found[-1][1].append(trimmed(line))
        else:
            return ()
    return tuple((key, " ".join(value)) for key, value in found)


def trailer(message: str, key: str) -> str | None:
    """The last value of a trailer, its key compared as git does, without regard to case."""
    values = [value for name, value in trailers(message) if name.lower() == key.lower()]
    return values[-1] if values else None
