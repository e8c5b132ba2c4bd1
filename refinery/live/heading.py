"""The top of the screen: which queue, how its targets are, what stands where, how fast it lands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from refinery.live.ink import Line, Pen, Span, apart, told
from refinery.live.snapshot import Snapshot
from refinery.live.words import clock_to_the_second, throughput
from refinery.looks import FINDINGS, HEALTH, PROCESSOR, STANDINGS, Look, Role
from refinery.queue.board import TargetLine
from refinery.queue.standing import Code
from refinery.records.times import span
from refinery.values import dataclass

_MOST_LINES = 2
_WORTH_A_CHART = 72  # columns


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old the picture is, and what keeps it from being newer; `next` is seconds until a try."""

    seconds: float
    trouble: str = ""
    next: float = 0.0
    stale: bool = False


def heading(
    snapshot: Snapshot, fresh: Freshness, now: datetime, width: int, pen: Pen
) -> list[Line]:
    """Two lines, and a third where something needs to be known."""
    lines = [
        apart(_title(snapshot, pen), _seen(snapshot, fresh, pen), width, pen),
        apart(_counts(snapshot, pen), _speed(snapshot, now, width, pen), width, pen),
    ]
    return [*lines, *_alarms(snapshot, fresh, width, pen)]


def heading_before(name: str, fresh: Freshness, width: int, pen: Pen) -> list[Line]:
    """The same while nothing is known yet."""
    lines: list[Line] = [(Span(f"{pen.text(name)} ", strong=True),)]
    lines.append((Span(f"reading the queue{pen.more}", Role.MUTED),))
    return lines + _worded(_age(fresh), width, pen)


def _alarms(snapshot: Snapshot, fresh: Freshness, width: int, pen: Pen) -> list[Line]:
    """What an operator must not miss: the remote away, a pause, a red target, damage."""
    found = _age(fresh)
    if snapshot.processor.trouble:
        found.append((FINDINGS["warning"], f"the processor: {snapshot.processor.trouble}"))
    pause = snapshot.board.paused
    if pause is not None:
        found.append((PROCESSOR["paused"], f"paused by {pause.by}: {pause.reason}"))
    elif frozen := [each for each in snapshot.board.targets if each.frozen]:
        found.append((STANDINGS["frozen"], "; ".join(each.why for each in frozen)))
    elif (stuck := [each for each in snapshot.board.targets if each.why]) != []:
        found.append((FINDINGS["warning"], "; ".join(each.why for each in stuck)))
    damage = snapshot.board.damage
    if damage:
        more = f" and {len(damage) - 1} more: refinery fsck" if len(damage) > 1 else ""
        found.append((FINDINGS["warning"], f"{damage[0].where}: {damage[0].problem}{more}"))
    return _worded(found, width, pen)


def _age(fresh: Freshness) -> list[tuple[Look, str]]:
    if not fresh.trouble:
        return []
    again = f"next try in {span(fresh.next)}: " if fresh.next >= 1 else ""
    return [(FINDINGS["error"], f"{again}{fresh.trouble}")]


def _worded(found: Iterable[tuple[Look, str]], width: int, pen: Pen) -> list[Line]:
    return [
        line for look, words in found for line in told(look, words, width, pen, most=_MOST_LINES)
    ]


def _title(snapshot: Snapshot, pen: Pen) -> Line:
    spans = [Span(f"{pen.text(snapshot.name)} ", strong=True)]
    for each in snapshot.board.targets:
        spans += [Span(" "), *_target(each, pen)]
    return tuple(spans)


def _target(target: TargetLine, pen: Pen) -> Line:
    look = HEALTH[target.health.value]
    tip = f" {target.tip[:7]}" if target.tip else ""
    return (
        Span(f"{pen.text(target.target)} "),
        pen.sign(look),
        Span(f" {look.word}", look.role),
        Span(f"{tip} ", Role.MUTED),
    )


def _seen(snapshot: Snapshot, fresh: Freshness, pen: Pen) -> Line:
    look = PROCESSOR["running" if snapshot.processor.runs else "stopped"]
    old = f"{pen.dot}{span(fresh.seconds)} old" if fresh.stale else ""
    role = Role.ATTENTION if fresh.stale else Role.MUTED
    return (
        pen.sign(look),
        Span(f" processor {look.word}  ", look.role),
        Span(f"seen {clock_to_the_second(snapshot.at)}{old}", role),
    )


def _counts(snapshot: Snapshot, pen: Pen) -> Line:
    board = snapshot.board
    found: dict[Code, int] = {}
    for line in board.line:
        found[line.code] = found.get(line.code, 0) + 1
    spans: list[Span] = []
    for code in Code:
        if found.get(code):
            look = STANDINGS[code.value]
            spans += [Span(f"{found[code]} ", strong=True), Span(f"{look.word}  ", look.role)]
    if not spans:
        spans = [Span("nothing is waiting", Role.MUTED)]
    return tuple(spans)


def _speed(snapshot: Snapshot, now: datetime, width: int, pen: Pen) -> Line:
    found = throughput(snapshot.board, now)
    if found is None:
        return ()
    shown = found.words if width >= 120 else f"{found.number}/h"
    if width < _WORTH_A_CHART:
        return (Span(f"  {shown}", Role.MUTED),)
    return (Span(f"  {pen.sparks(found.buckets)} ", Role.GOOD), Span(shown, Role.MUTED))
