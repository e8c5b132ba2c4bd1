"""Shows each merge request's place and landing time beside its head, as far as that costs nothing.

What came of it is owed by the outbox and never lost.  Places change with every landing, so they are
shown when they change while a run watches: while checks run and after everything else.  What was
shown is remembered by the process only; a run begins with what it finds, and shows what is new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from refinery.config.config import Config
from refinery.engine.engine import Engine
from refinery.engine.happenings import Trouble
from refinery.engine.status_words import head_status
from refinery.errors import RefineryError
from refinery.queue.estimating import Estimate, estimates
from refinery.queue.order import line_for
from refinery.queue.outbox import STATUS
from refinery.queue.pull_requests import HeadStatus
from refinery.queue.standing import Code, standing
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, MrId
from refinery.store.view import View

MOST_PLACES = 50  # of each target: those further behind learn theirs when they come nearer
MOST_A_RUN = 200


def begin(engine: Engine) -> None:
    """Watch from here on; what lies in the inbox is new, and shown once it is folded."""
    showing = engine.showing
    showing.left, showing.away = MOST_A_RUN, False
    if showing.known is None:
        showing.known = dict(_current(engine, engine.view))


def show(engine: Engine, most: int = MOST_A_RUN) -> None:
    """Show what has changed since; trouble ends it for this run, and nothing else."""
    showing = engine.showing
    if showing.known is None or showing.away:
        return
    if showing.seen is not engine.view:
        current = _current(engine, engine.view)
        changed = [(id, each) for id, each in current if showing.known.get(id) != each]
        showing.seen, showing.waiting = engine.view, changed
    for _ in range(min(most, showing.left, len(showing.waiting))):
        id, status = showing.waiting.pop(0)
        showing.left -= 1
        if not _shown(engine, engine.view.mrs[id], status):
            return
        showing.known[id] = status


def meanwhile(engine: Engine, tick: Callable[[], str | None]) -> Callable[[], str | None]:
    """The tick of running checks, which has time to show one of them each time."""

    def ticking() -> str | None:
        why = tick()
        if why is None:
            show(engine, most=1)
        return why

    return ticking


def _shown(engine: Engine, mr: MergeRequest, status: HeadStatus) -> bool:
    try:
        forge = engine.forge
        if forge is not None:
            forge.set_status(mr.head, status)
    except RefineryError as trouble:
        engine.showing.away = True
        engine.tell(Trouble(f"places in the queue are not shown: {trouble.message}"))
        return False
    return True


def _current(engine: Engine, view: View) -> Iterator[tuple[MrId, HeadStatus]]:
    """What the heads of the living are to show; whatever the outbox owes is left to it."""
    now = engine.clock()
    for target in sorted(view.targets):
        config = engine.config_at(view.targets[target], target)
        if config is None or config.forge is None or not config.statuses:
            continue
        line = [mr for mr in line_for(view, target, now, config) if mr.id not in view.unfolded]
        ready = _ready(view, line, now)
        times = _times(_Instant(view, target, config, now))
        for mr in line[:MOST_PLACES]:
            if STATUS not in mr.untold:
                place, time = _place(mr.id, ready), times.get(mr.id)
                status = head_status(mr, standing(view, mr, now), place, time)
                if status is not None:
                    yield mr.id, status


def status_of(engine: Engine, mr: MergeRequest) -> HeadStatus | None:
    """The word on one head as things stand; None where there is nothing to say."""
    now = engine.clock()
    view = engine.view
    config = engine.config_at(view.targets.get(mr.target), mr.target)
    if config is None or mr.closed:
        return head_status(mr, standing(view, mr, now), None)
    ready = _ready(view, line_for(view, mr.target, now, config), now)
    time = _times(_Instant(view, mr.target, config, now)).get(mr.id)
    return head_status(mr, standing(view, mr, now), _place(mr.id, ready), time)


class _Instant:
    """What times are worked out from; equal for the same view, however much time has passed."""

    def __init__(self, view: View, target: Branch, config: Config, now: datetime) -> None:
        self.view, self.target, self.config, self.now = view, target, config, now

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Instant)
            and self.view is other.view
            and (self.target, self.config) == (other.target, other.config)
        )

    def __hash__(self) -> int:
        return hash((id(self.view), self.target))


@lru_cache(maxsize=4)
def _times(at: _Instant) -> Mapping[MrId, Estimate]:
    """Landing times, once for all that are told of one view: many may be owed their first word."""
    return estimates(at.view, at.target, at.config, at.now)


def _ready(view: View, line: Sequence[MergeRequest], now: datetime) -> list[MrId]:
    """Those of a line that nothing keeps from being taken, in its order."""
    return [mr.id for mr in line if standing(view, mr, now).code is Code.READY]


def _place(id: MrId, ready: Sequence[MrId]) -> tuple[int, int] | None:
    return (ready.index(id) + 1, len(ready)) if id in ready else None
