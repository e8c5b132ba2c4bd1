"""Standstills: notices when a target stops going on, and that it goes on again, once each."""

from __future__ import annotations

from datetime import datetime, timedelta

from refinery.config.config import Channel, Topic
from refinery.queue.halting import pause_of
from refinery.queue.health import waiting_since
from refinery.queue.outbox import MOVING, notification, parsed, wants
from refinery.queue.plan import Idle, Stuck
from refinery.queue.standing import Code, standing
from refinery.records.fitting import as_line
from refinery.records.header import Standstill, Stillness
from refinery.records.names import Branch
from refinery.records.times import span
from refinery.store.edit import Edit, Event
from refinery.store.view import View
from refinery.values import dataclass, replace

LONG_WAIT = timedelta(hours=1)

_WHY = {Stuck.RED: Stillness.RED, Stuck.BROKEN_CONFIG: Stillness.BROKEN_CONFIG}


@dataclass(frozen=True, slots=True)
class Cause:
    """What keeps a target."""

    why: Stillness
    words: str


def noticed(
    view: View,
    target: Branch,
    idle: Idle | None,
    channels: tuple[Channel, ...],
    *,
    now: datetime,
) -> Edit | None:
    """The edit that remembers a change between going on and standing still; mostly None.

    `idle` is what a worker found when it had nothing left to do; None where it did not get there.
    A paused queue stands still on purpose, and nobody is told anything.
    """
    if pause_of(view, now) is not None:
        return None
    before = next((each for each in view.header.stuck if each.target == target), None)
    stands = before is not None and before.why is not Stillness.MOVING
    if not stands and not any(Topic.STUCK in each.about for each in channels):
        return None
    cause = _cause(view, target, idle, before, now)
    if cause is not None:
        if before is not None and before.why is cause.why:
            return None
        return _remembered(view, _stopped(before, target, cause, channels, now))
    if before is None or not stands or _unknown(before, idle):
        return None
    return _remembered(view, _going_on(before, now))


def _cause(
    view: View, target: Branch, idle: Idle | None, before: Standstill | None, now: datetime
) -> Cause | None:
    if idle is not None and idle.stuck in _WHY:
        return Cause(_WHY[idle.stuck], as_line(" ".join(idle.why.split())))
    waiting = [
        mr
        for mr in view.mrs.values()
        if mr.target == target and standing(view, mr, now).code is Code.READY
    ]
    oldest = min(waiting, key=lambda mr: (waiting_since(mr), mr.id), default=None)
    known = before is not None and before.why is Stillness.WAITING
    limit = LONG_WAIT / 2 if known else LONG_WAIT  # or each landing would say that it goes on
    if oldest is None or now - waiting_since(oldest) <= limit:
        return None
    waited = span((now - waiting_since(oldest)).total_seconds())
    return Cause(Stillness.WAITING, f"{oldest.id} ({oldest.branch}) has been ready for {waited}")


def _unknown(before: Standstill, idle: Idle | None) -> bool:
    """Whether a worker that stopped early, or cannot check, has no say on what kept the target."""
    if before.why is Stillness.WAITING:
        return False
    return idle is None or idle.stuck is Stuck.CANNOT_CHECK


def _stopped(
    before: Standstill | None,
    target: Branch,
    cause: Cause,
    channels: tuple[Channel, ...],
    now: datetime,
) -> Standstill:
    told = before.told if before is not None else ()
    wanting = (each.to for each in channels if wants(each, Topic.STUCK, None))
    untold = tuple(notification(Topic.STUCK, to) for to in dict.fromkeys(wanting))
    return Standstill(target, cause.why, cause.words, now, told=told, untold=untold)


def _going_on(before: Standstill, now: datetime) -> Standstill:
    """Who heard that it stood still, or hears it just now; others need no news of its end."""
    hearing = [named.to for each in before.telling if (named := parsed(each.task)) is not None]
    untold = tuple(notification(MOVING, to) for to in dict.fromkeys((*before.told, *hearing)))
    return replace(before, why=Stillness.MOVING, since=now, told=(), untold=untold, telling=())


def _remembered(view: View, still: Standstill) -> Edit:
    others = tuple(each for each in view.header.stuck if each.target != still.target)
    moving = still.why is Stillness.MOVING
    kept = () if moving and not still.untold else (still,)
    words = "goes on again" if moving else f"stands still: {still.words}"
    return Edit(
        event=Event("moving" if moving else "stuck", f"{still.target} {words}"),
        header=replace(view.header, stuck=(*others, *kept)),
    )
