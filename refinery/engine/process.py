"""The pass over the queue, and how often it is made: once, until nothing is ready, or for ever."""

from __future__ import annotations

from datetime import timedelta

from refinery.engine import conflicts, epics, healing, proposing, showing, signing, telling, trees
from refinery.engine.choosing import best
from refinery.engine.compacting import compact_long_lines
from refinery.engine.engine import Engine
from refinery.engine.happenings import Trouble, Waiting
from refinery.engine.renewing import LOOK_EVERY
from refinery.engine.run import End, Orders, Run, Taken
from refinery.engine.working import give_up, go_on, work
from refinery.queue import archiving
from refinery.queue.candidate import Candidate
from refinery.queue.folding import pushed_meanwhile
from refinery.queue.halting import pause_of
from refinery.queue.plan import Idle, Stuck
from refinery.queue.reporting import MOST_AT_ONCE, fold, reports
from refinery.repo.tidying import tidy
from refinery.store.update import Committed

__all__ = ["prepare", "process", "tell"]

TELL_EVERY = timedelta(minutes=1)
ASK_EVERY = timedelta(minutes=1)  # while others test, tracker and forge are asked so often
TELL_AFTER_TIME = timedelta(seconds=30)
SHOWN_IN_BETWEEN = 20
JUST_NOW = timedelta(seconds=1)
LOOK_AGAIN = 1.0  # seconds: who lingers looks so often


def process(engine: Engine, orders: Orders, *, once: bool = False) -> End:
    """Work through the queue until nothing is ready; every step can be repeated after a crash."""
    engine.bench.ensure_possible()
    showing.begin(engine)
    signing.rehearse(engine, engine.view.header.default_target)
    prepare(engine)
    engine.skipped.clear()
    engine.one_by_one = False
    run = Run(once=once, told_at=engine.clock(), asked_at=engine.clock())
    try:
        end = _drain(engine, orders, run)
    finally:
        give_up(engine, run)
    tell(engine, end, run, orders)
    if end is not End.STOPPED:
        tidy(engine.repo)
    return end


def _drain(engine: Engine, orders: Orders, run: Run) -> End:
    while True:
        if orders.stop():
            return End.STOPPED
        if orders.out_of_time():
            return End.TIME
        choice = run.taken or _choose(engine, run)
        if isinstance(choice, Candidate | Taken):
            run.idle_since = None
            end = _step(engine, choice, orders, run)
            if end is not None:
                return end
            _tell_in_time(engine, run, orders)
            if run.once and run.worked:
                return End.TROUBLED if engine.one_by_one or engine.skipped else End.ONCE
        elif _others_test(choice) and run.idle_for(orders.clock()) < orders.linger:
            orders.wait(LOOK_AGAIN)
        else:
            return _ended(engine, choice, run)


def _step(engine: Engine, choice: Candidate | Taken, orders: Orders, run: Run) -> End | None:
    if isinstance(choice, Taken):
        return go_on(engine, choice, orders, run)
    return work(engine, choice, orders, run)


def prepare(engine: Engine, *, outside: bool = True) -> None:
    """Everything before a candidate is chosen: fold, heal, ask the tracker; words come later.

    Without `outside` neither tracker nor forge is asked.
    """
    _tell_damage(engine)
    healing.ensure_history(engine)
    healing.fold(engine)
    if outside:
        trees.look(engine)
        proposing.follow(engine)
    healing.heal(engine)
    if outside:
        conflicts.open_issues(engine)
        conflicts.sweep(engine)
        epics.queue_finished(engine)
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
            hint = f" ({damage.hint})" if damage.hint else ""
            engine.tell(Trouble(f"{damage.where}: {damage.problem}{hint}"))


def _choose(engine: Engine, run: Run) -> Candidate | list[Idle]:
    """The next candidate as things are known; before giving up, the remote is asked once more.

    Where others are at work it is asked at once, unless that was just done: what they test is not
    to be tested again.  Else it is asked now and then: what people claim by hand is seen nowhere
    else.
    """
    ago = JUST_NOW if engine.others_at_work() else LOOK_EVERY
    is_asked = run.worked and engine.read_before(ago)
    if is_asked:
        engine.refresh()
    if run.stands_on != engine.view.targets:
        healing.roll_forward(engine)  # a push of ours may have torn, and we live on
        run.stands_on = dict(engine.view.targets)
    if pushed_meanwhile(engine.view):
        healing.fold(engine)  # else a revision would be tested beside the one that it replaces
    choice = best(engine, run)
    if isinstance(choice, Candidate):
        return choice
    if not is_asked:
        engine.refresh()
    if _others_test(choice) and run.asked_within(ASK_EVERY, engine.clock()):
        prepare(engine, outside=False)
        choice = best(engine, run)
        if isinstance(choice, Candidate) or _others_test(choice):
            return choice
    run.asked_at = engine.clock()
    prepare(engine)
    return best(engine, run)


def _others_test(idle: list[Idle]) -> bool:
    return any(each.others for each in idle)


def _ended(engine: Engine, idle: list[Idle], run: Run) -> End:
    run.idle = {each.target: each for each in idle}
    for each in idle:
        engine.tell(Waiting(each.target, each.why))
    if pause_of(engine.view, engine.clock()) is not None:
        return End.PAUSED
    stuck = {each.stuck for each in idle}
    if Stuck.BROKEN_CONFIG in stuck:
        return End.BROKEN_CONFIG
    if Stuck.CANNOT_CHECK in stuck:
        return End.CANNOT_CHECK
    if Stuck.RED in stuck:
        return End.RED
    return End.TROUBLED if engine.skipped else End.DRAINED


def _take_reports_in(engine: Engine) -> None:
    """The last worker leaves no verdict outside the queue; nor may too many lie there."""
    waiting = len(reports(engine.view))
    while waiting and (waiting >= MOST_AT_ONCE or not engine.others_at_work()):
        if not isinstance(engine.change(fold), Committed):
            return
        waiting = len(reports(engine.view))


def _archive(engine: Engine) -> None:
    """What ended leaves the queue in groups; after each, its history is looked at."""
    if pause_of(engine.view, engine.clock()) is None and isinstance(
        engine.change(archiving.archive), Committed
    ):
        compact_long_lines(engine)
