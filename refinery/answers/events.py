"""Answers with what happened: each commit of the queue is one event."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from refinery.answers.asking import Say, report
from refinery.answers.finding import find
from refinery.app import Queue
from refinery.records.times import format_time
from refinery.store.events import Happened, read_events

USUAL = 30  # events


def events(
    queue: Queue, about: str | None = None, *, number: int | None = None, say: Say
) -> tuple[Happened, ...]:
    """The newest first; those about one are all, unless a number says otherwise."""
    view = queue.view()
    report(view.damage, say=say)
    id = find(queue, view, about).id if about else None
    limit = number or (None if id else USUAL)
    return read_events(queue.repo, queue.store.refs, view, limit=limit, about=id)


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
