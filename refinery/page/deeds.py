"""What a visitor with the token can do: each deed, whom it fits, and the decision behind it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from refinery.queue import operating
from refinery.queue.score import LOWEST_PRIORITY
from refinery.records.merge_request import MergeRequest
from refinery.records.names import MrId
from refinery.store.edit import Edit
from refinery.store.view import View
from refinery.values import dataclass


class Deed(StrEnum):
    """The values stand in forms."""

    PAUSE = "pause"
    RESUME = "resume"
    RETRY = "retry"
    HOLD = "hold"
    UNHOLD = "unhold"
    PRIORITY = "priority"
    REJECT = "reject"


OF_QUEUE = frozenset({Deed.PAUSE, Deed.RESUME})
NEEDS_REASON = frozenset({Deed.PAUSE, Deed.HOLD, Deed.REJECT})
LONGEST_REASON = 1000

DONE = {
    Deed.PAUSE: "The queue is paused.",
    Deed.RESUME: "The queue goes on.",
    Deed.RETRY: "It will be tried again.",
    Deed.HOLD: "It is held until somebody lets it go.",
    Deed.UNHOLD: "It goes on.",
    Deed.PRIORITY: "It has another priority now.",
    Deed.REJECT: "It is rejected.",
}
"""What is said afterwards."""


@dataclass(frozen=True, slots=True)
class Order:
    """A deed that somebody asked for; no id: it is about the whole queue."""

    deed: Deed
    id: MrId | None = None
    reason: str = ""
    priority: int = 0


def order_of(form: Mapping[str, str]) -> Order | str:
    """What a form asks for, or what is wrong with it."""
    known = {each.value: each for each in Deed}
    deed = known.get(form.get("deed", ""))
    if deed is None:
        return "there is no such action"
    id, reason = form.get("id", ""), " ".join(form.get("reason", "").split())
    if deed not in OF_QUEUE and not id:
        return "it does not say which merge request it is about"
    if deed in NEEDS_REASON and not reason:
        return "say why: everybody who looks at the queue reads it"
    if len(reason) > LONGEST_REASON:
        return f"a reason has at most {LONGEST_REASON} characters"
    priority = form.get("priority", "0")
    if priority not in [str(each) for each in range(LOWEST_PRIORITY + 1)]:
        return f"a priority is a number from 0 to {LOWEST_PRIORITY}"
    return Order(deed, MrId(id) if deed not in OF_QUEUE else None, reason, int(priority))


def about_queue(order: Order, view: View, *, by: str, now: datetime) -> Edit | object:
    """What pausing and resuming change."""
    if order.deed is Deed.PAUSE:
        return operating.pause(view, reason=order.reason, by=by, now=now)
    return operating.resume(view, by=by)


def about_one(order: Order, view: View, id: MrId, *, by: str, now: datetime) -> Edit | object:
    """What the other deeds change."""
    match order.deed:
        case Deed.RETRY:
            return operating.retry(view, id, by=by, now=now)
        case Deed.HOLD:
            return operating.hold(view, id, reason=order.reason, by=by, now=now)
        case Deed.UNHOLD:
            return operating.unhold(view, id, by=by)
        case Deed.PRIORITY:
            return operating.prioritise(view, id, priority=order.priority, by=by)
        case Deed.REJECT:
            return operating.reject(view, id, reason=order.reason, by=by, now=now)
        case Deed.PAUSE | Deed.RESUME:
            raise AssertionError(f"{order.deed} is about the queue")
        case _:
            assert_never(order.deed)


def fitting(mr: MergeRequest) -> tuple[Deed, ...]:
    """What can be done about a merge request now, the most likely first."""
    if mr.closed:
        return ()
    retry = (Deed.RETRY,) if mr.failure is not None else ()
    held = Deed.UNHOLD if mr.hold is not None else Deed.HOLD
    return (*retry, held, Deed.PRIORITY, Deed.REJECT)
