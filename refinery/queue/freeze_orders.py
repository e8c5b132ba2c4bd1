"""Freezes and thaws that people order, and targets that open issues close."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from refinery.queue.freeze_words import frozen_words
from refinery.queue.freezing import Frozen, target_frozen
from refinery.queue.halting import is_over
from refinery.queue.operating import Already
from refinery.records.fitting import as_line
from refinery.records.header import Cause, Freeze, QueueHeader, Thaw
from refinery.records.names import Branch
from refinery.store.apply import applied
from refinery.store.edit import Edit, Event
from refinery.store.view import View
from refinery.values import dataclass, replace

MOST = 400  # the schema of the header takes some more


@dataclass(frozen=True, slots=True)
class StillFrozen:
    """Nobody's word thaws what an issue closes, a wider pattern freezes, or has no end."""

    frozen: Frozen


@dataclass(frozen=True, slots=True)
class TooMany:
    """Nobody needs so many; a header is read by every command."""

    most: int = MOST


def freeze(
    view: View,
    target: str,
    *,
    reason: str,
    by: str,
    now: datetime,
    until: datetime | None = None,
    zone: str | None = None,
) -> Edit | Already | TooMany:
    """Freeze the targets that a pattern fits; a freeze of the same pattern is replaced."""
    kept = _ordered(view.header, now)
    before = next((each for each in kept if each.target == target), None)
    if before is not None and (before.reason, before.until) == (reason, until):
        return Already(f"{target} is frozen already by {before.by}: {reason}")
    others = [each for each in kept if each.target != target]
    if len(others) >= MOST:
        return TooMany()
    new = Freeze(target, Cause.ORDERED, by, reason, now, until=until, zone=zone)
    return Edit(
        event=Event("frozen", f"freeze {target}: {reason}", worker=by),
        header=replace(view.header, freezes=(*_closing(view.header), *others, new)),
    )


def thaw(
    view: View, target: str, *, reason: str, by: str, now: datetime, until: datetime | None = None
) -> Edit | Already | StillFrozen:
    """Take back the freeze of a pattern, and open the target if a window freezes it.

    It is open until the given instant, or until that window ends.
    """
    kept = tuple(each for each in _ordered(view.header, now) if each.target != target)
    edit = Edit(
        event=Event("thawed", f"thaw {target}: {reason}", worker=by),
        header=replace(view.header, freezes=(*_closing(view.header), *kept)),
    )
    after = applied(view, edit)
    left = target_frozen(after, Branch(target), now)
    assert edit.header is not None
    if left is not None and left.freeze is None:
        ends = until or left.until
        if ends is None:
            return StillFrozen(left)
        thaws = tuple(each for each in view.header.thaws if each.until > now)
        opened = Thaw(target, by, reason, now, ends)
        return replace(edit, header=replace(edit.header, thaws=(*thaws, opened)))
    if len(kept) < len(_ordered(view.header, now)):
        return edit
    return Already(f"{target} is not frozen") if left is None else StillFrozen(left)


def closed_trees(
    view: View, found: Mapping[Branch, Iterable[Freeze]], now: datetime
) -> Edit | None:
    """The edit that makes the header hold what the tracker said of these targets.

    One that is known already keeps its time.  Where nobody answered, what was closed stays closed.
    """
    before = _closing(view.header)
    known = {(each.target, each.cause, each.issue, each.label): each for each in before}
    after = [each for each in before if each.target not in found]
    for target, freezes in found.items():
        told = list(freezes)
        unanswered = {each.label for each in told if each.cause is Cause.UNANSWERED}
        stay = [
            each
            for each in before
            if each.target == target and each.label in unanswered and each.cause is Cause.ISSUE
        ]
        without = {each.label for each in stay}
        after += stay
        after += [
            known.get((each.target, each.cause, each.issue, each.label), each)
            for each in told
            if not (each.cause is Cause.UNANSWERED and each.label in without)
        ]
    if set(after) == set(before):
        return None
    return Edit(
        event=_told(view, before, after, now),
        header=replace(view.header, freezes=(*_ordered(view.header, now), *after)),
    )


def _told(view: View, before: Iterable[Freeze], after: Iterable[Freeze], now: datetime) -> Event:
    new = [each for each in after if each not in before]
    if new:
        first = Frozen(Branch(new[0].target), new[0].reason, None, "UTC", freeze=new[0])
        return Event("tree_closed", as_line(frozen_words(first)))
    gone = [each for each in before if each not in after]
    why = f": {gone[0].issue} is closed" if gone[0].issue else ""
    return Event("tree_opened", as_line(f"{gone[0].target} is open again{why}"))


def _ordered(header: QueueHeader, now: datetime) -> tuple[Freeze, ...]:
    """What people ordered and what has not ended."""
    return tuple(
        each
        for each in header.freezes
        if each.cause is Cause.ORDERED and not is_over(each.until, now)
    )


def _closing(header: QueueHeader) -> tuple[Freeze, ...]:
    """What issues closed, and what nobody knows."""
    return tuple(each for each in header.freezes if each.cause is not Cause.ORDERED)
