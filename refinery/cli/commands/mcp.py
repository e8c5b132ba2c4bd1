"""`refinery mcp`: the queue's commands as tools for coding agents."""

from __future__ import annotations

import argparse
import sys

from refinery.cli.command import add_rig
from refinery.cli.output import note

HELP = """\
Serve the queue to a coding agent over the Model Context Protocol: on stdin and stdout, as clients
start it, until stdin ends. The tools answer what the commands of their names print with --json:
submit, wait, why, explain, show, resolve, queue, list, forecast, plan, claim, release and retry.
Claims belong to REFINERY_WORKER, or to this process. Needs the extra: 'git-refinery[mcp]'."""
EXAMPLES = """\
  refinery mcp                          of the repository it is started in
  refinery mcp ~/src/project
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `mcp`."""
    add_rig(parser)


def run(arguments: argparse.Namespace) -> int:
    """Serve."""
    from refinery.mcp.installed import server

    serve = server()
    if sys.stdin.isatty():
        note("speaking the Model Context Protocol on stdin and stdout: a client starts this")
    return serve(arguments.rig)
