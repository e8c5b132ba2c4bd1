"""What people do to a queue by hand: each deed, whom it fits, its words, the decision behind it."""

from __future__ import annotations

from datetime import datetime

from refinery.queue import operating
from refinery.queue.operating import Refusal
from refinery.records.merge_request import MergeRequest
from refinery.records.names import MrId
from refinery.store.edit import Edit
from refinery.store.view import View
from refinery.typed import assert_never
from refinery.values import StrEnum, dataclass


class Deed(StrEnum):
    """The values stand in forms, and are what the command is called."""

    PAUSE = "pause"
    RESUME = "resume"
    RETRY = "retry"
    HOLD = "hold"
    UNHOLD = "unhold"
    PRIORITY = "priority"
    REJECT = "reject"


OF_QUEUE = frozenset({Deed.PAUSE, Deed.RESUME})
NEEDS_REASON = frozenset({Deed.PAUSE, Deed.HOLD, Deed.REJECT})
FOR_GOOD = frozenset({Deed.REJECT})
"""What cannot be undone."""
LONGEST_REASON = 1000

_DOING = {
    Deed.PAUSE: "pausing the queue",
    Deed.RESUME: "resuming the queue",
    Deed.RETRY: "retrying {id}",
    Deed.HOLD: "holding {id}",
    Deed.UNHOLD: "letting {id} go on",
    Deed.PRIORITY: "giving {id} priority {priority}",
    Deed.REJECT: "rejecting {id}",
}
_DONE = {
    Deed.PAUSE: "the queue is paused",
    Deed.RESUME: "the queue goes on",
    Deed.RETRY: "{id} will be tried again",
    Deed.HOLD: "{id} is held",
    Deed.UNHOLD: "{id} goes on",
    Deed.PRIORITY: "{id} has another priority now",
    Deed.REJECT: "{id} is rejected",
}


@dataclass(frozen=True, slots=True)
class Order:
    """A deed that somebody has decided on; no id: it is about the whole queue."""

    deed: Deed
    id: MrId | None = None
    reason: str = ""
    priority: int = 0

    @property
    def doing(self) -> str:
        """The words while it is under way."""
        return _DOING[self.deed].format(id=self.id, priority=self.priority)

    @property
    def done(self) -> str:
        """The words once it is so."""
        words = done_words(self.deed, self.id or "")
        return f"{words}: {self.reason}" if self.reason else words


def done_words(deed: Deed, id: str = "it") -> str:
    """The words once it is so, for who has the merge request before them."""
    return _DONE[deed].format(id=id)


def about_queue(order: Order, view: View, *, by: str, now: datetime) -> Edit | Refusal:
    """What pausing and resuming change."""
    if order.deed is Deed.PAUSE:
        return operating.pause(view, reason=order.reason, by=by, now=now)
    return operating.resume(view, by=by)


def about_one(order: Order, view: View, id: MrId, *, by: str, now: datetime) -> Edit | Refusal:
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
