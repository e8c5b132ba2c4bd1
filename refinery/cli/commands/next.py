"""`refinery next`: the merge request that is next."""

from __future__ import annotations

import argparse
from datetime import datetime

from refinery.answers.merge_request import merge_request
from refinery.app import open_queue
from refinery.cli.command import add_json, add_rig
from refinery.cli.listing import config_for_viewing, report_damage, show_title
from refinery.cli.output import note, print_json, style
from refinery.cli.rows import age, fields
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.records.merge_request import MergeRequest

HELP = "The merge request that is next; exit code 1 when nothing is ready."
EXAMPLES = """\
  refinery next
  refinery next --strategy fifo
  refinery claim "$(refinery next --quiet)"
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `next`."""
    add_rig(parser)
    parser.add_argument(
        "--strategy",
        choices=("priority", "fifo"),
        default="priority",
        help="in the order of service, or the oldest first (default: priority)",
    )
    parser.add_argument("--worker", metavar="W", help="only those that this author submitted")
    parser.add_argument("-q", "--quiet", action="store_true", help="print the id alone")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print it."""
    from refinery.queue.order import ready
    from refinery.queue.score import score

    with open_queue(arguments.rig) as queue:
        view = queue.view()
        now = queue.now()
        config = config_for_viewing(queue, view)
        weights = config.score
        report_damage(view)
        line = [mr for mr in ready(view, now, config) if arguments.worker in (None, mr.worker)]
        if not line:
            return _nothing(arguments)
        first = line[0] if arguments.strategy == "priority" else min(line, key=_oldest)
        if arguments.json:
            print_json(
                {**merge_request(view, first, now), "score": round(score(first, now, weights), 3)}
            )
        elif arguments.quiet:
            print(first.id)
        else:
            _show(first, score(first, now, weights), len(line) - 1, now)
    return 0


def _oldest(mr: MergeRequest) -> tuple[datetime, str]:
    return mr.created_at, mr.id


def _nothing(arguments: argparse.Namespace) -> int:
    if arguments.json:
        print_json(None)
    if not arguments.quiet:
        note("No ready merge requests in queue")
    return 1


def _show(mr: MergeRequest, points: float, more: int, now: datetime) -> None:
    show_title("🎯 Next MR to process:")
    rows = [
        ("ID", mr.id),
        ("Score", f"{points:.1f}"),
        ("Priority", f"P{mr.priority}"),
        ("Branch", f"{mr.branch} → {mr.target}"),
        ("Worker", mr.worker),
        ("Issue", mr.source_issue),
        ("Convoy", mr.convoy_id),
        ("Retries", str(mr.retry_count) if mr.retry_count else None),
        ("Age", age(mr.created_at, now)),
    ]
    print("\n".join(fields(rows, width=10)))
    if more:
        print(f"\n  {style(f'({more} more in queue)', 'dim')}")
