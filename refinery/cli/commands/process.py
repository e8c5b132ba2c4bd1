"""`refinery process`: runs the merge engine."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from refinery.app import Queue, open_queue
from refinery.cli.command import add_rig
from refinery.cli.durations import duration
from refinery.cli.output import note
from refinery.errors import RefineryError

if TYPE_CHECKING:
    from refinery.cli.ci_report import Report
    from refinery.engine.happenings import Tell
    from refinery.engine.process import Orders

STEP = 0.2  # seconds: how soon a signal is noticed while waiting
LONGEST_PAUSE = 300.0

HELP = """\
Run the merge engine: fold submissions, heal what a crash left, claim the best candidate, build it
without a working tree, check it, and land it together with its record in one atomic push.

Exit codes: 0 done, also when merge requests conflict or fail; 1 a target fails its own checks, or
the checks cannot run; 75 the remote is away, try again; 130 interrupted, nothing left claimed."""
EXAMPLES = """\
  refinery process --drain                  what a CI job runs: until nothing is ready
  refinery process --once                   one candidate
  refinery process --watch --every 5s       for ever, as a daemon does
  refinery process --drain --max-time 10m   begin nothing new after ten minutes
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
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, do nothing")
    parser.add_argument("--quiet", action="store_true", help="say only what needs attention")


def run(arguments: argparse.Namespace) -> int:
    """Process, and say what happens on stderr."""
    most = duration(arguments.max_time) if arguments.max_time else None
    if arguments.dry_run:
        from refinery.cli.commands import plan

        return plan.run(argparse.Namespace(rig=arguments.rig, json=False))
    from refinery.cli.ci_report import reporting
    from refinery.cli.narration import Narrator
    from refinery.engine.process import Orders
    from refinery.engine.signals import GracefulStop

    narrator = Narrator(note, quiet=arguments.quiet)
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
        )
        try:
            if arguments.watch:
                return _watch(queue, orders, tell, duration(arguments.every))
            return _once(queue, orders, tell, report, once=arguments.once)
        finally:
            note(narrator.summary())


def _once(queue: Queue, orders: Orders, tell: Tell, report: Report, *, once: bool) -> int:
    from refinery.engine.process import process

    engine = queue.engine(tell)
    end = process(engine, orders, once=once)
    report.see(engine.view, queue.now())
    return report.exit_code(end)


def watch(queue: Queue, *, every: str) -> int:
    """Process for ever, as the processor does, until a signal asks to stop."""
    from refinery.cli.narration import Narrator
    from refinery.engine.process import Orders
    from refinery.engine.signals import GracefulStop

    with GracefulStop() as stop:
        orders = Orders(stop=stop.asked, abandon=stop.at_once)
        return _watch(queue, orders, Narrator(note, quiet=False), duration(every))


def _watch(queue: Queue, orders: Orders, tell: Tell, every: float) -> int:
    """Process again and again; whatever is wrong is said and waited for, with growing pauses."""
    from refinery.engine.process import End, process

    troubles = 0
    while not orders.stop() and not orders.out_of_time():
        try:
            end = process(queue.engine(tell), orders)
            troubles = 0
            if end is End.STOPPED:
                break
        except RefineryError as trouble:
            troubles += 1
            note(f"warning: {trouble.message}; trying again")
        pause = min(LONGEST_PAUSE, every * 2 ** min(troubles, 6))
        waited = 0.0
        while waited < pause and not orders.stop() and not orders.out_of_time():
            time.sleep(min(STEP, pause - waited))
            waited += STEP
    return 0
