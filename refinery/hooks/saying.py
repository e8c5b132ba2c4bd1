"""How hooks speak: lines that say who speaks, on stderr, which git shows the author."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from refinery.errors import RefineryError
from refinery.store.message import one_line


def say(lines: Iterable[str]) -> None:
    """Each line with our name in front; nothing in it that a terminal would obey."""
    for line in lines:
        print(f"refinery: {one_line(line)}", file=sys.stderr)
    sys.stderr.flush()


def complain(error: RefineryError) -> None:
    """An error, and what to do."""
    lines = error.message.splitlines() or ["failed"]
    say([f"error: {lines[0]}", *lines[1:], *([f"hint: {error.hint}"] if error.hint else [])])
