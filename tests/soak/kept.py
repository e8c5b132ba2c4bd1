"""The figures as they were last made: one JSON file a part, and the page is made of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.soak.figure import Figure

DOCS = Path(__file__).resolve().parents[2] / "docs"
PLACE = DOCS / "proof"


@dataclass(frozen=True)
class Kept:
    """A part's figures, when and on what they were made, and how long that took."""

    part: str
    date: str
    version: str
    machine: str
    seconds: float
    figures: tuple[Figure, ...]


def write(kept: Kept, place: Path = PLACE) -> Path:
    """Keep them instead of those of last time."""
    place.mkdir(exist_ok=True)
    file = place / f"{kept.part}.json"
    document = asdict(kept)
    for row in document["figures"]:
        del row["part"]
    file.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    return file


def read(names: Sequence[str], place: Path = PLACE) -> dict[str, Kept]:
    """What is there of these parts, in their order."""
    files = {name: place / f"{name}.json" for name in names}
    return {name: _read(file) for name, file in files.items() if file.is_file()}


def _read(file: Path) -> Kept:
    document: dict[str, Any] = json.loads(file.read_text())
    part = document["part"]
    rows = tuple(Figure(part, **row) for row in document.pop("figures"))
    return Kept(**document, figures=rows)
