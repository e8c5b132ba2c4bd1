"""`refinery queue`: every open merge request, in the order in which they will land."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING, Any

from refinery.app import open_queue
from refinery.cli.command import add_json, add_rig
from refinery.cli.estimated import json_of_estimate
from refinery.cli.listing import config_for_viewing, report_damage, show_empty, show_title
from refinery.cli.output import marked, plain, print_json, shortened, style
from refinery.cli.rows import age, bracketed, json_of, label, name
from refinery.looks import STANDINGS
from refinery.queue.estimate_words import in_short
from refinery.queue.estimating import NoLandingTime
from refinery.queue.standing import Code

if TYPE_CHECKING:
    from refinery.queue.board import Board, Line
    from refinery.records.header import Pause
    from refinery.store.view import View

HELP = """\
Every open merge request in order, and when each is expected to land: in the usual time, and between
which times 9 in 10 land. Position 0 is being processed."""
EXAMPLES = """\
  refinery queue
  refinery queue --json | jq '.[] | select(.position == 0)'
  refinery queue --json | jq '.[] | [.mr.branch, .estimate.expected_at]'
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `queue`."""
    add_rig(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print it."""
    with open_queue(arguments.rig) as queue:
        view = queue.whole_view()
        config_for_viewing(queue, view)
        board = queue.board(view)
        report_damage(view)
        if arguments.json:
            print_json([_json(view, line, board.at) for line in board.line])
            return 0
        show_title(f"📋 Merge queue for '{queue.name}':")
        if board.paused is not None:
            print(_pause(board.paused))
        if not board.line:
            show_empty("(empty)")
        for line in board.line:
            print(_line(line, board.at))
        for words in _without(board):
            print(f"\n  {style(plain(words), 'dim')}")
    return 0


def _pause(pause: Pause) -> str:
    """Why nothing of what follows goes on."""
    words = f"paused by {plain(pause.by)}: {plain(pause.reason)}"
    return (
        f"  {marked(STANDINGS['paused'], words)}\n    {style('to go on: refinery resume', 'dim')}\n"
    )


def _json(view: View, line: Line, now: datetime) -> dict[str, Any]:
    return {
        "position": line.position,
        "mr": json_of(view, line.mr, now),
        "age": _age(line, now),
        "age_seconds": max(0, int((now - line.mr.created_at).total_seconds())),
        "score": round(line.score, 3),
        **json_of_estimate(line.place, line.estimate),
    }


def _line(line: Line, now: datetime) -> str:
    number = f"{line.position}." if line.position else "▶"
    shown = bracketed(line.mr, line.standing)
    expected = in_short(line.estimate)
    facts = f"{_age(line, now)}, lands {expected}" if expected else _age(line, now)
    rest = f"  {number} [{label(line.mr, line.standing)}]  {facts}"
    return f"  {number} {shown} {shortened(name(line.mr), rest)} {style(facts, 'dim')}"


def _age(line: Line, now: datetime) -> str:
    return f"{age(line.mr.created_at, now)} ago"


def _without(board: Board) -> list[str]:
    """Why those that are ready have no landing time; each reason once."""
    words = {
        each.estimate.words: None
        for each in board.line
        if isinstance(each.estimate, NoLandingTime)
        if each.code is Code.READY
    }
    return [f"{each[0].upper()}{each[1:]}." for each in words]
