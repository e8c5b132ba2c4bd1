"""The worlds that are explored: who works on what, and what happens to them meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from refinery.records.merge_request import MergeRequest
from tests.decisions.makers import an_id
from tests.model.explorer import Explored, Tell, explore
from tests.model.promises import promises
from tests.model.protocol import Protocol
from tests.model.world import State, Truth, begin

ONE_AT_A_TIME = (
    ("crash",),
    ("unheard",),
    ("torn",),
    ("time",),
    ("half",),
    ("push",),
    ("revise b",),
    ("submit c",),
    ("hold b",),
    ("reject a",),
    ("pause", "resume"),
)
ALL_AT_ONCE = (
    ("torn", "unheard"),
    ("crash", "time"),
    ("crash", "torn"),
    ("reject a", "hold b"),
)

Fates = set[tuple[str, ...]]


@dataclass(frozen=True)
class World:
    """So many merge requests (a, b, c, ...) and workers; letters say who is bad or clashes.

    The rest is what `Protocol` and `begin` ask for.
    """

    count: int
    workers: int
    outside: tuple[str, ...] = ()
    bad: str = ""
    disagree: str = ""
    clash: str = ""
    folded: bool = True
    archives: bool = False
    scatter: bool = False
    stepwise: bool = False

    def __str__(self) -> str:
        """In a word or two, as a test is called."""
        flags = [name for name in ("scatter", "archives") if getattr(self, name)]
        told = [
            f"{name} {word}"
            for name in ("bad", "disagree", "clash")
            if (word := getattr(self, name))
        ]
        told += flags + ([] if self.folded else ["unfolded"])
        return ", ".join([f"{self.workers} workers x {self.count}", *self.outside, *told])

    @property
    def truth(self) -> Truth:
        return Truth(
            bad=frozenset(map(an_id, self.bad)),
            disagree=_pairs(self.disagree),
            clash=_pairs(self.clash),
        )

    def explored(
        self,
        *,
        most: int | None = None,
        tell: Tell | None = None,
        until: Callable[[State], bool] | None = None,
    ) -> Explored:
        """All that can happen in it; a violation shows the way to the first end of a kind."""
        protocol = Protocol(
            self.truth,
            workers=self.workers,
            scatter=self.scatter,
            stepwise=self.stepwise,
            archives=self.archives,
        )
        first = begin(
            self.count,
            self.workers,
            outside=self.outside,
            folded=self.folded,
            named=self.stepwise,
        )
        return explore(protocol, first, promises(self.truth), most=most, tell=tell, until=until)


def _pairs(letters: str) -> frozenset[frozenset[Any]]:
    return frozenset({frozenset(map(an_id, letters))}) if letters else frozenset()


def fates(end: State) -> tuple[str, ...]:
    """How each stands where nobody has anything left to do, in the order of the ids."""
    found = {mr.id: mr for mr in end.archived} | dict(end.remote.view.mrs)
    return tuple(_fate(mr) for _, mr in sorted(found.items()))


def _fate(mr: MergeRequest) -> str:
    if mr.close_reason is not None:
        return str(mr.close_reason.value)
    if mr.failure is not None:
        return "refused"
    return "held" if mr.hold else "blocked" if mr.block else "waiting"


def all_fates(found: Explored) -> Fates:
    """The different ways in which it can end."""
    assert found.ends
    return {fates(end) for end in found.ends}


def ends_of(found: Explored) -> set[tuple[object, ...]]:
    """What is left in the end: what landed in which order, how each stands, what lies about."""
    return {
        (end.landed, fates(end), frozenset(end.remote.view.claims), end.left, end.issues)
        for end in found.ends
    }


MOST = 2_000_000  # states; more would take too much memory
THREE_BY_THREE = (
    World(3, 3),
    *(World(3, 3, bad=each) for each in "abc"),
    *(World(3, 3, each, bad="c") for each in ONE_AT_A_TIME if each != ("submit c",)),
    World(3, 3, folded=False, bad="c"),
    World(3, 3, archives=True, bad="c"),
    World(3, 3, ("close", "revise b"), clash="ab", bad="c"),
)
ALL_TOGETHER = World(3, 2, ("crash", "torn", "unheard"), bad="c")
