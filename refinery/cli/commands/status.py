"""`refinery status`: state of queue and processor, what is being processed, and health."""

from __future__ import annotations

import argparse

from refinery.answers.error import error_document, next_command
from refinery.app import Queue, open_queue
from refinery.cli.command import add_json
from refinery.cli.listing import report_damage, show_title
from refinery.cli.output import print_json
from refinery.cli.rigs import add_rigs, rigs_of
from refinery.cli.status_view import Status, document, lines, lines_of_processor
from refinery.errors import RefineryError, TryAgain
from refinery.typed import Any

HELP = """\
State of the queue and its processor, what is being processed, statistics, health.  Nothing but the
queue's own refs is fetched.

A queue is well while nothing that is ready waits for long.  For a monitor, --unhealthy-after says
what long is.

Exit codes: 0 shown, and well as far as was asked; 1 something ready has waited longer than
--unhealthy-after; 75 the remote is away (what is known here is shown)."""
EXAMPLES = """\
  refinery status
  refinery status --unhealthy-after 30m
  refinery status --json | jq .oldest_ready_seconds
  refinery status --all
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `status`."""
    add_rigs(parser)
    add_json(parser)
    parser.add_argument(
        "--unhealthy-after",
        metavar="TIME",
        help="exit with 1 when a ready merge request has waited longer",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print it; one that cannot be shown hides none of the others."""
    from refinery.cli.durations import duration

    too_long = duration(arguments.unhealthy_after) if arguments.unhealthy_after else None
    rigs = rigs_of(arguments)
    statuses: list[Status] = []
    documents: list[dict[str, Any]] = []
    failed: RefineryError | None = None
    for number, rig in enumerate(rigs):
        try:
            if number and not arguments.json:
                print()
            with open_queue(rig) as queue:
                statuses.append(_shown(queue, too_long, as_json=arguments.json))
                documents.append(document(statuses[-1]))
        except RefineryError as error:
            if len(rigs) == 1:
                raise
            failed = error
            documents.append({"rig_name": rig or ".", **error_document(error)})
            _report(rig or ".", error)
    if arguments.json:
        print_json(documents if arguments.all or len(rigs) > 1 else documents[0])
    if failed is not None:
        return failed.exit_code
    return 1 if any(status.is_well is False for status in statuses) else 0


def _shown(queue: Queue, too_long: float | None, *, as_json: bool) -> Status:
    from refinery.cli.daemon import processor_state

    processor = processor_state(queue.repo)
    title = f"⚙ Refinery: {queue.name}"
    try:
        view = queue.records()
    except TryAgain:
        if not as_json:
            show_title(title)
            state = "stopped" if processor.pid is None else "running"
            print("\n".join(lines_of_processor(state, processor, queue.now())), flush=True)
        raise
    status = Status(queue.name, view, queue.now(), processor, too_long)
    report_damage(view)
    if not as_json:
        show_title(title)
        print("\n".join(lines(status)))
    return status


def _report(rig: str, error: RefineryError) -> None:
    from refinery.cli.output import note, plain

    note(plain(f"error: {rig}: {error.message}"))
    note(plain(f"hint: {error.hint or next_command(error)}"))
