"""`refinery top`: the queue live on the whole screen, with keys to steer it."""

from __future__ import annotations

import argparse
import os
import sys

from refinery.app import Queue, open_queue
from refinery.cli.command import add_rig
from refinery.cli.durations import duration
from refinery.cli.output import coloured
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.live.desk import Desk

HELP = """\
The queue on the whole screen, as it is now: what is being tested, with progress and the end of what
the checks print where this machine runs them, the queue in order with estimates, what needs
somebody, and what ended lately.  Keys pause, retry, hold, reject and more; ? shows them.  It
fetches nothing but the queue's own refs and the tips of its targets.

Where there is no terminal for it (a pipe, TERM=dumb) a frame is printed whenever something changed;
with --once, one frame and no more.  NO_COLOR is heeded."""
EXAMPLES = """\
  refinery top
  refinery top --once                       one frame as text
  watch -n 10 refinery top --once           where textual is not installed
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `top`."""
    add_rig(parser)
    add_looking(parser)
    parser.add_argument("--once", action="store_true", help="print one frame as text")


def add_looking(parser: argparse.ArgumentParser) -> None:
    """How the view looks, and how often: `attach` shows the same one."""
    parser.add_argument(
        "--look-every",
        metavar="TIME",
        default="2s",
        help="how often to look while something happens (default: 2s); an idle queue is looked at "
        "less often",
    )
    parser.add_argument("--ascii", action="store_true", help="no signs beyond ASCII")


def run(arguments: argparse.Namespace) -> int:
    """Show it."""
    with open_queue(arguments.rig) as queue:
        return show(queue, arguments, once=arguments.once)


def show(queue: Queue, arguments: argparse.Namespace, *, once: bool) -> int:
    """The view, or as much of it as there is a terminal for."""
    from refinery.live.ink import Pen

    pen = Pen(unicode=not arguments.ascii and _shows_unicode())
    colour = coloured(sys.stdout)
    every = duration(arguments.look_every)
    desk = _desk(queue)
    if once or not is_terminal():
        from refinery.live.printing import print_frames

        return print_frames(desk, pen, colour=colour, every=every, once=once)
    from refinery.live.installed import live_view

    return live_view()(desk, pen, colour=colour, every=every)


def is_terminal() -> bool:
    """Whether there is a whole screen to draw on, and somebody at its keyboard."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(each.isatty() for each in streams) and os.environ.get("TERM") not in ("dumb", None)


def _shows_unicode() -> bool:
    return (sys.stdout.encoding or "utf-8").lower().startswith("utf")


def _desk(queue: Queue) -> Desk:
    from refinery.answers.refusals import refuse
    from refinery.cli import daemon
    from refinery.live.desk import Desk
    from refinery.live.snapshot import Processor

    def processor() -> Processor:
        state = daemon.processor_state(queue.repo)
        return Processor(state.pid is not None, state.trouble or "")

    return Desk(
        queue,
        processor=processor,
        worded=refuse,
        log=daemon.log_file(queue.repo),
    )
