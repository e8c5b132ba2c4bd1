"""Settles a candidate: lands it in one atomic push, or records why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import Enum

from refinery.config.config import Config, LandingMode
from refinery.engine import proposing, remembering, signing, trees
from refinery.engine.building import Building, build_members
from refinery.engine.engine import Engine
from refinery.engine.happenings import Blamed, Conflicted, Ended, Landed
from refinery.engine.renewing import LOOK_EVERY
from refinery.errors import RefineryError
from refinery.queue import blocking, settling
from refinery.queue.candidate import Built, Clash, Hollow, Misfit
from refinery.queue.claiming import given_back
from refinery.queue.planning.from_view import facts_of
from refinery.queue.proposing import proposed
from refinery.queue.reporting import reported
from refinery.queue.settling import Moved, Stale
from refinery.records.claim import Claim
from refinery.records.fitting import as_line
from refinery.records.merge_request import Attempt, AttemptOutcome
from refinery.records.names import Branch, MrId
from refinery.records.verdict import Verdict
from refinery.repo.process import GitError
from refinery.repo.signing import CannotSign
from refinery.store.edit import Edit
from refinery.store.update import Committed, PushRefused
from refinery.store.view import View
from refinery.values import replace

Also = Callable[[View, Edit], Edit]
"""What goes into the same push as the settling: the edit that is handed in, or more than it."""


def nothing_else(_: View, edit: Edit) -> Edit:
    """Settle, and no more."""
    return edit


class Settled(Enum):
    """What became of a candidate."""

    LANDED = "landed"
    PROPOSED = "proposed"
    KNOWN = "its verdict is recorded"
    STALE = "stale"


def settle(
    engine: Engine,
    built: Built,
    verdict: Verdict | None,
    held: Claim,
    config: Config,
    *,
    also: Also = nothing_else,
) -> Settled:
    """Land what may land, record what was learned, give the claim back."""
    took = (engine.clock() - held.claimed_at).total_seconds()
    if engine.others_at_work(held) or engine.read_before(LOOK_EVERY):
        engine.refresh()  # what others test now says whether to land, and what people took
    trees.look_before_landing(engine, built.target)
    if verdict is None:
        return _land_untested(engine, built, held, config, also)
    about = replace(
        verdict,
        candidate=built.ids,
        base=built.base,
        target=built.target,
        purpose=held.purpose,
        took=max(0.0, round(took, 3)),
    )
    try:
        done = _decide(engine, built, about, held, config, also)
        while isinstance(done, Moved):
            again = _made_anew(engine, done, about, config)
            if again is None:
                remember(engine, about, held)
                return Settled.STALE
            done = _decide(engine, again, about, held, config, also)
    except (PushRefused, CannotSign):
        remember(engine, about)
        raise
    return _told(engine, done, built)


def _decide(
    engine: Engine, built: Built, verdict: Verdict, held: Claim, config: Config, also: Also
) -> Edit | Moved:
    known = engine.known(built.target)

    def decide(view: View) -> Edit | Moved:
        now = engine.clock()
        choice = settling.settle(
            view,
            built,
            verdict,
            held,
            config,
            now,
            known=known,
            land_as=_way(engine),
            aside=engine.others_at_work(held),
        )
        return also(view, choice) if isinstance(choice, Edit) else choice

    done = engine.change(decide)
    return done.edit if isinstance(done, Committed) else done


def _way(engine: Engine) -> settling.Way:
    """How it lands; it is signed only where it would."""

    def way(
        view: View,
        built: Built,
        verdict: Verdict | None,
        claim: Claim,
        config: Config,
        now: datetime,
    ) -> Edit | Stale:
        land = proposed if config.landing is LandingMode.PULL_REQUEST else settling.land
        unsigned = land(view, built, verdict, claim, config, now)
        made = signing.signed(engine, built, config) if isinstance(unsigned, Edit) else built
        return unsigned if made is built else land(view, made, verdict, claim, config, now)

    return way


def _made_anew(engine: Engine, moved: Moved, verdict: Verdict, config: Config) -> Built | None:
    """What is left on the target's tip of now, if that is the tree that was tested."""
    engine.refresh()
    target = verdict.target
    if engine.config(target).fingerprint != config.fingerprint:
        return None
    built = build_members(engine, target, moved.members, config).built
    if built is None or (built.tree, built.ids) != (verdict.tree, moved.members):
        return None
    return built


def _land_untested(
    engine: Engine, built: Built, held: Claim, config: Config, also: Also
) -> Settled:
    """Where the target asks for no checks there is nothing to wait for."""
    land_as = _way(engine)

    def decide(view: View) -> Edit | Stale:
        choice = land_as(view, built, None, held, config, engine.clock())
        return also(view, choice) if isinstance(choice, Edit) else choice

    done = engine.change(decide)
    if isinstance(done, Stale):
        give_back(engine, held)
        engine.refresh()
        return Settled.STALE
    assert isinstance(done, Committed)
    return _told(engine, done.edit, built)


def _told(engine: Engine, edit: Edit, built: Built) -> Settled:
    if edit.event.name == "merged":
        engine.tell(Landed(edit.put, built.target, engine.view.targets[built.target]))
        remembering.remember(engine, edit.put, built.target)
        return Settled.LANDED
    if edit.event.name == "proposed":
        proposing.follow(engine)
        return Settled.PROPOSED
    for mr in edit.put:
        engine.tell(Blamed(mr))
    return Settled.KNOWN


def remember(engine: Engine, verdict: Verdict, held: Claim | None = None) -> None:
    """Record a verdict by itself, and give the claim on it back."""
    if held is not None and engine.others_at_work(held):
        left = engine.change(lambda view: reported(view, verdict, held))
        if isinstance(left, Committed):
            return
    engine.change(lambda view: settling.record(view, verdict, held))


def give_back(engine: Engine, held: Claim) -> None:
    """Give up a claim that came to nothing."""
    engine.change(lambda view: given_back(view, held))


def refuse(engine: Engine, target: Branch, config: Config) -> None:
    """Send back whoever is proven to be at fault by what others recorded."""
    known = engine.known(target)

    def decide(view: View) -> Edit | None:
        now = engine.clock()
        facts = facts_of(view, target, config, now, known=known)
        return settling.refuse(view, facts, config, now, worker=engine.worker)

    _blamed(engine, engine.change(decide))


def set_aside(
    engine: Engine, target: Branch, id: MrId, trouble: RefineryError, config: Config
) -> None:
    """Remember that one could not be built, tested or landed, and why."""
    attempt = Attempt(
        at=engine.clock(),
        worker=engine.worker,
        outcome=_outcome(trouble),
        base=engine.view.targets.get(target),
        note=as_line(" ".join(trouble.message.split())),
    )
    done = engine.change(lambda view: settling.set_aside(view, id, attempt, config))
    if isinstance(done, Committed):
        for mr in done.edit.put:
            if mr.failure is not None:
                engine.tell(Blamed(mr))


def _outcome(trouble: RefineryError) -> AttemptOutcome:
    if isinstance(trouble, PushRefused):
        return AttemptOutcome.PUSH_FAIL
    is_checkout = isinstance(trouble, GitError) and trouble.command in ("checkout", "worktree")
    return AttemptOutcome.CHECKOUT_FAIL if is_checkout else AttemptOutcome.ERROR


def settle_unlandable(engine: Engine, building: Building, config: Config) -> None:
    """Block what conflicts, end what changes nothing, send back what cannot be fast-forwarded."""
    for clash in building.clashes:
        _block(engine, clash, config)
    for member in building.hollows:
        _end(engine, member)
    for misfit in building.misfits:
        _send_back(engine, misfit)


def _block(engine: Engine, clash: Clash, config: Config) -> None:
    done = engine.change(
        lambda view: blocking.conflicted(view, clash, config, engine.clock(), worker=engine.worker)
    )
    if isinstance(done, Committed):
        engine.tell(Conflicted(done.edit.put[0], clash.files))


def _end(engine: Engine, member: Hollow) -> None:
    done = engine.change(
        lambda view: blocking.hollow(view, member, engine.clock(), worker=engine.worker)
    )
    if isinstance(done, Committed):
        mr = done.edit.put[0]
        assert mr.close_reason is not None
        engine.tell(Ended(mr.id, mr.close_reason, mr.error or ""))


def _send_back(engine: Engine, misfit: Misfit) -> None:
    done = engine.change(
        lambda view: settling.sent_back(view, misfit, engine.clock(), worker=engine.worker)
    )
    _blamed(engine, done)


def _blamed(engine: Engine, done: Committed | object) -> None:
    if isinstance(done, Committed):
        for mr in done.edit.put:
            engine.tell(Blamed(mr))
