"""`refinery process`: runs the merge engine."""

from __future__ import annotations

import argparse
import sys
import time

from refinery.app import open_queue
from refinery.cli.command import add_rig
from refinery.cli.durations import duration, number
from refinery.cli.output import note, plain
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.engine.run import Orders

STEP = 0.5  # seconds: how soon a signal is noticed while waiting
LINGER = "1h"

HELP = """\
Run the merge engine: fold submissions, heal what a crash left, build the best candidate without a
working tree, claim it, check it, and land it together with its record in one atomic push. Any
number may run at once, on one machine or on many: each takes the candidate that is best beside
those that others test.

Exit codes: 0 done, also when merge requests conflict or fail; 1 a target fails its own checks, or
the checks cannot run; 75 the remote is away, try again; 130 interrupted, nothing left claimed."""
EXAMPLES = """\
  refinery process --drain                  what a CI job runs: until nothing is ready
  refinery process --once                   one candidate
  refinery process --watch --every 5s       for ever, as a daemon does
  refinery process --drain --max-time 10m   begin nothing new after ten minutes
  refinery process --jobs 4                 four workers on this machine, until all is landed
  refinery process --workers 8              as one of eight jobs of a CI matrix
  refinery process --dry-run                say what would be done
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `process`."""
    add_rig(parser)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--drain", action="store_true", help="until nothing is ready (default)")
    how.add_argument("--once", action="store_true", help="one candidate")
    how.add_argument("--watch", action="store_true", help="go on until stopped")
    parser.add_argument("--max-time", metavar="TIME", help="begin nothing new after this: 90s, 10m")
    parser.add_argument(
        "--every",
        metavar="TIME",
        default="10s",
        help="with --watch: pause between looks (default: 10s)",
    )
    parser.add_argument(
        "--longest",
        metavar="TIME",
        default="2m",
        help="with --watch: longest pause between looks at a quiet queue (default: 2m)",
    )
    parser.add_argument(
        "--jobs", metavar="N", type=number, default=1, help="so many workers in this clone"
    )
    parser.add_argument(
        "--workers",
        metavar="N",
        type=number,
        default=0,
        help="how many work at this queue altogether, if known (default: those that are seen)",
    )
    parser.add_argument(
        "--linger",
        metavar="TIME",
        help="with nothing to test, stay so long while others test (default: 0s; with --jobs: 1h)",
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, do nothing")
    parser.add_argument("--quiet", action="store_true", help="say only what needs attention")


def run(arguments: argparse.Namespace) -> int:
    """Process, and say what happens on stderr."""
    most = duration(arguments.max_time) if arguments.max_time else None
    if arguments.dry_run:
        from refinery.cli.commands import plan

        return plan.run(argparse.Namespace(rig=arguments.rig, json=False, workers=1))
    from refinery.engine.checks import ensure_possible

    ensure_possible()
    if arguments.jobs > 1:
        return _several(arguments)
    if arguments.watch:
        return _watch(arguments, most)
    from refinery.cli.ci_report import reporting
    from refinery.cli.narration import Narrator
    from refinery.engine.process import process
    from refinery.engine.run import Orders
    from refinery.engine.signals import GracefulStop

    narrator = Narrator(note, quiet=arguments.quiet, stream=sys.stderr)
    with (
        reporting() as report,
        open_queue(arguments.rig, engine=True) as queue,
        GracefulStop() as stop,
    ):
        tell = report.beside(narrator)
        began = time.monotonic()
        orders = Orders(
            stop=stop.asked,
            abandon=stop.at_once,
            out_of_time=lambda: most is not None and time.monotonic() - began >= most,
            linger=duration(arguments.linger) if arguments.linger else 0.0,
        )
        engine = queue.engine(tell)
        engine.workers = arguments.workers
        try:
            end = process(engine, orders, once=arguments.once)
            report.see(engine.view, queue.now())
            return report.exit_code(end)
        finally:
            note(narrator.summary())


def _several(arguments: argparse.Namespace) -> int:
    """As many processes as asked for, each a worker of its own."""
    from refinery.cli.jobs import run_jobs

    command = ["process", *([arguments.rig] if arguments.rig else [])]
    if arguments.watch:
        command += ["--watch", "--every", arguments.every, "--longest", arguments.longest]
    command += ["--once"] if arguments.once else []
    command += ["--max-time", arguments.max_time] if arguments.max_time else []
    command += ["--quiet"] if arguments.quiet else []
    command += ["--workers", str(max(arguments.workers, arguments.jobs))]
    command += ["--linger", arguments.linger or LINGER]
    return run_jobs(command, arguments.jobs)


def _watch(arguments: argparse.Namespace, most: float | None) -> int:
    """Look again and again until a signal asks to stop."""
    from functools import partial

    from refinery.app import worker_name
    from refinery.cli.ci_report import reporting
    from refinery.cli.narration import Narrator
    from refinery.engine.run import Orders
    from refinery.engine.signals import GracefulStop
    from refinery.processor.watching import Watch
    from refinery.queue.pauses import Pauses

    narrator = Narrator(note, quiet=arguments.quiet, stream=sys.stderr)
    worker = worker_name(outlives_process=False)
    until = None if most is None else time.monotonic() + most
    opening = partial(open_queue, arguments.rig, engine=True, worker=worker)
    opening().close()  # what is no repository now will be none after a pause
    with reporting() as report, GracefulStop() as stop:
        orders = Orders(
            stop=stop.asked,
            abandon=stop.at_once,
            out_of_time=lambda: until is not None and time.monotonic() >= until,
            linger=duration(arguments.linger) if arguments.linger else 0.0,
        )
        orders.wait = partial(_pause, orders)
        try:
            Watch(
                opening,
                tell=report.beside(narrator),
                say=lambda line: note(plain(line)),
                orders=orders,
                pauses=Pauses(duration(arguments.every), duration(arguments.longest)),
                workers=arguments.workers,
            ).run()
        finally:
            note(narrator.summary())
    return 0


def _pause(orders: Orders, seconds: float) -> None:
    """Sleep, in steps short enough for a signal to be noticed."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0 and not orders.stop() and not orders.out_of_time():
        time.sleep(min(STEP, left))
