"""Chooses what a worker does next: the planner's choice for a target, or why there is none."""

from __future__ import annotations

from random import randrange

from refinery.config.config import Config
from refinery.engine import landing
from refinery.engine.engine import Engine
from refinery.engine.run import Run
from refinery.queue.candidate import Candidate
from refinery.queue.folding import pushed_meanwhile
from refinery.queue.healing import is_recorded
from refinery.queue.plan import Idle, Stuck, next_candidate, waits
from refinery.queue.planning.blame import blamed
from refinery.queue.planning.facts import Facts
from refinery.records.names import Branch
from refinery.records.schema import InvalidRecord

MOST_PLACES = 64


def best(engine: Engine, run: Run) -> Candidate | list[Idle]:
    """The next candidate of any target as things are known, or why there is none for each.

    Whoever is proven to be at fault is sent back before.
    """
    idle = []
    for target in sorted(engine.view.targets):
        choice = run.stuck.get(target) or _of(engine, target, run)
        if isinstance(choice, Candidate):
            return choice
        idle.append(choice)
    return idle


def following(engine: Engine, run: Run) -> Candidate | None:
    """What `best` would choose, where that writes nothing, and nothing is to be folded before."""
    if pushed_meanwhile(engine.view):
        return None
    for target in sorted(engine.view.targets):
        config = _open(engine, target)
        if target in run.stuck or isinstance(config, Idle) or not is_recorded(engine.view, target):
            continue
        facts = engine.facts(target, config)
        if blamed(facts):
            return None
        choice = _next(engine, target, facts, run)
        if isinstance(choice, Candidate):
            return choice
    return None


def _of(engine: Engine, target: Branch, run: Run) -> Candidate | Idle:
    config = _open(engine, target)
    if isinstance(config, Idle):
        return config
    facts = engine.facts(target, config)
    if blamed(facts):
        before = engine.view
        landing.refuse(engine, target, config)
        if engine.view is not before:
            run.worked = True
            facts = engine.facts(target, config)
    return _next(engine, target, facts, run)


def _open(engine: Engine, target: Branch) -> Config | Idle:
    """A target whose config is broken waits for its repair; the others are served."""
    try:
        config = engine.config(target)
    except InvalidRecord as broken:
        hint = f" ({broken.hint})" if broken.hint else ""
        return Idle(target, f"{broken.message}{hint}", stuck=Stuck.BROKEN_CONFIG)
    return waits(engine.view, target, now=engine.clock()) or config


def _next(engine: Engine, target: Branch, facts: Facts, run: Run) -> Candidate | Idle:
    place = _place(run, engine.workers - len(facts.running))
    return next_candidate(target, facts, unlike=frozenset(run.unlike), place=place)


def _place(run: Run, free: int) -> int:
    """Where many are said to be free they do not all reach for the first; losers look further.

    At random: nobody knows who the others are, and losers must not march in step.
    """
    return randrange(min(MOST_PLACES, max(free, 4**run.losses)))
