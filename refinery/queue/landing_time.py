"""A landing time: a range, or an honest no."""

from __future__ import annotations

from datetime import datetime, timedelta

from refinery.values import dataclass

LONGEST = timedelta(days=365).total_seconds()


@dataclass(frozen=True, slots=True)
class LandingTime:
    """When it lands, if it does without help: seconds from `at`; half of all are there by `median`.

    Half of all land within `half`, nine in ten within `most`.  `chance` is how likely it is fine by
    itself, `seen` how many landings stand behind all this.
    """

    at: datetime
    median: float
    half: tuple[float, float]
    most: tuple[float, float]
    chance: float
    seen: int

    @property
    def expected_at(self) -> datetime:
        """The instant of the median."""
        return self.at + timedelta(seconds=self.median)

    @property
    def range_at(self) -> tuple[datetime, datetime]:
        """The instants between which nine in ten land."""
        return self.at + timedelta(seconds=self.most[0]), self.at + timedelta(seconds=self.most[1])


@dataclass(frozen=True, slots=True)
class NoLandingTime:
    """Nothing honest can be said, and why, in words."""

    words: str


Estimate = LandingTime | NoLandingTime
