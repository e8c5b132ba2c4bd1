"""`refinery stop`: stops the processor."""

from __future__ import annotations

import argparse

from refinery.app import open_queue
from refinery.cli.command import add_rig
from refinery.cli.output import plain, style

HELP = "Stop the processor; the candidate it is at is finished first."
EXAMPLES = """\
  refinery stop
  refinery stop --wait 1h
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `stop`."""
    add_rig(parser)
    parser.add_argument(
        "--wait", metavar="TIME", default="10m", help="how long to wait for it (default: 10m)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Stop it."""
    from refinery.cli import daemon
    from refinery.cli.durations import duration

    with open_queue(arguments.rig) as queue:
        if daemon.stop(queue.repo, wait=duration(arguments.wait)):
            print(f"{style('✓', 'green')} Refinery stopped for {plain(queue.name)}")
        else:
            print(f"{style('⚠', 'yellow')} Refinery is not running")
    return 0
