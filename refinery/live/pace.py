"""How soon the live view looks at the remote again: often while something happens, else rarely."""

from __future__ import annotations

from refinery.values import dataclass, replace

IDLE_AFTER = 60.0  # seconds without news until the looks become rarer
IDLE_MOST = 30.0
TROUBLED_MOST = 60.0
COST_MOST = 0.05  # share of the time that may be spent on looking


@dataclass(frozen=True, slots=True)
class Pace:
    """What the next pause depends on, in seconds.

    `quiet` since there was news, `cost` of the last look, `troubles` in a row.
    """

    every: float
    quiet: float = 0.0
    cost: float = 0.0
    troubles: int = 0

    @property
    def pause(self) -> float:
        """Seconds until the next look."""
        if self.troubles:
            return max(self.every, min(TROUBLED_MOST, self.every * 2.0 ** min(self.troubles, 6)))
        rest = max(0.0, self.quiet - IDLE_AFTER)
        idle = min(max(IDLE_MOST, self.every), self.every + rest / 10)
        return max(idle, min(TROUBLED_MOST, self.cost / COST_MOST))

    def went_well(self, cost: float, *, news: bool, waited: float) -> Pace:
        """After a look that took `cost` and came `waited` after the one before."""
        quiet = 0.0 if news else self.quiet + waited
        return replace(self, quiet=quiet, cost=cost, troubles=0)

    def failed(self) -> Pace:
        """After a look that found nothing out."""
        return replace(self, troubles=self.troubles + 1)

    def awake(self) -> Pace:
        """After somebody pressed a key."""
        return replace(self, quiet=0.0)
