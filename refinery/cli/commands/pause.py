"""`refinery pause`: stops claiming and landing."""

from __future__ import annotations

import argparse

from refinery.app import open_queue
from refinery.cli.acting import committed
from refinery.cli.command import add_rig
from refinery.cli.ends import add_end, given_end, told_end
from refinery.cli.output import plain, style
from refinery.cli.reasons import add_reason, given_reason

HELP = """\
Stop the queue: nothing is claimed, and what is being tested does not land.  Submissions are still
taken."""
EXAMPLES = """\
  refinery pause --reason 'main is being repaired'
  refinery pause --for 2h --reason 'the runners move'
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `pause`."""
    add_rig(parser)
    add_reason(parser)
    add_end(parser, what="the pause")


def run(arguments: argparse.Namespace) -> int:
    """Pause it."""
    from refinery.queue.operating import pause

    reason = given_reason(arguments.reason)
    with open_queue(arguments.rig) as queue:
        end = given_end(arguments, queue.now())
        done = queue.update(
            lambda view: pause(
                view, reason=reason, by=queue.person, now=queue.now(), until=end.until
            )
        )
        committed(done)
        told = f"Paused {plain(queue.name)}{told_end(end)}: {plain(reason)}"
        print(f"{style('⏸', 'yellow')} {told}")
    return 0
