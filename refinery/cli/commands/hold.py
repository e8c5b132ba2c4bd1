"""`refinery hold`: keeps a merge request from being processed."""

from __future__ import annotations

import argparse

from refinery.app import wall_clock
from refinery.cli.acting import act, configure_one
from refinery.cli.ends import add_end, given_end, told_end
from refinery.cli.reasons import add_reason, given_reason

HELP = """\
Keep a merge request from being claimed and landed until it is let go with unhold, or the hold
ends."""
EXAMPLES = """\
  refinery hold mr-0a1b --reason 'waits for the release'
  refinery hold mr-0a1b --until 'mon 08:00' --reason 'not over the weekend'
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `hold`."""
    configure_one(parser)
    add_reason(parser)
    add_end(parser, what="the hold")


def run(arguments: argparse.Namespace) -> int:
    """Hold it."""
    from refinery.queue.operating import hold

    reason = given_reason(arguments.reason)
    end = given_end(arguments, wall_clock())
    return act(
        arguments,
        lambda queue, view, id: hold(
            view, id, reason=reason, by=queue.person, now=queue.now(), until=end.until
        ),
        lambda _, id: f"Holding {id}{told_end(end)}: {reason}",
    )
