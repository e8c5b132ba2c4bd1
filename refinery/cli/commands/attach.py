"""`refinery attach`: starts the processor where none runs, and shows the queue live."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from refinery.app import Queue, open_queue
from refinery.cli.command import add_rig
from refinery.cli.commands.top import add_looking, is_terminal, show
from refinery.cli.output import note, plain, style
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.repo.repository import Repository

HELP = """\
Start the processor when none runs, then show the queue live, as `refinery top` does.  q or ^C
leaves, the processor goes on.

With --log, or where there is no terminal, what the processor says is followed line by line, until
it ends or ^C."""
EXAMPLES = """\
  refinery attach
  refinery attach --log --lines 100
"""

STEP = 0.2


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `attach`."""
    add_rig(parser)
    parser.add_argument("--log", action="store_true", help="follow the processor's log instead")
    parser.add_argument(
        "--lines", type=int, default=20, help="with --log: old lines to show first (default: 20)"
    )
    parser.add_argument(
        "--every",
        metavar="TIME",
        default="10s",
        help="when it has to be started: pause between looks (default: 10s)",
    )
    add_looking(parser)


def run(arguments: argparse.Namespace) -> int:
    """Start it if need be, and show it."""
    with open_queue(arguments.rig) as queue:
        _started(queue, arguments.every)
        if arguments.log or not is_terminal():
            return _follow(queue.repo, arguments.lines)
        from refinery.live.installed import NotInstalled

        try:
            return show(queue, arguments, once=False)
        except NotInstalled as missing:
            note(f"hint: {missing.hint}")
            return _follow(queue.repo, arguments.lines)


def _started(queue: Queue, every: str) -> None:
    from refinery.cli import daemon

    if daemon.processor_state(queue.repo).pid is None:
        print(f"Refinery not running for {plain(queue.name)}, starting...")
        daemon.start(queue.repo, every=every)
        print(f"{style('✓', 'green')} Refinery started", flush=True)


def _follow(repo: Repository, lines: int) -> int:
    """Old lines, then new ones until the processor ends or ^C."""
    from refinery.cli import daemon

    log = daemon.log_file(repo)
    place = _show_last(log, lines)
    try:
        while daemon.processor_state(repo).pid is not None:
            place = _show_from(log, place)
            time.sleep(STEP)
        _show_from(log, place)
    except KeyboardInterrupt:
        print()
    return 0


def _show_last(log: Path, lines: int) -> int:
    try:
        data = log.read_bytes()
    except FileNotFoundError:
        return 0
    for line in data.decode(errors="replace").splitlines()[-lines:] if lines > 0 else []:
        print(plain(line))
    return len(data)


def _show_from(log: Path, place: int) -> int:
    """Print what came after a place; from the start again when the log was moved aside."""
    try:
        size = log.stat().st_size
    except FileNotFoundError:
        return 0
    if size < place:
        place = 0
    if size == place:
        return place
    with log.open("rb") as file:
        file.seek(place)
        data = file.read(size - place)
    whole = data[: data.rfind(b"\n") + 1]
    print(plain(whole.decode(errors="replace")), end="", flush=True)
    return place + len(whole)
