"""What people told to wait, and for how long: the pause of the queue, the hold of one."""

from __future__ import annotations

from datetime import datetime

from refinery.records.header import Pause, QueueHeader
from refinery.records.merge_request import Hold, MergeRequest
from refinery.store.edit import Edit, Event
from refinery.store.view import View
from refinery.values import replace


def pause_of(view: View, now: datetime) -> Pause | None:
    """The pause that holds now; one whose end has come is none, whoever has noticed."""
    pause = view.header.paused
    return None if pause is None or is_over(pause.until, now) else pause


def hold_of(mr: MergeRequest, now: datetime) -> Hold | None:
    """The hold that keeps it now."""
    return None if mr.hold is None or is_over(mr.hold.until, now) else mr.hold


def is_over(until: datetime | None, now: datetime) -> bool:
    """Whether the end has come."""
    return until is not None and until <= now


def lapsed(view: View, now: datetime) -> Edit | None:
    """The edit that takes away what has ended by itself, so that the log tells of it."""
    header, words = _without_ended(view.header, now)
    held = tuple(
        mr
        for mr in view.mrs.values()
        if mr.hold is not None and is_over(mr.hold.until, now)
        if not mr.closed and mr.id not in view.unfolded
    )
    words += [f"the hold of {mr.id} ended" for mr in held]
    if not words:
        return None
    return Edit(
        event=Event("lapsed", "; ".join(words), tuple(mr.id for mr in held)),
        put=tuple(replace(mr, hold=None) for mr in held),
        header=header if header != view.header else None,
    )


def _without_ended(header: QueueHeader, now: datetime) -> tuple[QueueHeader, list[str]]:
    paused = header.paused
    if paused is not None and is_over(paused.until, now):
        words, paused = ["the pause ended"], None
    else:
        words = []
    freezes = tuple(each for each in header.freezes if not is_over(each.until, now))
    thaws = tuple(each for each in header.thaws if not is_over(each.until, now))
    ended = {each.target for each in header.freezes if is_over(each.until, now)}
    words += [f"the freeze of {target} ended" for target in sorted(ended)]
    if len(thaws) < len(header.thaws):
        words.append("a thaw ended")
    return replace(header, paused=paused, freezes=freezes, thaws=thaws), words


def next_end(view: View, now: datetime) -> datetime | None:
    """When the next of them ends by itself."""
    header = view.header
    ends: list[datetime | None] = [each.until for each in header.freezes]
    ends += [each.until for each in header.thaws]
    ends += [header.paused.until] if header.paused else []
    ends += [mr.hold.until for mr in view.mrs.values() if mr.hold is not None and not mr.closed]
    return min((end for end in ends if end is not None and end > now), default=None)
