"""Runs a command of refinery in this process with a clock that is so many seconds ahead.

python -m tests.faults.skewed SECONDS ARGUMENT...
"""

from __future__ import annotations

import sys
import time

from refinery.cli.main import main
from refinery.records import times


class Skewed:
    """The module `time` as the product asks it for the time of day."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def time(self) -> float:
        """Seconds since the epoch, wrongly."""
        return time.time() + self._seconds


if __name__ == "__main__":
    vars(times)["time"] = Skewed(float(sys.argv[1]))
    sys.exit(main(sys.argv[2:]))
