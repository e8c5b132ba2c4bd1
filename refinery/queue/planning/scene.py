"""The facts as the rules want to see them: what is running, what it covers, and who is left.

A scene is the planner's own scratch pad: when a candidate is chosen it is put down as running, so
that the next choice is what the next free worker would choose.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from math import log
from typing import NamedTuple

from refinery.queue.planning.facts import (
    LANDS_IN_LINE,
    Candidate,
    Change,
    Facts,
    Purpose,
    Running,
)
from refinery.queue.planning.odds import Odds
from refinery.records.names import MrId

LIKELY = 0.35  # a line below this is not built upon
SURE = 0.9  # a line above this is taken as landed
OWN_GAIN = 5.0  # what its place in a line is worth to a change, in places of those behind it
TOO_LONG = 8.0  # runs; who waits longer does not give way to everybody any more
UNFAIR = 2.0  # times what others wait
SOONEST = 0.08  # of a run: nobody knows when a late one ends


class Build(NamedTuple):
    """A running candidate: who of it still waits, whether it can land as tested, and its chance.

    A build is in line when its pass is what others wait for: it can land, and was meant to.
    """

    members: frozenset[MrId]
    running: Running
    fresh: bool
    in_line: bool
    chance: float


class Line(NamedTuple):
    """Members of a running build that others may be put on, and the chance that it passes."""

    members: frozenset[MrId] = frozenset()
    chance: float = 1.0


class Scene:
    """One instant, and the candidates chosen at it so far."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.changes: dict[MrId, Change] = {each.id: each for each in facts.pending}
        self.ids = frozenset(self.changes)
        self.place = {each.id: place for place, each in enumerate(facts.pending)}
        self.odds = Odds(facts)
        self.builds = [self._build(each) for each in facts.running]
        self.under_test: set[MrId] = set()
        self.under_test.update(*(each.members for each in self.builds))
        self._redraw()

    def take(self, candidate: Candidate) -> None:
        """Put the candidate down as running from now on."""
        facts = self.facts
        build = self._build(Running(candidate.members, facts.head, facts.now, candidate.purpose))
        self.builds.append(build)
        self.under_test |= build.members
        self._redraw()

    @property
    def free(self) -> int:
        """How many workers have nothing to do, the one that asks among them."""
        return max(1, self.facts.workers - len(self.builds))

    @cached_property
    def beginnable(self) -> list[MrId]:
        """Whose test may begin, if it has not; in order."""
        return [id for id in self.changes if id not in self.facts.kept_back]

    @cached_property
    def least_belief(self) -> float:
        """Below it a change on a line costs those who come behind more than it gains itself.

        It lands one run sooner if it is fine; each who was put on top of it, one run later if not.
        As many come behind as came within the last run, and as fit on a line of usual ones.
        """
        pending, rates = self.facts.pending, self.facts.rates
        lately = sum(self.facts.now - each.since < rates.minutes for each in pending)
        usual = sorted(each.belief for each in pending)[len(pending) // 2]
        behind = min(lately, log(LIKELY) / log(usual)) if usual < 1 else lately
        return behind / (behind + OWN_GAIN)

    def remaining(self, build: Build) -> float:
        """Which part of a usual run is still to come."""
        gone = (self.facts.now - build.running.started) / self.facts.rates.minutes
        return max(SOONEST, 1 - gone)

    def is_running(self, members: frozenset[MrId]) -> bool:
        """Whether somebody tests just these already."""
        return members in self.running_sets

    def untested(self) -> list[MrId]:
        """Nobody tests them, nothing is known of them; in order, but for one place.

        The second belongs to who waits longest, once that is too long: however many better ones
        come, it is in the next candidate or the one after that.
        """
        found = [
            id
            for id in self.beginnable
            if id not in self.under_test
            and id not in self.odds.fine
            and not self.odds.suspected(id)
        ]
        if len(found) > 2:
            longest = self.longest_waiting(found[1:])
            if self.waits_too_long(longest):
                found.remove(longest)
                found.insert(1, longest)
        return found

    def longest_waiting(self, ids: Iterable[MrId]) -> MrId:
        """The first of these to have come."""
        return min(ids, key=lambda id: (self.changes[id].since, self.place[id]))

    def waits_too_long(self, id: MrId) -> bool:
        """Whether it has waited for so many runs, and so much longer than others: it is its turn.

        Where all wait long, who lands alone would make the others' builds stale for nothing.
        """
        waited = self.facts.now - self.changes[id].since
        return waited > max(TOO_LONG * self.facts.rates.minutes, UNFAIR * self._usual_wait)

    @cached_property
    def _usual_wait(self) -> float:
        waits = sorted(self.facts.now - each.since for each in self.changes.values())
        return waits[len(waits) // 2] if waits else 0.0

    def shown_fine(self) -> list[MrId]:
        """Fine by themselves and in nothing that is about to land; in order."""
        return [
            id
            for id in self.changes
            if id in self.odds.fine and id not in self.line_covers and not self.odds.suspected(id)
        ]

    def joins(self, id: MrId, members: frozenset[MrId] | set[MrId]) -> bool:
        """Whether it can be put on these: what it stands on is there, nothing it conflicts with."""
        change = self.changes[id]
        return change.needs <= members and change.clashes.isdisjoint(members)

    def with_needs(self, ids: Iterable[MrId]) -> frozenset[MrId]:
        """The changes and all they stand on, less whoever conflicts with one before it."""
        members: set[MrId] = set()
        for id in ids:
            wanted = {id, *self.changes[id].needs} - members
            if all(self.changes[each].clashes.isdisjoint(members | wanted) for each in wanted):
                members |= wanted
        return frozenset(members)

    def candidate(
        self, members: frozenset[MrId], purpose: Purpose, why: str, on: Line | None = None
    ) -> Candidate:
        """The members in the order of landing: first those that others test too."""
        under = on.members & members if on is not None else frozenset[MrId]()
        order = sorted(members, key=lambda id: (id not in under, self.place[id]))
        return Candidate(tuple(order), purpose, why, assumed=len(under))

    def _build(self, running: Running) -> Build:
        tested = frozenset(running.members)
        members = tested & self.ids
        fresh = self.facts.fits(tested, running.base)
        in_line = fresh and running.purpose in LANDS_IN_LINE
        return Build(members, running, fresh, in_line, self.odds.of(members) if in_line else 0.0)

    def _redraw(self) -> None:
        """The lines of builds on builds: the longest that is sure, the longest that is likely."""
        self.line = sorted(
            (each for each in self.builds if each.in_line), key=lambda each: len(each.members)
        )
        self.running_sets = {each.members for each in self.builds}
        self.line_covers: set[MrId] = set()
        self.line_covers.update(*(each.members for each in self.line))
        self.sure, self.likely = Line(), Line()
        for build in self.line:
            if build.chance >= SURE and self.sure.members <= build.members:
                self.sure = Line(build.members, build.chance)
            if build.chance >= LIKELY and self.likely.members <= build.members:
                self.likely = Line(build.members, build.chance)
