"""How many changes of the product its tests notice, package by package; half an hour for each."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.soak.figure import Figure, at_least

ROOT = Path(__file__).resolve().parents[2]
BAR = 85.0


def figures(scratch: Path, *, quick: bool) -> list[Figure]:
    """One for each package that `scripts/mutation` knows."""
    return [_figure(package, quick=quick) for package in ("queue", "store", "engine")]


def _figure(package: str, *, quick: bool) -> Figure:
    size = ["--sample", "3"] if quick else []
    subprocess.run([sys.executable, "-m", "tools.mutation", package, *size], cwd=ROOT, check=True)
    told = json.loads((ROOT / "build" / "mutation" / f"{package}.json").read_text())
    note = (
        f"{told['killed']} of {told['tried']}, drawn from {told['mutants']}; among all it is "
        f"{told['from']}% to {told['to']}% with 95% confidence"
    )
    return at_least(
        "mutation",
        f"{package}/: mutants killed",
        told["percent"],
        0 if quick else BAR,
        unit="%",
        how=f"scripts/mutation {package}",
        note=note,
    )
