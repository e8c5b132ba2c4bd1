"""`refinery unclaimed`: what nobody works on, by priority, then age."""

from __future__ import annotations

import argparse

from refinery.app import open_queue
from refinery.cli.command import add_json, add_rig
from refinery.cli.listing import show_rows

HELP = "Merge requests that nobody has claimed, or whose claim ran out, by priority, then age."
EXAMPLES = """\
  refinery unclaimed
  refinery unclaimed --json | jq -r '.[].id'
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `unclaimed`."""
    add_rig(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print them."""
    from refinery.queue.order import unclaimed

    with open_queue(arguments.rig) as queue:
        view = queue.view()
        mrs = unclaimed(view, queue.now())
        title = f"📋 Unclaimed MRs for '{queue.name}':"
        show_rows(queue, view, mrs, title, "(none available)", as_json=arguments.json)
    return 0
