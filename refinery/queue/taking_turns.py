"""What turns do to a place in the line: whom one goes before or behind, and why, in words."""

from __future__ import annotations

from bisect import bisect, insort
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from refinery.config.config import Config
from refinery.queue.claiming import under_test
from refinery.queue.fairness import Share, share_of
from refinery.queue.order import Moment, lined_up
from refinery.queue.quotas import Full, kept_back
from refinery.records.names import Branch, MrId
from refinery.store.view import View
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody's place, beside that by score alone.

    `up` have more points and come later, `down` have fewer and come before; `own` are those of the
    same share, an author's or a fleet's, that come before; `quota` is the one that it waits for.
    """

    share: Share
    up: int = 0
    down: int = 0
    own: int = 0
    quota: Full | None = None

    @property
    def words(self) -> str:
        """Why, in a sentence; empty where the score alone gives the same place."""
        whose = ("the fleet " if self.share[0] else "") + self.share[1]
        if self.quota is not None:
            most = f"At most {self.quota.most} of {self.quota.whose} are tested at the same time"
            return f"{most}: others go first."
        if self.down > self.up:
            because = (
                f"{self.own} of {whose} come first"
                if self.own
                else f"{whose} has had more turns than others that wait"
            )
            return f"{_some(self.down, 'fewer')} before it: authors take turns, and {because}."
        if self.up:
            return f"It goes before {self.up} with more points: authors take turns."
        return ""


def turns_of(view: View, target: Branch, now: datetime, config: Config) -> Mapping[MrId, Turn]:
    """Of everybody that can land on a target; worked out once for all that are explained."""
    return _turns(Moment(view, target, now, config))


@lru_cache(maxsize=2)
def _turns(at: Moment) -> Mapping[MrId, Turn]:
    rules = at.config.fairness
    order = [each for each in lined_up(at) if each.able]
    by_score = {
        each.id: rank for rank, each in enumerate(sorted(order, key=lambda it: it.by_score))
    }
    waiting = _kept_back(at, [(each.id, each.author) for each in order])
    before: list[int] = []
    own: Counter[Share] = Counter()
    found = {}
    for each in order:
        rank, share = by_score[each.id], share_of(each.author, rules)
        better_before = bisect(before, rank)
        found[each.id] = Turn(
            share=share,
            up=rank - better_before,
            down=len(before) - better_before,
            own=own[share],
            quota=waiting.get(each.id),
        )
        insort(before, rank)
        own[share] += 1
    return found


def _kept_back(at: Moment, line: list[tuple[MrId, str]]) -> dict[MrId, Full]:
    if not at.config.fairness.has_quotas:
        return {}
    tested = {id for each in at.view.verdicts.values() for id in each.candidate}
    claims = under_test(at.view, at.now)
    running = {id for each in claims if each.target == at.target for id in each.candidate}
    left = [each for each in line if each[0] not in tested or each[0] in running]
    return kept_back(left, running=running, rules=at.config.fairness)


def _some(number: int, how: str) -> str:
    return f"{number} with {how} points {'goes' if number == 1 else 'go'}"
