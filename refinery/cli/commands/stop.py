"""`refinery stop`: stops the processor."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack

from refinery.app import open_queue
from refinery.cli.output import plain, style
from refinery.cli.rigs import add_rigs, rigs_of

HELP = """\
Stop the processor.  A landing in progress is finished; checks are given up, and what they were for
goes back into the queue at once, for whoever is next.  Other repositories that the same process
serves are left alone.

Exit codes: 0 stopped, or none ran; 75 it is still finishing what it has begun."""
EXAMPLES = """\
  refinery stop
  refinery stop --finish --wait 1h    once the candidate at hand has been tested
  refinery stop --all
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `stop`."""
    add_rigs(parser)
    parser.add_argument(
        "--finish", action="store_true", help="let it finish the candidate at hand, checks and all"
    )
    parser.add_argument(
        "--wait", metavar="TIME", default="10m", help="how long to wait for it (default: 10m)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Stop it."""
    from refinery.cli import daemon
    from refinery.cli.durations import duration

    wait = duration(arguments.wait)
    with ExitStack() as stack:
        for queue in [stack.enter_context(open_queue(rig)) for rig in rigs_of(arguments)]:
            of = f" for {plain(queue.name)}" if len(arguments.rigs) > 1 or arguments.all else ""
            if daemon.stop(queue.repo, wait=wait, finish=arguments.finish):
                print(f"{style('✓', 'green')} Refinery stopped for {plain(queue.name)}")
            else:
                print(f"{style('⚠', 'yellow')} Refinery is not running{of}")
            sys.stdout.flush()
    return 0
