"""Waits for a merge request: polls with growing pauses, and outlasts a remote that is away."""

from __future__ import annotations

import time
from collections.abc import Callable

from refinery.answers.finding import find, newest_revision
from refinery.app import Queue
from refinery.errors import TryAgain
from refinery.queue.ending import Ending, Goal, ending
from refinery.queue.standing import Code, standing
from refinery.records.merge_request import MergeRequest
from refinery.store.view import View
from refinery.values import dataclass

GROWTH = 1.5
MOST_INTERVALS = 8


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest revision as it was at the last look; `ending` is None while it goes on."""

    view: View
    mr: MergeRequest
    code: Code
    ending: Ending | None


@dataclass(frozen=True, slots=True)
class Away:
    """The remote did not answer."""

    words: str


Look = Seen | Away


@dataclass(slots=True)
class Waiting:
    """How to wait; clock and pause are the caller's, so that nothing has to take time."""

    goal: Goal
    timeout: float | None
    interval: float
    tell: Callable[[Look], None] = lambda _: None
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def until_ended(self, queue: Queue, id: str) -> Look:
        """The look at which it had ended, or the last one before the time was up."""
        deadline = None if self.timeout is None else self.clock() + self.timeout
        pause = self.interval
        before: Look | None = None
        while True:
            now = look(queue, id, self.goal)
            if isinstance(now, Seen):
                id = now.mr.id
                if now.ending is not None:
                    return now
            left = None if deadline is None else deadline - self.clock()
            if left is not None and left <= 0:
                return now
            if _is_news(before, now):
                self.tell(now)
                pause = self.interval
            before = now
            self.pause(pause if left is None else min(pause, left))
            pause = min(pause * GROWTH, self.interval * MOST_INTERVALS)


def look(queue: Queue, id: str, goal: Goal) -> Look:
    """How the newest revision of a merge request stands now."""
    try:
        view = queue.view()
        mr = newest_revision(queue, view, find(queue, view, id))
    except TryAgain as error:
        return Away(error.message)
    now = queue.now()
    return Seen(view, mr, standing(view, mr, now).code, ending(view, mr, goal, now))


def _is_news(before: Look | None, now: Look) -> bool:
    if isinstance(before, Seen) and isinstance(now, Seen):
        return (before.mr.id, before.code) != (now.mr.id, now.code)
    return type(before) is not type(now)
