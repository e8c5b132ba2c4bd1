"""Puts right what a crash left behind, before anything new is begun."""

from __future__ import annotations

from refinery.config.config import FILE, Config, parse
from refinery.engine.engine import Engine
from refinery.engine.happenings import Folded, Healed
from refinery.engine.messages import TREE
from refinery.engine.stacking import retarget, with_stacks
from refinery.queue import folding, halting, healing
from refinery.queue.claiming import given_back
from refinery.queue.healing import FoundCommit
from refinery.records.claim import Claim
from refinery.records.names import Branch, MrId, Sha, branch_ref
from refinery.records.schema import InvalidRecord
from refinery.repo.history import ensure_complete, is_ancestor, log_trailers
from refinery.repo.liveness import is_dead_worker
from refinery.store.edit import Edit
from refinery.store.message import MR, named_mrs
from refinery.store.update import Committed, PushRefused
from refinery.store.view import View


def ensure_history(engine: Engine) -> None:
    """Merging needs the whole history: a shallow clone fetches the rest first."""
    remote = engine.repo.remote_name()
    if engine.repo.shallow and remote is not None:
        ensure_complete(engine.repo, remote, tell=lambda text: engine.tell(Healed(text)))


def fold(engine: Engine) -> None:
    """Take the submissions of the inbox into the queue."""
    if not engine.view.unfolded:
        return
    waiting = folding.intents(engine.view)
    refs = [branch_ref(branch) for branch in waiting]
    tips = engine.store.transport.list(*refs) if refs else {}
    by_branch = {Branch(ref.removeprefix("refs/heads/")): tip for ref, tip in tips.items()}

    def decide(view: View) -> Edit | None:
        edit = folding.fold(view, engine.clock(), tips=by_branch)
        return with_stacks(engine, view, edit) if edit is not None else None

    while isinstance(done := engine.change(decide), Committed):
        engine.tell(Folded(done.edit.fold))


def heal(engine: Engine) -> None:
    """Roll torn landings forward, drop claims of dead workers of this machine, remove leftovers."""
    roll_forward(engine)
    if retarget(engine):
        fold(engine)
    is_pinned = _pin_again(engine)
    _drop_dead_claims(engine)
    _let_lapse(engine)
    while is_pinned and isinstance(
        done := engine.change(
            lambda view: healing.leftovers(view, engine.store.refs, engine.worker, engine.clock())
        ),
        Committed,
    ):
        engine.tell(Healed(done.edit.event.subject))


def _pin_again(engine: Engine) -> bool:
    """Before the inbox is tidied: its entry may be all that still holds the commit.

    False where the server does not let it be done: the others are served, and nothing is tidied.
    """
    wanted = list(healing.unpinned(engine.view, engine.store.refs).values())
    if not wanted:
        return True
    found = zip(wanted, engine.repo.reader.read_many(wanted), strict=True)
    at_hand = {oid for oid, commit in found if commit is not None}
    try:
        done = engine.change(
            lambda view: healing.pinned_again(view, engine.store.refs, at_hand, engine.worker)
        )
    except PushRefused as refused:
        engine.tell_once(f"what waits cannot be pinned: {refused.message}")
        return False
    if isinstance(done, Committed):
        engine.tell(Healed(done.edit.event.subject))
    return True


def _let_lapse(engine: Engine) -> None:
    """Take away the pauses, holds and freezes whose end has come: the log tells when."""
    done = engine.change(lambda view: halting.lapsed(view, engine.clock()))
    if isinstance(done, Committed):
        engine.tell(Healed(done.edit.event.subject))


def roll_forward(engine: Engine) -> None:
    """Record what landed and is not recorded, before anything is built on it."""
    for target in sorted(engine.view.targets):
        if healing.torn(engine.view, target):
            _roll_forward(engine, target, engine.view.header.landed[target])
        elif target not in engine.view.header.landed:
            _roll_first_forward(engine, target)


def _roll_first_forward(engine: Engine, target: Branch) -> None:
    """The first landing on a target may be torn: nothing is recorded, but the tip names it."""
    read = engine.repo.reader.commit
    tip = commit = read(engine.view.targets[target])
    while commit.parents and any(id in engine.view.mrs for id in named_mrs(commit.message)):
        commit = read(commit.parents[0])
    if commit != tip:
        _roll_forward(engine, target, commit.oid)


def _roll_forward(engine: Engine, target: Branch, recorded: Sha) -> None:
    tip = engine.view.targets[target]
    if not _holds(engine, tip, recorded):
        engine.tell_once(f"{target} was rewound or rewritten: {_REWOUND.format(recorded[:12])}")
        return
    commits = _found(engine, recorded, tip)
    config = _config_at(engine, recorded)

    def if_still_there(view: View) -> Edit | None:
        if view.targets.get(target) != tip:
            return None  # it moved on: the next run sees all of it
        return healing.roll_forward(
            view, target, commits, worker=engine.worker, config=config, now=engine.clock()
        )

    done = engine.change(if_still_there)
    if isinstance(done, Committed):
        engine.tell(Healed(done.edit.event.subject))


_REWOUND = "its last landing, {}, is not in it any more (`refinery verify` names what is gone)"


def _holds(engine: Engine, tip: Sha, recorded: Sha) -> bool:
    """A landing that was taken back may not be in this clone at all."""
    is_here = engine.repo.reader.read(recorded) is not None
    return is_here and is_ancestor(engine.repo, recorded, tip)


def _found(engine: Engine, recorded: Sha, tip: Sha) -> list[FoundCommit]:
    """The commits on the target's first-parent line since the recorded landing, oldest first."""
    found = []
    for commit, pairs in log_trailers(engine.repo, recorded, tip, first_parent=True):
        named = tuple(MrId(value) for key, value in pairs if key == MR)
        tested = next((Sha(value) for key, value in pairs if key == TREE), None)
        parent = commit.parents[0] if commit.parents else None
        found.append(FoundCommit(commit.oid, commit.tree, parent, named, tested))
    return found


def _drop_dead_claims(engine: Engine) -> None:
    """A worker of this machine that is gone will not come back: its claims need not run out.

    A claim of our name from before our start is that of a life before this one.  A younger one is a
    namesake's: two that drop each other's claims would work for ever and land nothing.
    """
    for claim in {each.token: each for each in engine.view.claims.values()}.values():
        if claim.is_report:
            continue
        was_ours = claim.worker == engine.worker and claim.claimed_at <= engine.started
        if was_ours or is_dead_worker(claim.worker):
            _drop(engine, claim)


def _drop(engine: Engine, claim: Claim) -> None:
    if isinstance(engine.change(lambda view: given_back(view, claim)), Committed):
        whose = ", ".join(claim.candidate) or claim.target
        engine.tell(Healed(f"release {whose}: its worker {claim.worker} ended"))


def _config_at(engine: Engine, base: Sha) -> Config:
    """The configuration the interrupted landing was made under: that of the target before it."""
    data = engine.repo.reader.blob(f"{base}:{FILE}")
    try:
        return Config() if data is None else parse(data, where=f"{base[:12]}:{FILE}")
    except InvalidRecord:
        return Config()
