"""`refinery list`: merge requests, filtered."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from refinery.app import Queue, open_queue
from refinery.cli.command import add_json, add_rig
from refinery.cli.listing import config_for_viewing, report_damage, show_empty, show_title
from refinery.cli.output import note, plain, print_json, shortened, style
from refinery.cli.rows import age, bracketed, damage_lines, json_of, label, name
from refinery.queue.standing import BLOCKED, Code, standing

if TYPE_CHECKING:
    from refinery.records.merge_request import MergeRequest
    from refinery.store.view import View

HELP = "Merge requests, filtered: live ones in the queue's order, closed ones newest first."
EXAMPLES = """\
  refinery list --ready
  refinery list --status closed --json | jq -r '.[] | select(.close_reason == "merged") | .id'
  refinery list --status blocked --worker nux
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
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print them."""
    with open_queue(arguments.rig) as queue:
        view = queue.view()
        now = queue.now()
        report_damage(view)
        found = [mr for mr in _chosen(queue, view, arguments, now) if _fits(mr, arguments)]
        if arguments.json:
            print_json([json_of(view, mr, now) for mr in found])
            return 0
        show_title(f"📋 Merge requests for '{queue.name}':")
        if not found:
            show_empty("(none)")
        for mr in found:
            print(_line(view, mr, now))
    return 0


def _fits(mr: MergeRequest, arguments: argparse.Namespace) -> bool:
    wanted = (
        (arguments.worker, mr.worker),
        (arguments.epic, mr.epic),
        (arguments.target, mr.target),
    )
    return all(asked is None or asked == is_ for asked, is_ in wanted)


def _chosen(
    queue: Queue, view: View, arguments: argparse.Namespace, now: datetime
) -> list[MergeRequest]:
    if arguments.status == "closed":
        return _closed(queue, view)
    live = _live(queue, view, now)
    if arguments.status == "all":
        return live + _closed(queue, view)
    wanted = _wanted("ready" if arguments.ready else arguments.status)
    return [mr for mr in live if wanted(standing(view, mr, now).code)]


def _wanted(what: str | None) -> Callable[[Code], bool]:
    match what:
        case "ready":
            return lambda code: code is Code.READY
        case "open":
            return lambda code: code is not Code.CLAIMED
        case "in_progress":
            return lambda code: code is Code.CLAIMED
        case "blocked":
            return lambda code: code in BLOCKED
        case _:
            return lambda code: True


def _live(queue: Queue, view: View, now: datetime) -> list[MergeRequest]:
    from refinery.queue.order import queue as in_order

    return [entry.mr for entry in in_order(view, now, config_for_viewing(queue, view).score)]


def _closed(queue: Queue, view: View) -> list[MergeRequest]:
    """Those still in the view and those in the archive.

    The archive is read after the view: one that moves between the two is seen at least once.
    """
    from refinery.store.archive import fetch_archive

    archived = fetch_archive(queue.store).read()
    for line in damage_lines(archived.damage):
        note(line)
    recent = {mr.id: mr for mr in view.mrs.values() if mr.closed}
    return _newest_first({**archived.mrs, **recent}.values())


def _newest_first(mrs: Iterable[MergeRequest]) -> list[MergeRequest]:
    return sorted(mrs, key=lambda mr: (mr.closed_at or mr.created_at, mr.id), reverse=True)


def _line(view: View, mr: MergeRequest, now: datetime) -> str:
    stands = standing(view, mr, now)
    ago = f"{age(mr.closed_at or mr.created_at, now)} ago"
    start, end = f"  {mr.id}  P{mr.priority} ", f" → {plain(mr.target)} "
    named = shortened(name(mr), f"{start}[{label(mr, stands)}] {end}{ago}")
    return f"{start}{bracketed(mr, stands)} {named}{end}{style(ago, 'dim')}"
