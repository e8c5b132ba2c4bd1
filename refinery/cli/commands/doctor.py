"""`refinery doctor`: checks the set-up, and says which command mends what."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from dataclasses import asdict

from refinery.app import Queue, open_queue
from refinery.cli.command import add_json, add_rig
from refinery.cli.output import folded, in_role, plain, print_json, style
from refinery.errors import RefineryError, UsageError
from refinery.looks import FINDINGS
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.audit.points import Patient, Point

HELP = """\
Check everything a queue stands on: git, the remote and what it allows, hooks, the target, its
configuration and workflow, the forge and its token, clocks, claims, the state of the queue. Changes
nothing, and asks nobody but the remote and the configured forge. Exits 1 when something is broken;
a warning is no reason to.

With --repair the queue's records and refs are inspected as by `refinery fsck`, and what can be put
right without a guess is shown, and done once you agree. What only a person can decide is left."""
EXAMPLES = """\
  refinery doctor
  refinery doctor --offline                what can be told without the network
  refinery doctor --repair                 show what can be put right, then ask
  refinery doctor --json | jq '.[] | select(.severity != "ok")'
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `doctor`."""
    add_rig(parser)
    parser.add_argument(
        "--offline", action="store_true", help="ask neither the remote nor the forge"
    )
    parser.add_argument(
        "--repair", action="store_true", help="put right what is wrong with the queue itself"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask before repairing")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Examine, printing each point as soon as it is known."""
    from refinery.audit.findings import Severity

    if arguments.offline and arguments.repair:
        raise UsageError("--repair needs the remote, so it cannot be --offline")
    points = []
    for point in _all_points(arguments):
        points.append(point)
        if not arguments.json:
            _print(point)
    if arguments.json:
        print_json([asdict(point) for point in points])
    return 1 if any(point.severity is Severity.ERROR for point in points) else 0


def _all_points(arguments: argparse.Namespace) -> Iterator[Point]:
    yield from _points(arguments.rig, online=not arguments.offline)
    if arguments.repair:
        from refinery.cli.repairing import repaired

        yield from repaired(arguments.rig, yes=arguments.yes, ask=not arguments.json)


def _points(rig: str | None, *, online: bool) -> Iterator[Point]:
    from refinery.audit.diagnosed_machine import machine
    from refinery.audit.diagnosis import examine
    from refinery.audit.points import error
    from refinery.cli.hooks_view import hooks

    yield from machine()
    try:
        queue = open_queue(rig)
    except RefineryError as trouble:
        fix = trouble.hint or "run it in a repository, or give the path of one"
        yield error("repository", "absent", trouble.message, fix=fix, where=rig or ".")
        return
    with queue:
        yield from examine(_patient(queue, online=online))
        yield from hooks(queue)
        yield _processor(queue)


def _patient(queue: Queue, *, online: bool) -> Patient:
    from refinery.adapters.registry import Place
    from refinery.audit.points import Patient

    store, clock = queue.store, queue.clock

    def place(repository: str | None) -> Place:
        return Place(queue.repo, store.transport, store.refs, queue.worker, clock, repository)

    return Patient(queue.repo, store, clock, os.environ, place, online=online)


def _processor(queue: Queue) -> Point:
    from refinery.audit.points import well
    from refinery.cli.daemon import processor_state

    pid = processor_state(queue.repo).pid
    words = "none runs here: CI processes, or `refinery start`" if pid is None else f"pid {pid}"
    return well("processor", words)


def _print(point: Point) -> None:
    look = FINDINGS[point.severity]
    what = folded(plain(point.what), indent=16).lstrip()
    print(f"{in_role(look.sign, look.role)} {point.topic:<13} {what}", flush=True)
    if point.fix:
        print(style(f"  {'':<13} fix: {plain(point.fix)}  [{point.code}]", "dim"), flush=True)
