"""`refinery hold`: keeps a merge request from being processed."""

from __future__ import annotations

import argparse

from refinery.app import open_queue
from refinery.cli.acting import configure_one, decide_on, refuse, report
from refinery.cli.reasons import add_reason, given_reason
from refinery.store.update import Committed

HELP = "Keep a merge request from being claimed and landed until it is released with unhold."
EXAMPLES = """\
  refinery hold mr-0a1b --reason 'waits for the release'
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `hold`."""
    configure_one(parser)
    add_reason(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do it."""
    from refinery.queue.operating import hold

    reason = given_reason(arguments.reason)
    with open_queue(arguments.rig) as queue:
        id, done = decide_on(
            queue,
            arguments.id,
            lambda view, id: hold(view, id, reason=reason, by=queue.worker, now=queue.now()),
        )
        if not isinstance(done, Committed):
            raise refuse(done)
        report(queue, id, done, f"Holding {id}: {reason}", as_json=arguments.json)
    return 0
