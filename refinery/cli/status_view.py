"""What `refinery status` shows: one queue, its processor, and whether it is well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from refinery.answers.freezes import freezes
from refinery.answers.merge_request import merge_request
from refinery.cli.freeze_view import freeze_lines
from refinery.cli.output import marked, plain, style
from refinery.cli.rows import age, fields, moment
from refinery.looks import FINDINGS, PROCESSOR, STANDINGS
from refinery.processor.place import ProcessorState
from refinery.queue.board import targets_of
from refinery.queue.halting import pause_of
from refinery.queue.health import counts, last_merge, oldest_ready, statistics, waiting_since
from refinery.queue.standing import Code, live_claim, standing
from refinery.records.codec import to_json
from refinery.records.merge_request import MergeRequest
from refinery.records.times import format_time, span
from refinery.store.view import View
from refinery.typed import Any
from refinery.values import dataclass

WORTH_A_LOOK = 600.0  # seconds that something ready has waited


@dataclass(frozen=True, slots=True)
class Status:
    """One queue and its processor now; it is unwell when something ready waits for too long."""

    rig: str
    view: View
    now: datetime
    processor: ProcessorState
    too_long: float | None = None

    @property
    def state(self) -> str:
        """running, stopped or paused."""
        if pause_of(self.view, self.now) is not None:
            return "paused"
        return "stopped" if self.processor.pid is None else "running"

    @property
    def processing(self) -> list[MergeRequest]:
        """Those under test, in the order in which they were taken."""
        found = [
            (claim.claimed_at, mr.id, mr)
            for mr in self.view.mrs.values()
            if standing(self.view, mr, self.now).code is Code.CLAIMED
            and (claim := live_claim(self.view, mr.id, self.now)) is not None
        ]
        return [mr for *_, mr in sorted(found, key=lambda each: each[:2])]

    @property
    def oldest(self) -> MergeRequest | None:
        """The one that is ready and has waited longest."""
        return oldest_ready(self.view, self.now)

    @property
    def oldest_seconds(self) -> int | None:
        """How long that has been."""
        oldest = self.oldest
        if oldest is None:
            return None
        return max(0, int((self.now - waiting_since(oldest)).total_seconds()))

    @property
    def is_well(self) -> bool | None:
        """Whether nothing that is ready has waited too long; None where nobody said how long."""
        return None if self.too_long is None else (self.oldest_seconds or 0) <= self.too_long


# As text


def lines_of_processor(state: str, processor: ProcessorState, now: datetime) -> Iterator[str]:
    """What is known without asking the remote."""
    yield f"  State: {marked(PROCESSOR[state])}"
    if processor.pid is None:
        return
    if processor.started_at is not None:
        yield f"  Started: {moment(processor.started_at)}"
    if processor.looked_at is not None:
        yield f"  Last look: {age(processor.looked_at, now)} ago"
    if len(processor.serves) > 1:
        yield f"  Serves: {plain(', '.join(processor.serves))}"
    if processor.trouble is not None:
        since = processor.trouble_since or now
        words = f"for {age(since, now)}: {processor.trouble}"
        yield from fields([("Trouble", words)], width=len("Trouble: "))


def lines(status: Status) -> Iterator[str]:
    """All of it, below the title."""
    of_processor = list(lines_of_processor(status.state, status.processor, status.now))
    yield of_processor[0]
    pause = pause_of(status.view, status.now)
    if pause is not None:
        until = f" until {moment(pause.until)}" if pause.until else ""
        yield f"  Paused: by {plain(pause.by)}{until}: {plain(pause.reason)}"
        yield style(f"  For {age(pause.at, status.now)}; to go on: refinery resume", "dim")
    for target in targets_of(status.view):
        yield from freeze_lines(status.view, target, status.now)
    yield from of_processor[1:]
    if status.processing:
        yield f"\n  {style('Currently Processing:', 'bold')}"
        for mr in status.processing:
            rows = [("Branch", mr.branch), ("Worker", mr.worker), ("Issue", mr.source_issue)]
            yield from fields(rows, width=8, indent=4)
    yield f"\n  Queue: {_queue(status)}"
    last = last_merge(status.view)
    if last is not None and last.closed_at is not None:
        yield f"  Last merge: {moment(last.closed_at)}"
    yield from _health(status)


def _health(status: Status) -> Iterator[str]:
    oldest, seconds = status.oldest, status.oldest_seconds
    if oldest is not None and seconds is not None:
        yield f"  Oldest ready: {span(seconds)} ({oldest.id})"
    if status.is_well is not None:
        assert status.too_long is not None
        limit = span(status.too_long)
        words = (
            f"nothing that is ready has waited longer than {limit}"
            if status.is_well
            else f"something ready has waited longer than {limit}"
        )
        yield f"  Health: {marked(FINDINGS['ok' if status.is_well else 'error'], words)}"
    if oldest is not None and (seconds or 0) >= min(WORTH_A_LOOK, status.too_long or WORTH_A_LOOK):
        yield style(f"  Why it waits: refinery why {oldest.id}", "dim")
        if status.processor.pid is None and not status.processing:
            yield style("  Nobody is at work: refinery start, or look at the CI job", "dim")


def _queue(status: Status) -> str:
    """What is not being processed; then where it stands."""
    found = counts(status.view, status.now)
    waiting = {code: n for code, n in found.items() if n and code is not Code.CLAIMED}
    parts = ", ".join(f"{n} {STANDINGS[code].word}" for code, n in waiting.items())
    return f"{sum(waiting.values())} pending" + (f" ({parts})" if parts else "")


# As a document


def document(status: Status) -> dict[str, Any]:
    """All of it under names that do not change."""
    view, now = status.view, status.now
    pause = pause_of(view, now)
    processing = [merge_request(view, mr, now) for mr in status.processing]
    last, oldest = last_merge(view), status.oldest
    started = status.processor.started_at if status.processor.pid is not None else None
    return {
        "rig_name": status.rig,
        "state": status.state,
        "pid": status.processor.pid,
        "started_at": format_time(started) if started else None,
        "processor": _processor(status.processor),
        "paused": to_json(pause) if pause else None,
        "freezes": [
            found
            for target in targets_of(view)
            if (found := freezes(view, target, now)) is not None
        ],
        "current_mr": processing[0] if processing else None,
        "processing": processing,
        "queue": {code.value: number for code, number in counts(view, now).items()},
        "last_merge_at": format_time(last.closed_at) if last and last.closed_at else None,
        "statistics": _statistics(view),
        "oldest_ready": oldest.id if oldest else None,
        "oldest_ready_seconds": status.oldest_seconds,
        "healthy": status.is_well,
        "damage": [
            {"where": each.where, "problem": each.problem, "hint": each.hint}
            for each in view.damage
        ],
    }


def _processor(state: ProcessorState) -> dict[str, Any] | None:
    if state.pid is None:
        return None
    return {
        "pid": state.pid,
        "worker": state.worker,
        "in_foreground": state.in_foreground,
        "serves": list(state.serves),
        "doing": state.doing,
        "last_look_at": format_time(state.looked_at) if state.looked_at else None,
        "trouble": state.trouble,
        "trouble_since": format_time(state.trouble_since) if state.trouble_since else None,
    }


def _statistics(view: View) -> dict[str, Any]:
    found = statistics(view)
    return {
        **found.closed,
        "conflicts": found.conflicts,
        "failures": found.failures,
        "archived_groups": found.archived_groups,
        "since": format_time(found.since) if found.since else None,
    }
