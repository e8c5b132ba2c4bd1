"""`refinery retry`: tries a failed merge request again."""

from __future__ import annotations

import argparse

from refinery.app import open_queue
from refinery.cli.acting import configure_one, decide_on, refuse, report
from refinery.store.update import Committed

HELP = "Forget why a merge request failed, so that the same commit is tried again."
EXAMPLES = """\
  refinery retry mr-0a1b
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `retry`."""
    configure_one(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do it."""
    from refinery.queue.operating import retry

    with open_queue(arguments.rig) as queue:
        id, done = decide_on(
            queue,
            arguments.id,
            lambda view, id: retry(view, id, by=queue.worker, now=queue.now()),
        )
        if not isinstance(done, Committed):
            raise refuse(done)
        report(queue, id, done, f"{id} will be tried again", as_json=arguments.json)
    return 0
