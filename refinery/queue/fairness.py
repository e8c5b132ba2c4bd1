"""Whose turn it is: authors and fleets take turns, and a better score is worth some of them.

An author who is in no fleet takes one turn a round, a fleet as many as it weighs; within a fleet
its authors take turns likewise.  First comes whose next one has the smallest of

    turns had + own ones before it / weight - score above the base / points of a turn

where the score counts for no more than `LEAD` turns.  Turns are counted while others wait, and
whoever waits and has had least stands at nothing (`after`), so that nobody saves turns up.

Therefore nothing starves.  Take one that is the first of its author, who has had `had` turns.  As
long as it waits, who goes before it has had at most `had + LEAD` turns; with each landing it has
had 1/weight more, and `had` never grows.  So each other author lands at most `had + LEAD + 1`
before it, and each fleet `weight * (had + LEAD) + 1`, however many of them there are, however
urgent.  Among equal scores it is one for each author and its weight for each fleet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from heapq import heapify, heappop, heapreplace
from typing import NamedTuple

from refinery.config.fairness import Fairness
from refinery.records.header import Turns
from refinery.records.names import Branch, MrId
from refinery.typed import TypeVar
from refinery.values import dataclass

LEAD = 6.0  # turns that a score is worth at most: a better one would starve others
MOST = LEAD + 2  # who is so far behind goes behind everybody anyway
KEPT = 1000  # names of which turns are kept; with more at the same time nothing is promised
_LEAST = 1e-3  # finer ones are not kept in records

Key = TypeVar("Key", bound=Hashable)
Share = tuple[str, str]  # a fleet ("fleet", name), or an author who is in none ("", name)


class Ask(NamedTuple):
    """One that wants to be next; `points` are above the base, and who is unable takes no turn."""

    id: MrId
    author: str
    points: float
    since: float
    able: bool = True

    @property
    def by_score(self) -> tuple[float, float, MrId]:
        """The order without turns: by score, ties by age, then by id."""
        return -self.points, self.since, self.id


@dataclass(frozen=True, slots=True)
class _Line:
    """Those who take turns as one, in their own order."""

    had: float
    weight: int
    asks: Sequence[Ask]


class _Head(NamedTuple):
    """The first of a line, and by what it is compared with others."""

    turn: float
    by_score: tuple[float, float, MrId]
    line: int
    place: int
    before: int


def share_of(author: str, rules: Fairness) -> Share:
    """What the author's merge requests take turns as."""
    fleet = rules.fleet_of(author)
    return ("", author) if fleet is None else ("fleet", fleet.name)


def by_turns(asks: Iterable[Ask], had: Turns, rules: Fairness) -> list[Ask]:
    """Everybody in the order of their turns; those of one author are in the order of score."""
    ordered = sorted(asks, key=lambda each: each.by_score)
    if not rules.points:
        return ordered
    lines = []
    for (kind, name), own in _grouped(ordered, lambda each: share_of(each.author, rules)).items():
        authors = [
            _Line(had.authors.get(author, 0.0), 1, theirs)
            for author, theirs in _grouped(own, lambda each: each.author).items()
        ]
        if kind:
            together = _taking_turns(authors, rules.points)
            authors = [_Line(had.fleets.get(name, 0.0), rules.weight_of(name), together)]
        lines += authors
    return _taking_turns(lines, rules.points)


def after(had: Turns, landed: Iterable[str], waiting: Collection[str], rules: Fairness) -> Turns:
    """The turns had once one of each of these authors has landed, and others wait still."""
    landed = list(landed)
    shares = {author: share_of(author, rules) for author in {*landed, *waiting, *had.authors}}
    among_all: dict[Share, float] = {("fleet", name): turns for name, turns in had.fleets.items()}
    alone = {each: turns for each, turns in had.authors.items() if not shares[each][0]}
    among_all |= {("", author): turns for author, turns in alone.items()}
    top = _counted(
        among_all,
        {
            share: number / (rules.weight_of(share[1]) if share[0] else 1)
            for share, number in Counter(shares[each] for each in landed).items()
        },
        {shares[each] for each in waiting},
    )
    authors = {name: turns for (kind, name), turns in top.items() if not kind}
    for fleet in {share for share in shares.values() if share[0]}:
        authors |= _counted(
            {each: turns for each, turns in had.authors.items() if shares[each] == fleet},
            Counter(each for each in landed if shares[each] == fleet),
            {each for each in waiting if shares[each] == fleet},
        )
    fleets = {name: turns for (kind, name), turns in top.items() if kind}
    return Turns(had.target, dict(sorted(authors.items())), dict(sorted(fleets.items())))


def turns_had(turns: Iterable[Turns], target: Branch) -> Turns:
    """Those of one target."""
    return next((each for each in turns if each.target == target), Turns(target))


def _taking_turns(lines: Sequence[_Line], points: float) -> list[Ask]:
    """The lines merged: only the first of each can be next, and whose turn it is goes first."""
    if len(lines) == 1:
        return list(lines[0].asks)

    def head(number: int, place: int, before: int) -> _Head:
        line = lines[number]
        ask = line.asks[place]
        lead = min(LEAD, max(0.0, ask.points / points))
        turn = line.had + before / line.weight - lead
        return _Head(turn, ask.by_score, number, place, before)

    heads = [head(number, 0, 0) for number in range(len(lines))]
    heapify(heads)
    merged: list[Ask] = []
    while heads:
        first = heads[0]
        asks = lines[first.line].asks
        ask = asks[first.place]
        merged.append(ask)
        if first.place + 1 < len(asks):
            heapreplace(heads, head(first.line, first.place + 1, first.before + ask.able))
        else:
            heappop(heads)
    return merged


def _counted(
    had: Mapping[Key, float], more: Mapping[Key, float], waiting: Collection[Key]
) -> dict[Key, float]:
    """Turns beyond those of whoever waits and has had least; where nobody waits, nobody is behind.

    Of very many names those are kept that are furthest behind.
    """
    if not waiting:
        return {}
    total = Counter(had)
    total.update(more)
    least = min(total[each] for each in waiting)
    behind = {
        name: min(MOST, turns - least) for name, turns in total.items() if turns - least >= _LEAST
    }
    if len(behind) <= KEPT:
        return behind
    furthest = sorted(behind, key=lambda name: (-behind[name], name))
    return {name: behind[name] for name in furthest[:KEPT]}


def _grouped(asks: Iterable[Ask], key: Callable[[Ask], Key]) -> dict[Key, list[Ask]]:
    groups: dict[Key, list[Ask]] = {}
    for each in asks:
        groups.setdefault(key(each), []).append(each)
    return groups
