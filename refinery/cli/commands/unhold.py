"""`refinery unhold`: lets a held merge request go on."""

from __future__ import annotations

import argparse

from refinery.cli.acting import act, configure_one

HELP = "Let a held merge request go on."
EXAMPLES = """\
  refinery unhold mr-0a1b
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `unhold`."""
    configure_one(parser)


def run(arguments: argparse.Namespace) -> int:
    """Let it go on."""
    from refinery.queue.operating import unhold

    return act(
        arguments,
        lambda queue, view, id: unhold(view, id, by=queue.person),
        lambda _, id: f"{id} goes on",
    )
