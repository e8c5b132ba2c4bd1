"""Freezes: whether a target takes a merge request at an instant, what says no, and until when.

Three things freeze a target: somebody's word (`refinery freeze`), a window of its configuration,
and an open issue with a label that the configuration names.  A hotfix passes all three where the
configuration lets it.  All of it is asked again inside the landing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from refinery.config.freeze import NO_RULES, FreezeRules, named
from refinery.queue.halting import is_over
from refinery.records.header import Cause, Freeze, QueueHeader
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch
from refinery.store.view import View
from refinery.values import dataclass, replace

_MOST_JOINED = 100


@dataclass(frozen=True, slots=True)
class Frozen:
    """What freezes a target at an instant, and until when all that does is over.

    `freeze` is what the queue's header holds; where it is None, `window` is the name of one of the
    configuration.  Without `until` no end is in sight.  Its end is told in `zone`.
    """

    target: Branch
    reason: str
    until: datetime | None
    zone: str
    freeze: Freeze | None = None
    window: str = ""

    @property
    def is_ordered(self) -> bool:
        """Whether somebody ordered it, and can take it back."""
        return self.freeze is not None and self.freeze.cause is Cause.ORDERED


def rules_of(view: View, target: Branch) -> FreezeRules:
    """What the configuration of a target says; nothing where it cannot be read.

    A target whose configuration is broken waits for its repair in any case.
    """
    config = view.config(target)
    return NO_RULES if config is None else config.freeze


def frozen(view: View, mr: MergeRequest, now: datetime) -> Frozen | None:
    """What keeps a merge request from landing at an instant; None: no freeze does."""
    return frozen_by(view.header, rules_of(view, mr.target), mr.target, now, mr)


def target_frozen(view: View, target: Branch, now: datetime) -> Frozen | None:
    """What freezes a target for whoever has no exception."""
    return frozen_by(view.header, rules_of(view, target), target, now)


def frozen_by(
    header: QueueHeader,
    rules: FreezeRules,
    target: Branch,
    now: datetime,
    mr: MergeRequest | None = None,
) -> Frozen | None:
    """As `frozen`, for who has only a header and the rules of a configuration."""
    if not header.freezes and not rules.windows:
        return None
    if mr is not None and passes(mr, rules):
        return None
    found = max(_holding(header, rules, target, now, mr), key=_lasting, default=None)
    return found and replace(found, until=_end(header, rules, target, now, mr))


def passes(mr: MergeRequest, rules: FreezeRules) -> bool:
    """Whether it is a hotfix that may land in a freeze, as the configuration says now."""
    if mr.hotfix is None:
        return False
    if named(mr.worker, rules.hotfix.authors):
        return True
    allowed = mr.hotfix.allowed
    return allowed is not None and rules.hotfix.may_allow(allowed.by)


def next_freeze(view: View, target: Branch, now: datetime) -> Frozen | None:
    """The window that freezes a target next, with `until` as the instant at which it begins."""
    rules = rules_of(view, target)
    windows = rules.windows_of(target)
    if not windows:
        return None
    from refinery.config.windows import held, next_begin

    thawed = _thawed_until(view.header, target, now)
    if thawed is not None:
        window = held(windows, thawed)
        if window is not None:
            return Frozen(target, rules.reason_of(window), thawed, window.zone, window=window.name)
    found = next_begin(windows, thawed or now)
    if found is None:
        return None
    begins, window = found
    return Frozen(target, rules.reason_of(window), begins, window.zone, window=window.name)


def next_change(view: View, now: datetime) -> datetime | None:
    """When the next window of any target begins or ends."""
    moments = [
        each.until
        for target in view.targets
        for each in (target_frozen(view, target, now), next_freeze(view, target, now))
        if each is not None and each.until is not None
    ]
    return min(moments, default=None)


def _holding(
    header: QueueHeader,
    rules: FreezeRules,
    target: Branch,
    now: datetime,
    mr: MergeRequest | None,
) -> Iterator[Frozen]:
    """All that freezes it at an instant, each with its own end."""
    for each in header.freezes:
        if _concerns(each, rules, target, now, mr):
            zone = each.zone or rules.zone
            yield Frozen(target, each.reason, each.until, zone, freeze=each)
    windows = rules.windows_of(target, mr)
    if windows and _thawed_until(header, target, now) is None:
        from refinery.config.windows import held, held_until

        window = held(windows, now)
        if window is not None:
            until = held_until(windows, now)
            yield Frozen(target, rules.reason_of(window), until, window.zone, window=window.name)


def _concerns(
    freeze: Freeze, rules: FreezeRules, target: Branch, now: datetime, mr: MergeRequest | None
) -> bool:
    if is_over(freeze.until, now) or not _fits(freeze.target, target):
        return False
    if mr is None or freeze.label is None:
        return True
    return not rules.is_exempt_from(freeze.label, target, mr)


def _fits(pattern: str, target: Branch) -> bool:
    if pattern == target:
        return True
    from refinery.config.patterns import fits

    return fits(pattern, target)


def _thawed_until(header: QueueHeader, target: Branch, now: datetime) -> datetime | None:
    """Until when its windows do not count, if they do not now."""
    ends = (each.until for each in header.thaws if _fits(each.target, target) and each.until > now)
    return max(ends, default=None)


def _lasting(found: Frozen) -> tuple[bool, datetime]:
    """Later for what lasts longer; of two without an end, the first is as good."""
    return (found.until is None, found.until or datetime.max)


def _end(
    header: QueueHeader,
    rules: FreezeRules,
    target: Branch,
    now: datetime,
    mr: MergeRequest | None,
) -> datetime | None:
    """When nothing of all this holds any more: what begins before the rest ends is part of it."""
    for _ in range(_MOST_JOINED):
        ends = [each.until for each in _holding(header, rules, target, now, mr)]
        if not ends:
            return now
        known = [end for end in ends if end is not None]
        if len(known) < len(ends):
            return None
        now = max(known)
    return None
