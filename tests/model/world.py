"""States of the model: what the remote holds, and what each worker knows and is at.

Only git is replaced: a commit is the list of what was merged into it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import Any
from weakref import WeakValueDictionary

from refinery.config.config import Check, Config
from refinery.queue.candidate import Built
from refinery.records.claim import Claim
from refinery.records.header import QueueHeader
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, MrId, Ref, Sha
from refinery.records.verdict import Verdict
from refinery.store.apply import applied
from refinery.store.edit import Edit
from refinery.store.layout import RefNames, target_ref
from refinery.store.view import View
from refinery.values import replace as changed
from tests.decisions.makers import MAIN, NOW, a_sha, an_mr

CHECKED = Config(checks=(Check("unit", "make test"),), batch_max=8)
LASTS = timedelta(minutes=10)
REFS = RefNames()
OUTSIDE = MrId("outside")


def digest(*parts: object) -> bytes:
    """A name for values that have a hash: the same for equal ones, another for any two others."""
    hashes = b"".join(hash(part).to_bytes(8, "little", signed=True) for part in parts)
    return blake2b(hashes, digest_size=16).digest()


class Shot:
    """A view as one remote showed it; there is one for equal views, and what follows from it."""

    __slots__ = ("__weakref__", "follows", "key", "view")

    def __init__(self, view: View, key: bytes) -> None:
        self.view = view
        self.key = key
        self.follows: dict[Any, Any] = {}  # decisions made from it before


class Stage(StrEnum):
    """What a worker does next."""

    IDLE = "looks"
    DECIDING = "pushes"
    TESTING = "tests"
    TESTED = "asks what others did meanwhile"


@dataclass(frozen=True, eq=False)
class Job:
    """What a worker has claimed, and what was known of its tree by then."""

    built: Built
    claim: Claim
    known: Verdict | None = None


@dataclass(frozen=True, eq=False)
class Task:
    """What a worker is about to change, and what it has to know for that."""

    kind: str
    about: Any = None
    goes_on: bool = False  # it may take the next candidate with the same push


@dataclass(frozen=True, eq=False)
class Actor:
    """A worker: what it is at, and what it knows; `choices` are made of that when it looks.

    One that decides and has no `shot` has lost a race: it is going to look again.
    """

    name: str
    stage: Stage = Stage.IDLE
    shot: Shot | None = None
    task: Task | None = None
    job: Job | None = None
    choices: tuple[Any, ...] = ()


@dataclass(frozen=True, eq=False)
class State:
    """Everything: the remote, the workers, the clock, and what may still happen from outside."""

    remote: Shot
    written: frozenset[Verdict]  # those of the queue itself, without what lies in claims
    actors: tuple[Actor, ...]
    outside: tuple[str, ...]  # each happens at most once, at any moment
    archived: frozenset[MergeRequest] = frozenset()
    left: frozenset[MrId] = frozenset()  # refs of the inbox whose submissions are folded
    issues: tuple[tuple[MrId, bool], ...] = ()  # the tracker: whose conflict, and whether open
    now: datetime = NOW
    tokens: frozenset[str] = frozenset()  # of claims that others have or had

    @property
    def landed(self) -> tuple[MrId, ...]:
        """What is on the target, in order."""
        return COMMITS[self.remote.view.targets[MAIN]]

    @property
    def is_torn(self) -> bool:
        """Whether the target is not where the last recorded landing left it."""
        recorded = self.remote.view.header.landed.get(MAIN, commit(()))
        return self.remote.view.targets[MAIN] != recorded


@dataclass(frozen=True, eq=False)
class Move:
    """A step and where it leads; `edit` is what it pushed, under `claim` where it has one."""

    words: str
    after: State
    edit: Edit | None = None
    claim: Claim | None = None


@dataclass(frozen=True)
class Truth:
    """What would really happen: who breaks the checks, alone or with whom, and who conflicts."""

    bad: frozenset[MrId] = frozenset()
    disagree: frozenset[frozenset[MrId]] = frozenset()
    clash: frozenset[frozenset[MrId]] = frozenset()
    config: Config = CHECKED

    def works(self, content: Iterable[MrId]) -> bool:
        tree = frozenset(content)
        return not tree & self.bad and not any(pair <= tree for pair in self.disagree)

    def clashes(self, id: MrId, content: tuple[MrId, ...]) -> bool:
        return any(frozenset({id, other}) in self.clash for other in content)


COMMITS: dict[Sha, tuple[MrId, ...]] = {}
TREES: dict[Sha, frozenset[MrId]] = {}
_SHAS: dict[tuple[str, tuple[MrId, ...]], Sha] = {}
_SHOTS: WeakValueDictionary[bytes, Shot] = WeakValueDictionary()


def commit(content: tuple[MrId, ...]) -> Sha:
    return _named("commit", content, COMMITS, content)


def tree(content: tuple[MrId, ...]) -> Sha:
    return _named("tree", tuple(sorted(content)), TREES, frozenset(content))


def _named(kind: str, content: tuple[MrId, ...], names: dict[Sha, Any], stands_for: Any) -> Sha:
    found = _SHAS.get((kind, content))
    if found is None:
        found = _SHAS[kind, content] = a_sha(f"{kind} {content}")
        names[found] = stands_for
    return found


def begin(
    count: int,
    workers: int,
    *,
    outside: tuple[str, ...] = (),
    folded: bool = True,
    named: bool = False,
) -> State:
    """So many merge requests, queued or still in the inbox, and so many workers.

    Workers have one name, unless it shall make a difference who is who.
    """
    mrs = [a_request(chr(ord("a") + n), NOW - timedelta(minutes=60 - n)) for n in range(count)]
    view = View(
        header=QueueHeader(default_target=MAIN),
        targets={MAIN: commit(())},
        target_trees={MAIN: tree(())},
        mrs={mr.id: mr for mr in mrs},
        unfolded=frozenset() if folded else frozenset(mr.id for mr in mrs),
    )
    return State(
        remote=_shot(view, frozenset(), frozenset()),
        written=frozenset(),
        actors=tuple(Actor(f"w{n + 1}" if named else "w") for n in range(workers)),
        outside=tuple(sorted(outside)),
    )


def a_request(name: str, at: datetime) -> MergeRequest:
    """One that was submitted then."""
    return an_mr(name, created_at=at)


def _shot(view: View, written: frozenset[Verdict], left: frozenset[MrId]) -> Shot:
    leases = _leases(view, written, left)
    key = digest(*sorted(leases.items()))
    found = _SHOTS.get(key)
    if found is None:
        found = _SHOTS[key] = Shot(changed(view, leases=leases), key)
    return found


def _leases(view: View, written: frozenset[Verdict], left: frozenset[MrId]) -> dict[Ref, Sha]:
    """Each ref's value follows from what it holds."""
    queued = [mr for mr in view.mrs.values() if mr.id not in view.unfolded]
    found = {REFS.queue: _value(frozenset(queued), written, repr(view.header))}
    found[target_ref(MAIN)] = view.targets[MAIN]
    found |= {REFS.claim(name): _value(claim) for name, claim in view.claims.items()}
    found |= {REFS.inbox(id): _value(view.mrs[id]) for id in view.unfolded}
    found |= {REFS.inbox(id): _value(id) for id in left}
    found |= {REFS.pin(mr.id): mr.head for mr in queued if not mr.closed}
    return found


def _value(*parts: object) -> Sha:
    return Sha(digest(*parts).hex())


def pushed(state: State, edit: Edit, refs: Collection[Ref] | None = None) -> State:
    """The remote after an edit that it took; or only that much of it, where the server died."""
    done = edit if refs is None else part_of(edit, refs)
    kept = refs is None or REFS.archive in refs
    archived = state.archived | frozenset(edit.archive) if kept else state.archived
    replaced = {v.key for v in done.verdicts} | set(done.forget)
    written = frozenset(v for v in state.written if v.key not in replaced)
    written |= frozenset(done.verdicts)
    left = state.left - set(done.fold)
    left |= {id for id in edit.fold if id not in done.fold and id in {mr.id for mr in done.put}}
    view = applied(state.remote.view, done)
    trees = {MAIN: tree(COMMITS[view.targets[MAIN]])}
    after = replace(state, written=written, archived=archived, left=left)
    return shown(after, changed(view, target_trees=trees))


def part_of(edit: Edit, refs: Collection[Ref]) -> Edit:
    """What an edit does to some of its refs."""
    queue = REFS.queue in refs
    return Edit(
        edit.event,
        put=edit.put if queue else (),
        archive=edit.archive if queue else (),
        verdicts=edit.verdicts if queue else (),
        forget=edit.forget if queue else (),
        header=edit.header if queue else None,
        submit=tuple(mr for mr in edit.submit if REFS.inbox(mr.id) in refs),
        fold=tuple(id for id in edit.fold if REFS.inbox(id) in refs),
        claim={name: claim for name, claim in edit.claim.items() if REFS.claim(name) in refs},
        release=tuple(name for name in edit.release if REFS.claim(name) in refs),
        moves=tuple(move for move in edit.moves if move.ref in refs),
    )


def shown(state: State, view: View) -> State:
    """The remote shows this."""
    return replace(state, remote=_shot(view, state.written, state.left))


def token_of(name: str, number: int) -> str:
    """The token of one of those that ever claimed the same."""
    return f"{number:032x}{name}"


def name_in(token: str) -> str:
    """What was claimed with a token."""
    return token[32:]


def tip_of(view: View) -> Sha:
    return view.targets[Branch(MAIN)]


def with_actor(state: State, actor: Actor) -> State:
    """The worker is elsewhere."""
    return replace(state, actors=(actor,))


def without(state: State, event: str) -> tuple[str, ...]:
    """What may still happen once this has."""
    left = list(state.outside)
    left.remove(event)
    return tuple(left)
