"""`refinery release`: gives a claim back."""

from __future__ import annotations

import argparse

from refinery.app import open_queue
from refinery.cli.acting import configure_one, decide_on, refuse, report
from refinery.store.update import Committed

HELP = "Give a claimed merge request back to the queue: by its owner, or by anyone with --force."
EXAMPLES = """\
  REFINERY_WORKER=ace refinery release mr-0a1b
  refinery release mr-0a1b --force
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `release`."""
    configure_one(parser)
    parser.add_argument("--force", action="store_true", help="whoever holds it")


def run(arguments: argparse.Namespace) -> int:
    """Release it."""
    from refinery.queue.claiming import release

    with open_queue(arguments.rig) as queue:
        id, done = decide_on(
            queue,
            arguments.id,
            lambda view, id: release(
                view, id, queue.worker, now=queue.now(), force=arguments.force
            ),
        )
        if not isinstance(done, Committed):
            raise refuse(done)
        report(queue, id, done, f"Released {id} back to queue", as_json=arguments.json)
    return 0
