"""The pass over the queue, and how often it is made: once, until nothing is ready, or for ever."""

from __future__ import annotations

from datetime import timedelta

from refinery.config.config import Config
from refinery.engine import conflicts, healing, landing, proposing, showing, telling
from refinery.engine.engine import Engine
from refinery.engine.happenings import Trouble, Waiting
from refinery.engine.renewing import LOOK_EVERY
from refinery.engine.run import End, Orders, Run
from refinery.engine.working import work
from refinery.queue import archiving
from refinery.queue.candidate import Candidate
from refinery.queue.plan import Idle, Stuck, next_candidate, waits
from refinery.queue.planning.blame import blamed
from refinery.queue.reporting import MOST_AT_ONCE, fold, reports
from refinery.records.names import Branch
from refinery.records.schema import InvalidRecord
from refinery.store.update import Committed
from refinery.values import replace

__all__ = ["prepare", "process", "tell"]

TELL_EVERY = timedelta(minutes=1)
TELL_AFTER_TIME = timedelta(seconds=30)
SHOWN_IN_BETWEEN = 20
LOOK_AGAIN = 1.0  # seconds: who lingers looks so often
MOST_PLACES = 64


def process(engine: Engine, orders: Orders, *, once: bool = False) -> End:
    """Work through the queue until nothing is ready; every step can be repeated after a crash."""
    showing.begin(engine)
    prepare(engine)
    engine.skipped.clear()
    run = Run(told_at=engine.clock())
    end = _drain(engine, orders, run, once=once)
    tell(engine, end, run, orders)
    return end


def _drain(engine: Engine, orders: Orders, run: Run, *, once: bool) -> End:
    while True:
        if orders.stop():
            return End.STOPPED
        if orders.out_of_time():
            return End.TIME
        choice = _choose(engine, run)
        if isinstance(choice, Candidate):
            run.lingered = 0.0
            end = work(engine, choice, orders, run)
            if end is not None:
                return end
            _tell_in_time(engine, run, orders)
            if once and run.worked:
                return End.TROUBLED if run.one_by_one or run.troubled else End.ONCE
        elif run.lingered < orders.linger and any(each.others for each in choice):
            orders.wait(LOOK_AGAIN)
            run.lingered += LOOK_AGAIN
        else:
            return _ended(engine, choice, run)


def prepare(engine: Engine) -> None:
    """Everything before a candidate is chosen: fold, heal, ask the tracker; words come later."""
    _tell_damage(engine)
    healing.ensure_history(engine)
    healing.fold(engine)
    proposing.follow(engine)
    healing.heal(engine)
    conflicts.open_issues(engine)
    conflicts.sweep(engine)
    _take_reports_in(engine)
    _archive(engine)


def tell(engine: Engine, end: End, run: Run, orders: Orders) -> None:
    """After everything else, say what is unsaid; what waits for nobody is left to the next run."""
    if end in (End.STOPPED, End.HANDED_OVER):
        return
    telling.notice_standstills(engine, run.idle)
    within = TELL_AFTER_TIME if end is End.TIME else None
    telling.tell_untold(engine, stop=orders.stop, within=within)
    showing.show(engine, most=SHOWN_IN_BETWEEN if end is End.TIME else showing.MOST_A_RUN)


def _tell_in_time(engine: Engine, run: Run, orders: Orders) -> None:
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


def _choose(engine: Engine, run: Run) -> Candidate | list[Idle]:
    """The next candidate as things are known; before giving up, the remote is asked once more.

    Where others are at work it is asked at once: what they test is not to be tested again.  Else it
    is asked now and then: what people claim by hand is seen nowhere else.
    """
    if run.worked and (engine.others_at_work or engine.read_before(LOOK_EVERY)):
        engine.refresh()
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


def _choose_for(engine: Engine, target: Branch, run: Run) -> Candidate | Idle:
    """A target whose config is broken waits for its repair; the others are served."""
    try:
        config = engine.config(target)
    except InvalidRecord as broken:
        hint = f" ({broken.hint})" if broken.hint else ""
        return Idle(target, f"{broken.message}{hint}", stuck=Stuck.BROKEN_CONFIG)
    idle = waits(engine.view, target)
    if idle is not None:
        return idle
    if run.one_by_one:
        config = replace(config, batch_max=1)
    return _choose_of(engine, target, config, run)


def _choose_of(engine: Engine, target: Branch, config: Config, run: Run) -> Candidate | Idle:
    facts = engine.facts(target, config)
    if blamed(facts):
        before = engine.view
        landing.refuse(engine, target, config)
        if engine.view is not before:
            run.worked = True
            facts = engine.facts(target, config)
    place = _place(run, facts.workers - len(facts.running))
    return next_candidate(target, facts, unlike=frozenset(run.unlike), place=place)


def _place(run: Run, free: int) -> int:
    """Whoever was too late takes one further down, at random: losers do not march in step."""
    if not run.losses:
        return 0
    from random import randrange

    return randrange(min(MOST_PLACES, max(free, 4**run.losses)))


def _ended(engine: Engine, idle: list[Idle], run: Run) -> End:
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


def _take_reports_in(engine: Engine) -> None:
    """The last worker leaves no verdict outside the queue; nor may too many lie there."""
    waiting = len(reports(engine.view))
    while waiting and (waiting >= MOST_AT_ONCE or not engine.others_at_work):
        if not isinstance(engine.change(fold), Committed):
            return
        waiting = len(reports(engine.view))


def _archive(engine: Engine) -> None:
    if engine.view.header.paused is None:
        engine.change(archiving.archive)
