"""Whether a freeze forbids a landing, as the server knows it: its clock, the records before it."""

from __future__ import annotations

from refinery.config.config import FILE, parse
from refinery.config.freeze import NO_RULES, FreezeRules
from refinery.queue.freeze_words import frozen_words
from refinery.queue.freezing import frozen_by
from refinery.queue.halting import is_over
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Sha
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.hooks.guard import Guard


def stopped(guard: Guard, mr: MergeRequest, base: Sha) -> str | None:
    """Why it may not land now: held, or its target frozen by what was there before this push.

    What comes with the very push that lands, a thaw or an allowance, counts for the next one.
    """
    if mr.hold is not None and not is_over(mr.hold.until, guard.now):
        return f"{mr.id} is held by {mr.hold.by}: {mr.hold.reason}"
    header = guard.change.header_before
    if header is None:
        return None
    frozen = frozen_by(header, _rules(guard, base), mr.target, guard.now, mr)
    return None if frozen is None else f"{mr.id} may not land: {frozen_words(frozen)}"


def _rules(guard: Guard, base: Sha) -> FreezeRules:
    data = guard.repo.reader.blob(f"{base}:{FILE}")
    return NO_RULES if data is None else parse(data, where=FILE).freeze
