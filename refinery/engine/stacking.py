"""Keeps stacks together: finds who stands on whom, and sends on what its base has left behind."""

from __future__ import annotations

from refinery.engine.engine import Engine
from refinery.engine.happenings import Arranged
from refinery.queue import stacks
from refinery.records.names import Branch, MrId
from refinery.repo.process import GitError
from refinery.repo.walking import lacking
from refinery.store.apply import applied
from refinery.store.edit import Edit
from refinery.store.update import Committed
from refinery.store.view import View
from refinery.values import replace


def with_stacks(engine: Engine, view: View, edit: Edit) -> Edit:
    """The edit that folds, and has those wait that turn out to stand on one another."""
    new = {mr.id for mr in edit.put if not mr.closed}
    put = {mr.id: mr for mr in edit.put}
    after = applied(view, edit)
    for target in sorted({mr.target for mr in edit.put if not mr.closed}):
        parents = _parents(engine, after, target)
        found = stacks.attached(after, target, parents, new=new) if parents else None
        if found is not None:
            put |= {mr.id: mr for mr in found.put}
            after = applied(after, found)
    return replace(edit, put=tuple(put.values()))


def _parents(engine: Engine, view: View, target: Branch) -> stacks.Parents | None:
    """What the heads for a target hold; None where nothing is to be found out, or cannot be."""
    tip = view.targets.get(target)
    heads = {mr.head for mr in view.mrs.values() if mr.target == target and not mr.closed}
    config = engine.config_at(tip, target)
    if tip is None or len(heads) < 2 or config is None or not config.stacks.ancestry:
        return None
    try:
        return lacking(engine.repo, tip, sorted(heads))
    except GitError:
        return None  # a head that is not here is told of when it is built; it holds up nobody else


def retarget(engine: Engine) -> bool:
    """Send on what was to land on the branch of one that has landed; whether there was any."""
    left = [(mr.id, below.target) for mr, below in stacks.stranded(engine.view)]
    sent = [_sent_on(engine, id, target) for id, target in left]
    return any(sent)


def _sent_on(engine: Engine, id: MrId, target: Branch) -> bool:
    engine.store.targets.add(target)
    done = engine.change(lambda view: stacks.retargeted(view, id, engine.clock()))
    if not isinstance(done, Committed):
        return False
    engine.tell(Arranged(done.edit.event.subject))
    return True
