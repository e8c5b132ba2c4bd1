"""Hotfixes: who asks to land in a freeze, who let it, and what is recorded when it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from refinery.config.freeze import named
from refinery.queue.freeze_words import frozen_words
from refinery.queue.freezing import rules_of, target_frozen
from refinery.queue.operating import Already, Immutable, operation
from refinery.records.fitting import as_line
from refinery.records.merge_request import Allowance, Hotfix, MergeRequest
from refinery.records.names import Branch, MrId
from refinery.store.edit import Edit, Event
from refinery.store.view import View
from refinery.values import dataclass, replace


@dataclass(frozen=True, slots=True)
class MayNot:
    """The configuration of the target does not let this person allow hotfixes."""

    mr: MergeRequest
    person: str
    allowed: tuple[str, ...]


def ask(view: View, id: MrId, *, reason: str, by: str) -> Edit | Immutable | Already:
    """Make one that is queued a hotfix, with the reason why it cannot wait."""
    mr = view.mrs[id]
    if mr.closed:
        return Immutable(mr)
    if mr.hotfix is not None:
        return Already(f"{id} is a hotfix already: {mr.hotfix.reason}")
    event = Event("hotfix", f"{id} asks to pass freezes: {reason}", (id,), by)
    return operation(view, replace(mr, hotfix=Hotfix(reason)), event)


def allow(
    view: View, id: MrId, *, reason: str, by: str, now: datetime
) -> Edit | Immutable | Already | MayNot:
    """Let one pass freezes, whether it asked to or not; the configuration names who may."""
    mr = view.mrs[id]
    if mr.closed:
        return Immutable(mr)
    lane = rules_of(view, mr.target).hotfix
    if not lane.may_allow(by):
        return MayNot(mr, by, lane.allow)
    hotfix = mr.hotfix or Hotfix(reason)
    if hotfix.allowed is not None and lane.may_allow(hotfix.allowed.by):
        return Already(f"{id} was allowed by {hotfix.allowed.by}: {hotfix.allowed.reason}")
    allowed = replace(hotfix, allowed=Allowance(by=by, reason=reason, at=now))
    event = Event("hotfix_allowed", f"let {id} pass freezes: {reason}", (id,), by)
    return operation(view, replace(mr, hotfix=allowed), event)


def revoke(view: View, id: MrId, *, by: str) -> Edit | Immutable | Already:
    """Make it one that waits as all do."""
    mr = view.mrs[id]
    if mr.closed:
        return Immutable(mr)
    if mr.hotfix is None:
        return Already(f"{id} is not a hotfix")
    event = Event("hotfix_revoked", f"{id} passes no freezes any more", (id,), by)
    return operation(view, replace(mr, hotfix=None), event)


def passing(view: View, target: Branch, ids: Sequence[MrId], now: datetime) -> Mapping[str, str]:
    """What the record of a landing says about the freeze that it passed; mostly nothing."""
    freeze = target_frozen(view, target, now)
    if freeze is None:
        return {}
    whose = ", ".join(f"{id} ({_why(view, view.mrs[id])})" for id in ids)
    return {
        "Refinery-Freeze": as_line(frozen_words(freeze)),
        "Refinery-Passed": as_line(whose),
    }


def _why(view: View, mr: MergeRequest) -> str:
    if mr.hotfix is None:
        return "the configuration makes an exception"
    lane = rules_of(view, mr.target).hotfix
    if mr.hotfix.allowed is not None and lane.may_allow(mr.hotfix.allowed.by):
        return f"a hotfix, allowed by {mr.hotfix.allowed.by}"
    return f"a hotfix of {mr.worker}" if named(mr.worker, lane.authors) else "a hotfix"
