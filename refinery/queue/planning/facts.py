"""Everything the planner may know, as frozen values; all of it follows from the queue's records.

Times are minutes since any fixed instant: only differences are used.  A place on the target is a
number: how many changes had landed.  A commit that came from outside counts as one more, so that
whatever was built before it is out of date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from refinery.records.names import MrId
from refinery.values import StrEnum, dataclass, field


class Purpose(StrEnum):
    """Why a candidate is tested."""

    BASE = "base"  # the target by itself
    CUT = "cut"  # a part of changes that are fine by themselves but failed together
    TRAIN = "train"  # all that is shown fine, to land at once
    CHAIN = "chain"  # untested ones on top of what is likely to land
    SPLIT = "split"  # a part of a set that failed
    SCREEN = "screen"  # untested ones by themselves, to learn which are fine
    HEDGE = "hedge"  # one of a doubtful line by itself, on a worker with nothing better to do


LANDS_IN_LINE = frozenset({Purpose.CUT, Purpose.TRAIN, Purpose.CHAIN})


class Profile(StrEnum):
    """What a project wants most: `fast` spends idle workers, `economy` saves their minutes."""

    DEFAULT = "default"
    FAST = "fast"
    ECONOMY = "economy"


class Health(StrEnum):
    """What the checks said of the target by itself."""

    GREEN = "green"
    UNKNOWN = "unknown"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Change:
    """A merge request that could land; `belief` is the chance that it is fine by itself.

    `needs` are the pending ones it stands on, all of them; `clashes` those it conflicts with in the
    text, which no candidate may hold beside it.
    """

    id: MrId
    belief: float
    since: float
    needs: frozenset[MrId] = frozenset()
    clashes: frozenset[MrId] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """What to test: the head with these members on top, in this order, and why.

    The first `assumed` members are tested by others too, and are likely to have landed when this
    ends; a pass lands whatever of the members has not.  No members: the target itself.
    """

    members: tuple[MrId, ...]
    purpose: Purpose
    why: str
    assumed: int = 0


@dataclass(frozen=True, slots=True)
class Idle:
    """A free worker has nothing to do, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class Running:
    """A candidate that a worker tests now, built at place `base` of the target."""

    members: tuple[MrId, ...]
    base: int
    started: float
    purpose: Purpose
    worker: str = ""


@dataclass(frozen=True, slots=True)
class FailedSet:
    """Members of one candidate that failed, `runs` times, less those that have landed since.

    `since` is the place of the last of those landings: who was shown fine before it is not cleared.
    `again` counts the failing runs of candidates that held these and more: they prove nothing, but
    make it less likely that the first one lied.
    """

    members: frozenset[MrId]
    base: int
    runs: int = 1
    since: int = 0
    again: int = 0


@dataclass(frozen=True, slots=True)
class PassedSet:
    """Members of a candidate that passed at `base` and has not landed."""

    members: tuple[MrId, ...]
    base: int
    purpose: Purpose = Purpose.TRAIN


@dataclass(frozen=True, slots=True)
class Evidence:
    """What verdicts and landings have taught about the pending changes.

    `fine` holds who passed, and the newest place it passed at; `failed` the smallest sets that
    failed; `passed` what could still land as it was tested; `tested` who was in a finished build;
    `overtaken` how often later ones landed ahead of one that had been tested.
    """

    fine: Mapping[MrId, int] = field(default_factory=dict)
    failed: tuple[FailedSet, ...] = ()
    passed: tuple[PassedSet, ...] = ()
    tested: frozenset[MrId] = frozenset()
    overtaken: Mapping[MrId, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rates:
    """What history says of this target: a run's length in minutes, how often a run of a good tree
    fails, and how often two changes that are fine by themselves fail together."""

    minutes: float = 10.0
    flake: float = 0.002
    interaction: float = 0.0001


@dataclass(frozen=True, slots=True)
class Facts:
    """All that planning depends on.

    `pending` is in the order of landing: first who is next, nobody ahead of what it stands on.
    Of those `kept_back` no test begins: enough of the same author are being tested.
    `landed` are the last landings, oldest first, back to the oldest base that still matters; the
    head's place is `head`.  With `confirm` nobody is to blame before a second failing run.
    `units` are the changes that stand for several merge requests, which land together.
    `frozen` is why nothing else of the target may land, in words, if something freezes it.
    """

    pending: tuple[Change, ...]
    workers: int
    now: float
    running: tuple[Running, ...] = ()
    evidence: Evidence = field(default_factory=Evidence)
    landed: tuple[MrId, ...] = ()
    head: int = 0
    rates: Rates = field(default_factory=Rates)
    profile: Profile = Profile.DEFAULT
    health: Health = Health.GREEN
    most: int = 1000
    confirm: bool = False
    frozen: str = ""
    units: Mapping[MrId, tuple[MrId, ...]] = field(default_factory=dict)
    kept_back: frozenset[MrId] = frozenset()

    def whole(self, members: Iterable[MrId]) -> tuple[MrId, ...]:
        """The merge requests that these changes stand for, in their order."""
        return tuple(each for id in members for each in self.units.get(id, (id,)))

    def landed_since(self, base: int) -> tuple[MrId, ...]:
        """What landed after `base`."""
        return self.landed[len(self.landed) - (self.head - base) :] if base < self.head else ()

    def fits(self, members: frozenset[MrId], base: int) -> bool:
        """Whether a tree of these members, built at `base`, holds all that landed since."""
        return members.issuperset(self.landed_since(base))
