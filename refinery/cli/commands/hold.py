"""`refinery hold`: keeps a merge request from being processed."""

from __future__ import annotations

import argparse

from refinery.cli.acting import act, configure_one
from refinery.cli.reasons import add_reason, given_reason

HELP = "Keep a merge request from being claimed and landed until it is let go with unhold."
EXAMPLES = """\
  refinery hold mr-0a1b --reason 'waits for the release'
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `hold`."""
    configure_one(parser)
    add_reason(parser)


def run(arguments: argparse.Namespace) -> int:
    """Hold it."""
    from refinery.queue.operating import hold

    reason = given_reason(arguments.reason)
    return act(
        arguments,
        lambda queue, view, id: hold(view, id, reason=reason, by=queue.person, now=queue.now()),
        lambda _, id: f"Holding {id}: {reason}",
    )
