"""How soon a queue is looked at again: often while something happens, rarely while it is quiet."""

from __future__ import annotations

from refinery.values import dataclass

QUIET_SHARE = 10  # after ten quiet minutes it is looked at each minute, so waiting adds a tenth
COST_SHARE = 20  # looks that take long are made so rarely that they take a twentieth of the time
LONGEST_FOR_COST = 60.0
LONGEST_AWAY = 60.0  # a remote that is back is noticed within this


@dataclass(frozen=True, slots=True)
class Pauses:
    """Seconds between looks: `every` while something happens, growing up to `longest`."""

    every: float
    longest: float

    def after(self, quiet: float, *, cost: float = 0.0) -> float:
        """When nothing has happened for so many seconds, and the last look took `cost`."""
        dear = min(LONGEST_FOR_COST, cost * COST_SHARE)
        return max(self.every, min(self.longest, quiet / QUIET_SHARE), dear)

    def after_trouble(self, tries: int, *, longest: float = LONGEST_AWAY) -> float:
        """After so many tries in vain."""
        return max(self.every, min(longest, self.every * 2.0 ** min(tries, 16)))
