"""Lets `python -m refinery` be the command `refinery`."""

from __future__ import annotations

import sys

from refinery.cli.main import command

if __name__ == "__main__":
    sys.exit(command())
