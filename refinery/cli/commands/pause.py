"""`refinery pause`: stops claiming and landing."""

from __future__ import annotations

import argparse

from refinery.app import open_queue
from refinery.cli.command import add_rig
from refinery.cli.output import plain, style
from refinery.cli.reasons import add_reason, given_reason
from refinery.cli.refusals import refuse
from refinery.store.update import Committed

HELP = """\
Stop the queue: nothing is claimed, and what is being tested does not land.  Submissions are still
taken."""
EXAMPLES = """\
  refinery pause --reason 'main is being repaired'
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `pause`."""
    add_rig(parser)
    add_reason(parser)


def run(arguments: argparse.Namespace) -> int:
    """Pause it."""
    from refinery.queue.operating import pause

    reason = given_reason(arguments.reason)
    with open_queue(arguments.rig) as queue:
        done = queue.update(
            lambda view: pause(view, reason=reason, by=queue.person, now=queue.now())
        )
        if not isinstance(done, Committed):
            raise refuse(done)
        print(f"{style('⏸', 'yellow')} Paused {plain(queue.name)}: {plain(reason)}")
    return 0
