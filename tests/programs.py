"""Programs that refinery is looked at with: shells, readers of manual pages, a browser."""

from __future__ import annotations

import os
import shutil

import pytest

IS_REQUIRED = "CI" in os.environ or "NEEDS_PROGRAMS" in os.environ
"""Read before the environment is sealed: `.ci/run` says so, and every CI does."""


def needs(program: str) -> pytest.MarkDecorator:
    """Skips a test where there is no such program; where all are required, it fails."""
    absent = shutil.which(program) is None and not IS_REQUIRED
    return pytest.mark.skipif(absent, reason=f"there is no {program} here: scripts/programs")
