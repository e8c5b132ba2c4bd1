"""What was learned so far: of news that mostly are those of the last time, only the rest is folded.

A worker asks for the facts many times a candidate, and each time nearly all news are known.  What
comes out is what folding all of it gives; only the time differs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from refinery.queue.planning.facts import Evidence
from refinery.queue.planning.learn import Landed, News, apply
from refinery.records.names import MrId
from refinery.values import dataclass, field, replace

MOST_KEPT = 32  # a verdict that comes late is put in before those of later places

Overtaken = Callable[[Landed, frozenset[MrId]], tuple[MrId, ...]]
"""Whom a landing went past, of those that are tested."""


@dataclass(frozen=True, slots=True)
class Point:
    """How far it came: the evidence, and who had landed by then."""

    evidence: Evidence = field(default_factory=Evidence)
    landed: frozenset[MrId] = frozenset()


@dataclass(slots=True)
class Learned:
    """The news of the last time, and the evidence after each of the last ones."""

    _news: Sequence[News] = ()
    _points: dict[int, Point] = field(default_factory=dict)
    _unknown: frozenset[MrId] = frozenset()

    def after(
        self, news: Sequence[News], overtaken: Overtaken, *, unknown: frozenset[MrId] = frozenset()
    ) -> Point:
        """The evidence after these; `unknown` are those that `overtaken` knows nothing of.

        Beside those, it has to say the same of the same landing.
        """
        if unknown != self._unknown:
            self._news, self._points, self._unknown = (), {}, unknown
        same = _common(self._news, news)
        start = max((at for at in self._points if at <= same), default=0)
        point = self._points[start] if start else Point()
        points = {at: known for at, known in self._points.items() if at <= start}
        for at, each in enumerate(news[start:], start + 1):
            point = points[at] = _further(point, each, overtaken)
            points.pop(at - MOST_KEPT, None)
        self._news, self._points = news, points
        return point


def _common(known: Sequence[News], news: Sequence[News]) -> int:
    """With how many both begin."""
    pairs = enumerate(zip(known, news, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(known), len(news)))


def _further(point: Point, news: News, overtaken: Overtaken) -> Point:
    """Once landed, a change is no part of what is learned from others that ran with it."""
    members, landed = frozenset(news.members), point.landed
    if isinstance(news, Landed):
        news = replace(news, overtook=overtaken(news, point.evidence.tested))
        landed |= members
    return Point(apply(point.evidence, news, pending=members - point.landed), landed)
