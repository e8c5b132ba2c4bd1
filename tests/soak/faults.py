"""Figures of faults."""

from __future__ import annotations

from pathlib import Path

from tests.soak.figure import Figure


def figures(scratch: Path, *, quick: bool) -> list[Figure]:
    """None yet."""
    return []
