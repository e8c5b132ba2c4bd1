"""`refinery ready`: what could be claimed now, best first."""

from __future__ import annotations

import argparse

from refinery.app import open_queue
from refinery.cli.command import add_json, add_rig
from refinery.cli.listing import config_for_viewing, show_rows

HELP = """\
Merge requests that are unclaimed (or whose claim ran out) and not blocked, in the order of service:
by score, and authors with many take turns with the others (docs/fairness.md)."""
EXAMPLES = """\
  refinery ready
  refinery ready --json | jq -r '.[0].id'
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `ready`."""
    add_rig(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print them."""
    from refinery.queue.order import ready

    with open_queue(arguments.rig) as queue:
        view = queue.view()
        mrs = ready(view, queue.now(), config_for_viewing(queue, view))
        title = f"🚀 Ready MRs for '{queue.name}':"
        show_rows(queue, view, mrs, title, "(none ready)", as_json=arguments.json)
    return 0
