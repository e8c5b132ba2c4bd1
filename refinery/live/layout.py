"""How the panels share the screen: what is tested and what ended get what they need."""

from __future__ import annotations

from refinery.values import dataclass

WIDE = 150  # columns: from here on two panels stand beside each other
_LEAST_QUEUE = 4
_LEAST_ENDED = 3
_MOST_OUTPUT = 16  # more lines that a candidate whose output is known can use


@dataclass(frozen=True, slots=True)
class Heights:
    """Lines for each panel, its title included; 0: it is not shown."""

    running: int
    queue: int
    ended: int


def heights(room: int, *, runs: int, here: int, waiting: int, ended: int, wide: bool) -> Heights:
    """For `room` lines; the others are how many items there are, `here` the runs with output."""
    output = _MOST_OUTPUT * here
    if wide:
        upper = min(2 * room // 3, 1 + max(1, 2 * runs + output))
        lower = min(1 + max(1, ended), room - upper)
        return Heights(room - lower, room, lower)
    if room < 2 * _LEAST_QUEUE:
        return Heights(0, room, 0)
    running = 1 + min(max(1, 2 * runs), max(2, room // 4))
    if room - running < _LEAST_QUEUE + _LEAST_ENDED:
        return Heights(running, max(1, room - running), 0)
    left = room - running
    spare = max(_LEAST_ENDED, left - 1 - waiting, left // 4)
    lower = min(1 + max(1, ended), spare, left - _LEAST_QUEUE)
    running += max(0, min(left - lower - (1 + waiting), output))
    return Heights(running, room - running - lower, lower)
