"""Cheap ways out of conflicts, tried before anybody is asked; what came of them is recorded."""

from __future__ import annotations

from collections.abc import Sequence

from refinery.config.config import Config
from refinery.engine.conflict_trial import (
    ConflictTrial,
    Helped,
    InVain,
    NotNeeded,
    PutOff,
    committer,
)
from refinery.engine.engine import Engine
from refinery.engine.happenings import ConflictResolved, Trouble
from refinery.engine.run import Orders
from refinery.queue import resolving
from refinery.queue.candidate import Clash
from refinery.records.merge_request import MergeRequest, Resolution
from refinery.records.names import Sha
from refinery.repo.history import lacked
from refinery.store.update import Committed
from refinery.values import replace


def resolve(
    engine: Engine, clashes: Sequence[Clash], config: Config, orders: Orders
) -> tuple[Clash, ...]:
    """Those that nothing helps, each with what was tried; the others are resolved and recorded."""
    left = []
    for clash in clashes:
        mr = engine.view.mrs[clash.id]
        below = lacked(engine.repo, mr.stands_on, clash.base)
        outcome = ConflictTrial(engine, mr, clash, config, orders, below).outcome()
        if isinstance(outcome, InVain):
            left.append(replace(clash, tried=outcome.tried))
        elif isinstance(outcome, PutOff):
            engine.later[mr.id] = clash.base
            if outcome.why:
                engine.tell(Trouble(f"{mr.id}: its conflict is not resolved now: {outcome.why}"))
        else:
            _record(engine, mr, clash, outcome)
    return tuple(left)


def would_help(engine: Engine, mr: MergeRequest, base: Sha, files: tuple[str, ...]) -> bool:
    """Whether a conflict that people were asked about can be resolved without them by now.

    More is configured or remembered than when it was tried; no command is run to find out.
    """
    config = engine.settings or engine.config_at(base, mr.target)
    if config is None or not config.resolve.is_wanted:
        return False
    quick = replace(config, resolve=replace(config.resolve, regenerate=()))
    below = lacked(engine.repo, mr.stands_on, base)
    clash = Clash(mr.id, base, files)
    return isinstance(ConflictTrial(engine, mr, clash, quick, Orders(), below).outcome(), Helped)


def _record(engine: Engine, mr: MergeRequest, clash: Clash, outcome: Helped | NotNeeded) -> None:
    made = _resolution(engine, mr, clash, outcome) if isinstance(outcome, Helped) else None
    done = engine.change(lambda view: resolving.resolved(view, clash, made, worker=engine.worker))
    if isinstance(done, Committed) and made is not None:
        engine.tell(ConflictResolved(done.edit.put[0]))


def _resolution(engine: Engine, mr: MergeRequest, clash: Clash, helped: Helped) -> Resolution:
    """The commit that stands for the head from now on: it holds the head and the target."""
    who = committer(engine)
    commit = engine.repo.writer.commit(
        tree=helped.tree,
        parents=(mr.head, helped.line or clash.base),
        author=who,
        committer=who,
        message=resolving.message(mr, helped.ways),
    )
    return Resolution(clash.base, commit, engine.clock(), engine.worker, helped.ways, helped.line)
