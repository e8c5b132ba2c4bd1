"""`refinery release`: gives a claim back."""

from __future__ import annotations

import argparse

from refinery.cli.acting import act, configure_one

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

    return act(
        arguments,
        lambda queue, view, id: release(
            view, id, queue.worker, now=queue.now(), force=arguments.force
        ),
        lambda _, id: f"Released {id} back to queue",
    )
