"""`refinery start`: starts the processor."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack

from refinery.app import open_queue
from refinery.cli.output import note, plain, style
from refinery.cli.rigs import add_rigs, rigs_of

HELP = """\
Start the processor, which watches the queue and lands what is ready: in the background, or here
with --foreground.  One process can serve several repositories; a repository never has two.

It looks every 10s while something happens.  On a quiet queue the pause grows to a tenth of the time
since anything happened, up to --longest.  While a remote is away it is tried again for as long as
it takes, and that is said once.

With --foreground: SIGTERM and ^C finish a landing, give up checks and end; a second one ends at
once.  SIGHUP reads the rig list and the clones' settings again (in a terminal it ends).  A service
manager that listens as systemd does (NOTIFY_SOCKET) hears when it is ready, what it does, and that
it is alive.

Exit codes: 0 done, also when it runs already, or stopped when asked to; 1 it cannot begin; 130
interrupted."""
EXAMPLES = """\
  refinery start
  refinery start --foreground          under systemd, or in a container
  refinery start backend frontend      two from the rig list, in one process
  refinery start --all --foreground    the whole rig list
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `start`."""
    add_rigs(parser)
    parser.add_argument("--foreground", action="store_true", help="run here, until stopped")
    add_pace(parser)


def add_pace(parser: argparse.ArgumentParser) -> None:
    """How often to look."""
    parser.add_argument(
        "--every", metavar="TIME", default="10s", help="pause between looks (default: 10s)"
    )
    parser.add_argument(
        "--longest",
        metavar="TIME",
        default="2m",
        help="longest pause between looks at a quiet queue (default: 2m)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Start it."""
    if arguments.foreground:
        return _foreground(arguments)
    from refinery.cli import daemon
    from refinery.cli.durations import duration

    for pause in (arguments.every, arguments.longest):
        duration(pause)  # a mistake is told here, not in a log
    with ExitStack() as stack:
        queues = [stack.enter_context(open_queue(rig)) for rig in rigs_of(arguments)]
        running = {q.repo.path for q in queues if daemon.processor_state(q.repo).pid is not None}
        for queue in queues:
            print(f"Starting refinery for {plain(queue.name)}...")
        sys.stdout.flush()
        daemon.start_together(
            [queue.repo for queue in queues], every=arguments.every, longest=arguments.longest
        )
        for queue in queues:
            of = f" for {plain(queue.name)}" if len(queues) > 1 else ""
            if queue.repo.path in running:
                print(f"{style('⚠', 'yellow')} Refinery is already running{of}")
            else:
                print(f"{style('✓', 'green')} Refinery started for {plain(queue.name)}")
        if len(running) < len(queues):
            print(style("  Use 'refinery status' to check progress", "dim"))
    return 0


def _foreground(arguments: argparse.Namespace) -> int:
    from functools import partial

    from refinery.cli.daemon import DETACHED
    from refinery.cli.durations import duration
    from refinery.cli.narration import Narrator
    from refinery.processor.crew import Charge, Crew
    from refinery.processor.hand import Terms
    from refinery.processor.notifying import ServiceManager
    from refinery.queue.pauses import Pauses

    every, longest = arguments.every, arguments.longest
    is_detached = bool(os.environ.pop(DETACHED, ""))
    charge = Charge(
        rigs=partial(rigs_of, arguments),
        terms=Terms(
            pauses=Pauses(duration(every), duration(longest)),
            every=every,
            longest=longest,
            in_foreground=not is_detached,
        ),
        narrate=Narrator,
        aloud=_nobody if is_detached else _aloud(),
        keeps_on=arguments.all,
        hangup_reloads=not sys.stderr.isatty(),
    )
    manager = ServiceManager.of(os.environ)
    crew = Crew(charge, manager)
    code = crew.run()
    if crew.restarts:
        manager.into(os.environ)
        os.execv(sys.executable, sys.orig_argv)
    return code


def _nobody(line: str) -> None:
    """In the background only the log listens."""


def _aloud() -> Callable[[str], None]:
    """Onto stderr; the journal is told which lines are warnings, in its own way."""
    marks = {"warning:": "<4>", "error:": "<3>"} if _is_journal() else {}

    def aloud(line: str) -> None:
        mark = marks.get(line.partition(" ")[0], "")
        try:
            note(mark + plain(line))
        except OSError:
            return  # nobody listens any more; the log does

    return aloud


def _is_journal() -> bool:
    """Whether stderr leads to systemd's journal, which says so in the environment."""
    told = os.environ.get("JOURNAL_STREAM")
    if not told:
        return False
    try:
        stream = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError):
        return False
    return told == f"{stream.st_dev}:{stream.st_ino}"
