"""The facts of one target, as the queue's records show them.

Whoever reads the same refs has the same facts, whatever they were asked before.  Verdicts,
landings and refusals are folded in the order in which they were recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial

from refinery.config.config import Config
from refinery.queue.claiming import LONGEST_CLAIM, under_test
from refinery.queue.evidence import (
    base_verdict,
    blamed_attempts,
    sound_commits,
    verdicts_on,
)
from refinery.queue.freeze_words import why_frozen
from refinery.queue.freezing import target_frozen
from refinery.queue.order import line_for
from refinery.queue.planning.beliefs import Beliefs, Traits, beliefs_of, rates_of
from refinery.queue.planning.facts import (
    Change,
    Evidence,
    Facts,
    Health,
    Profile,
    Purpose,
    Rates,
    Running,
)
from refinery.queue.planning.learn import Failed, Gone, Landed, News, Passed, apply
from refinery.queue.planning.learned import Learned
from refinery.queue.planning.places import Places, places_of
from refinery.queue.planning.placing import placed
from refinery.queue.planning.wholes import Wholes, wholes_of
from refinery.queue.quotas import kept_back
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import Branch, MrId
from refinery.records.verdict import Result, Verdict
from refinery.store.view import View
from refinery.values import dataclass, field, replace

_RECENT_RUNS = 3  # who gave a verdict so many runs ago is still at work


@dataclass(frozen=True, slots=True)
class Known:
    """What the records do not hold: who conflicts with whom in the text, and what changes touch.

    `me` asks; `workers` counts idle ones too, if somebody knows; else those are counted that test
    something or did so lately.  `skip` are those that `me` cannot help at present; `most` is how
    many may go together, if that is less than the configuration allows.  `learned` is what the same
    caller asked for before: with it an answer takes less time, and is the same.
    """

    clashes: Mapping[MrId, frozenset[MrId]] = field(default_factory=dict)
    traits: Mapping[MrId, Traits] = field(default_factory=dict)
    me: str = ""
    workers: int = 0
    profile: Profile = Profile.DEFAULT
    skip: frozenset[MrId] = frozenset()
    most: int = 0
    learned: Learned = field(default_factory=Learned)


def facts_of(
    view: View, target: Branch, config: Config, now: datetime, *, known: Known | None = None
) -> Facts:
    """All that the planner may know of `target` at `now`."""
    known = known or Known()
    places = places_of(view, target)
    verdicts = verdicts_on(view, target, config.fingerprint)
    line = line_for(view, target, now, config)
    waiting = placed(view, line, now, skip=known.skip, clashes=known.clashes)
    wholes = wholes_of(view.mrs, waiting)
    pending = wholes.changes(_changes(view, waiting, _beliefs(view, target, known), known))
    running = _running(view, target, places, now, wholes)
    rates = rates_of(verdicts)
    evidence = _evidence(view, target, verdicts, places, wholes, pending, known.learned)
    return Facts(
        pending=pending,
        workers=max(known.workers, len(_at_work(verdicts, running, now, rates, known.me)), 1),
        now=now.timestamp() / 60,
        running=running,
        evidence=evidence,
        landed=places.landed,
        head=places.head,
        rates=rates if config.retry_failing else replace(rates, flake=0.0),
        profile=known.profile,
        health=_health(view, target, config),
        most=min(config.batch_max, known.most or config.batch_max),
        confirm=config.retry_failing,
        frozen=_frozen(view, target, now),
        kept_back=frozenset(
            kept_back(
                [
                    (each.id, view.mrs[each.id].worker)
                    for each in pending
                    if each.id not in evidence.tested
                ],
                running=frozenset[MrId]().union(*(each.members for each in running)),
                rules=config.fairness,
            )
        ),
        units=wholes.units,
    )


def _frozen(view: View, target: Branch, now: datetime) -> str:
    freeze = target_frozen(view, target, now)
    return "" if freeze is None else why_frozen(freeze)


def _at_work(
    verdicts: list[Verdict], running: tuple[Running, ...], now: datetime, rates: Rates, me: str
) -> set[str]:
    """Everyone who tests something, or did a short while ago."""
    since = now - timedelta(minutes=rates.minutes * _RECENT_RUNS)
    lately = {each.worker for each in verdicts if each.at >= since}
    return {each.worker for each in running} | lately | ({me} if me else set())


def _changes(
    view: View, waiting: Mapping[MrId, frozenset[MrId]], beliefs: Beliefs, known: Known
) -> tuple[Change, ...]:
    return tuple(
        Change(
            id=id,
            belief=beliefs.of(known.traits.get(id) or recorded_traits(view.mrs, view.mrs[id])),
            since=view.mrs[id].submitted_at.timestamp() / 60,
            needs=needs,
            clashes=known.clashes.get(id, frozenset()),
        )
        for id, needs in waiting.items()
    )


def _beliefs(view: View, target: Branch, known: Known) -> Beliefs:
    ended = [
        mr
        for mr in view.mrs.values()
        if mr.target == target and (mr.closed or mr.failure is not None)
    ]
    return beliefs_of(
        (
            known.traits.get(mr.id) or recorded_traits(view.mrs, mr),
            mr.close_reason is CloseReason.MERGED,
        )
        for mr in ended
        if mr.close_reason is CloseReason.MERGED or blamed_attempts(mr)
    )


def recorded_traits(records: Mapping[MrId, MergeRequest], mr: MergeRequest) -> Traits:
    """What its record tells; `failures` are those of the revision before it."""
    before = records.get(mr.supersedes) if mr.supersedes is not None else None
    return Traits(
        author=mr.worker, failures=len(blamed_attempts(before)) if before is not None else 0
    )


def _running(
    view: View, target: Branch, places: Places, now: datetime, wholes: Wholes
) -> tuple[Running, ...]:
    """The candidates that are claimed; one that would last too long is not one of ours."""
    return tuple(
        Running(
            members=wholes.folded(each.candidate),
            base=places.of(each.base),
            started=each.claimed_at.timestamp() / 60,
            purpose=Purpose(each.purpose),
            worker=each.worker,
        )
        for each in under_test(view, now)
        if each.base is not None and each.purpose is not None
        if each.target == target and each.expires_at - now < LONGEST_CLAIM
    )


def _health(view: View, target: Branch, config: Config) -> Health:
    if not config.checks:
        return Health.GREEN
    verdict = base_verdict(view, target, config.fingerprint)
    if verdict is None:
        return Health.UNKNOWN
    if verdict.result is Result.PASS:
        return Health.GREEN
    unconfirmed = config.retry_failing and verdict.runs < 2
    return Health.UNKNOWN if unconfirmed else Health.RED


def _evidence(
    view: View,
    target: Branch,
    verdicts: list[Verdict],
    places: Places,
    wholes: Wholes,
    pending: Iterable[Change],
    learned: Learned,
) -> Evidence:
    """Everything that was recorded, in its order; who left without a landing leaves at the end."""
    waiting = frozenset(each.id for each in pending)
    news = _news(view, target, verdicts, places, wholes)
    told = frozenset(id for each in news for id in each.members)
    point = learned.after(news, partial(_overtaken, view), unknown=told.difference(view.mrs))
    left = tuple(sorted(told - point.landed - waiting))
    return apply(point.evidence, Gone(left), pending=waiting) if left else point.evidence


def _news(
    view: View, target: Branch, verdicts: list[Verdict], places: Places, wholes: Wholes
) -> list[News]:
    """What was learned, place by place of the target, and not by the time: clocks differ.

    A verdict belongs to the place that it was tested on, a landing to the one that it made.
    """
    sound = sound_commits(view, target, verdicts)
    found: list[tuple[int, int, datetime, int, News]] = []
    for each in verdicts:
        base = places.of(each.base)
        if not each.candidate:
            continue
        members = wholes.folded(each.candidate)
        if each.result is Result.PASS:
            purpose = Purpose(each.purpose) if each.purpose else Purpose.TRAIN
            found.append((base, 1, each.at, 0, Passed(members, base, purpose)))
        elif each.base in sound and all(id in view.mrs for id in each.candidate):
            found.append((base, 1, each.at, 0, Failed(members, base, each.runs)))
    for landing in places.landings:
        members = landing.members
        landed = Landed(members, landing.head, newest=_newest(view, members))
        found.append((landing.head, 0, landing.at, 0, landed))
    for mr in view.mrs.values():
        if mr.target == target:
            for blamed in blamed_attempts(mr):
                base = places.of(blamed.base) if blamed.base is not None else places.head
                gone = Gone((wholes.one(mr.id),), back=mr.failure is None)
                found.append((base, 1, blamed.at, 1, gone))
    found.sort(key=lambda each: (*each[:4], each[4].members))
    return [each[4] for each in found]


def _newest(view: View, members: Iterable[MrId]) -> datetime | None:
    return max((view.mrs[id].created_at for id in members if id in view.mrs), default=None)


def _overtaken(view: View, landed: Landed, tested: frozenset[MrId]) -> tuple[MrId, ...]:
    if landed.newest is None:
        return ()
    left = (id for id in tested.difference(landed.members) if id in view.mrs)
    return tuple(sorted(id for id in left if view.mrs[id].created_at < landed.newest))
