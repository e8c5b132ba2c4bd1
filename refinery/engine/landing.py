"""Settles a candidate: lands it in one atomic push, or records why not."""

from __future__ import annotations

from enum import Enum

from refinery.config.config import Config, LandingMode
from refinery.engine import proposing
from refinery.engine.building import Building
from refinery.engine.engine import Engine
from refinery.engine.happenings import Blamed, Conflicted, Ended, Landed
from refinery.errors import RefineryError
from refinery.queue import blocking, settling
from refinery.queue.candidate import Built, Clash, Hollow, Misfit
from refinery.queue.settling import Stale
from refinery.records.claim import Claim
from refinery.records.fitting import as_line
from refinery.records.merge_request import Attempt, AttemptOutcome
from refinery.records.names import MrId
from refinery.records.verdict import Result, Verdict
from refinery.repo.process import GitError
from refinery.store.update import Committed, PushRefused
from refinery.values import replace


class Settled(Enum):
    """What became of a candidate."""

    LANDED = "landed"
    PROPOSED = "proposed"
    FAILED = "failed"
    STALE = "stale"


def settle(
    engine: Engine, built: Built, verdict: Verdict | None, held: Claim, config: Config
) -> Settled:
    """Land what passed; record what did not."""
    if verdict is not None and verdict.result is not Result.PASS:
        return _failed(engine, built, _about(verdict, built), held, config)
    if config.landing is LandingMode.PULL_REQUEST:
        return _propose(engine, built, verdict, held, config)
    try:
        done = engine.change(
            lambda view: settling.land(view, built, verdict, held, config, engine.clock())
        )
    except PushRefused:
        if verdict is not None:
            remember(engine, verdict)
        raise
    if isinstance(done, Stale):
        if verdict is not None:
            remember(engine, verdict)
        return Settled.STALE
    assert isinstance(done, Committed)
    engine.tell(Landed(done.edit.put, built.target, built.commit))
    return Settled.LANDED


def _propose(
    engine: Engine, built: Built, verdict: Verdict | None, held: Claim, config: Config
) -> Settled:
    stale = proposing.propose(engine, built, verdict, held, config)
    if stale is None:
        return Settled.PROPOSED
    if verdict is not None:
        remember(engine, verdict)
    return Settled.STALE


def _about(verdict: Verdict, built: Built) -> Verdict:
    """A verdict that was known from another candidate with the same tree, as this candidate's."""
    return replace(verdict, candidate=built.ids, base=built.base, target=built.target)


def _failed(engine: Engine, built: Built, verdict: Verdict, held: Claim, config: Config) -> Settled:
    done = engine.change(
        lambda view: settling.failed(view, built, verdict, held, config, engine.clock())
    )
    if isinstance(done, Committed):
        for mr in done.edit.put:
            engine.tell(Blamed(mr))
    return Settled.FAILED


def remember(engine: Engine, verdict: Verdict) -> None:
    """Record a verdict by itself."""
    engine.change(lambda view: settling.record(view, verdict))


def set_aside(
    engine: Engine, id: MrId, trouble: RefineryError, held: Claim, config: Config
) -> None:
    """Give one back that could not be built, tested or landed, and remember why."""
    attempt = Attempt(
        at=engine.clock(),
        worker=held.worker,
        outcome=_outcome(trouble),
        base=engine.view.targets.get(held.target),
        note=as_line(" ".join(trouble.message.split())),
    )
    done = engine.change(lambda view: settling.set_aside(view, id, attempt, held, config))
    if isinstance(done, Committed):
        for mr in done.edit.put:
            if mr.failure is not None:
                engine.tell(Blamed(mr))


def _outcome(trouble: RefineryError) -> AttemptOutcome:
    if isinstance(trouble, PushRefused):
        return AttemptOutcome.PUSH_FAIL
    is_checkout = isinstance(trouble, GitError) and trouble.command in ("checkout", "worktree")
    return AttemptOutcome.CHECKOUT_FAIL if is_checkout else AttemptOutcome.ERROR


def settle_unlandable(engine: Engine, building: Building, held: Claim, config: Config) -> None:
    """Block what conflicts, end what changes nothing, send back what cannot be fast-forwarded."""
    for clash in building.clashes:
        _block(engine, clash, held, config)
    for member in building.hollows:
        _end(engine, member, held)
    for misfit in building.misfits:
        _send_back(engine, misfit, held)


def _block(engine: Engine, clash: Clash, held: Claim, config: Config) -> None:
    done = engine.change(
        lambda view: blocking.conflicted(view, clash, held, config, engine.clock())
    )
    if isinstance(done, Committed):
        engine.tell(Conflicted(done.edit.put[0], clash.files))


def _end(engine: Engine, member: Hollow, held: Claim) -> None:
    done = engine.change(lambda view: blocking.hollow(view, member, held, engine.clock()))
    if isinstance(done, Committed):
        mr = done.edit.put[0]
        assert mr.close_reason is not None
        engine.tell(Ended(mr.id, mr.close_reason, mr.error or ""))


def _send_back(engine: Engine, misfit: Misfit, held: Claim) -> None:
    done = engine.change(lambda view: settling.sent_back(view, misfit, held, engine.clock()))
    if isinstance(done, Committed):
        engine.tell(Blamed(done.edit.put[0]))
