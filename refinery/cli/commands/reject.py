"""`refinery reject`: closes a merge request for good."""

from __future__ import annotations

import argparse

from refinery.cli.acting import act, configure_one
from refinery.cli.reasons import add_reason, given_reason

HELP = "Close a merge request for good, with a reason; a claim on it is withdrawn."
EXAMPLES = """\
  refinery reject mr-0a1b --reason 'superseded by a rewrite'
  git log -1 --format=%B | refinery reject mr-0a1b --reason -
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `reject`."""
    configure_one(parser)
    add_reason(parser)


def run(arguments: argparse.Namespace) -> int:
    """Reject it."""
    from refinery.queue.operating import reject

    reason = given_reason(arguments.reason)
    return act(
        arguments,
        lambda queue, view, id: reject(view, id, reason=reason, by=queue.person, now=queue.now()),
        lambda _, id: f"Rejected {id}: {reason}",
    )
