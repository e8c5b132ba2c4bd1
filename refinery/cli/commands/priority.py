"""`refinery priority`: gives a merge request another priority."""

from __future__ import annotations

import argparse

from refinery.cli.acting import act, configure_one

HELP = (
    "Give a merge request another priority: 0 is the most urgent, 4 the least.  Its age counts on."
)
EXAMPLES = """\
  refinery priority mr-0a1b 0
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `priority`."""
    configure_one(parser)
    parser.add_argument("priority", type=int, choices=range(5), help="0 (most urgent) to 4")


def run(arguments: argparse.Namespace) -> int:
    """Change it."""
    from refinery.queue.operating import prioritise

    wanted = arguments.priority
    return act(
        arguments,
        lambda queue, view, id: prioritise(view, id, priority=wanted, by=queue.person),
        lambda _, id: f"{id} has priority {wanted} now",
    )
