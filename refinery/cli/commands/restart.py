"""`refinery restart`: stops the processor and starts it again."""

from __future__ import annotations

import argparse

from refinery.app import open_queue
from refinery.cli.command import add_rig
from refinery.cli.output import plain, style

HELP = "Stop the processor, if one runs, and start it."
EXAMPLES = """\
  refinery restart
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `restart`."""
    add_rig(parser)
    parser.add_argument(
        "--every", metavar="TIME", default="10s", help="pause between looks (default: 10s)"
    )
    parser.add_argument(
        "--wait", metavar="TIME", default="10m", help="how long to wait for the end (default: 10m)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Restart it."""
    from refinery.cli import daemon
    from refinery.cli.durations import duration

    with open_queue(arguments.rig) as queue:
        print(f"Restarting refinery for {plain(queue.name)}...")
        daemon.stop(queue.repo, wait=duration(arguments.wait))
        daemon.start(queue.repo, every=arguments.every)
        print(f"{style('✓', 'green')} Refinery restarted for {plain(queue.name)}")
        print(style("  Use 'refinery attach' to connect", "dim"))
    return 0
