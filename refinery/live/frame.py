"""The whole view as lines of text: one frame for pipes, logs and terminals that can do no more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from refinery.engine.check_logs import CheckLogFile, newest_logs, read_tail
from refinery.live.heading import Freshness, heading
from refinery.live.ink import Line, Pen, Span, fitted
from refinery.live.panels import (
    CheckLook,
    Item,
    Tails,
    branch_columns,
    in_groups,
    landed_items,
    queue_items,
    running_items,
)
from refinery.live.snapshot import Snapshot
from refinery.looks import Role
from refinery.queue.board import Running
from refinery.records.times import span

TAIL = 4  # lines of output under each run
LATELY = 10


def frame(
    snapshot: Snapshot, tails: Tails, now: datetime, *, width: int, pen: Pen, fresh: Freshness
) -> list[Line]:
    """Everything that is open, what is being tested, and what ended lately."""
    runs = snapshot.board.running
    alone, stuck = in_groups(snapshot.board.line)
    running = running_items(snapshot, tails, now, pen, len(runs) * (1 + TAIL))
    ended = landed_items(snapshot.board.recent[:LATELY], pen)
    lines = heading(snapshot, fresh, now, width, pen)
    lines += _section("Under test", running, width, pen, empty="nothing is being tested")
    branch = branch_columns(snapshot.board.line)
    waiting = queue_items(alone, now, pen, branch=branch)
    lines += _section(queue_title(snapshot, len(alone), pen), waiting, width, pen)
    if stuck:
        title = f"Needs somebody ({len(stuck)})"
        lines += _section(title, queue_items(stuck, now, pen, branch=branch), width, pen)
    lines += _section("Ended lately", ended, width, pen)
    return [fitted(line, width, pen) for line in lines]


def _section(
    title: str, items: Iterable[Item], width: int, pen: Pen, *, empty: str = "nothing"
) -> list[Line]:
    drawn = [line for item in items for line in item.draw(width)]
    return [rule(title, width, pen), *(drawn or [(Span(f"    {empty}", Role.MUTED),)])]


def queue_title(snapshot: Snapshot, number: int, pen: Pen) -> str:
    """The health of a queue stands above it: the age of the oldest that is ready."""
    oldest = snapshot.board.oldest_ready_seconds
    return f"Queue ({number})" + (f"{pen.dot}oldest ready {span(oldest)}" if oldest else "")


def rule(title: str, width: int, pen: Pen) -> Line:
    """The line above a part of the screen."""
    ends = max(0, width - len(title) - 4)
    return (
        Span(pen.rule * 2, Role.MUTED),
        Span(f" {title} ", strong=True),
        Span(pen.rule * ends, Role.MUTED),
    )


def tails_here(snapshot: Snapshot) -> Tails:
    """What this clone's own checks print, for the candidates that it tests."""
    names = {run.name: run for run in snapshot.board.running}
    found = newest_logs(snapshot.logs, names) if names else {}
    return {
        name: _checks(snapshot, names[name], logs)
        for name, logs in found.items()
        if _is_of(names[name], logs)
    }


def _is_of(run: Running, logs: Iterable[CheckLogFile]) -> bool:
    """Whether the logs are of this run, and not of an earlier one of the same candidate."""
    return any(log.run >= run.since.timestamp() * 1000 for log in logs)


def _checks(
    snapshot: Snapshot, run: Running, logs: Iterable[CheckLogFile]
) -> tuple[CheckLook, ...]:
    begun = {log.number: log for log in logs}
    names = snapshot.checks_of(run)
    numbers = range(1, max(len(names), *begun) + 1)
    looks = []
    for number in numbers:
        log = begun.get(number)
        name = names[number - 1] if number <= len(names) else log.check if log else "?"
        looks.append(CheckLook(name, read_tail(log.path) if log else None))
    return tuple(looks)
