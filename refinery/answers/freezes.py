"""What `--json` says of the freezes of a target: what holds now, and which window comes next."""

from __future__ import annotations

from datetime import datetime

from refinery.queue.freeze_words import frozen_words, way_out
from refinery.queue.freezing import Frozen, next_freeze, target_frozen
from refinery.records.names import Branch
from refinery.records.times import format_time
from refinery.store.view import View
from refinery.typed import Any


def freezes(view: View, target: Branch, now: datetime) -> dict[str, Any] | None:
    """Nothing for a target that nothing freezes, now or as far as a window is seen ahead."""
    now_frozen, coming = target_frozen(view, target, now), next_freeze(view, target, now)
    if now_frozen is None and coming is None:
        return None
    return {
        "target": target,
        "frozen": None if now_frozen is None else document(now_frozen),
        "next": None if coming is None else _coming(coming),
    }


def document(frozen: Frozen) -> dict[str, Any]:
    """What freezes a target at an instant."""
    freeze = frozen.freeze
    return {
        "cause": "window" if freeze is None else freeze.cause.value,
        "by": frozen.window if freeze is None else freeze.by,
        "reason": frozen.reason,
        "since": None if freeze is None else format_time(freeze.at),
        "until": format_time(frozen.until) if frozen.until else None,
        "issue": None if freeze is None else freeze.issue,
        "words": frozen_words(frozen),
        "next": way_out(frozen),
    }


def _coming(coming: Frozen) -> dict[str, Any]:
    return {
        "window": coming.window,
        "reason": coming.reason,
        "begins": format_time(coming.until) if coming.until else None,
    }
