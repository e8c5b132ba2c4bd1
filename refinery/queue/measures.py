"""What a queue's past and present come to in figures: times, costs, greenness, beliefs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from refinery.queue.evidence import blamed_attempts
from refinery.queue.greenness import Greenness, greenness_of
from refinery.queue.halting import pause_of
from refinery.queue.health import waiting_since
from refinery.queue.passages import Passage, passages_of
from refinery.queue.planning.beliefs import (
    Beliefs,
    Traits,
    beliefs_of,
    check_minutes,
    disagreements,
    rates_of,
)
from refinery.queue.planning.from_view import recorded_traits
from refinery.queue.runs import Run, runs_of
from refinery.queue.spending import Told, read_all, taken_in
from refinery.queue.spread import Spread, spread
from refinery.queue.standing import Code, standing
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import Branch, MrId
from refinery.records.verdict import Result, Verdict
from refinery.store.events import Happened
from refinery.store.view import View
from refinery.values import dataclass, field

HOUR, DAY = 3600.0, 86400.0


@dataclass(frozen=True, slots=True)
class Period:
    """What the figures are about: from `since` to `until`, one target or (None) all of them.

    `events` of the trail were read; unless `complete`, the period was cut to the newest of them.
    """

    since: datetime
    until: datetime
    target: Branch | None = None
    events: int = 0
    complete: bool = True

    @property
    def seconds(self) -> float:
        """How long it is."""
        return max(0.0, (self.until - self.since).total_seconds())


@dataclass(frozen=True, slots=True)
class Past:
    """What was read of a queue besides its view: the trail, newest first, and archived records.

    `traits` are what is known of changes beyond their records.
    """

    period: Period
    events: Sequence[Happened] = ()
    archived: Mapping[MrId, MergeRequest] = field(default_factory=dict)
    traits: Mapping[MrId, Traits] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Work:
    """What the checks cost: `builds` are runs of one tree, also those that were stopped.

    `seconds` hold `abandoned_seconds`, of checks that were stopped because they had become useless.
    """

    builds: int = 0
    seconds: float = 0.0
    abandoned_seconds: float = 0.0
    results: Mapping[Result, int] = field(default_factory=dict)

    @property
    def abandoned_share(self) -> float | None:
        """The useless part."""
        return self.abandoned_seconds / self.seconds if self.seconds else None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share as the planner believes it: `good` of `all` were seen, the rest is the prior."""

    name: str
    share: float
    good: int
    all: int


@dataclass(frozen=True, slots=True)
class Chances:
    """How likely a change is fine by itself: overall, and by each kind of trait."""

    overall: Estimate
    by_author: tuple[Estimate, ...] = ()
    by_path: tuple[Estimate, ...] = ()
    by_size: tuple[Estimate, ...] = ()
    by_failures: tuple[Estimate, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckTime:
    """How long one check takes: the median of so many runs."""

    name: str
    minutes: float
    runs: int


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something goes wrong, as the planner believes it, and how much it has seen."""

    share: float
    times: int
    seen: int


@dataclass(frozen=True, slots=True)
class Present:
    """The queue as it is now."""

    standings: Mapping[Code, int]
    workers: int
    oldest_ready_seconds: float | None
    paused: bool


@dataclass(frozen=True, slots=True)
class Measures:
    """All figures.  Times in minutes; `passages` are the ways behind them, oldest first.

    `turnaround` is of all that were decided in the period, `landing` and `refusal` of either part,
    `wait` of those that came and were first tested in it; `landed_by_day` has days in UTC.  `runs`
    are those of the period, oldest first, `stopped` when useless checks ended, after how long.
    """

    period: Period
    turnaround: Spread
    landing: Spread
    refusal: Spread
    wait: Spread
    landed_by_day: Mapping[str, int]
    work: Work
    green: Greenness
    flakes: Rate
    disagreements: Rate
    chances: Chances
    run_minutes: float
    checks: tuple[CheckTime, ...]
    present: Present
    passages: tuple[Passage, ...] = ()
    runs: tuple[Run, ...] = ()
    stopped: tuple[tuple[datetime, float], ...] = ()

    @property
    def landed(self) -> int:
        """How many landed in the period."""
        return self.landing.count

    @property
    def refused(self) -> int:
        """How many were sent back in the period, each for the first time."""
        return self.refusal.count

    @property
    def landed_per_hour(self) -> float:
        """Of the period; one of less than an hour counts as one."""
        return self.landed / max(1.0, self.period.seconds / HOUR)

    @property
    def landed_per_day(self) -> float:
        """Of the period; one of less than a day counts as one."""
        return self.landed / max(1.0, self.period.seconds / DAY)

    @property
    def minutes_per_landed(self) -> float | None:
        """CI minutes for each change that landed; None while nothing has."""
        return self.work.seconds / 60 / self.landed if self.landed else None

    @property
    def builds_per_landed(self) -> float | None:
        """Builds for each change that landed."""
        return self.work.builds / self.landed if self.landed else None


def measure(view: View, past: Past) -> Measures:
    """The figures of the period, from what is recorded; the same records, the same figures."""
    period = past.period
    records = {**past.archived, **view.mrs}
    mrs = [mr for mr in records.values() if period.target in (None, mr.target)]
    verdicts = [each for each in view.verdicts.values() if period.target in (None, each.target)]
    told, others = (
        [
            each
            for each in found
            if _within(each[0].at, period) and _concerns(each, period.target, records)
        ]
        for found in (read_all(past.events), taken_in(past.events))
    )
    runs = [each for each in runs_of([*told, *others], verdicts) if _within(each.at, period)]
    passages = passages_of(mrs, told, verdicts)
    decided = [each for each in passages if _within(each.decided, period)]
    landed = [each for each in decided if each.landed]
    rates = rates_of(verdicts)
    return Measures(
        period=period,
        turnaround=_turnaround(decided),
        landing=_turnaround(landed),
        refusal=_turnaround(each for each in decided if not each.landed),
        wait=_waits(passages, period),
        landed_by_day=dict(sorted(Counter(f"{each.decided:%Y-%m-%d}" for each in landed).items())),
        work=_work(runs, told),
        green=greenness_of(mrs, runs, since=period.since, until=period.until),
        flakes=_flakes(verdicts, rates.flake),
        disagreements=_disagreements(verdicts, rates.interaction),
        chances=_chances(records, mrs, past.traits),
        run_minutes=rates.minutes,
        checks=_checks(verdicts),
        present=_present(view, period),
        passages=passages,
        runs=tuple(runs),
        stopped=tuple(
            (event.at, spending.abandoned_seconds)
            for event, spending in told
            if spending.abandoned_seconds
        ),
    )


def _within(at: datetime | None, period: Period) -> bool:
    return at is not None and period.since <= at <= period.until


def _concerns(told: Told, target: Branch | None, records: Mapping[MrId, MergeRequest]) -> bool:
    """Whether an event is about the target; where it does not say, what it names has to be."""
    event, spending = told
    if target is None:
        return True
    if spending.target is not None:
        return spending.target == target
    return any(id in records and records[id].target == target for id in event.mrs)


def _turnaround(passages: Iterable[Passage]) -> Spread:
    return spread(each.turnaround_minutes or 0.0 for each in passages)


def _waits(passages: Iterable[Passage], period: Period) -> Spread:
    """Only of those that came in the period: what was tested before it is not known."""
    came = [each for each in passages if _within(each.submitted, period)]
    return spread(each.wait_minutes for each in came if each.wait_minutes is not None)


def _work(runs: Sequence[Run], told: Sequence[Told]) -> Work:
    stopped = [spending.abandoned_seconds for _, spending in told if spending.abandoned_seconds]
    results: Counter[Result] = Counter()
    for each in runs:
        results[each.result] += each.runs
    return Work(
        builds=sum(each.runs for each in runs) + len(stopped),
        seconds=sum(each.seconds for each in runs) + sum(stopped),
        abandoned_seconds=sum(stopped),
        results={result: results[result] for result in Result},
    )


def _flakes(verdicts: Sequence[Verdict], share: float) -> Rate:
    passed = [each for each in verdicts if each.result is Result.PASS]
    return Rate(share, sum(each.flaky for each in passed), len(passed))


def _disagreements(verdicts: Sequence[Verdict], share: float) -> Rate:
    """Pairs that passed together are what was seen of those that might have disagreed."""
    passed = [len(each.candidate) for each in verdicts if each.result is Result.PASS]
    return Rate(share, disagreements(verdicts), sum(size * (size - 1) // 2 for size in passed))


def _chances(
    records: Mapping[MrId, MergeRequest],
    mrs: Sequence[MergeRequest],
    known: Mapping[MrId, Traits],
) -> Chances:
    """From all that ended by the checks' answer, as the planner takes them."""
    beliefs = beliefs_of(
        (known.get(mr.id) or recorded_traits(records, mr), mr.close_reason is CloseReason.MERGED)
        for mr in mrs
        if mr.close_reason is CloseReason.MERGED or blamed_attempts(mr)
    )
    overall = beliefs.overall
    return Chances(
        overall=Estimate("overall", beliefs.usual, overall.good, overall.all),
        by_author=_by(beliefs, "author"),
        by_path=_by(beliefs, "path"),
        by_size=_by(beliefs, "size"),
        by_failures=_by(beliefs, "failed before"),
    )


def _by(beliefs: Beliefs, kind: str) -> tuple[Estimate, ...]:
    """The estimates of one kind of trait, those with the most behind them first."""
    found = [
        Estimate(name.removeprefix(f"{kind} "), beliefs.about(name), share.good, share.all)
        for name, share in beliefs.by_trait.items()
        if name.startswith(f"{kind} ")
    ]
    return tuple(sorted(found, key=lambda each: (-each.all, each.name)))


def _checks(verdicts: Sequence[Verdict]) -> tuple[CheckTime, ...]:
    runs = Counter(check.name for each in verdicts for check in each.checks)
    return tuple(
        CheckTime(name, minutes, runs[name]) for name, minutes in check_minutes(verdicts).items()
    )


def _present(view: View, period: Period) -> Present:
    now, target = period.until, period.target
    live = [mr for mr in view.mrs.values() if not mr.closed and target in (None, mr.target)]
    stands = {mr.id: standing(view, mr, now).code for mr in live}
    found = Counter(stands.values())
    waiting = [waiting_since(mr) for mr in live if stands[mr.id] is Code.READY]
    workers = {
        each.worker
        for each in view.claims.values()
        if each.live(now) and target in (None, each.target)
    }
    return Present(
        standings={code: found[code] for code in Code if code is not Code.CLOSED},
        workers=len(workers),
        oldest_ready_seconds=(max(0.0, (now - min(waiting)).total_seconds()) if waiting else None),
        paused=pause_of(view, now) is not None,
    )
