"""The short words of the live view: instants, ranges, what somebody waits for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from statistics import median

from refinery.queue.board import Board, Line
from refinery.queue.freeze_words import told_time
from refinery.queue.standing import Code
from refinery.records.merge_request import CloseReason
from refinery.records.names import MrId
from refinery.records.times import span
from refinery.values import dataclass

_HOUR = 3600.0
_BUCKETS = 12


def clock(at: datetime) -> str:
    """The time of day where the reader is."""
    return at.astimezone().strftime("%H:%M")


def clock_to_the_second(at: datetime) -> str:
    """The same, for what changes within a minute."""
    return at.astimezone().strftime("%H:%M:%S")


def ago(since: datetime, now: datetime) -> str:
    """How long ago, in the largest unit that says something."""
    return span((now - since).total_seconds())


def ids_together(ids: Sequence[MrId]) -> str:
    """Several ids in little room."""
    return ", ".join(ids) if len(ids) <= 3 else f"{', '.join(ids[:2])} +{len(ids) - 2}"


def waits_words(line: Line) -> str:
    """Whom or what it waits for, behind the word of its state."""
    mr = line.mr
    match line.code:
        case Code.BLOCKED_BY_ISSUE:
            files = f": {', '.join(line.files)}" if line.files else ""
            return f" {mr.blocked_by or 'conflict'}{files}"
        case Code.BLOCKED_BY_MR | Code.DEPENDENCY_FAILED | Code.UNIT_INCOMPLETE:
            return f" {line.waits_for}"
        case Code.HELD if mr.hold is not None:
            also = f" (and blocked by {mr.blocked_by})" if mr.blocked_by else ""
            return f": {mr.hold.reason}{also}"
        case Code.FROZEN if line.standing.frozen is not None:
            until = line.standing.frozen.until
            return f" until {told_time(until, line.standing.frozen.zone)}" if until else ""
        case Code.NEEDS_REWORK if mr.failure is not None:
            return f": {mr.failure.message.partition(chr(10))[0]}"
        case Code.PROPOSED if mr.proposal is not None and mr.proposal.number:
            return f" {mr.proposal.number}"
        case _:
            return ""


@dataclass(frozen=True, slots=True)
class Throughput:
    """Landings in each twelfth of the last hour, and how long half of them took at most.

    `is_all` is wrong where more may have landed than a board tells of.
    """

    buckets: tuple[int, ...]
    waited_seconds: float
    is_all: bool

    @property
    def number(self) -> str:
        """How many they are."""
        return f"{'' if self.is_all else 'at least '}{sum(self.buckets)}"

    @property
    def words(self) -> str:
        """The last hour in words."""
        half = span(self.waited_seconds)
        return f"{self.number} landed in the last hour, half within {half}"


def throughput(board: Board, now: datetime) -> Throughput | None:
    """What landed in the last hour; None where nothing did."""
    landed = [
        each
        for each in board.recent
        if each.how is CloseReason.MERGED and 0 <= (now - each.when).total_seconds() < _HOUR
    ]
    if not landed:
        return None
    buckets = [0] * _BUCKETS
    for each in landed:
        seconds = (now - each.when).total_seconds()
        buckets[_BUCKETS - 1 - int(seconds // (_HOUR / _BUCKETS))] += 1
    return Throughput(
        tuple(buckets),
        median(each.waited_seconds for each in landed),
        is_all=not board.more_ended or (now - board.recent[-1].when).total_seconds() >= _HOUR,
    )
