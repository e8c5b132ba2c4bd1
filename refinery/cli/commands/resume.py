"""`refinery resume`: goes on after a pause."""

from __future__ import annotations

import argparse

from refinery.answers.refusals import refuse
from refinery.app import open_queue
from refinery.cli.acting import tell_damage
from refinery.cli.command import add_rig
from refinery.cli.output import plain, style
from refinery.store.update import Committed

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
        if not isinstance(done, Committed):
            raise refuse(done)
        tell_damage(done.view)
        print(f"{style('✓', 'green')} {plain(queue.name)} goes on")
    return 0
