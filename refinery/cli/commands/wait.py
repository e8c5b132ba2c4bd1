"""`refinery wait`: waits until a merge request has ended; the exit code says how."""

from __future__ import annotations

import argparse
import sys

from refinery.app import Queue, open_queue
from refinery.cli.command import add_json, add_mr, add_repo
from refinery.cli.listing import report_damage, warn
from refinery.cli.output import note, plain, print_json, style
from refinery.cli.rows import label
from refinery.errors import UsageError
from refinery.queue.ending import Goal
from refinery.queue.standing import standing
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.answers.waiting import Look

HELP = """\
Wait until a merge request has ended; a newer revision is followed. A remote that is away is waited
for as well.

exit code:
  0   it landed (or, with --until unblocked, nothing blocks it any more)
  10  it ended without landing: rejected, or nothing to land
  11  its checks failed: it needs rework
  12  it conflicts
  13  what it depends on did not land
  75  the time was up
"""
EXAMPLES = """\
  refinery wait mr-0a1b && echo landed
  refinery wait mr-0a1b --timeout 600
  refinery wait mr-0a1b --until unblocked
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `wait`."""
    add_mr(parser)
    parser.add_argument("--timeout", type=float, metavar="S", help="seconds (default: no limit)")
    parser.add_argument(
        "--interval",
        type=float,
        default=2.0,
        metavar="S",
        help="seconds between the first looks; later ones come less often (default: 2)",
    )
    parser.add_argument(
        "--until",
        choices=[goal.value for goal in Goal],
        default=Goal.LANDED.value,
        help="landed: stops when the author must act; closed: goes on then (default: landed)",
    )
    add_repo(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Wait, then say how it ended."""
    from refinery.answers.finding import this_branch
    from refinery.answers.wait import document, exit_code
    from refinery.answers.waiting import Seen, Waiting

    if not arguments.interval > 0 or (arguments.timeout is not None and arguments.timeout < 0):
        raise UsageError("--interval has to be more than 0 seconds and --timeout not less")
    with open_queue(arguments.rig) as queue:
        waiting = Waiting(Goal(arguments.until), arguments.timeout, arguments.interval, _tell)
        named = arguments.id or this_branch(queue)
        last = waiting.until_ended(queue, named)
        if isinstance(last, Seen):
            report_damage(last.view)
        if arguments.json:
            print_json(document(queue, named, last, say=warn))
        else:
            _print(queue, named, last)
    return exit_code(last)


def _tell(news: Look) -> None:
    """Changes, for people who watch; an outage also for logs."""
    from refinery.answers.waiting import Away

    if isinstance(news, Away):
        note(f"waiting for the remote: {plain(news.words)}")
    elif sys.stderr.isatty():
        note(style(f"{news.mr.id}: {news.code.value}", "dim", stream=sys.stderr))


def _print(queue: Queue, named: str, last: Look) -> None:
    from refinery.answers.wait import explained
    from refinery.answers.waiting import Away

    if isinstance(last, Away):
        note(f"{named}: the time is up, and the remote does not answer: {plain(last.words)}")
        return
    found = explained(queue, last, say=warn)
    word = label(last.mr, standing(last.view, last.mr, queue.now()))
    print(f"{last.mr.id} [{word}] {plain(found.words)}")
    if last.ending is None:
        note(f"{last.mr.id}: the time is up")
    elif last.ending.exit_code and found.next:
        note(f"hint: {plain(found.next)}")
