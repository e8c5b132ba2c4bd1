"""`refinery list`: merge requests, filtered."""

from __future__ import annotations

import argparse
from datetime import datetime

from refinery.app import open_queue
from refinery.cli.command import add_json, add_rig
from refinery.cli.listing import show_empty, show_title, warn
from refinery.cli.output import plain, print_json, shortened, style
from refinery.cli.rows import age, bracketed, label, name
from refinery.errors import UsageError
from refinery.queue.standing import standing
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.records.merge_request import MergeRequest
    from refinery.store.view import View

HELP = "Merge requests, filtered: live ones in the queue's order, closed ones newest first."
EXAMPLES = """\
  refinery list --ready
  refinery list --status closed --json | jq -r '.[] | select(.close_reason == "merged") | .id'
  refinery list --status blocked --worker nux
  refinery list --status closed -n 50 --after mr-0a1b
  refinery list --status all --epic E-12 --target release
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `list`."""
    add_rig(parser)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--ready", action="store_true", help="only what could be claimed now")
    which.add_argument(
        "--status",
        choices=("open", "in_progress", "blocked", "closed", "all"),
        help="open: live and not being processed; closed: also out of the archive; "
        "all: live and closed (default: everything live)",
    )
    parser.add_argument("--worker", metavar="W", help="only those of this author")
    parser.add_argument("--epic", metavar="E", help="only those of this epic")
    parser.add_argument("--target", metavar="T", help="only those for this target")
    parser.add_argument("-n", "--number", type=int, metavar="N", help="at most so many")
    parser.add_argument(
        "--after", metavar="ID", help="go on after this one, the last that was listed before"
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print them."""
    from refinery.answers.listing import Filter, document, listed

    if arguments.number is not None and arguments.number < 1:
        raise UsageError("-n: at least 1")
    status = "ready" if arguments.ready else arguments.status
    wanted = Filter(status, arguments.worker, arguments.epic, arguments.target)
    with open_queue(arguments.rig) as queue:
        found = listed(queue, wanted, number=arguments.number, after=arguments.after, say=warn)
    if arguments.json:
        print_json(document(found))
        return 0
    show_title(f"📋 Merge requests for '{queue.name}':")
    if not found.mrs:
        show_empty("(none)")
    for mr in found.mrs:
        print(_line(found.view, mr, found.now))
    return 0


def _line(view: View, mr: MergeRequest, now: datetime) -> str:
    stands = standing(view, mr, now)
    ago = f"{age(mr.closed_at or mr.created_at, now)} ago"
    start, end = f"  {mr.id}  P{mr.priority} ", f" → {plain(mr.target)} "
    named = shortened(name(mr), f"{start}[{label(mr, stands)}] {end}{ago}")
    return f"{start}{bracketed(mr, stands)} {named}{end}{style(ago, 'dim')}"
