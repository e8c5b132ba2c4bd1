"""How freezes look on the terminal: what a target waits for now, and what comes soon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from refinery.cli.output import marked, plain, style
from refinery.looks import STANDINGS
from refinery.queue.freeze_words import coming_words, frozen_words, sentence, way_out
from refinery.queue.freezing import Frozen, next_freeze, target_frozen
from refinery.records.names import Branch
from refinery.records.times import span
from refinery.store.view import View

SOON = timedelta(days=1)


def freeze_lines(view: View, target: Branch, now: datetime) -> Iterator[str]:
    """Nothing where nothing freezes the target within a day."""
    frozen = target_frozen(view, target, now)
    if frozen is not None:
        yield from frozen_lines(frozen, now)
    coming = next_freeze(view, target, now)
    if coming is not None and coming.until is not None and coming.until - now < SOON:
        yield from coming_lines(coming, now)


def frozen_lines(frozen: Frozen, now: datetime) -> Iterator[str]:
    """What freezes it, and how to go on."""
    words = plain(frozen_words(frozen))
    yield f"  {marked(STANDINGS['frozen'], words)}"
    left = f"for another {span((frozen.until - now).total_seconds())}" if frozen.until else ""
    command = way_out(frozen)
    ways = [left, f"to open it now: {plain(command)}" if command else ""]
    told = "; ".join(filter(None, ways))
    if told:
        yield f"    {style(sentence(told), 'dim')}"


def coming_lines(coming: Frozen, now: datetime) -> Iterator[str]:
    """What freezes it soon."""
    assert coming.until is not None
    left = span((coming.until - now).total_seconds())
    words = f"in {left}, {coming.target} {coming_words(coming)}"
    yield f"  {style(sentence(plain(words)), 'dim')}"
