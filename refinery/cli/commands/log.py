"""`refinery log`: what happened, newest first, out of the commits of the queue ref."""

from __future__ import annotations

import argparse

from refinery.app import open_queue
from refinery.cli.command import add_json, add_repo
from refinery.cli.listing import warn
from refinery.cli.output import note, plain, print_json, style
from refinery.cli.rows import moment
from refinery.errors import UsageError
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.store.events import Happened

HELP = "What happened to the queue, or to one merge request, newest first."
EXAMPLES = """\
  refinery log
  refinery log mr-0a1b
  refinery log -n 200 --json | jq '.[] | select(.event == "merged")'
"""

_USUAL = 30


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `log`."""
    parser.add_argument("id", nargs="?", help="only what is about this one, live or closed")
    parser.add_argument(
        "-n",
        "--number",
        type=int,
        metavar="N",
        help=f"how many events at most (default: {_USUAL}, or all about one)",
    )
    add_repo(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print it."""
    from refinery.answers.events import document, events

    if arguments.number is not None and arguments.number < 1:
        raise UsageError("-n: at least 1")
    with open_queue(arguments.rig) as queue:
        found = events(queue, arguments.id, number=arguments.number, say=warn)
    if arguments.json:
        print_json(document(found))
        return 0
    for event in found:
        print(_line(event))
    if not found:
        note("nothing has happened yet")
    return 0


def _line(event: Happened) -> str:
    by = style(f" ({plain(event.worker)})", "dim") if event.worker else ""
    what = style(f"{plain(event.event):<12}", "cyan")
    return f"{style(moment(event.at), 'dim')} {what} {plain(event.subject)}{by}"
