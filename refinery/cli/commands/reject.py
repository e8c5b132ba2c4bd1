"""`refinery reject`: closes a merge request for good."""

from __future__ import annotations

import argparse

from refinery.app import open_queue
from refinery.cli.acting import configure_one, decide_on, refuse, report
from refinery.cli.reasons import add_reason, given_reason
from refinery.store.update import Committed

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
    """Do it."""
    from refinery.queue.operating import reject

    reason = given_reason(arguments.reason)
    with open_queue(arguments.rig) as queue:
        id, done = decide_on(
            queue,
            arguments.id,
            lambda view, id: reject(view, id, reason=reason, by=queue.worker, now=queue.now()),
        )
        if not isinstance(done, Committed):
            raise refuse(done)
        report(queue, id, done, f"Rejected {id}: {reason}", as_json=arguments.json)
    return 0
