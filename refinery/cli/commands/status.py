"""`refinery status`: state of queue and processor, what is being processed, and health."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING, Any

from refinery.app import Queue, open_queue
from refinery.cli.command import add_json, add_rig
from refinery.cli.listing import config_for_viewing, report_damage, show_title
from refinery.cli.output import plain, print_json, style
from refinery.cli.rows import age, fields, json_of, moment
from refinery.queue.health import counts, last_merge, oldest_ready, statistics, waiting_since
from refinery.queue.order import queue as in_order
from refinery.queue.standing import Code
from refinery.records.codec import to_json
from refinery.records.times import format_time
from refinery.values import dataclass

if TYPE_CHECKING:
    from refinery.records.merge_request import MergeRequest
    from refinery.store.view import View

HELP = "State of the queue and its processor, what is being processed, statistics, health."
EXAMPLES = """\
  refinery status
  refinery status --json | jq .oldest_ready_seconds
"""

_WORDS = {"running": ("● running", "bold"), "stopped": ("○ stopped", "dim")}
_PAUSED = ("⏸ paused", "dim")


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `status`."""
    add_rig(parser)
    add_json(parser)


@dataclass(frozen=True, slots=True)
class _Status:
    """What is known now."""

    rig: str
    view: View
    now: datetime
    pid: int | None
    started_at: datetime | None
    processing: tuple[MergeRequest, ...]
    counts: dict[Code, int]
    last: MergeRequest | None
    oldest: MergeRequest | None

    @property
    def state(self) -> str:
        """running, stopped or paused."""
        if self.view.header.paused is not None:
            return "paused"
        return "stopped" if self.pid is None else "running"

    @property
    def oldest_seconds(self) -> int | None:
        """How long the oldest ready one has waited."""
        if self.oldest is None:
            return None
        return max(0, int((self.now - waiting_since(self.oldest)).total_seconds()))


def run(arguments: argparse.Namespace) -> int:
    """Print it."""
    with open_queue(arguments.rig) as queue:
        status = _read(queue)
        report_damage(status.view)
    if arguments.json:
        print_json(_json(status))
    else:
        _show(status)
    return 0


def _read(queue: Queue) -> _Status:
    from refinery.cli.daemon import processor_state

    view = queue.view()
    now = queue.now()
    processor = processor_state(queue.repo)
    entries = in_order(view, now, config_for_viewing(queue, view).score)
    return _Status(
        rig=queue.name,
        view=view,
        now=now,
        pid=processor.pid,
        started_at=processor.started_at if processor.pid is not None else None,
        processing=tuple(entry.mr for entry in entries if entry.position == 0),
        counts=counts(view, now),
        last=last_merge(view),
        oldest=oldest_ready(view, now),
    )


def _json(status: _Status) -> dict[str, Any]:
    view, now = status.view, status.now
    processing = [json_of(view, mr, now) for mr in status.processing]
    merged_at = status.last.closed_at if status.last else None
    return {
        "rig_name": status.rig,
        "state": status.state,
        "pid": status.pid,
        "started_at": format_time(status.started_at) if status.started_at else None,
        "paused": to_json(view.header.paused) if view.header.paused else None,
        "current_mr": processing[0] if processing else None,
        "processing": processing,
        "queue": {code.value: number for code, number in status.counts.items()},
        "last_merge_at": format_time(merged_at) if merged_at else None,
        "statistics": _statistics(view),
        "oldest_ready": status.oldest.id if status.oldest else None,
        "oldest_ready_seconds": status.oldest_seconds,
        "damage": [
            {"where": each.where, "problem": each.problem, "hint": each.hint}
            for each in view.damage
        ],
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


def _show(status: _Status) -> None:
    show_title(f"⚙ Refinery: {status.rig}")
    word, look = _WORDS.get(status.state, _PAUSED)
    print(f"  State: {style(word, look)}")
    pause = status.view.header.paused
    if pause is not None:
        print(f"  Paused: by {plain(pause.by)}: {plain(pause.reason)}")
    if status.started_at is not None:
        print(f"  Started: {moment(status.started_at)}")
    if status.processing:
        print(f"\n  {style('Currently Processing:', 'bold')}")
        for mr in status.processing:
            rows = [("Branch", mr.branch), ("Worker", mr.worker), ("Issue", mr.source_issue)]
            print("\n".join(fields(rows, width=8, indent=4)))
    print(f"\n  Queue: {_queue(status)}")
    if status.last is not None and status.last.closed_at is not None:
        print(f"  Last merge: {moment(status.last.closed_at)}")
    if status.oldest is not None:
        waited = age(waiting_since(status.oldest), status.now)
        print(f"  Oldest ready: {waited} ({status.oldest.id})")


def _queue(status: _Status) -> str:
    """What is not being processed; then where it stands."""
    waiting = {code: n for code, n in status.counts.items() if n and code is not Code.CLAIMED}
    parts = ", ".join(f"{n} {code.value}" for code, n in waiting.items())
    return f"{sum(waiting.values())} pending" + (f" ({parts})" if parts else "")
