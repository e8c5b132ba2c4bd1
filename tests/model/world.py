"""States of the model: what the remote holds, and what each worker knows and is at.

Only git is replaced: a commit is the list of what was merged into it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from refinery.config.config import Check, Config
from refinery.queue.candidate import Built
from refinery.records.claim import Claim
from refinery.records.header import QueueHeader
from refinery.records.names import MrId, Ref, Sha
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


def _content_hash(*parts: object) -> Sha:
    return Sha(f"{hash(parts) & (1 << 160) - 1:040x}")


class Shot:
    """A view that can be compared: leases are made of all that it holds, however it came about."""

    __slots__ = ("_hash", "key", "view")

    def __init__(self, view: View) -> None:
        self.view = view
        self.key = frozenset(view.leases.items())
        self._hash = hash(self.key)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Shot) and self.key == other.key)


class HashedOnce:
    """States are looked up again and again, and made of parts that most moves leave alone."""

    def __hash__(self) -> int:
        try:
            return self.__dict__["hash"]  # type: ignore[no-any-return]
        except KeyError:
            self.__dict__["hash"] = hash(tuple(self.__dict__.values()))
            return self.__dict__["hash"]  # type: ignore[no-any-return]


class Stage(StrEnum):
    """What a worker does next."""

    IDLE = "looks"
    DECIDING = "pushes"
    TESTING = "tests"


@dataclass(frozen=True)
class Job(HashedOnce):
    """What a worker has claimed."""

    __hash__ = HashedOnce.__hash__

    built: Built
    claim: Claim


@dataclass(frozen=True)
class Actor(HashedOnce):
    """A worker: what it knows, and what it is at; `lives` counts how often it began anew."""

    __hash__ = HashedOnce.__hash__

    name: str
    stage: Stage = Stage.IDLE
    shot: Shot | None = None
    task: tuple[Any, ...] = ()
    job: Job | None = None
    lives: int = 0


@dataclass(frozen=True)
class State(HashedOnce):
    """Everything: the remote, the workers, the clock, and what may still happen from outside."""

    __hash__ = HashedOnce.__hash__

    remote: Shot
    written: frozenset[Verdict]  # those of the queue itself, without what lies in claims
    actors: tuple[Actor, ...]
    outside: tuple[str, ...]  # each happens at most once, at any moment
    tested: frozenset[Sha] = frozenset()  # trees whose checks really passed
    issues: tuple[tuple[MrId, bool], ...] = ()  # the tracker: whose conflict, and whether open
    now: datetime = NOW

    @property
    def landed(self) -> tuple[MrId, ...]:
        """What is on the target, in order."""
        return COMMITS[self.remote.view.targets[MAIN]]

    @property
    def is_torn(self) -> bool:
        """Whether the target is not where the last recorded landing left it."""
        recorded = self.remote.view.header.landed.get(MAIN, commit(()))
        return self.remote.view.targets[MAIN] != recorded


@dataclass(frozen=True)
class Move:
    """A step and where it leads; `edit` is what it pushed."""

    words: str
    after: State
    edit: Edit | None = None


@dataclass(frozen=True)
class Truth:
    """What would really happen: who breaks the checks, alone or with whom, and who conflicts."""

    bad: frozenset[MrId] = frozenset()
    disagree: frozenset[frozenset[MrId]] = frozenset()
    clash: frozenset[frozenset[MrId]] = frozenset()
    config: Config = CHECKED

    def works(self, content: tuple[MrId, ...]) -> bool:
        tree = frozenset(content)
        return not tree & self.bad and not any(pair <= tree for pair in self.disagree)

    def clashes(self, id: MrId, content: tuple[MrId, ...]) -> bool:
        return any(frozenset({id, other}) in self.clash for other in content)


COMMITS: dict[Sha, tuple[MrId, ...]] = {}
TREES: dict[Sha, frozenset[MrId]] = {}


def commit(content: tuple[MrId, ...]) -> Sha:
    name = a_sha(f"commit {content}")
    COMMITS[name] = content
    return name


def tree(content: tuple[MrId, ...]) -> Sha:
    name = a_sha(f"tree {sorted(content)}")
    TREES[name] = frozenset(content)
    return name


def begin(count: int, workers: int, *, outside: tuple[str, ...] = (), folded: bool = True) -> State:
    """So many merge requests, queued or still in the inbox, and so many workers."""
    mrs = [
        an_mr(chr(ord("a") + n), created_at=NOW - timedelta(minutes=60 - n)) for n in range(count)
    ]
    empty = View(
        header=QueueHeader(default_target=MAIN),
        targets={MAIN: commit(())},
        target_trees={MAIN: tree(())},
        mrs={mr.id: mr for mr in mrs},
        unfolded=frozenset() if folded else frozenset(mr.id for mr in mrs),
    )
    return State(
        remote=Shot(changed(empty, leases=_leases(empty, frozenset()))),
        written=frozenset(),
        actors=tuple(Actor(f"w{n + 1}") for n in range(workers)),
        outside=outside,
    )


def _leases(view: View, written: frozenset[Verdict]) -> dict[Ref, Sha]:
    """Each ref's value follows from what it holds."""
    queued = frozenset(mr for mr in view.mrs.values() if mr.id not in view.unfolded)
    header = (view.header.paused, *sorted(view.header.landed.items()))
    found = {REFS.queue: _content_hash(queued, written, header)}
    found[target_ref(MAIN)] = view.targets[MAIN]
    found |= {REFS.claim(name): _content_hash(claim) for name, claim in view.claims.items()}
    found |= {REFS.inbox(id): _content_hash(view.mrs[id]) for id in view.unfolded}
    found |= {REFS.pin(mr.id): mr.head for mr in queued if not mr.closed}
    return found


def pushed(state: State, edit: Edit) -> State:
    """The remote after an edit that it took."""
    written = frozenset(v for v in state.written if v.key not in edit.forget)
    replaced = {v.key for v in edit.verdicts}
    written = frozenset(v for v in written if v.key not in replaced) | frozenset(edit.verdicts)
    view = applied(state.remote.view, edit)
    trees = {MAIN: tree(COMMITS[view.targets[MAIN]])}
    return shown(replace(state, written=written), changed(view, target_trees=trees))


def shown(state: State, view: View) -> State:
    """The remote shows this."""
    return replace(state, remote=Shot(changed(view, leases=_leases(view, state.written))))


def with_actor(state: State, index: int, actor: Actor) -> State:
    """One of the workers is elsewhere."""
    actors = (*state.actors[:index], actor, *state.actors[index + 1 :])
    return replace(state, actors=actors)


def without(state: State, event: str) -> tuple[str, ...]:
    """What may still happen once this has."""
    left = list(state.outside)
    left.remove(event)
    return tuple(left)
