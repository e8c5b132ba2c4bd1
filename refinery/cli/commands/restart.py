"""`refinery restart`: stops the processor and starts it again."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack

from refinery.app import open_queue
from refinery.cli.output import plain, style
from refinery.cli.rigs import add_rigs, rigs_of

HELP = """\
Stop the processor, if one runs, and start it: with the pauses it had, unless told otherwise.  One
that runs in the foreground, under a service manager or in a container, begins anew as the same
process, with everything that it serves."""
EXAMPLES = """\
  refinery restart
  refinery restart --every 5s
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `restart`."""
    add_rigs(parser)
    parser.add_argument(
        "--every", metavar="TIME", help="pause between looks (default: as before, or 10s)"
    )
    parser.add_argument(
        "--longest",
        metavar="TIME",
        help="longest pause between looks at a quiet queue (default: as before, or 2m)",
    )
    parser.add_argument(
        "--wait", metavar="TIME", default="10m", help="how long to wait for the end (default: 10m)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Restart it."""
    from refinery.cli import daemon
    from refinery.cli.durations import duration

    wait = duration(arguments.wait)
    for pause in filter(None, (arguments.every, arguments.longest)):
        duration(pause)  # a mistake is told before anything is stopped
    with ExitStack() as stack:
        for queue in [stack.enter_context(open_queue(rig)) for rig in rigs_of(arguments)]:
            print(f"Restarting refinery for {plain(queue.name)}...")
            sys.stdout.flush()
            daemon.restart(queue.repo, every=arguments.every, longest=arguments.longest, wait=wait)
            print(f"{style('✓', 'green')} Refinery restarted for {plain(queue.name)}")
        print(style("  Use 'refinery attach' to connect", "dim"))
    return 0
