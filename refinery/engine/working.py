"""Works on one candidate: build it, claim it, test it, settle it."""

from __future__ import annotations

from refinery.config.config import Config
from refinery.engine import cheap_ways, conflicts, healing, landing, showing, signing
from refinery.engine.building import build_members
from refinery.engine.checks import Abandoned as ChecksAbandoned
from refinery.engine.engine import Engine
from refinery.engine.happenings import Abandoned, Chosen, Trouble
from refinery.engine.judging import Judged, Stop, judge
from refinery.engine.landing import Settled
from refinery.engine.onward import Onward
from refinery.engine.renewing import Renewal
from refinery.engine.run import End, Orders, Run, Taken
from refinery.engine.testing import Subject
from refinery.errors import RefineryError, TryAgain
from refinery.queue.candidate import Built, Candidate
from refinery.queue.claiming import claim_candidate
from refinery.queue.plan import Idle, Stuck
from refinery.queue.planning.facts import PassedSet
from refinery.queue.settling import failure_words
from refinery.records.claim import Claim
from refinery.records.names import Branch
from refinery.records.verdict import Result, Verdict
from refinery.repo.objects import BadObject
from refinery.repo.process import GitError
from refinery.store.update import Committed, PushRefused
from refinery.values import replace

MOST_TRIES = 30
MOST_SETTLES = 30
SETTLE_AGAIN = 1.0  # seconds, then twice as long each time ...
LONGEST_PAUSE = 10.0  # ... up to this: four minutes altogether


def work(engine: Engine, candidate: Candidate, orders: Orders, run: Run) -> End | None:
    """Bring a candidate as far as it goes; None: look what is to be done next."""
    config = engine.config(candidate.target)
    if _comes_to_nothing(engine, candidate, run):
        return None
    if not candidate.members:
        return _check_target(engine, candidate, config, orders, run)
    signing.rehearse(engine, candidate.target)
    try:
        built = _built(engine, candidate, config, orders, run)
    except (GitError, BadObject) as trouble:
        _set_aside(engine, candidate, trouble, config, run)
        return None
    if built is None:
        return None
    if candidate.has_passed and not _has_passed(engine, built, config):
        run.unlike |= _those_of(engine, candidate, config)
        return None
    held = _claim(engine, candidate, built, config, run)
    if held is not None:
        return _work_on(engine, candidate, built, held, orders, run)
    for id in set(candidate.members).difference(built.ids):
        engine.later[id] = built.base  # without it, the candidate is one that somebody else tests
    return None


def go_on(engine: Engine, taken: Taken, orders: Orders, run: Run) -> End | None:
    """Work on what was claimed with the push before."""
    run.taken, run.losses, run.worked = None, 0, True
    engine.tell(Chosen(taken.candidate))
    return _work_on(engine, taken.candidate, taken.built, taken.claim, orders, run)


def give_up(engine: Engine, run: Run) -> None:
    """Give back what was claimed and will not be worked on."""
    if run.taken is not None:
        held, run.taken = run.taken.claim, None
        landing.give_back(engine, held)


def _comes_to_nothing(engine: Engine, candidate: Candidate, run: Run) -> bool:
    """Whether the same was chosen again and again: whatever is wrong, the others are served."""
    chosen = engine.view.targets[candidate.target], candidate.members
    run.tried[chosen] = run.tried.get(chosen, 0) + 1
    if run.tried[chosen] <= MOST_TRIES:
        return False
    words = f"was chosen {MOST_TRIES} times without any effect"
    engine.tell(Trouble(f"{', '.join(candidate.members) or candidate.target} {words}"))
    if candidate.members:
        engine.skipped.update(candidate.members)
    else:
        run.stuck[candidate.target] = Idle(candidate.target, words, stuck=Stuck.CANNOT_CHECK)
    return True


def _built(
    engine: Engine, candidate: Candidate, config: Config, orders: Orders, run: Run
) -> Built | None:
    """The candidate as commits; None where some of it cannot land: then another is chosen."""
    building = build_members(engine, candidate.target, candidate.members, config)
    if building.clashes or building.hollows or building.misfits:
        run.worked = True
        before = engine.view
        if building.hollows:
            healing.roll_forward(engine)
            if engine.view is not before:
                return None  # it is there because it landed
        left = cheap_ways.resolve(engine, building.clashes, config, orders)
        landing.settle_unlandable(engine, replace(building, clashes=left), config)
        conflicts.open_issues(engine)
        if engine.view is before:
            engine.refresh()  # others said the same, or the target moved
        return None
    if building.built is not None:
        engine.keep_apart(building.waiting, building.built.ids)
    return building.built


def _has_passed(engine: Engine, built: Built, config: Config) -> bool:
    known = engine.view.verdict(built.tree, config.fingerprint)
    return known is not None and known.result is Result.PASS


def _those_of(engine: Engine, candidate: Candidate, config: Config) -> set[PassedSet]:
    """What made us think that the candidate had passed."""
    members = frozenset(candidate.members)
    facts = engine.facts(candidate.target, config)
    passed = facts.evidence.passed
    return {each for each in passed if members.issubset(facts.whole(each.members))}


def _claim(
    engine: Engine, candidate: Candidate, built: Built | None, config: Config, run: Run
) -> Claim | None:
    """The claim on it; None where somebody else was faster."""
    target = candidate.target
    base = built.base if built is not None else engine.view.targets[target]
    ids = built.ids if built is not None else ()
    by = engine.claimant(config)
    before = engine.view
    done = engine.change(
        lambda view: claim_candidate(view, target, base, ids, by, purpose=candidate.purpose)
    )
    if not isinstance(done, Committed):
        run.losses += 1
        if engine.view is before:
            engine.refresh()
        return None
    run.losses, run.worked = 0, True
    engine.tell(Chosen(replace(candidate, members=ids)))
    return next(iter(done.edit.claim.values()))


def _work_on(
    engine: Engine, candidate: Candidate, built: Built, held: Claim, orders: Orders, run: Run
) -> End | None:
    config = engine.config(candidate.target)
    renewal = Renewal(engine, held, config, orders)
    try:
        meanwhile = showing.meanwhile(engine, renewal.tick)
        judged = judge(engine, Subject.of(built), config, tick=meanwhile)
        could_not_run = isinstance(judged, Verdict) and judged.result is Result.ERROR
        if could_not_run and not _target_runs(engine, candidate.target, config, renewal, run):
            landing.give_back(engine, renewal.claim)
            return None
        return _settle_in_time(engine, built, judged, renewal.claim, orders, run)
    except (GitError, BadObject, PushRefused) as trouble:
        landing.give_back(engine, renewal.claim)
        _set_aside(engine, replace(candidate, members=built.ids), trouble, config, run)
        return None
    except BaseException:
        landing.give_back(engine, renewal.claim)
        raise


def _settle_in_time(
    engine: Engine, built: Built, judged: Judged, held: Claim, orders: Orders, run: Run
) -> End | None:
    """A remote that is away for a moment costs no run: it is asked again while the claim lasts."""
    onward = Onward(engine, orders, run)
    for tries in range(MOST_SETTLES - 1):
        try:
            return _settle(engine, built, judged, held, onward)
        except TryAgain as trouble:
            if engine.clock() >= held.expires_at or orders.stop() or orders.out_of_time():
                raise
            if not tries:
                engine.tell(Trouble(f"{trouble.message}; trying again"))
            orders.wait(min(SETTLE_AGAIN * 2**tries, LONGEST_PAUSE))
    return _settle(engine, built, judged, held, onward)


def _settle(
    engine: Engine, built: Built, judged: Judged, held: Claim, onward: Onward
) -> End | None:
    """Land it, record its verdict, or give it up; the next is taken with the same push."""
    if isinstance(judged, ChecksAbandoned):
        if judged.reason == Stop.ELSEWHERE:
            return End.HANDED_OVER
        engine.abandoned += engine.clock() - held.claimed_at
        landing.give_back(engine, held)
        engine.tell(Abandoned(built.ids, judged.reason))
        return End.STOPPED if judged.reason in (Stop.ASKED, Stop.TIME) else None
    config = engine.config(built.target)
    if landing.settle(engine, built, judged, held, config, also=onward.also) is Settled.STALE:
        engine.refresh()
    onward.run.taken = onward.taken()
    return None


def _set_aside(
    engine: Engine, candidate: Candidate, trouble: RefineryError, config: Config, run: Run
) -> None:
    """Trouble that says nothing of the code: nobody else may have to wait for whoever brings it.

    Which of many brings it shows when they go one by one; that one waits for the next run.
    """
    ids = candidate.members
    run.worked = True
    engine.tell(Trouble(f"{', '.join(ids)}: {trouble.message}"))
    if len(ids) > 1 and not engine.one_by_one:
        engine.one_by_one = True
        return
    engine.skipped.update(ids)
    if len(ids) == 1:
        landing.set_aside(engine, candidate.target, ids[0], trouble, config)


def _check_target(
    engine: Engine, candidate: Candidate, config: Config, orders: Orders, run: Run
) -> End | None:
    """Is the target itself fine?  A verdict is remembered, a check that could not run is not."""
    target = candidate.target
    subject = _target_itself(engine, target)
    held = _claim(engine, candidate, None, config, run)
    if held is None:
        return None
    renewal = Renewal(engine, held, config, orders)
    try:
        judged = judge(engine, subject, config, tick=renewal.tick)
    except GitError as trouble:
        _cannot_check(target, trouble.message, run)
        landing.give_back(engine, renewal.claim)
        return None
    except BaseException:
        landing.give_back(engine, renewal.claim)
        raise
    if isinstance(judged, ChecksAbandoned):
        if judged.reason == Stop.ELSEWHERE:
            return End.HANDED_OVER
        landing.give_back(engine, renewal.claim)
        return End.STOPPED if judged.reason in (Stop.ASKED, Stop.TIME) else None
    if judged is not None and judged.result is Result.ERROR:
        _cannot_check(target, failure_words(judged), run)
        landing.give_back(engine, renewal.claim)
    elif judged is not None:
        landing.remember(engine, judged, renewal.claim)
    return None


def _target_runs(
    engine: Engine, target: Branch, config: Config, renewal: Renewal, run: Run
) -> bool:
    """Whether checks that could not run on a candidate run on the target: else nobody is at fault.

    What is known of the target does not answer this: the machine may have broken since.
    """
    subject = _target_itself(engine, target)
    judged = judge(engine, subject, config, tick=renewal.tick, afresh=True)
    if isinstance(judged, Verdict) and judged.result is Result.ERROR:
        _cannot_check(target, failure_words(judged), run)
        return False
    return isinstance(judged, Verdict)


def _target_itself(engine: Engine, target: Branch) -> Subject:
    base = engine.view.targets[target]
    return Subject(target, base, base, engine.view.target_trees[target], ())


def _cannot_check(target: Branch, why: str, run: Run) -> None:
    """A target whose checks cannot run is left alone by this run; the others are served."""
    words = f"the checks cannot run: {why}"
    run.stuck[target] = Idle(target, words, stuck=Stuck.CANNOT_CHECK)
