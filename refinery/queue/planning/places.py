"""Places on a target: how far along each commit stands that a candidate was built on.

A place is the number of changes landed, counted from the oldest landing that the view still holds.
A commit that no landing made counts as one change that nobody knows: whatever was built before it
can not land as it was tested.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from refinery.records.merge_request import Landing
from refinery.records.names import Branch, MrId, Sha
from refinery.store.view import View
from refinery.values import dataclass

UNKNOWN = 0  # the place of a commit that the view tells nothing about


@dataclass(frozen=True, slots=True)
class Step:
    """One landing: what landed, when, and the head's place after it."""

    members: tuple[MrId, ...]
    head: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Places:
    """`landed` are all changes up to `head`; the first stands for all that came before."""

    landed: tuple[MrId, ...]
    landings: tuple[Step, ...]
    by_commit: Mapping[Sha, int]

    @property
    def head(self) -> int:
        """The place of the target's tip."""
        return len(self.landed)

    def of(self, commit: Sha) -> int:
        """The place of a commit of the target."""
        return self.by_commit.get(commit, UNKNOWN)


def places_of(view: View, target: Branch) -> Places:
    """The places as the landings in the view tell them, oldest first."""
    by_commit: dict[Sha, int] = {}
    landed: list[MrId] = []
    steps: list[Step] = []

    def stand_on(commit: Sha) -> None:
        """Nobody knows how the target came to this commit, unless the last landing made it."""
        if by_commit.get(commit) != len(landed) or not landed:
            landed.append(MrId(f"outside {commit}"))
            by_commit[commit] = len(landed)

    for at, landing in _landings(view, target):
        stand_on(landing.base)
        landed += landing.candidate
        by_commit[landing.merged_as or landing.commit] = len(landed)
        steps.append(Step(landing.candidate, len(landed), at))
    if target in view.targets:
        stand_on(view.targets[target])
    return Places(tuple(landed), tuple(steps), by_commit)


def _landings(view: View, target: Branch) -> list[tuple[datetime, Landing]]:
    """One for each candidate that landed, in the order in which they did."""
    found = {
        mr.landing.commit: (mr.closed_at, mr.landing)
        for mr in view.mrs.values()
        if mr.target == target and mr.landing is not None and mr.closed_at is not None
    }
    return _chained(sorted(found.values(), key=lambda each: (each[0], each[1].commit)))


def _chained(landings: list[tuple[datetime, Landing]]) -> list[tuple[datetime, Landing]]:
    """Workers' clocks differ: a landing never comes before the one that it was built on."""
    by_result = {each.merged_as or each.commit: (at, each) for at, each in landings}
    ordered: dict[Sha, tuple[datetime, Landing]] = {}
    for _, landing in landings:
        run: list[tuple[datetime, Landing]] = []
        result: Sha | None = landing.merged_as or landing.commit
        while result is not None and result in by_result and result not in ordered:
            run.append(by_result.pop(result))
            result = run[-1][1].base
        for at, each in reversed(run):
            ordered[each.merged_as or each.commit] = (at, each)
    return list(ordered.values())
