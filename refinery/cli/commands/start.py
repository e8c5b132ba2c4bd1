"""`refinery start`: starts the processor."""

from __future__ import annotations

import argparse

from refinery.app import open_queue
from refinery.cli.command import add_rig
from refinery.cli.output import note, plain, style

HELP = """\
Start the processor, which watches the queue and lands what is ready: in the background, or here
with --foreground.  There is never more than one for a repository."""
EXAMPLES = """\
  refinery start
  refinery start --foreground       under systemd, or in a container
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `start`."""
    add_rig(parser)
    parser.add_argument("--foreground", action="store_true", help="run here, until stopped")
    parser.add_argument(
        "--every", metavar="TIME", default="10s", help="pause between looks (default: 10s)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Start it."""
    if arguments.foreground:
        return _foreground(arguments)
    from refinery.cli import daemon

    with open_queue(arguments.rig) as queue:
        print(f"Starting refinery for {plain(queue.name)}...")
        if daemon.start(queue.repo, every=arguments.every) is None:
            print(f"{style('⚠', 'yellow')} Refinery is already running")
            return 0
        print(f"{style('✓', 'green')} Refinery started for {plain(queue.name)}")
        print(style("  Use 'refinery status' to check progress", "dim"))
    return 0


def _foreground(arguments: argparse.Namespace) -> int:
    from refinery.cli.commands.process import watch
    from refinery.cli.daemon import ProcessorLock

    with open_queue(arguments.rig, engine=True) as queue, ProcessorLock(queue.repo):
        note(f"refinery watches {plain(queue.name)} as {plain(queue.worker)}")
        return watch(queue, every=arguments.every)
