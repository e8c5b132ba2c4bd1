"""The pass over the queue, and how often it is made: once, until nothing is ready, or for ever."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum

from refinery.config.config import Config
from refinery.engine import conflicts, healing, landing, proposing, showing, telling
from refinery.engine.building import Building, build
from refinery.engine.checks import Abandoned as ChecksAbandoned
from refinery.engine.engine import Engine
from refinery.engine.happenings import Abandoned, Chosen, Trouble, Waiting
from refinery.engine.judging import Judged, Stop, judge
from refinery.engine.landing import Settled
from refinery.engine.renewing import Renewal
from refinery.engine.testing import Subject
from refinery.errors import RefineryError
from refinery.queue import archiving
from refinery.queue.candidate import Candidate
from refinery.queue.claiming import Claimant, claim
from refinery.queue.plan import Idle, Stuck, next_candidate
from refinery.queue.settling import failure_words, given_back
from refinery.records.claim import Claim
from refinery.records.names import Branch, MrId
from refinery.records.schema import InvalidRecord
from refinery.records.verdict import Result, Verdict
from refinery.repo.objects import BadObject
from refinery.repo.process import GitError
from refinery.store.update import Committed, PushRefused
from refinery.values import dataclass, field, replace

TELL_EVERY = timedelta(minutes=1)
TELL_AFTER_TIME = timedelta(seconds=30)
SHOWN_IN_BETWEEN = 20


class End(Enum):
    """Why processing ended."""

    DRAINED = "nothing is ready"
    ONCE = "one candidate was processed"
    TIME = "the time is up"
    STOPPED = "asked to stop"
    RED = "a target fails its own checks"
    CANNOT_CHECK = "the checks cannot run"
    PAUSED = "the queue is paused"
    BROKEN_CONFIG = "a target's configuration is broken"
    HANDED_OVER = "a candidate is to be tested elsewhere"
    TROUBLED = "some could not be built, tested or landed"

    @property
    def is_trouble(self) -> bool:
        """Whether somebody has to act."""
        return self in (End.RED, End.CANNOT_CHECK, End.BROKEN_CONFIG, End.TROUBLED)


@dataclass(slots=True)
class Orders:
    """What the caller may ask for while the engine works; asked between candidates and in ticks.

    `stop` ends after the candidate at hand, `abandon` gives it up at once.
    """

    stop: Callable[[], bool] = lambda: False
    abandon: Callable[[], str | None] = lambda: None
    out_of_time: Callable[[], bool] = lambda: False


@dataclass(slots=True)
class _Run:
    """What a run has learned: whom it cannot help, which targets wait, and to go on one by one."""

    troubled: set[MrId] = field(default_factory=set)
    stuck: dict[Branch, Idle] = field(default_factory=dict)
    one_by_one: bool = False
    idle: dict[Branch, Idle] = field(default_factory=dict)
    told_at: datetime | None = None


def process(engine: Engine, orders: Orders, *, once: bool = False) -> End:
    """Work through the queue until nothing is ready; every step can be repeated after a crash."""
    showing.begin(engine)
    prepare(engine)
    run = _Run(told_at=engine.clock())
    end = _drain(engine, orders, run, once=once)
    _tell(engine, end, run, orders)
    return end


def _drain(engine: Engine, orders: Orders, run: _Run, *, once: bool) -> End:
    while True:
        if orders.stop():
            return End.STOPPED
        if orders.out_of_time():
            return End.TIME
        choice = _choose(engine, run)
        if not isinstance(choice, Candidate):
            return _ended(engine, choice, run)
        end = _work(engine, choice, orders, run)
        if end is not None:
            return end
        _tell_in_time(engine, run, orders)
        if once:
            return End.TROUBLED if run.one_by_one or run.troubled else End.ONCE


def prepare(engine: Engine) -> None:
    """Everything before a candidate is chosen: fold, heal, ask the tracker; words come later."""
    _tell_damage(engine)
    healing.ensure_history(engine)
    healing.fold(engine)
    proposing.follow(engine)
    healing.heal(engine)
    conflicts.open_issues(engine)
    conflicts.sweep(engine)
    _archive(engine)


def _tell(engine: Engine, end: End, run: _Run, orders: Orders) -> None:
    """After everything else, say what is unsaid; what waits for nobody is left to the next run."""
    if end in (End.STOPPED, End.HANDED_OVER):
        return
    telling.notice_standstills(engine, run.idle)
    within = TELL_AFTER_TIME if end is End.TIME else None
    telling.tell_untold(engine, stop=orders.stop, within=within)
    showing.show(engine, most=SHOWN_IN_BETWEEN if end is End.TIME else showing.MOST_A_RUN)


def _tell_in_time(engine: Engine, run: _Run, orders: Orders) -> None:
    """In a long run people are told as it goes, though not after each landing."""
    now = engine.clock()
    if run.told_at is not None and now - run.told_at >= TELL_EVERY:
        run.told_at = now
        telling.tell_untold(engine, stop=orders.stop)
        showing.show(engine, most=SHOWN_IN_BETWEEN)


def _tell_damage(engine: Engine) -> None:
    for damage in engine.view.damage:
        if damage not in engine.known_damage:
            engine.known_damage.add(damage)
            engine.tell(Trouble(f"{damage.where}: {damage.problem}"))


def _choose(engine: Engine, run: _Run) -> Candidate | list[Idle]:
    """The next candidate as things are known; before giving up, the remote is asked once more."""
    for fresh in (False, True):
        if fresh:
            engine.refresh()
            prepare(engine)
        idle = []
        for target in sorted(engine.view.targets):
            choice = run.stuck.get(target) or _choose_for(engine, target, run)
            if isinstance(choice, Candidate):
                return choice
            idle.append(choice)
    return idle


def _choose_for(engine: Engine, target: Branch, run: _Run) -> Candidate | Idle:
    """A target whose config is broken waits for its repair; the others are served."""
    try:
        config = engine.config(target)
    except InvalidRecord as broken:
        hint = f" ({broken.hint})" if broken.hint else ""
        return Idle(target, f"{broken.message}{hint}", stuck=Stuck.BROKEN_CONFIG)
    if run.one_by_one:
        config = replace(config, batch_max=1)
    skip = frozenset(run.troubled)
    return next_candidate(engine.view, target, config, engine.clock(), skip=skip)


def _ended(engine: Engine, idle: list[Idle], run: _Run) -> End:
    run.idle = {each.target: each for each in idle}
    for each in idle:
        engine.tell(Waiting(each.target, each.why))
    if engine.view.header.paused is not None:
        return End.PAUSED
    stuck = {each.stuck for each in idle}
    if Stuck.BROKEN_CONFIG in stuck:
        return End.BROKEN_CONFIG
    if Stuck.CANNOT_CHECK in stuck:
        return End.CANNOT_CHECK
    if Stuck.RED in stuck:
        return End.RED
    return End.TROUBLED if run.troubled else End.DRAINED


def _work(engine: Engine, candidate: Candidate, orders: Orders, run: _Run) -> End | None:
    """Claim, build, check and settle one candidate."""
    config = engine.config(candidate.target)
    engine.tell(Chosen(candidate))
    if not candidate.members:
        return _check_target(engine, candidate, config, orders, run)
    base = engine.view.targets[candidate.target]
    held = _claim(engine, candidate, config)
    if held is None:
        engine.refresh()
        return None
    if engine.view.targets.get(candidate.target) != base:
        # Lost races read again: the choice and the checks were those of another commit.
        _give_back(engine, candidate.members, held, f"{candidate.target} moved")
        return None
    return _work_on(engine, candidate, held, orders, run)


def settle_claimed(engine: Engine, candidate: Candidate, held: Claim, orders: Orders) -> End:
    """Build, check and settle one candidate that is claimed already."""
    run = _Run()
    end = _work_on(engine, candidate, held, orders, run)
    end = end or (End.TROUBLED if run.one_by_one or run.troubled or run.stuck else End.ONCE)
    _tell(engine, end, run, orders)
    return end


def _work_on(
    engine: Engine, candidate: Candidate, held: Claim, orders: Orders, run: _Run
) -> End | None:
    config = engine.config(candidate.target)
    renewal = Renewal(engine, held, config, orders)
    try:
        building = _build(engine, candidate, config)
        landing.settle_unlandable(engine, building, held, config)
        conflicts.open_issues(engine)
        _give_back(engine, building.waiting, held, "those ahead come first")
        if building.built is None:
            return None
        renewal.claim = replace(held, candidate=building.built.ids)
        meanwhile = showing.meanwhile(engine, renewal.tick)
        judged = judge(engine, Subject.of(building.built), config, tick=meanwhile)
        could_not_run = isinstance(judged, Verdict) and judged.result is Result.ERROR
        if could_not_run and not _target_runs(engine, candidate.target, config, renewal, run):
            _give_back(engine, building.built.ids, renewal.claim, "the checks cannot run")
            return None
        return _settle(engine, building, judged, held, config)
    except (GitError, BadObject, PushRefused) as trouble:
        _set_aside(engine, candidate, trouble, renewal.claim, config, run)
        return None
    except BaseException:
        _give_back(engine, candidate.members, renewal.claim, "the worker stopped")
        raise


def _set_aside(
    engine: Engine,
    candidate: Candidate,
    trouble: RefineryError,
    held: Claim,
    config: Config,
    run: _Run,
) -> None:
    """Trouble that says nothing of the code: nobody else may have to wait for whoever brings it.

    Which of many brings it shows when they go one by one; that one waits for the next run.
    """
    ids = candidate.members
    engine.tell(Trouble(f"{', '.join(ids)}: {trouble.message}"))
    if len(ids) > 1:
        _give_back(engine, ids, held, "they go on one by one")
        if run.one_by_one:
            run.troubled.update(ids)
        run.one_by_one = True
        return
    run.troubled.update(ids)
    landing.set_aside(engine, ids[0], trouble, held, config)


def _claim(engine: Engine, candidate: Candidate, config: Config) -> Claim | None:
    by = Claimant(engine.worker, uuid.uuid4().hex, engine.clock(), config.claim_for)
    done = engine.change(lambda view: claim(view, candidate.members, by))
    return done.edit.claim[candidate.members[0]] if isinstance(done, Committed) else None


def _build(engine: Engine, candidate: Candidate, config: Config) -> Building:
    mrs = [engine.view.mrs[id] for id in candidate.members]
    return build(
        engine.repo,
        mrs,
        target=candidate.target,
        base=engine.view.targets[candidate.target],
        config=config,
        when=int(engine.clock().timestamp()),
    )


def _settle(
    engine: Engine,
    building: Building,
    judged: Judged,
    held: Claim,
    config: Config,
) -> End | None:
    built = building.built
    assert built is not None
    if isinstance(judged, ChecksAbandoned):
        if judged.reason == Stop.ELSEWHERE:
            return End.HANDED_OVER
        _give_back(engine, built.ids, held, judged.reason)
        engine.tell(Abandoned(built.ids, judged.reason))
        return End.STOPPED if judged.reason in (Stop.ASKED, Stop.TIME) else None
    settled = landing.settle(engine, built, judged, held, config)
    if settled is Settled.STALE:
        _give_back(engine, built.ids, held, "the world moved on")
        engine.refresh()
        prepare(engine)
    return None


def _check_target(
    engine: Engine, candidate: Candidate, config: Config, orders: Orders, run: _Run
) -> End | None:
    """Is the target itself fine?  A verdict is remembered, a check that could not run is not."""
    base = engine.view.targets[candidate.target]
    tree = engine.view.target_trees[candidate.target]
    subject = Subject(candidate.target, base, base, tree, ())
    try:
        judged = judge(engine, subject, config, tick=lambda: orders.abandon())
    except GitError as trouble:
        _cannot_check(candidate.target, trouble.message, run)
        return None
    if isinstance(judged, ChecksAbandoned):
        return End.HANDED_OVER if judged.reason == Stop.ELSEWHERE else End.STOPPED
    if judged is not None and judged.result is Result.ERROR:
        _cannot_check(candidate.target, failure_words(judged), run)
    elif judged is not None:
        landing.remember(engine, judged)
    return None


def _target_runs(
    engine: Engine, target: Branch, config: Config, renewal: Renewal, run: _Run
) -> bool:
    """Whether checks that could not run on a candidate run on the target: else nobody is at fault.

    What is known of the target does not answer this: the machine may have broken since.
    """
    base = engine.view.targets[target]
    subject = Subject(target, base, base, engine.view.target_trees[target], ())
    judged = judge(engine, subject, config, tick=renewal.tick, afresh=True)
    if isinstance(judged, Verdict) and judged.result is Result.ERROR:
        _cannot_check(target, failure_words(judged), run)
        return False
    return isinstance(judged, Verdict)


def _cannot_check(target: Branch, why: str, run: _Run) -> None:
    """A target whose checks cannot run is left alone by this run; the others are served."""
    words = f"the checks cannot run: {why}"
    run.stuck[target] = Idle(target, words, stuck=Stuck.CANNOT_CHECK)


def _give_back(engine: Engine, ids: tuple[MrId, ...], held: Claim, why: str) -> None:
    if ids:
        engine.change(lambda view: given_back(view, ids, held, why))


def _archive(engine: Engine) -> None:
    if engine.view.header.paused is None:
        engine.change(archiving.archive)
