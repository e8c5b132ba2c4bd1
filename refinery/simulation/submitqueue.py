"""Uber's SubmitQueue as its paper describes it (Ananthanarayanan et al., EuroSys 2019).

A build tests one change on top of those ahead of it that are assumed to succeed.  The workers take
the builds that are most likely to be needed, over all changes and all assumptions; a build that is
not among them any more is stopped.
"""

from __future__ import annotations

from bisect import insort
from heapq import heapify, heappop, heappush
from math import log
from typing import NamedTuple

from refinery.simulation.trace import Trace
from refinery.simulation.world import Build, World

PASSED_BEFORE = 0.995
REPLAN = 0.5  # minutes between two plans while nothing was decided


class Wanted(NamedTuple):
    """A build: the change, and those ahead that are assumed to land before it."""

    change: int
    assumed: frozenset[int]


class SubmitQueue:
    """Changes are decided in the order they came in."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.builds: dict[Build, int] = {}
        self.results: dict[int, list[tuple[Build, bool]]] = {}
        self.retried: set[int] = set()
        self.planned_at = -1.0
        self.decided_or_came = True

    def arrived(self, change: int) -> None:
        """It is pending."""
        self.results[change] = []
        self.decided_or_came = True

    def ended(self, build: Build, *, passed: bool) -> None:
        """The result holds for one set of assumptions."""
        self.results[self.builds.pop(build)].append((build, passed))

    def decide(self) -> None:
        """Decide what is known, then run what is most likely needed."""
        self._resolve()
        recent = self.world.now < self.planned_at + REPLAN
        if recent and self.builds and not self.decided_or_came:
            return
        self.planned_at, self.decided_or_came = self.world.now, False
        wanted = self._most_needed()
        keep = set(wanted)
        for build in [*self.builds]:
            asked = self._asks(build)
            if asked in keep:
                keep.remove(asked)
            else:
                del self.builds[build]
                self.world.cancel(build)
        for each in wanted:
            if each in keep and self.world.free > 0:
                build = self.world.start((*sorted(each.assumed), each.change))
                self.builds[build] = each.change

    def _resolve(self) -> None:
        while self.world.pending:
            first = next(iter(self.world.pending))
            known = [
                passed
                for build, passed in self.results[first]
                if self._asks(build).assumed == set()
            ]
            if not known:
                return
            flaky = bool(self.world.trace.setting.flake)
            if known[-1]:
                self.world.land((first,))
            elif flaky and first not in self.retried:
                self.retried.add(first)
                self.results[first] = []
                return
            else:
                self.world.refuse(first)
            del self.results[first]
            self.decided_or_came = True

    def _asks(self, build: Build) -> Wanted:
        """What a build answers today; an assumption that proved wrong stands as the change -1."""
        *ahead, change = build.members
        landed = frozenset(self.world.landed[build.base :])
        assumed = frozenset(ahead)
        left = assumed - landed
        if not landed <= assumed or not left <= self.world.pending.keys():
            return Wanted(change, frozenset({-1}))
        return Wanted(change, left)

    def _beliefs(self) -> dict[int, float]:
        beliefs: dict[int, float] = {}
        for change in self.world.pending:
            belief = self.world.trace.arrivals[change].belief
            results = self.results[change]
            if any(passed for _, passed in results):
                belief = max(belief, PASSED_BEFORE)
            for build, passed in results:
                asked = self._asks(build)
                if passed or -1 in asked.assumed:
                    continue
                fine = 1.0
                for each in asked.assumed:
                    fine *= beliefs[each]
                belief = belief * (1 - fine) / max(1e-9, 1 - belief * fine)
            beliefs[change] = min(1 - 1e-6, max(1e-6, belief))
        return beliefs

    def _most_needed(self) -> list[Wanted]:
        """As many as there are workers; best first over all changes and sets of assumptions."""
        beliefs = self._beliefs()
        trace = self.world.trace
        search = _Search(beliefs, trace)
        known = {
            change: {self._asks(build).assumed for build, _ in self.results[change]}
            for change in beliefs
        }
        wanted: list[Wanted] = []
        tries = 6 * trace.setting.workers + 50
        while len(wanted) < trace.setting.workers and tries > 0:
            tries -= 1
            found = search.next()
            if found is None:
                break
            if found.assumed not in known[found.change] and _can_be_built(found, trace):
                wanted.append(found)
        return wanted


def _can_be_built(wanted: Wanted, trace: Trace) -> bool:
    """Whether no two of its changes conflict; one that conflicts with those ahead waits."""
    if not trace.setting.conflict:
        return True
    members = [*wanted.assumed, wanted.change]
    return not any(trace.clash(each, members[:place]) for place, each in enumerate(members))


class _Search:
    """All builds there could be, likeliest first, made as they are asked for.

    The likeliest assumption about those ahead takes each as it is likelier; the others follow by
    turning some round, the most doubtful first.
    """

    def __init__(self, beliefs: dict[int, float], trace: Trace) -> None:
        self.changes = list(beliefs)
        self.likely: list[int] = []
        for each in self.changes:
            if beliefs[each] >= 0.5 and not trace.clash(each, self.likely):
                self.likely.append(each)
        self.heap: list[tuple[float, int, tuple[int, ...]]] = []
        score = 0.0
        doubts: list[tuple[float, int]] = []
        for place, change in enumerate(self.changes):
            self.heap.append((-score, place, ()))
            belief = beliefs[change]
            score += log(max(belief, 1 - belief))
            insort(doubts, (log(max(belief, 1 - belief) / min(belief, 1 - belief)), change))
        self.by_doubt = doubts
        heapify(self.heap)

    def next(self) -> Wanted | None:
        """The likeliest that was not given out yet."""
        if not self.heap:
            return None
        minus, place, turned = heappop(self.heap)
        self._push_after(minus, place, turned)
        change = self.changes[place]
        assumed = {each for each in self.likely if each < change}
        ahead = self._ahead(place)
        assumed.symmetric_difference_update(ahead[each][1] for each in turned)
        return Wanted(change, frozenset(assumed))

    def _ahead(self, place: int) -> list[tuple[float, int]]:
        """Those ahead of a place, the most doubtful first."""
        change = self.changes[place]
        return [each for each in self.by_doubt if each[1] < change]

    def _push_after(self, minus: float, place: int, turned: tuple[int, ...]) -> None:
        """The next sets of turned assumptions: one more, or the last one exchanged."""
        ahead = self._ahead(place)
        if not turned:
            if ahead:
                heappush(self.heap, (minus + ahead[0][0], place, (0,)))
            return
        last = turned[-1]
        if last + 1 < len(ahead):
            more = ahead[last + 1][0]
            heappush(self.heap, (minus + more, place, (*turned, last + 1)))
            changed = (*turned[:-1], last + 1)
            heappush(self.heap, (minus + more - ahead[last][0], place, changed))
