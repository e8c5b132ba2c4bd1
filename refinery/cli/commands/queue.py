"""`refinery queue`: every open merge request, in the order in which they will land."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING, Any

from refinery.app import open_queue
from refinery.cli.command import add_json, add_rig
from refinery.cli.listing import config_for_viewing, report_damage, show_empty, show_title
from refinery.cli.output import print_json, style
from refinery.cli.rows import age, bracketed, json_of, name

if TYPE_CHECKING:
    from refinery.queue.order import Entry
    from refinery.store.view import View

HELP = "Every open merge request in order; position 0 is being processed."
EXAMPLES = """\
  refinery queue
  refinery queue --json | jq '.[] | select(.position == 0)'
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `queue`."""
    add_rig(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print it."""
    from refinery.queue.order import queue as in_order

    with open_queue(arguments.rig) as queue:
        view = queue.view()
        now = queue.now()
        entries = in_order(view, now, config_for_viewing(queue, view).score)
        report_damage(view)
        if arguments.json:
            print_json([_json(view, entry, now) for entry in entries])
            return 0
        show_title(f"📋 Merge queue for '{queue.name}':")
        if not entries:
            show_empty("(empty)")
        for entry in entries:
            print(_line(entry, now))
    return 0


def _json(view: View, entry: Entry, now: datetime) -> dict[str, Any]:
    return {
        "position": entry.position,
        "mr": json_of(view, entry.mr, now),
        "age": _age(entry, now),
        "age_seconds": max(0, int((now - entry.mr.created_at).total_seconds())),
        "score": round(entry.score, 3),
    }


def _line(entry: Entry, now: datetime) -> str:
    number = f"{entry.position}." if entry.position else "▶"
    shown = bracketed(entry.mr, entry.standing)
    return f"  {number} {shown} {name(entry.mr)} {style(_age(entry, now), 'dim')}"


def _age(entry: Entry, now: datetime) -> str:
    return f"{age(entry.mr.created_at, now)} ago"
