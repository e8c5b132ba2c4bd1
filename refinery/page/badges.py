"""Badges: small pictures of how long the queue is and whether a target is green."""

from __future__ import annotations

from refinery.looks import HEALTH, LIGHT, Role
from refinery.page.rendering import render_bare
from refinery.queue.board import Board
from refinery.values import dataclass

QUEUE = "queue"
_LETTER = 6.6  # wide, in pixels of an 11 px font; wide letters are seldom alone
_PADDING = 10


@dataclass(frozen=True, slots=True)
class Badge:
    """What it says on the left and on the right, and the colour behind the latter."""

    label: str
    words: str
    role: Role


def names(board: Board) -> tuple[str, ...]:
    """The badges there are: of the queue, and of each target by its name."""
    return (QUEUE, *(f"target/{each.target}" for each in board.targets))


def badge(board: Board, name: str) -> Badge | None:
    """The badge of that name; None where there is no such target."""
    if name == QUEUE:
        return _of_queue(board)
    wanted = name.removeprefix("target/")
    known = next((each for each in board.targets if each.target == wanted), None)
    if known is None:
        return None
    look = HEALTH[known.health.value]
    return Badge(known.target, look.word, look.role)


def unknown(name: str) -> Badge:
    """The badge of what nobody knows: a picture all the same, where a picture was asked for."""
    return Badge(name.removeprefix("target/")[:60], "unknown", Role.MUTED)


def svg(badge: Badge) -> str:
    """The picture; what it says is also there for who does not see it."""
    left, right = (round(len(text) * _LETTER) + _PADDING for text in (badge.label, badge.words))
    return render_bare(
        "badge.svg",
        badge=badge,
        left=left,
        right=right,
        colour=LIGHT[badge.role].badge,
        ground=LIGHT[Role.PLAIN].badge,
    )


def _of_queue(board: Board) -> Badge:
    if board.paused is not None:
        return Badge("merge queue", "paused", Role.ATTENTION)
    if board.targets and board.targets[0].frozen is not None:
        return Badge("merge queue", f"{board.targets[0].target} frozen", Role.ATTENTION)
    count = len(board.line)
    return Badge("merge queue", f"{count:,} open" if count else "empty", Role.GOOD)
