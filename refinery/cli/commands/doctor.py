"""`refinery doctor`: checks the set-up, and says which command mends what."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from refinery.app import Queue, open_queue
from refinery.cli.command import add_json, add_rig
from refinery.cli.output import plain, print_json, style
from refinery.errors import RefineryError

if TYPE_CHECKING:
    from refinery.audit.diagnosis import Point
    from refinery.hooks.installer import Hook, Side

HELP = """\
Check everything a queue stands on: git, the remote and what it allows, the target and its
configuration, hooks, the state of the queue. Changes nothing. Exits 1 when something is broken."""
EXAMPLES = """\
  refinery doctor
  refinery doctor --json | jq '.[] | select(.health != "ok")'
"""

_MARKS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red")}


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `doctor`."""
    add_rig(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Examine, printing each point as soon as it is known."""
    from refinery.audit.diagnosis import Health

    points = []
    for point in _points(arguments.rig):
        points.append(point)
        if not arguments.json:
            _print(point)
    if arguments.json:
        print_json([asdict(point) for point in points])
    return 1 if any(point.health is Health.FAIL for point in points) else 0


def _points(rig: str | None) -> Iterator[Point]:
    from refinery.audit.diagnosis import Health, Patient, Point, examine, machine

    yield from machine()
    try:
        queue = open_queue(rig)
    except RefineryError as error:
        yield Point("repository", Health.FAIL, error.message, error.hint or "")
        return
    with queue:
        yield from examine(Patient(queue.repo, queue.store, queue.clock))
        yield from _hooks(queue)
        yield _processor(queue)


def _processor(queue: Queue) -> Point:
    from refinery.audit.diagnosis import Health, Point
    from refinery.cli.daemon import processor_state

    pid = processor_state(queue.repo).pid
    words = "none runs here: CI processes, or `refinery start`" if pid is None else f"pid {pid}"
    return Point("processor", Health.OK, words)


def _print(point: Point) -> None:
    mark, colour = _MARKS[point.health.value]
    print(f"{style(mark, colour)} {point.name:<13} {plain(point.words)}", flush=True)
    if point.fix:
        print(style(f"  {'':<13} fix: {plain(point.fix)}", "dim"), flush=True)


def _hooks(queue: Queue) -> Iterator[Point]:
    from refinery.hooks.installer import side_of, status

    side = side_of(queue.repo)
    for hook in status(queue.repo, side):
        yield _hook(hook, side)


def _hook(hook: Hook, side: Side) -> Point:
    from refinery.audit.diagnosis import Health, Point
    from refinery.hooks.installer import Side, State

    install = "refinery hooks install"
    match hook.state:
        case State.INSTALLED:
            return Point(hook.name, Health.OK, "installed")
        case State.PRE_COMMIT:
            return Point(hook.name, Health.OK, "pre-commit's; it may run `refinery-pre-push`")
        case State.OUTDATED:
            return Point(hook.name, Health.WARN, "of another version or Python", install)
        case State.ABSENT | State.FOREIGN if side is Side.CLIENT:
            return Point(hook.name, Health.OK, f"not installed, which is optional: `{install}`")
        case State.ABSENT | State.FOREIGN:
            return Point(
                hook.name, Health.WARN, "not installed: a push goes past the queue", install
            )
