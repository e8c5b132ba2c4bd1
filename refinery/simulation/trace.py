"""A trace: the changes that arrive, and the truth about them that only the simulator knows.

Each policy is run on the same trace.  Whether two changes disagree follows from their numbers and
the seed, so that no table of pairs is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, takewhile
from random import Random

from refinery.values import dataclass, replace

PERSON = "person"
_MASK = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Setting:
    """What a trace is made from; rates are chances, times minutes; `batch` limits a candidate.

    Of all pairs of changes a share `interact` fails together though each is fine by itself, and a
    share `conflict` cannot be merged with each other.  A run takes `duration` minutes in the
    median, and is log-normal with `spread` between `shortest` and `longest`.  `foresight` is how
    well beliefs tell good from bad before any test: 0 not at all, 1 nearly always.  The changes are
    those of so many `agents`, if there are any; besides, a `person` submits so many an hour.
    """

    arrivals: float = 20.0
    workers: int = 4
    changes: int = 700
    duration: float = 10.0
    spread: float = 0.2
    shortest: float = 6.0
    longest: float = 20.0
    fail: float = 0.08
    flake: float = 0.0
    interact: float = 0.0
    conflict: float = 0.0
    batch: int | None = None
    foresight: float = 0.0
    seed: int = 1
    agents: int = 0
    person: float = 0.0


@dataclass(frozen=True, slots=True)
class Arrival:
    """A change: when it came, how long its own build takes, what is believed, and the truth."""

    at: float
    minutes: float
    belief: float
    good: bool
    author: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """Changes in order of arrival, and the setting they were made from."""

    arrivals: tuple[Arrival, ...]
    setting: Setting

    def disagree(self, one: int, other: int) -> bool:
        """Whether two changes, each fine by itself, fail together."""
        return self._chosen(one, other, self.setting.interact, self.setting.seed)

    def clash(self, change: int, others: Iterable[int]) -> bool:
        """Whether a change cannot be merged with one of these."""
        rate, salt = self.setting.conflict, ~self.setting.seed
        return rate > 0 and any(self._chosen(change, other, rate, salt) for other in others)

    def _chosen(self, one: int, other: int, rate: float, salt: int) -> bool:
        return rate > 0 and _hashed(min(one, other), max(one, other), salt) < rate


def synthetic(setting: Setting) -> Trace:
    """A trace with Poisson arrivals."""
    arrivals = _arrivals(Random(f"trace {setting.seed}"), setting, setting.arrivals)
    found = list(islice(arrivals, setting.changes))
    if setting.agents:
        random = Random(f"agents {setting.seed}")
        found = [
            replace(each, author=f"agent-{random.randrange(setting.agents)}") for each in found
        ]
    if not setting.person or not found:
        return Trace(tuple(found), setting)
    theirs = _arrivals(Random(f"person {setting.seed}"), setting, setting.person)
    in_time = takewhile(lambda each: each.at < found[-1].at, theirs)
    return of_arrivals([*found, *(replace(each, author=PERSON) for each in in_time)], setting)


def _arrivals(random: Random, setting: Setting, an_hour: float) -> Iterator[Arrival]:
    at = 0.0
    while True:
        at += random.expovariate(an_hour / 60)
        belief = _belief(random, setting)
        good = random.random() < belief
        told = belief if setting.foresight else 1 - setting.fail
        yield Arrival(at, run_minutes(random, setting), told, good)


def run_minutes(random: Random, setting: Setting) -> float:
    """How long a run takes."""
    minutes = random.lognormvariate(0, setting.spread) * setting.duration
    return min(setting.longest, max(setting.shortest, minutes))


def lasting(setting: Setting, minutes: float) -> Setting:
    """The setting with runs of another length, and the same spread around it."""
    times = minutes / setting.duration
    return replace(
        setting,
        duration=minutes,
        shortest=setting.shortest * times,
        longest=setting.longest * times,
    )


def of_arrivals(arrivals: Sequence[Arrival], setting: Setting) -> Trace:
    """A recorded trace."""
    ordered = tuple(sorted(arrivals, key=lambda each: each.at))
    return Trace(ordered, replace(setting, changes=len(ordered)))


def _belief(random: Random, setting: Setting) -> float:
    """A calibrated forecast: of all with belief b a share b is good."""
    if not setting.foresight or not setting.fail:
        return 1 - setting.fail
    sharpness = max(0.05, 2 * (1 - setting.foresight))
    drawn = random.betavariate((1 - setting.fail) * sharpness, setting.fail * sharpness)
    return min(0.9995, max(0.02, drawn))


def _hashed(one: int, other: int, salt: int) -> float:
    """A number from 0 to 1 that follows from its arguments (the finaliser of MurmurHash3)."""
    mixed = one * 0x9E3779B97F4A7C15 ^ other * 0xC2B2AE3D27D4EB4F ^ (salt + 1) * 0x165667B19E3779F9
    mixed &= _MASK
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        mixed = (mixed ^ mixed >> 33) * factor & _MASK
    return ((mixed ^ mixed >> 33) >> 11) / (1 << 53)
