"""`refinery queue`: every open merge request, in the order in which they will land."""

from __future__ import annotations

import argparse
from datetime import datetime

from refinery.answers.line import ago
from refinery.app import open_queue
from refinery.cli.command import add_json, add_rig
from refinery.cli.freeze_view import freeze_lines
from refinery.cli.listing import show_empty, show_title, warn
from refinery.cli.output import marked, plain, print_json, shortened, style
from refinery.cli.rows import bracketed, label, name
from refinery.looks import STANDINGS
from refinery.queue.estimate_words import in_short
from refinery.queue.estimating import NoLandingTime
from refinery.queue.standing import Code
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.queue.board import Board, Line
    from refinery.queue.taking_turns import Turn
    from refinery.records.header import Pause

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
    from refinery.answers.line import document, line

    with open_queue(arguments.rig) as queue:
        found = line(queue, say=warn)
        if arguments.json:
            print_json(document(found))
            return 0
        board = found.board
        show_title(f"📋 Merge queue for '{queue.name}':")
        if board.paused is not None:
            print(_pause(board.paused))
        for target in board.targets:
            for words in freeze_lines(found.view, target.target, board.at):
                print(words)
        if not board.line:
            show_empty("(empty)")
        for each in board.line:
            print(_line(each, board.at))
        for words in [*_without(board), *_turns(board)]:
            print(f"\n  {style(plain(words), 'dim')}")
    return 0


def _pause(pause: Pause) -> str:
    """Why nothing of what follows goes on."""
    words = f"paused by {plain(pause.by)}: {plain(pause.reason)}"
    return (
        f"  {marked(STANDINGS['paused'], words)}\n    {style('to go on: refinery resume', 'dim')}\n"
    )


def _line(line: Line, now: datetime) -> str:
    number = f"{line.position}." if line.position else "▶"
    shown = bracketed(line.mr, line.standing)
    expected = in_short(line.estimate)
    facts = f"{ago(line, now)}, lands {expected}" if expected else ago(line, now)
    facts += f", {_moved(line.turn)}" if line.turn is not None and _moved(line.turn) else ""
    rest = f"  {number} [{label(line.mr, line.standing)}]  {facts}"
    return f"  {number} {shown} {shortened(name(line.mr), rest)} {style(facts, 'dim')}"


def _moved(turn: Turn) -> str:
    """How far a turn brings it forward or back, against its score alone."""
    if turn.quota is not None:
        return "waits for its quota"
    if turn.up == turn.down:
        return ""
    return f"{turn.up - turn.down} up" if turn.up > turn.down else f"{turn.down - turn.up} down"


def _turns(board: Board) -> list[str]:
    moved = next((each for each in board.line if each.turn is not None and _moved(each.turn)), None)
    if moved is None:
        return []
    return [f"Up, down: authors take turns. To see why: refinery why {moved.id}"]


def _without(board: Board) -> list[str]:
    """Why those that are ready have no landing time; each reason once."""
    words = {
        each.estimate.words: None
        for each in board.line
        if isinstance(each.estimate, NoLandingTime)
        if each.code is Code.READY
    }
    return [f"{each[0].upper()}{each[1:]}." for each in words]
