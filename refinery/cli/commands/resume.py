"""`refinery resume`: goes on after a pause."""

from __future__ import annotations

import argparse

from refinery.app import open_queue
from refinery.cli.acting import committed
from refinery.cli.command import add_rig
from refinery.cli.output import plain, style

HELP = "Let the queue go on after a pause."
EXAMPLES = """\
  refinery resume
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `resume`."""
    add_rig(parser)


def run(arguments: argparse.Namespace) -> int:
    """Resume it."""
    from refinery.queue.operating import resume

    with open_queue(arguments.rig) as queue:
        done = queue.update(lambda view: resume(view, by=queue.person))
        committed(done)
        print(f"{style('✓', 'green')} {plain(queue.name)} goes on")
    return 0
