"""The facts of one target, as the queue's records show them.

Nothing is kept between two calls: whoever reads the same refs has the same facts.  Verdicts,
landings and refusals are folded in the order in which they were recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from refinery.config.config import Config
from refinery.queue.evidence import base_verdict
from refinery.queue.order import by_score
from refinery.queue.planning.beliefs import Beliefs, Traits, beliefs_of, rates_of
from refinery.queue.planning.facts import Change, Evidence, Facts, Health, Profile, Purpose, Running
from refinery.queue.planning.learn import Failed, Gone, Landed, News, Passed, apply
from refinery.queue.planning.places import Places, places_of
from refinery.queue.standing import Code, live_claim, newest_revision, standing
from refinery.records.merge_request import AttemptOutcome, CloseReason, MergeRequest
from refinery.records.names import Branch, MrId
from refinery.records.verdict import Result, Verdict
from refinery.store.view import View
from refinery.values import dataclass, field, replace

_BLAMED = (AttemptOutcome.TESTS_FAIL, AttemptOutcome.TIMEOUT, AttemptOutcome.ERROR)


@dataclass(frozen=True, slots=True)
class Known:
    """What the records do not hold: who conflicts with whom in the text, and what changes touch.

    `workers` counts idle ones too, if somebody knows; else live claims are counted.
    """

    clashes: Mapping[MrId, frozenset[MrId]] = field(default_factory=dict)
    traits: Mapping[MrId, Traits] = field(default_factory=dict)
    workers: int = 0
    profile: Profile = Profile.DEFAULT
    skip: frozenset[MrId] = frozenset()


def facts_of(
    view: View, target: Branch, config: Config, now: datetime, *, known: Known | None = None
) -> Facts:
    """All that the planner may know of `target` at `now`."""
    known = known or Known()
    places = places_of(view, target)
    verdicts = [
        each
        for each in view.verdicts.values()
        if each.target == target and each.fingerprint == config.fingerprint
    ]
    waiting = _waiting(view, target, config, now, known.skip)
    running = _running(view, target, places, now)
    rates = rates_of(verdicts)
    return Facts(
        pending=_changes(view, waiting, _beliefs(view, target, known), known),
        workers=max(known.workers, len({each.worker for each in running}), 1),
        now=now.timestamp() / 60,
        running=running,
        evidence=_evidence(view, target, verdicts, places, frozenset(waiting)),
        landed=places.landed,
        head=places.head,
        rates=rates if config.retry_failing else replace(rates, flake=0.0),
        profile=known.profile,
        health=_health(view, target, config),
        most=config.batch_max,
    )


def _waiting(
    view: View, target: Branch, config: Config, now: datetime, skip: frozenset[MrId]
) -> dict[MrId, frozenset[MrId]]:
    """Who could land, best first, with the waiting ones each stands on, which come before it."""
    open = {mr.id: mr for mr in view.mrs.values() if mr.target == target and not mr.closed}
    able = {
        id: standing(view, mr, now).code
        for id, mr in open.items()
        if id not in skip and not _taken_by_hand(view, id, now)
    }
    placed: dict[MrId, frozenset[MrId]] = {}

    def place(mr: MergeRequest, above: frozenset[MrId]) -> frozenset[MrId] | None:
        if mr.id in placed:
            return placed[mr.id]
        code = able.get(mr.id)
        if code not in (Code.READY, Code.CLAIMED, Code.BLOCKED_BY_MR) or mr.id in above:
            return None
        needs: set[MrId] = set()
        for dependency in mr.depends_on:
            found = newest_revision(view, dependency)
            if found is not None and found.id in open:
                below = place(found, above | {mr.id})
                if below is None:
                    return None
                needs |= {found.id, *below}
            elif code is Code.BLOCKED_BY_MR:
                return None
        placed[mr.id] = frozenset(needs)
        return placed[mr.id]

    for mr in by_score(open.values(), now, config.score):
        place(mr, frozenset())
    return placed


def _taken_by_hand(view: View, id: MrId, now: datetime) -> bool:
    claim = live_claim(view, id, now)
    return claim is not None and claim.purpose is None


def _changes(
    view: View, waiting: Mapping[MrId, frozenset[MrId]], beliefs: Beliefs, known: Known
) -> tuple[Change, ...]:
    return tuple(
        Change(
            id=id,
            belief=beliefs.of(known.traits.get(id) or _traits(view, view.mrs[id])),
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
        (known.traits.get(mr.id) or _traits(view, mr), mr.close_reason is CloseReason.MERGED)
        for mr in ended
        if mr.close_reason is CloseReason.MERGED or _blamed_at(mr)
    )


def _traits(view: View, mr: MergeRequest) -> Traits:
    """What its record tells; `failures` are those of the revision before it."""
    before = view.mrs.get(mr.supersedes) if mr.supersedes is not None else None
    return Traits(author=mr.worker, failures=len(_blamed_at(before)) if before is not None else 0)


def _running(view: View, target: Branch, places: Places, now: datetime) -> tuple[Running, ...]:
    """The live claims, each once; those that people took by hand are not tested by anybody."""
    claims = {
        each.token: each
        for each in view.claims.values()
        if each.target == target and each.live(now)
    }
    return tuple(
        Running(
            members=each.candidate,
            base=places.head if each.base is None else places.of(each.base),
            started=each.claimed_at.timestamp() / 60,
            purpose=Purpose(each.purpose),
            worker=each.worker,
        )
        for each in sorted(claims.values(), key=lambda it: (it.claimed_at, it.token))
        if each.purpose is not None
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
    waiting: frozenset[MrId],
) -> Evidence:
    """Everything that was recorded, in its order; `alive` are those not decided at that point."""
    news = _news(view, target, verdicts, places)
    evidence = Evidence()
    alive = waiting.union(*(each.members for _, _, each in news))
    for _, _, each in news:
        if isinstance(each, Landed):
            each = replace(each, overtook=_overtaken(view, each.members, evidence.tested))
        evidence = apply(evidence, each, pending=alive)
        if isinstance(each, Landed):
            alive -= frozenset(each.members)
    left = tuple(sorted(alive - waiting))
    return apply(evidence, Gone(left), pending=waiting) if left else evidence


def _news(
    view: View, target: Branch, verdicts: list[Verdict], places: Places
) -> list[tuple[datetime, int, News]]:
    red = {each.base for each in verdicts if not each.candidate and each.result is not Result.PASS}
    found: list[tuple[datetime, int, News]] = []
    for each in verdicts:
        if not each.candidate:
            continue
        base = places.of(each.base)
        if each.result is Result.PASS:
            found.append((each.at, 0, Passed(each.candidate, base)))
        elif each.base not in red and all(id in view.mrs for id in each.candidate):
            found.append((each.at, 0, Failed(each.candidate, base, each.runs)))
    for landing in places.landings:
        found.append((landing.at, 1, Landed(landing.members, landing.head)))
    for mr in view.mrs.values():
        if mr.target == target:
            found += [(at, 2, Gone((mr.id,))) for at in _blamed_at(mr)]
    found.sort(key=lambda each: (each[0], each[1], each[2].members))
    return found


def _blamed_at(mr: MergeRequest) -> list[datetime]:
    """When failures were put down to it: what failed before is explained, also on a new try."""
    return [each.at for each in mr.attempts if each.outcome in _BLAMED]


def _overtaken(view: View, landed: tuple[MrId, ...], tested: frozenset[MrId]) -> tuple[MrId, ...]:
    newest = max((view.mrs[id].created_at for id in landed if id in view.mrs), default=None)
    if newest is None:
        return ()
    return tuple(
        sorted(
            id
            for id in tested.difference(landed)
            if id in view.mrs and view.mrs[id].created_at < newest
        )
    )
