"""`refinery unhold`: lets a held merge request go on."""

from __future__ import annotations

import argparse

from refinery.app import open_queue
from refinery.cli.acting import configure_one, decide_on, refuse, report
from refinery.store.update import Committed

HELP = "Let a held merge request go on."
EXAMPLES = """\
  refinery unhold mr-0a1b
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `unhold`."""
    configure_one(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do it."""
    from refinery.queue.operating import unhold

    with open_queue(arguments.rig) as queue:
        id, done = decide_on(
            queue,
            arguments.id,
            lambda view, id: unhold(view, id, by=queue.worker),
        )
        if not isinstance(done, Committed):
            raise refuse(done)
        report(queue, id, done, f"{id} goes on", as_json=arguments.json)
    return 0
