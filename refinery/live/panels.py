"""What stands in the panels: each merge request, run and landing as an item of so many lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from refinery.engine.check_logs import LogTail
from refinery.live.ink import Line, Pen, Span, apart, columns_of, cut, padded
from refinery.live.snapshot import Snapshot
from refinery.live.words import ago, clock, ids_together, waits_words
from refinery.looks import ENDINGS, RESULTS, STANDINGS, Role
from refinery.queue.board import Ended, Running
from refinery.queue.board import Line as Entry
from refinery.queue.estimate_words import in_short
from refinery.queue.standing import BLOCKED, Code
from refinery.records.times import span
from refinery.values import dataclass

_WORTH_A_BAR = 64  # columns
_WITH_COMMIT = 70
_WITH_WORKER = 100
_WITH_TITLE = 150
_NEEDS_SOMEBODY = BLOCKED | {Code.HELD, Code.NEEDS_REWORK}

Draw = Callable[[int], Sequence[Line]]


@dataclass(frozen=True, slots=True)
class Item:
    """Something that can be chosen; `draw` makes its lines, `height` of them, for a width."""

    key: str
    height: int
    draw: Draw


@dataclass(frozen=True, slots=True)
class CheckLook:
    """One check of a run: its name, and the end of its log once it has begun on this machine."""

    name: str
    tail: LogTail | None


Tails = Mapping[str, tuple[CheckLook, ...]]
"""By the name of the candidate: what this machine knows of its checks."""


# Under test


def running_items(
    snapshot: Snapshot, tails: Tails, now: datetime, pen: Pen, height: int
) -> list[Item]:
    """The candidates, each with as much of its checks' output as there is room for."""
    runs = snapshot.board.running
    here = sum(run.name in tails for run in runs)
    room = max(1, (height - 2 * (len(runs) - here)) // here - 1) if here else 1
    return [_running(snapshot, run, tails.get(run.name, ()), now, pen, room) for run in runs]


def _running(
    snapshot: Snapshot,
    run: Running,
    checks: Sequence[CheckLook],
    now: datetime,
    pen: Pen,
    room: int,
) -> Item:
    below = _output(checks, pen, room) if checks else [_elsewhere(run, now, pen)]
    head = _members(snapshot, run, pen)

    def draw(width: int) -> list[Line]:
        return [apart(head, _progress(run, now, pen, width), width, pen), *below]

    return Item(run.name, 1 + len(below), draw)


def _members(snapshot: Snapshot, run: Running, pen: Pen) -> Line:
    sign = pen.sign(STANDINGS["claimed"])
    if not run.members:
        return (sign, Span(f" {pen.text(run.target)}", strong=True), Span(" by itself"))
    if len(run.members) > 1:
        words = f"{len(run.members)} together "
        return (sign, Span(f" {words}", strong=True), Span(ids_together(run.members)))
    line = snapshot.board.of(run.members[0])
    branch = pen.text(line.mr.branch) if line else ""
    return (sign, Span(f" {run.members[0]} ", strong=True), Span(branch))


def _progress(run: Running, now: datetime, pen: Pen, width: int) -> Line:
    spent = span(run.seconds(now))
    share = run.share(now)
    if share is None or run.expected_seconds is None or run.purpose is None:
        return (Span(f"  {spent}", Role.ACTIVE),)
    words = f" {spent} of ~{span(max(1.0, run.expected_seconds))}"
    late = run.seconds(now) > 2 * run.expected_seconds
    told = Span(f"{words:>14}", Role.ATTENTION if late else Role.PLAIN)
    if width < _WORTH_A_BAR:
        return (told,)
    return (Span("  "), *pen.bar(share, min(24, width // 6)), told)


def _elsewhere(run: Running, now: datetime, pen: Pen) -> Line:
    since = f"since {clock(run.since)}"
    return (Span(f"  {pen.text(run.worker)}{pen.dot}{since}{pen.dot}{run.why}", Role.MUTED),)


def _output(checks: Sequence[CheckLook], pen: Pen, room: int) -> list[Line]:
    """The checks in a line, and under it the end of what the newest one at work prints."""
    shown = next((each for each in reversed(checks) if each.tail and not each.tail.ended), None)
    shown = shown or next((each for each in reversed(checks) if each.tail), None)
    lines = shown.tail.lines if shown and shown.tail else ()
    states = _states(checks, pen)
    if room == 1:
        last = Span(f"  {pen.text(lines[-1])}", Role.MUTED) if lines else Span("")
        return [(Span("  "), *states, last)]
    tail: list[Line] = [
        (Span(f"  {pen.text(line)}", Role.MUTED),)
        for line in lines[max(0, len(lines) - room + 1) :]
    ]
    return [(Span("  "), *states), *tail]


def _states(checks: Sequence[CheckLook], pen: Pen) -> Line:
    spans: list[Span] = []
    for each in checks:
        spans += [_state(each.tail, pen), Span(f" {pen.text(each.name)}  ")]
    return tuple(spans)


def _state(tail: LogTail | None, pen: Pen) -> Span:
    if tail is None:
        return pen.sign(STANDINGS["awaiting-push"])
    if tail.result is not None:
        return pen.sign(RESULTS[tail.result.value])
    return pen.sign(STANDINGS["closed" if tail.ended else "claimed"])


# The queue


def queue_items(
    lines: Iterable[Entry], now: datetime, pen: Pen, *, branch: int | None = None
) -> list[Item]:
    """The merge requests, one line each; `branch` columns are for the branch, if there is room."""
    lines = tuple(lines)
    room = branch_columns(lines) if branch is None else branch
    return [_entry(each, now, pen, room) for each in lines]


def branch_columns(lines: Iterable[Entry]) -> int:
    """What the longest branch takes."""
    return max((columns_of(each.mr.branch) for each in lines), default=0)


def in_groups(lines: Iterable[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Those that go on by themselves, and those that somebody has to do something about."""
    lines = tuple(lines)
    alone = [each for each in lines if each.code not in _NEEDS_SOMEBODY]
    return alone, [each for each in lines if each.code in _NEEDS_SOMEBODY]


def _entry(line: Entry, now: datetime, pen: Pen, longest: int) -> Item:
    return Item(line.mr.id, 1, lambda width: (_drawn(line, now, pen, longest, width),))


def _drawn(line: Entry, now: datetime, pen: Pen, longest: int, width: int) -> Line:
    mr = line.mr
    spans = [
        Span(f"{line.place.number:>3} " if line.place else "    ", Role.MUTED),
        pen.sign(STANDINGS[line.code.value]),
        Span(f" P{mr.priority} ", Role.ATTENTION if mr.priority == 0 else Role.MUTED),
        Span(f"{mr.id} ", Role.MUTED),
        Span(padded(pen.text(mr.branch), _branch_columns(width, longest), pen)),
    ]
    if width >= _WITH_TITLE:
        spans.append(Span(f" {padded(pen.text(mr.title), width // 6, pen)}", Role.MUTED))
    if width >= _WITH_WORKER:
        spans.append(Span(f" {padded(pen.text(mr.worker), 12, pen)}", Role.MUTED))
    spans.append(Span(f" {ago(mr.submitted_at, now):>4} ", Role.MUTED))
    return (*spans, _what(line, pen, width - sum(columns_of(span.text) for span in spans)))


def _branch_columns(width: int, longest: int) -> int:
    """Room for the longest one, within reason: what they wait for has to have some too."""
    return max(12, min(longest, width // 3))


def _what(line: Entry, pen: Pen, room: int) -> Span:
    look = STANDINGS[line.code.value]
    if line.code is not Code.READY:
        return Span(pen.text(f"{look.word}{waits_words(line)}"), look.role)
    words = in_short(line.estimate)
    if not words:
        return Span(look.word, Role.MUTED)
    lands = f"lands {words}"
    return Span(lands if columns_of(lands) <= room else words)


# What ended


def landed_items(ended: Iterable[Ended], pen: Pen) -> list[Item]:
    """What ended lately, newest first, one line each."""
    return [_landed(each, pen) for each in ended]


def _landed(ended: Ended, pen: Pen) -> Item:
    mr = ended.mr
    look = ENDINGS[ended.how.value] if ended.how else STANDINGS["closed"]
    merged = look.role is Role.GOOD

    def draw(width: int) -> list[Line]:
        taken = 52 if width >= _WITH_COMMIT else 42
        branch = cut(pen.text(mr.branch), max(12, width - taken), pen.more)
        left = (
            pen.sign(look),
            Span(f" {clock(ended.when)} ", Role.MUTED),
            Span(f"{mr.id} ", Role.MUTED),
            Span(branch),
        )
        waited = f"after {span(ended.waited_seconds)}"
        if merged and ended.commit and width >= _WITH_COMMIT:
            right = Span(f"  {look.word} {ended.commit[:10]} {waited:>9}", Role.MUTED)
        else:
            right = Span(f"  {look.word} {waited}", Role.MUTED if merged else look.role)
        return [apart(left, (right,), width, pen)]

    return Item(mr.id, 1, draw)
