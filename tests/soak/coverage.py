"""How much of the package its tests run: the default suite and the journeys, with all processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.soak.figure import Figure, at_least

ROOT = Path(__file__).resolve().parents[2]
BAR = 95.0
SUITES = ("not journey and not soak", "journey and not soak")
"""One after the other, as in CI: a browser's event loop stays in a process that others run in."""


def figures(scratch: Path, *, quick: bool) -> list[Figure]:
    """Lines and branches together, as coverage.py counts them; what `scripts/coverage` does."""
    tests = ["tests/records/test_names.py"] if quick else []
    environment = {**os.environ, "COVERAGE_FILE": str(scratch / "data")}

    def coverage(*argv: str) -> None:
        command = [sys.executable, "-m", "coverage", *argv]
        # A test that fails for being slower than usual has run what it ran.
        subprocess.run(command, cwd=ROOT, env=environment, check=argv[0] != "run")

    for suite in SUITES:
        coverage("run", "-m", "pytest", "-q", "-n", "2", "-m", suite, *tests)
    coverage("combine", "-q")
    coverage("json", "-q", "-o", str(scratch / "report.json"))
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
