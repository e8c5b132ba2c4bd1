"""When a merge request lands, from what the queue has seen: a range, or an honest no."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache

from refinery.config.config import Config
from refinery.queue.calendars import Calendar, calendar_of
from refinery.queue.claiming import taken_by_hand
from refinery.queue.evidence import verdicts_on
from refinery.queue.futures import Quantiles, as_quantiles, landing_minutes
from refinery.queue.halting import pause_of
from refinery.queue.health import waiting_since
from refinery.queue.landing_time import LONGEST, Estimate, LandingTime, NoLandingTime
from refinery.queue.order import line_for
from refinery.queue.pace import LEAST_PASSED, Pace
from refinery.queue.pace_from_view import pace_from
from refinery.queue.planning.facts import Facts, Health
from refinery.queue.planning.from_view import facts_of
from refinery.queue.standing import LANDABLE, Code, newest_revision, stands_by_itself
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, MrId
from refinery.records.times import span
from refinery.records.verdict import Result, Verdict
from refinery.store.view import View
from refinery.values import replace

__all__ = ["PATIENCE", "Estimate", "LandingTime", "NoLandingTime", "estimates", "never_falling"]

PATIENCE = timedelta(minutes=30)  # and some runs: without a sign of a worker, nobody is there
_RUNS_WITHOUT_SIGN = 4
_NOT_NOW = {
    Code.HELD: "it is held",
    Code.INTENT: "it has not been pushed",
    Code.PROPOSED: "the forge lands it when its own rules are met",
    Code.NEEDS_REWORK: "its author has to act first",
    Code.PAUSED: "the queue is paused",
    Code.FROZEN: "its target is frozen, with no end in sight",
}


def estimates(
    view: View,
    target: Branch,
    config: Config,
    now: datetime,
    *,
    line: Sequence[MergeRequest] | None = None,
) -> dict[MrId, Estimate]:
    """For every open merge request of the target; `line` is these in order, if somebody has it.

    Of those that are ready, whoever is further ahead never has a later median.
    """
    if line is None:
        line = line_for(view, target, now, config)
    calendar = calendar_of(view, target, now)
    able = _able(view, line, now, calendar)
    verdicts = verdicts_on(view, target, config.fingerprint)
    facts = facts_of(_short(view, target, verdicts), target, config, now)
    waiting = [mr for mr in line if mr.id in able and not calendar.is_shut_for(mr)]
    pace = pace_from(view, target, config, now, waiting=waiting)
    idle = timedelta() if facts.running else _idle(waiting, verdicts, now)
    why = _why_not(view, target, now, facts=facts, able=waiting, idle=idle)
    if pace is None or why is not None:
        no: Estimate = NoLandingTime(why or _too_little(view, target, verdicts))
        return {mr.id: no if mr.id in able else _not_now(view, mr, now) for mr in line}
    found = _landing_times(facts, pace, line=line, able=able, now=now, idle=idle)
    return {
        mr.id: calendar.moved(mr, found[mr.id]) if mr.id in found else _not_now(view, mr, now)
        for mr in line
    }


def _landing_times(
    facts: Facts,
    pace: Pace,
    *,
    line: Sequence[MergeRequest],
    able: Mapping[MrId, tuple[MrId, ...]],
    now: datetime,
    idle: timedelta,
) -> dict[MrId, LandingTime]:
    working = replace(facts, workers=max(pace.workers, len(facts.running)))
    times = landing_minutes(
        working, pace, [mr.id for mr in line if mr.id in able], idle=idle.total_seconds() / 60
    )
    for id, needs in able.items():
        if needs:  # it lands with them at the earliest; they stand before it in `able`
            both = zip(times[id], *(times[each] for each in needs), strict=True)
            times[id] = as_quantiles(max(each) for each in both)
    under_test = {id for each in facts.running for id in each.members}
    waiting = [mr.id for mr in line if able.get(mr.id) == () and mr.id not in under_test]
    medians = dict(zip(waiting, never_falling([times[id][2] for id in waiting]), strict=True))
    beliefs = {each.id: each.belief for each in facts.pending}

    @cache  # neighbours far back in the line share their times
    def told(its: Quantiles, median: float, chance: float) -> LandingTime:
        return _landing_time(its, median, chance, seen=pace.seen, now=now)

    return {
        id: told(its, medians.get(id, its[2]), beliefs.get(id, pace.belief))
        for id, its in times.items()
    }


def _landing_time(
    times: Quantiles, median: float, chance: float, *, seen: int, now: datetime
) -> LandingTime:
    low, quarter, _, three_quarters, high = (min(LONGEST, each * 60) for each in times)
    middle = min(LONGEST, median * 60)
    half = min(quarter, middle), max(three_quarters, middle)
    most = min(low, half[0]), max(high, half[1])
    return LandingTime(now, middle, half, most, chance, seen)


def never_falling(values: Sequence[float]) -> list[float]:
    """The nearest values of which none is less than the one before: neighbours share their mean."""
    blocks: list[tuple[float, int]] = []
    for value in values:
        total, count = value, 1
        while blocks and blocks[-1][0] * count >= total * blocks[-1][1]:
            before, many = blocks.pop()
            total, count = total + before, count + many
        blocks.append((total, count))
    found: list[float] = []
    for total, count in blocks:
        mean = total / count
        found += [max(mean, found[-1]) if found else mean] * count
    return found


def _able(
    view: View, line: Iterable[MergeRequest], now: datetime, calendar: Calendar
) -> dict[MrId, tuple[MrId, ...]]:
    """Who can land without help, with the open ones it stands on, which come before it."""
    found: dict[MrId, tuple[MrId, ...]] = {}
    waiting: dict[MrId, tuple[MrId, ...]] = {}
    for mr in line:
        code = stands_by_itself(view, mr, now).code
        thaws = code is Code.FROZEN and calendar.opens
        if not (code in LANDABLE or thaws) or taken_by_hand(view, mr.id, now) is not None:
            continue
        if code is Code.BLOCKED_BY_MR or thaws:
            needs = _needs(view, mr)
            if needs is not None:
                waiting[mr.id] = needs
        else:
            found[mr.id] = ()
    dependents: dict[MrId, list[MrId]] = {}
    for id, needs in waiting.items():
        for need in needs:
            dependents.setdefault(need, []).append(id)
    missing = {id: sum(need not in found for need in needs) for id, needs in waiting.items()}
    done = [id for id, count in missing.items() if count == 0]
    while done:
        id = done.pop()
        found[id] = waiting[id]
        for each in dependents.get(id, ()):
            missing[each] -= 1
            if missing[each] == 0:
                done.append(each)
    return found


def _needs(view: View, mr: MergeRequest) -> tuple[MrId, ...] | None:
    """The open ones it stands on; None if one of them cannot be read."""
    found: dict[MrId, None] = {}
    for dependency in mr.depends_on:
        newest = newest_revision(view, dependency)
        if newest is None:
            return None
        if not newest.closed:
            found[newest.id] = None
    return tuple(found)


def _short(view: View, target: Branch, verdicts: Iterable[Verdict]) -> View:
    """The view without those that nothing is known of: the planner's facts cost what it holds."""
    known = {*view.testing, *(id for each in verdicts for id in each.candidate)}
    known |= {need for id in known if id in view.mrs for need in view.mrs[id].depends_on}
    mrs = {
        id: mr
        for id, mr in view.mrs.items()
        if mr.target == target and (mr.closed or mr.failure is not None or id in known)
    }
    return replace(view, mrs=mrs)


def _why_not(
    view: View,
    target: Branch,
    now: datetime,
    *,
    facts: Facts,
    able: Sequence[MergeRequest],
    idle: timedelta,
) -> str | None:
    """What keeps the target as a whole from going on, if somebody has to act first."""
    if pause_of(view, now) is not None:
        return "the queue is paused"
    if target not in view.targets:
        return f"{target} does not exist on the remote"
    if facts.health is Health.RED:
        return f"{target} itself fails its checks"
    if idle > max(PATIENCE, timedelta(minutes=_RUNS_WITHOUT_SIGN * facts.rates.minutes)):
        waited = span(idle.total_seconds())
        oldest = min(able, key=lambda mr: (waiting_since(mr), mr.id))
        return f"nobody is at work: {oldest.id} is ready, and for {waited} nothing was tested"
    return None


def _idle(waiting: Iterable[MergeRequest], verdicts: Iterable[Verdict], now: datetime) -> timedelta:
    """How long something has been waiting without a sign of anybody who works."""
    oldest = min(map(waiting_since, waiting), default=now)
    signs = (each.at for each in verdicts if each.at <= now)
    return max(timedelta(), now - max([oldest, *signs]))


def _too_little(view: View, target: Branch, verdicts: Iterable[Verdict]) -> str:
    passed = sum(each.result is Result.PASS and bool(each.candidate) for each in verdicts)
    if passed < LEAST_PASSED:
        seen = "none has" if passed == 0 else f"only {passed} {'has' if passed == 1 else 'have'}"
        return f"no estimate yet: it takes {LEAST_PASSED} runs that passed, and {seen}"
    return f"no estimate yet: nothing has landed on {target} lately"


def _not_now(view: View, mr: MergeRequest, now: datetime) -> NoLandingTime:
    """Why one that cannot land by itself has no landing time."""
    claim = taken_by_hand(view, mr.id, now)
    if claim is not None:
        return NoLandingTime(f"{claim.worker} took it by hand")
    stands = stands_by_itself(view, mr, now)
    if stands.code is Code.BLOCKED_BY_ISSUE:
        return NoLandingTime(f"it waits for {mr.blocked_by or 'its issue'}")
    if stands.dependency is not None:
        return NoLandingTime(f"it waits for {stands.dependency}")
    return NoLandingTime(_NOT_NOW.get(stands.code, "it cannot land now"))
