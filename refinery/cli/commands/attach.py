"""`refinery attach`: follows the running processor; starts it when none runs."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from refinery.app import open_queue
from refinery.cli.command import add_rig
from refinery.cli.output import plain, style

HELP = """\
Follow what the running processor says; it is started when it does not run.  ^C leaves, the
processor goes on.  `refinery pause`, `hold` and `reject` from another terminal take effect at
once."""
EXAMPLES = """\
  refinery attach
  refinery attach --lines 100
"""

STEP = 0.2


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `attach`."""
    add_rig(parser)
    parser.add_argument(
        "--lines", type=int, default=20, help="old lines to show first (default: 20)"
    )
    parser.add_argument(
        "--every",
        metavar="TIME",
        default="10s",
        help="when it has to be started: pause between looks (default: 10s)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Show old lines, then new ones until the processor ends or ^C."""
    from refinery.cli import daemon

    with open_queue(arguments.rig) as queue:
        repo = queue.repo
        if daemon.processor_state(repo).pid is None:
            print(f"Refinery not running for {plain(queue.name)}, starting...")
            daemon.start(repo, every=arguments.every)
            print(f"{style('✓', 'green')} Refinery started", flush=True)
        log = daemon.log_file(repo)
        place = _show_last(log, arguments.lines)
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
