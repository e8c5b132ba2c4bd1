"""Reads what a command is given: a file, or standard input for `-`, no more than it takes."""

from __future__ import annotations

import sys
from pathlib import Path


def read_most(where: str, most: int) -> bytes:
    """All of it, or one byte more than `most` where it is longer; raises `OSError`."""
    if where == "-":
        return sys.stdin.buffer.read(most + 1)
    with Path(where).open("rb") as file:
        return file.read(most + 1)
