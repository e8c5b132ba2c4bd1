"""How good landing times were: what would have been told at moments of the past, and what came.

Nothing is remembered for it: the queue's own records are put back to each moment, and asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from statistics import median

from refinery.config.config import Config
from refinery.queue.estimating import LandingTime, estimates
from refinery.queue.looking_back import began, view_at
from refinery.queue.passages import passages_of
from refinery.queue.standing import Code, stands_by_itself
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import Branch, MrId
from refinery.store.view import View
from refinery.values import dataclass

MOMENTS = 30
_MOST_WORK = 20_000  # records looked at, all moments together


@dataclass(frozen=True, slots=True)
class Answer:
    """One estimate and what came of it; without `took` it is overdue: later than the range said."""

    told: LandingTime
    took: float | None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Of `count` landing times, told at `moments` of the past, these shares came true.

    Errors are between the median that was told and what it took, in seconds; `usual` is what it
    took in the median.  `untold` is how often nothing was told for want of history.
    """

    moments: int = 0
    count: int = 0
    in_half: float = 0.0
    in_most: float = 0.0
    early: float = 0.0
    late: float = 0.0
    median_error: float = 0.0
    usual: float = 0.0
    untold: int = 0


def accuracy(
    view: View,
    records: Mapping[MrId, MergeRequest],
    configs: Mapping[Branch, Config],
    *,
    since: datetime,
    now: datetime,
    moments: int = MOMENTS,
) -> Accuracy:
    """Over all targets of `configs`; `records` are those of the view and of the archive.

    The moments are those at which somebody submitted something that landed, evenly chosen.
    """
    answers: list[Answer] = []
    asked = untold = 0
    for target, config in configs.items():
        verdicts = [each for each in view.verdicts.values() if each.target == target]
        mine = {id: mr for id, mr in records.items() if mr.target == target}
        if not verdicts:
            continue
        start = max(since, min(map(began, verdicts)))
        landed = _unhindered(mine.values())
        for at in _chosen(landed, mine, start, moments):
            asked += 1
            told = estimates(view_at(at, target, mine, verdicts), target, config, at)
            for id, estimate in told.items():
                if isinstance(estimate, LandingTime):
                    answers += _answer(view, mine[id], estimate, landed, now)
                elif id in landed:
                    untold += 1
    return summed(answers, moments=asked, untold=untold)


def summed(answers: Sequence[Answer], *, moments: int = 0, untold: int = 0) -> Accuracy:
    """The shares and errors of so many answers."""
    if not answers:
        return Accuracy(moments=moments, untold=untold)
    took = [each.took for each in answers if each.took is not None]
    errors = [abs(each.took - each.told.median) for each in answers if each.took is not None]
    count = len(answers)
    return Accuracy(
        moments=moments,
        count=count,
        in_half=sum(_within(each, each.told.half) for each in answers) / count,
        in_most=sum(_within(each, each.told.most) for each in answers) / count,
        early=sum(each.took is not None and each.took < each.told.most[0] for each in answers)
        / count,
        late=sum(each.took is None or each.took > each.told.most[1] for each in answers) / count,
        median_error=median(errors) if errors else 0.0,
        usual=median(took) if took else 0.0,
        untold=untold,
    )


def _within(answer: Answer, bounds: tuple[float, float]) -> bool:
    return answer.took is not None and bounds[0] <= answer.took <= bounds[1]


def _unhindered(mrs: Iterable[MergeRequest]) -> dict[MrId, datetime]:
    """When those landed that needed nobody's help on the way."""
    landed = [mr for mr in mrs if mr.close_reason is CloseReason.MERGED]
    return {
        each.id: each.decided
        for each in passages_of(landed, (), ())
        if each.unhindered and each.decided is not None
    }


def _chosen(
    landed: Mapping[MrId, datetime],
    records: Mapping[MrId, MergeRequest],
    since: datetime,
    most: int,
) -> list[datetime]:
    came = sorted(at for id in landed if (at := records[id].submitted_at) >= since)
    most = max(2, min(most, _MOST_WORK // max(1, len(records))))
    if len(came) <= most:
        return came
    return [came[round(number * (len(came) - 1) / (most - 1))] for number in range(most)]


def _answer(
    view: View,
    mr: MergeRequest,
    told: LandingTime,
    landed: Mapping[MrId, datetime],
    now: datetime,
) -> list[Answer]:
    """Nothing for who needed help, and for who may still land in time."""
    if mr.id in landed:
        return [Answer(told, max(0.0, (landed[mr.id] - told.at).total_seconds()))]
    overdue = not mr.closed and (now - told.at).total_seconds() > told.most[1]
    free = not mr.attempts and stands_by_itself(view, mr, now).code is Code.READY
    return [Answer(told, None)] if overdue and free else []
