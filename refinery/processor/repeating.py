"""Says what stays as it is once: a trouble or a wait is told again only after it was gone."""

from __future__ import annotations

from refinery.engine.happenings import (
    Chosen,
    Happening,
    StaysBlocked,
    Tell,
    Tested,
    Trouble,
    Waiting,
)
from refinery.records.verdict import Result

_LASTING = (Trouble, Waiting, StaysBlocked)


class Unrepeated:
    """Between a watch, whose passes mostly find the same, and whoever listens to it.

    A pass that tries again what ended in trouble is told of once it comes to anything else.
    """

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._before: set[Happening] = set()
        self._now: set[Happening] = set()
        self._tries_again = False
        self._held: list[Happening] = []

    def __call__(self, happening: Happening) -> None:
        """Tell it, unless this pass or the last one has found the same."""
        if isinstance(happening, _LASTING):
            is_known = happening in self._before or happening in self._now
            self._now.add(happening)
            if is_known:
                return
        elif self._tries_again and _is_only_a_try(happening):
            self._held.append(happening)
            return
        else:  # something was done: to have nothing more to do is news again
            self._before = {each for each in self._before if not isinstance(each, Waiting)}
            self._now = {each for each in self._now if not isinstance(each, Waiting)}
        self._tries_again = False
        for each in (*self._held, happening):
            self._tell(each)
        self._held.clear()

    def passed(self, *, in_trouble: bool) -> None:
        """A pass is over: what it did not find again is gone."""
        self._before, self._now = self._now, set()
        self._tries_again = in_trouble
        self._held.clear()


def _is_only_a_try(happening: Happening) -> bool:
    if isinstance(happening, Tested):
        return happening.verdict.result is Result.ERROR
    return isinstance(happening, Chosen)
