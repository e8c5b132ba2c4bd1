"""How much of the package its tests run: the default suite and the journeys, with all processes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.soak.figure import Figure, at_least

ROOT = Path(__file__).resolve().parents[2]
BAR = 95.0
MADE = ROOT / "build" / "coverage"


def figures(scratch: Path, *, quick: bool) -> list[Figure]:
    """Lines and branches together, as coverage.py counts them."""
    tests = ["tests/records/test_names.py"] if quick else []
    shutil.rmtree(MADE, ignore_errors=True)
    # It fails where a test does, one that was slower than usual: what was run was run.
    subprocess.run(["scripts/coverage", *tests], cwd=ROOT, check=False)
    command = [sys.executable, "-m", "coverage", "json", "-q", "-o", str(scratch / "report.json")]
    data = {"COVERAGE_FILE": str(MADE / "data")}
    subprocess.run(command, cwd=ROOT, env={**os.environ, **data}, check=True)
    totals = json.loads((scratch / "report.json").read_text())["totals"]
    lines, branches = totals["num_statements"], totals["num_branches"]
    return [
        at_least(
            "coverage",
            "lines and branches run by tests",
            round(totals["percent_covered"], 1),
            0 if quick else BAR,
            unit="%",
            how="scripts/coverage",
            note=f"of {lines:,} lines and {branches:,} branches",
        )
    ]
