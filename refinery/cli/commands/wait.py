"""`refinery wait`: waits until a merge request has ended; the exit code says how."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from refinery.app import Queue, open_queue
from refinery.cli.command import add_json, add_mr, add_repo
from refinery.cli.finding import remote_of, this_branch
from refinery.cli.listing import config_for_viewing
from refinery.cli.output import note, plain, print_json, style
from refinery.cli.rows import json_of, label
from refinery.errors import TryAgain, UsageError
from refinery.queue.ending import GOOD, Goal
from refinery.queue.standing import standing

if TYPE_CHECKING:
    from refinery.cli.waiting import Look, Seen
    from refinery.queue.explaining import Explanation

HELP = """\
Wait until a merge request has ended; a newer revision is followed.

exit code:
  0   it landed (or, with --until unblocked, nothing blocks it any more)
  1   it ended otherwise, or only its author can go on: rework, a conflict
  75  the time was up
"""
EXAMPLES = """\
  refinery wait mr-0a1b && echo landed
  refinery wait mr-0a1b --timeout 600
  refinery wait mr-0a1b --until unblocked
"""

_TRY_AGAIN = TryAgain.exit_code


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
    from refinery.cli.waiting import Seen, Waiting

    if not arguments.interval > 0 or (arguments.timeout is not None and arguments.timeout < 0):
        raise UsageError("--interval has to be more than 0 seconds and --timeout not less")
    with open_queue(arguments.rig) as queue:
        waiting = Waiting(Goal(arguments.until), arguments.timeout, arguments.interval, _tell)
        named = arguments.id or this_branch(queue)
        last = waiting.until_ended(queue, named)
        if isinstance(last, Seen):
            return _report(queue, last, arguments.json)
    if arguments.json:
        print_json({"id": named, "outcome": "timeout", "words": last.words, "mr": None})
    note(f"{named}: the time is up, and the remote does not answer: {plain(last.words)}")
    return _TRY_AGAIN


def _tell(news: Look) -> None:
    """Changes, for people who watch; an outage also for logs."""
    from refinery.cli.waiting import Away

    if isinstance(news, Away):
        note(f"waiting for the remote: {plain(news.words)}")
    elif sys.stderr.isatty():
        note(style(f"{news.mr.id}: {news.code.value}", "dim", stream=sys.stderr))


def _report(queue: Queue, last: Seen, as_json: bool) -> int:
    from refinery.queue.explaining import explain

    config = config_for_viewing(queue, last.view, last.mr.target)
    explained = explain(last.view, last.mr, config, queue.now(), remote=remote_of(queue))
    if as_json:
        print_json(_json(queue, last, explained))
    else:
        word = label(last.mr, standing(last.view, last.mr, queue.now()))
        print(f"{last.mr.id} [{word}] {plain(explained.words)}")
    if last.ending is None:
        note(f"{last.mr.id}: the time is up")
        return _TRY_AGAIN
    if last.ending in GOOD:
        return 0
    if explained.next:
        note(f"hint: {plain(explained.next)}")
    return 1


def _json(queue: Queue, last: Seen, explained: Explanation) -> dict[str, Any]:
    return {
        "id": last.mr.id,
        "outcome": last.ending.value if last.ending else "timeout",
        "words": explained.words,
        "next": explained.next,
        "mr": json_of(last.view, last.mr, queue.now()),
    }
