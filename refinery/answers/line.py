"""Answers with the queue: every open merge request in the order in which they will land."""

from __future__ import annotations

from datetime import datetime

from refinery.answers.asking import Say, config_or_default, report
from refinery.answers.estimate import estimate_of
from refinery.answers.merge_request import merge_request
from refinery.app import Queue
from refinery.queue.board import Board, Line
from refinery.queue.taking_turns import Turn
from refinery.records.times import span
from refinery.store.view import View
from refinery.typed import Any
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class InLine:
    """The queue as screens show it, and the view that it was made of."""

    view: View
    board: Board


def line(queue: Queue, *, say: Say) -> InLine:
    """The queue now."""
    view = queue.whole_view()
    config_or_default(queue, view, say=say)
    board = queue.board(view)
    report(view.damage, say=say)
    return InLine(view, board)


def document(found: InLine) -> list[dict[str, Any]]:
    """The answer of `queue`."""
    return [_place(found.view, each, found.board.at) for each in found.board.line]


def _place(view: View, line: Line, now: datetime) -> dict[str, Any]:
    return {
        "position": line.position,
        "mr": merge_request(view, line.mr, now),
        "age": ago(line, now),
        "age_seconds": max(0, int((now - line.mr.created_at).total_seconds())),
        "score": round(line.score, 3),
        **estimate_of(line.place, line.estimate),
        "turn": None if line.turn is None else _turn(line.turn),
    }


def _turn(turn: Turn) -> dict[str, Any]:
    kind, name = turn.share
    return {
        "fleet": name if kind else None,
        "up": turn.up,
        "down": turn.down,
        "kept_back": turn.quota is not None,
        "words": turn.words,
    }


def ago(line: Line, now: datetime) -> str:
    """How old it is, in words."""
    return f"{span((now - line.mr.created_at).total_seconds())} ago"
