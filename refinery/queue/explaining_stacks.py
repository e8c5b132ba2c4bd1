"""Explains what waits for another: whom exactly, what keeps that one, and how to go on."""

from __future__ import annotations

from datetime import datetime
from shlex import quote

from refinery.queue.freezing import frozen
from refinery.queue.standing import LANDED, Code, Standing, stands_by_itself, stands_for
from refinery.queue.standing_words import held_words
from refinery.queue.units import unit_of
from refinery.records.merge_request import MergeRequest
from refinery.records.names import MrId
from refinery.store.view import View
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Waiting:
    """In words: whom it waits for, why, and the command to run next."""

    words: str
    next: str
    waits_for: MrId


def waiting(
    view: View, mr: MergeRequest, stands: Standing, now: datetime, *, remote: str
) -> Waiting:
    """What is known of one that waits for another merge request."""
    assert stands.dependency is not None
    found = stands_for(view, stands.dependency)
    if found is None:
        words = f"Waits for {stands.dependency}, whose record cannot be read."
        return Waiting(words, "refinery fsck", stands.dependency)
    if stands.code is Code.UNIT_INCOMPLETE:
        return _with_its_unit(view, mr, found, now)
    if stands.code is Code.DEPENDENCY_FAILED:
        return _on_what_ended(mr, found, remote)
    if found.closed:
        words = f"Was to land on {mr.target}, the branch of {found.id}, which has landed"
        return Waiting(f"{words}: it goes on to {found.target}.", "refinery process", found.id)
    return _on_a_stack(view, found, now)


def _on_a_stack(view: View, below: MergeRequest, now: datetime) -> Waiting:
    """Names the one that keeps all above it, however far below."""
    root, steps = root_of(view, below, now)
    why = _kept_by(view, root, now)
    if why is None:
        words = f"Waits until {below.id} ({below.branch}) has landed."
        return Waiting(words, f"refinery why {below.id}", below.id)
    depth = f", {steps} below it" if steps > 1 else ""
    mended = root.failure is not None or root.block is not None
    how = f", as soon as a new revision of {root.branch} has" if mended else " as soon as it has"
    words = (
        f"Waits for {root.id} ({root.branch}){depth}, which {why.rstrip('.')}. "
        f"It goes on by itself{how} landed."
    )
    return Waiting(words, f"refinery why {root.id}", root.id)


def root_of(view: View, below: MergeRequest, now: datetime) -> tuple[MergeRequest, int]:
    """The lowest of a stack that has not landed, and how many steps it is down."""
    root, steps, passed = below, 1, {below.id}
    while True:
        stands = stands_by_itself(view, root, now)
        if stands.dependency is None or stands.code is Code.UNIT_INCOMPLETE:
            return root, steps
        lower = stands_for(view, stands.dependency)
        if lower is None or lower.id in passed or lower.closed:
            return root, steps
        root, steps = lower, steps + 1
        passed.add(root.id)


def _kept_by(view: View, mr: MergeRequest, now: datetime) -> str | None:
    """What keeps one until somebody acts, as the end of a sentence; None: it is on its way."""
    stands = stands_by_itself(view, mr, now)
    match stands.code:
        case Code.NEEDS_REWORK:
            first = mr.failure.message.partition("\n")[0] if mr.failure else ""
            return f"needs rework: {first}" if first else "needs rework"
        case Code.BLOCKED_BY_ISSUE:
            issue = f" ({mr.blocked_by})" if mr.blocked_by else ""
            return f"conflicts with {mr.target}{issue}"
        case Code.HELD:
            return f"is {held_words(mr)}"
        case Code.FROZEN:
            holds = frozen(view, mr, now)
            return f"cannot land while {mr.target} is frozen" if holds else None
        case Code.INTENT:
            return "was announced, but is not pushed yet"
        case Code.DEPENDENCY_FAILED:
            return f"depends on {stands.dependency}, which did not land"
        case Code.UNIT_INCOMPLETE:
            return f"waits for {stands.dependency} of its unit"
        case _:
            return None


def _on_what_ended(mr: MergeRequest, ended: MergeRequest, remote: str) -> Waiting:
    how = ended.close_reason.value if ended.close_reason else "closed"
    why = f": {ended.error.rstrip('.')}" if ended.error else ""
    words = f"It depends on {ended.id}, which ended as {how}{why}."
    if not mr.stands_on or ended.close_reason in LANDED:
        return Waiting(words, f"refinery why {ended.id}", ended.id)
    words += (
        f" Submit {ended.branch} again, and this goes on; or rebase it off those commits and "
        "submit it anew."
    )
    onto = mr.target if remote == "." else f"{remote}/{mr.target}"
    command = f"git rebase --onto {quote(onto)} {ended.head[:12]} {quote(mr.branch)}"
    return Waiting(words, command, ended.id)


def _with_its_unit(view: View, mr: MergeRequest, other: MergeRequest, now: datetime) -> Waiting:
    count = len(unit_of(view, mr))
    why = _kept_by(view, other, now) or _waits(view, other, now)
    words = (
        f"Lands as one of the {count} of unit {mr.unit}, or none of them does: "
        f"{other.id} ({other.branch}) {why.rstrip('.')}."
    )
    return Waiting(words, f"refinery why {other.id}", other.id)


def _waits(view: View, mr: MergeRequest, now: datetime) -> str:
    stands = stands_by_itself(view, mr, now)
    return f"waits for {stands.dependency}" if stands.dependency else "cannot land now"
