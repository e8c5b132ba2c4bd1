"""What happened to a queue since it began, as counts that only grow, out of its trail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from refinery.queue.runs import RunId, run_id
from refinery.queue.spending import read_all, taken_in
from refinery.records.verdict import Result
from refinery.store.events import Happened
from refinery.values import dataclass, field

_REMEMBERED = 500  # runs, so that none is counted again when what it tested lands


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of merge requests, and of what the checks cost; `recent` are the last runs seen.

    `failed` counts each time that one was sent back or could not be landed.
    """

    transactions: int = 0
    landed: int = 0
    failed: int = 0
    conflicts: int = 0
    builds: Mapping[Result, int] = field(default_factory=dict)
    seconds: float = 0.0
    abandoned_seconds: float = 0.0
    recent: tuple[RunId, ...] = ()


def added(totals: Totals, events: Iterable[Happened]) -> Totals:
    """The counts after these as well, oldest first."""
    named: Counter[str] = Counter()
    builds = Counter(totals.builds)
    recent = dict.fromkeys(totals.recent)
    events = tuple(events)
    seconds, abandoned = 0.0, 0.0
    for event in events:
        named[event.event] += len(event.mrs)
    for _, spending in (*read_all(events), *taken_in(events)):
        abandoned += spending.abandoned_seconds
        id = run_id(spending)
        if spending.result is not None and id not in recent:
            builds[spending.result] += spending.runs
            seconds += spending.seconds
        if id is not None:
            recent[id] = None
    return Totals(
        transactions=totals.transactions + len(events),
        landed=totals.landed + named["merged"] + named["healed"],
        failed=totals.failed + named["merge_failed"],
        conflicts=totals.conflicts + named["conflict"],
        builds={result: builds[result] for result in Result},
        seconds=totals.seconds + seconds + abandoned,
        abandoned_seconds=totals.abandoned_seconds + abandoned,
        recent=tuple(recent)[-_REMEMBERED:],
    )
