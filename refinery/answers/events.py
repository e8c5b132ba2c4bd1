"""Answers with what happened: each commit of the queue is one event."""

from __future__ import annotations

from collections.abc import Iterable

from refinery.answers.asking import Say, report
from refinery.answers.finding import find
from refinery.app import Queue
from refinery.records.times import format_time
from refinery.store.events import CLOCKS_DIFFER, Happened, read_events
from refinery.typed import Any

USUAL = 30  # events


def events(
    queue: Queue, about: str | None = None, *, number: int | None = None, say: Say
) -> tuple[Happened, ...]:
    """The newest first; those about one are all, unless a number says otherwise."""
    view = queue.view()
    report(view.damage, say=say)
    if about is None:
        return read_events(queue.store, view, limit=number or USUAL)
    mr = find(queue, view, about)
    since = min(mr.submitted_at, mr.closed_at or queue.now()) - CLOCKS_DIFFER
    return read_events(queue.store, view, limit=number, about=mr.id, since=since)


def document(happened: Iterable[Happened]) -> list[dict[str, Any]]:
    """The answer of `log`."""
    return [
        {
            "at": format_time(event.at),
            "event": event.event,
            "subject": event.subject,
            "worker": event.worker or None,
            "mrs": [*event.mrs],
            "commit": event.commit,
            "details": dict(event.details),
        }
        for event in happened
    ]
