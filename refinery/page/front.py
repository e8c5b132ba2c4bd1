"""The first page: what runs, what waits and for how long, what needs somebody, what landed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from refinery.page.paging import Page, cut
from refinery.page.rendering import Frame, render
from refinery.queue.board import Board, Line, Running
from refinery.queue.planning.facts import Health
from refinery.queue.standing import BLOCKED, Code
from refinery.records.names import Branch, MrId
from refinery.records.verdict import Verdict
from refinery.values import StrEnum, dataclass

SHOWN_MEMBERS = 6
SHOWN_BESIDE = 8
NO_FAILURES: Mapping[Branch, Verdict] = {}


class Show(StrEnum):
    """Which open merge requests are listed."""

    ALL = "all"
    READY = "ready"
    BLOCKED = "blocked"
    REWORK = "rework"
    HELD = "held"
    FROZEN = "frozen"


_CODES = {
    Show.READY: frozenset({Code.READY, Code.CLAIMED, Code.PAUSED}),
    Show.BLOCKED: BLOCKED,
    Show.REWORK: frozenset({Code.NEEDS_REWORK}),
    Show.HELD: frozenset({Code.HELD}),
    Show.FROZEN: frozenset({Code.FROZEN}),
}
_ASKING = frozenset({Code.BLOCKED_BY_ISSUE, Code.DEPENDENCY_FAILED, Code.NEEDS_REWORK})
TITLES = {
    Show.ALL: "All",
    Show.READY: "Can land",
    Show.BLOCKED: "Blocked",
    Show.REWORK: "Needs rework",
    Show.HELD: "Held",
    Show.FROZEN: "Frozen",
}


@dataclass(frozen=True, slots=True)
class Test:
    """What a worker tests now, with the merge requests themselves."""

    running: Running
    members: tuple[Line, ...]
    more: int
    seconds: float
    share: float | None

    @property
    def is_late(self) -> bool:
        """Whether it takes clearly longer than such runs usually do."""
        usual = self.running.expected_seconds
        return usual is not None and self.seconds > 1.5 * usual + 30


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asked of the list: which part of it, of which target, which page."""

    show: Show = Show.ALL
    target: str = ""
    page: int = 1


def front_page(
    board: Board,
    frame: Frame,
    wish: Wish | None = None,
    *,
    failures: Mapping[Branch, Verdict] = NO_FAILURES,
) -> str:
    """The HTML; `failures` are what the checks said of targets that fail them by themselves."""
    wish = wish or Wish()
    of_target = [each for each in board.line if wish.target in ("", each.mr.target)]
    counts = {show: sum(_is_in(each, show) for each in of_target) for show in Show}
    asking = [each for each in board.line if each.code in _ASKING]
    return render(
        "front.html",
        frame,
        board=board,
        wish=wish,
        tests=tests_of(board, frame.at),
        lines=_listed(of_target, wish),
        counts=counts,
        shows=TITLES,
        asking=asking[:SHOWN_BESIDE],
        asking_more=max(0, len(asking) - SHOWN_BESIDE),
        recent=board.recent[:SHOWN_BESIDE],
        state=state_of(board),
        failures=failures,
        many_targets=len(board.targets) > 1,
    )


def tests_of(board: Board, now: datetime) -> tuple[Test, ...]:
    """What is under test, oldest first."""
    lines: Mapping[MrId, Line] = {each.id: each for each in board.line}
    return tuple(
        Test(
            running=each,
            members=tuple(lines[id] for id in each.members if id in lines)[:SHOWN_MEMBERS],
            more=max(0, len(each.members) - SHOWN_MEMBERS),
            seconds=each.seconds(now),
            share=each.share(now),
        )
        for each in board.running
    )


def state_of(board: Board) -> tuple[str, str]:
    """How the queue is, in a word and a colour's role."""
    if board.paused is not None:
        return "paused", "attention"
    if any(each.health is Health.RED for each in board.targets):
        return "red", "bad"
    if any(each.frozen for each in board.targets):
        return "frozen", "attention"
    if any(each.why for each in board.targets):
        return "stuck", "attention"
    if board.running:
        return "at work", "active"
    return ("waiting for a worker", "attention") if board.oldest_ready else ("idle", "good")


def _listed(lines: list[Line], wish: Wish) -> Page[Line]:
    return cut([each for each in lines if _is_in(each, wish.show)], wish.page)


def _is_in(line: Line, show: Show) -> bool:
    return show is Show.ALL or line.code in _CODES[show]
