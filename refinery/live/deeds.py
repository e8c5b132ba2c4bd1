"""What a key can do to the queue: whom each deed fits, its words, the decision behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from refinery.queue import operating
from refinery.queue.score import LOWEST_PRIORITY
from refinery.queue.standing import Code
from refinery.records.names import MrId
from refinery.values import dataclass

if TYPE_CHECKING:
    from refinery.queue.board import Line
    from refinery.store.edit import Edit
    from refinery.store.view import View


class Deed(StrEnum):
    """The values are the words of it."""

    PAUSE = "pause"
    RESUME = "resume"
    RETRY = "retry"
    REJECT = "reject"
    HOLD = "hold"
    UNHOLD = "unhold"
    RAISE = "raise priority"
    LOWER = "lower priority"


NEEDS_REASON = frozenset({Deed.PAUSE, Deed.REJECT, Deed.HOLD})
FOR_GOOD = frozenset({Deed.REJECT})
"""What cannot be undone."""

_DOING = {
    Deed.PAUSE: "pausing the queue",
    Deed.RESUME: "resuming the queue",
    Deed.RETRY: "retrying {id}",
    Deed.REJECT: "rejecting {id}",
    Deed.HOLD: "holding {id}",
    Deed.UNHOLD: "letting {id} go on",
    Deed.RAISE: "raising the priority of {id}",
    Deed.LOWER: "lowering the priority of {id}",
}
_DONE = {
    Deed.PAUSE: "paused: {reason}",
    Deed.RESUME: "the queue goes on",
    Deed.RETRY: "{id} will be tried again",
    Deed.REJECT: "rejected {id}: {reason}",
    Deed.HOLD: "holding {id}: {reason}",
    Deed.UNHOLD: "{id} goes on",
    Deed.RAISE: "{id} is more urgent now",
    Deed.LOWER: "{id} is less urgent now",
}


@dataclass(frozen=True, slots=True)
class Order:
    """A deed that somebody has decided on; no id: it is about the whole queue."""

    deed: Deed
    id: MrId | None = None
    reason: str = ""

    @property
    def doing(self) -> str:
        """The words while it is under way."""
        return _DOING[self.deed].format(id=self.id)

    @property
    def done(self) -> str:
        """The words once it is so."""
        return _DONE[self.deed].format(id=self.id, reason=self.reason)


Decision = Callable[["View", MrId], "Edit | object"]


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
        case Deed.REJECT:
            return operating.reject(view, id, reason=order.reason, by=by, now=now)
        case Deed.HOLD:
            return operating.hold(view, id, reason=order.reason, by=by, now=now)
        case Deed.UNHOLD:
            return operating.unhold(view, id, by=by)
        case Deed.RAISE | Deed.LOWER:
            return operating.prioritise(view, id, priority=_moved(order, view, id), by=by)
        case Deed.PAUSE | Deed.RESUME:
            raise AssertionError(f"{order.deed} is about the queue")
        case _:
            assert_never(order.deed)


def _moved(order: Order, view: View, id: MrId) -> int:
    step = -1 if order.deed is Deed.RAISE else 1
    return max(0, min(LOWEST_PRIORITY, view.mrs[id].priority + step))


def fitting(line: Line) -> tuple[Deed, ...]:
    """What can be done about an open merge request now, the most likely first."""
    found = [Deed.RETRY] if line.code is Code.NEEDS_REWORK else []
    found.append(Deed.UNHOLD if line.mr.hold is not None else Deed.HOLD)
    if line.mr.priority > 0:
        found.append(Deed.RAISE)
    if line.mr.priority < LOWEST_PRIORITY:
        found.append(Deed.LOWER)
    return (*found, Deed.REJECT)
