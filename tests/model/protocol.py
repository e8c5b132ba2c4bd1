"""The queue's protocol as states and moves: the product's own decisions, every step interleaved.

A state is what the remote holds and what each worker knows and is at.  A move is one step of one
party: a read of the remote, one atomic push made of what was read before, one run of the checks, or
something that people, time and crashes do.  What is decided between two steps is decided by
`refinery.queue`; nothing of it is written down a second time.  Only git is replaced: a commit is
the list of what was merged into it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from refinery.config.config import Check, Config
from refinery.queue import blocking, folding, healing, operating, settling
from refinery.queue.candidate import Built, Candidate, Clash, Clean
from refinery.queue.claiming import Claimant, claim_candidate, given_back, holds
from refinery.queue.plan import next_candidate, waits
from refinery.queue.planning.blame import blamed
from refinery.queue.planning.facts import Facts
from refinery.queue.planning.from_view import Known, facts_of
from refinery.queue.planning.landing import cancelled
from refinery.queue.settling import Moved
from refinery.records.claim import Claim
from refinery.records.header import QueueHeader
from refinery.records.merge_request import MergeRequest, Method
from refinery.records.names import IssueRef, MrId, Ref, Sha
from refinery.records.verdict import CheckReport, Result, Verdict
from refinery.store.apply import applied
from refinery.store.edit import Edit
from refinery.store.footprint import footprint
from refinery.store.layout import RefNames, target_ref
from refinery.store.view import View
from refinery.values import replace as changed
from tests.decisions.makers import MAIN, NOW, a_sha, an_id, an_mr

LASTS = timedelta(minutes=10)
REFS = RefNames()
ISSUE = "local#{}"
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
    """What would really happen: who breaks the checks, alone or in pairs; who conflicts with whom.

    The worker whose run lies, if one does: its first run fails whatever it tests.
    """

    bad: frozenset[MrId] = frozenset()
    disagree: frozenset[frozenset[MrId]] = frozenset()
    clash: frozenset[frozenset[MrId]] = frozenset()
    config: Config = Config(checks=(Check("unit", "make test"),), batch_max=8)

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


@dataclass
class Protocol:
    """All moves of a state; `unheard` and `torn` say whether pushes may end in these ways."""

    truth: Truth = field(default_factory=Truth)
    _known: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def moves(self, state: State) -> Iterator[Move]:
        """Each thing that somebody may do now; time passes by itself where nothing else does."""
        is_still = True
        for index, actor in enumerate(state.actors):
            for move in self._of(state, index, actor):
                is_still = False
                yield move
        for event in dict.fromkeys(state.outside):
            left = replace(state, outside=_without(state, event))
            yield from self._outside(left, event)
        if is_still:
            yield from self._outside(state, "time")

    # Workers

    def _of(self, state: State, index: int, actor: Actor) -> Iterator[Move]:
        if actor.stage is Stage.IDLE:
            if actor.shot is None or actor.task != (state.now,):
                yield self._goes_on(state, index, actor, state.remote, "looks")
        elif actor.stage is Stage.DECIDING:
            yield from self._pushes(state, index, actor)
        else:
            yield self._tests(state, index, actor)
            if actor.shot != state.remote:
                found = self._notices(state, index, actor)
                if found is not None:
                    yield found

    def _goes_on(self, state: State, index: int, actor: Actor, shot: Shot, words: str) -> Move:
        """What a worker that knows `shot` does next; idle remembers what it saw."""
        task = self._once(self._task, shot, state.now, actor.name)
        if task is None:
            if shot != state.remote:
                shot = state.remote  # whoever finds nothing asks the remote before it says so
                task = self._once(self._task, shot, state.now, actor.name)
        after = (
            replace(actor, stage=Stage.IDLE, shot=shot, task=(state.now,), job=None)
            if task is None
            else replace(actor, stage=Stage.DECIDING, shot=shot, task=task, job=None)
        )
        return Move(f"{actor.name} {words}", _with(state, index, after))

    def _task(self, shot: Shot, now: datetime, name: str) -> tuple[Any, ...] | None:
        """The next transaction of a worker, in the engine's order."""
        view, config = shot.view, self.truth.config
        if view.unfolded:
            return ("fold",)
        if self._rolled(view, now, name) is not None:
            return ("roll forward",)
        if healing.leftovers(view, REFS, name, now) is not None:
            return ("tidy",)
        unopened = [mr.id for mr in view.mrs.values() if mr.block and not mr.blocked_by]
        if unopened:
            return ("open issue", min(unopened))
        if waits(view, MAIN, now=now) is not None:
            return None
        facts = self._facts(view, now, name)
        if blamed(facts):
            return ("refuse",)
        choice = next_candidate(MAIN, facts)
        if not isinstance(choice, Candidate):
            return None
        built, clashing = self._built(choice.members, view)
        if clashing:
            return ("conflict", clashing[0])
        if built is None or (choice.members and not built.members):
            return None
        return ("claim", built, choice.purpose)

    def _facts(self, view: View, now: datetime, name: str) -> Facts:
        return facts_of(view, MAIN, self.truth.config, now, known=Known(me=name))

    def _built(
        self, members: tuple[MrId, ...], view: View
    ) -> tuple[Built | None, tuple[MrId, ...]]:
        """The members on the target, and who conflicts with the target itself."""
        before = COMMITS[view.targets[MAIN]]
        clashing = tuple(id for id in members if self.truth.clashes(_base_id(id), before))
        if clashing:
            return None, clashing
        content = before
        clean = []
        for id in members:
            if self.truth.clashes(_base_id(id), content):
                continue  # only with those ahead of it: later
            content = (*content, id)
            clean.append(Clean(id, commit(content)))
        built = Built(
            target=MAIN,
            base=commit(before),
            commit=commit(content),
            tree=tree(content),
            method=Method.MERGE,
            members=tuple(clean),
        )
        return built, ()

    def _choice(self, state: State, actor: Actor) -> object:
        issues = state.issues if actor.task[0] == "open issue" else ()
        return self._once(
            lambda *_: self._decide(state, actor), actor, state.now, issues, tag="decide"
        )

    def _decide(self, state: State, actor: Actor) -> object:
        """What the worker wants to push now, from what it knows."""
        assert actor.shot is not None
        view, now, kind = actor.shot.view, state.now, actor.task[0]
        config = self.truth.config
        if kind == "fold":
            return folding.fold(view, now)
        if kind == "roll forward":
            return self._rolled(view, now, actor.name)
        if kind == "tidy":
            return healing.leftovers(view, REFS, actor.name, now)
        if kind == "refuse":
            facts = self._facts(view, now, actor.name)
            return settling.refuse(view, facts, config, now, worker=actor.name)
        if kind == "conflict":
            clash = Clash(actor.task[1], view.targets[MAIN], ("a.txt",), ())
            return blocking.conflicted(view, clash, config, now, worker=actor.name)
        if kind == "open issue":
            return blocking.blocked_on(view, actor.task[1], _issue(state, actor.task[1]))
        if kind == "claim":
            _, built, purpose = actor.task
            by = Claimant(actor.name, _token(actor, built), now, LASTS)
            return claim_candidate(view, MAIN, built.base, built.ids, by, purpose=purpose)
        assert actor.job is not None
        if kind == "give back":
            return given_back(view, actor.job.claim, "of no more use")
        verdict = actor.task[1]
        if kind == "record" or not actor.job.built.members:
            return settling.record(view, verdict, actor.job.claim)
        known = Known(me=actor.name)
        return settling.settle(
            view, actor.job.built, verdict, actor.job.claim, config, now, known=known
        )

    def _pushes(self, state: State, index: int, actor: Actor) -> Iterator[Move]:
        kind = str(actor.task[0])
        if actor.shot is None:
            again = replace(actor, shot=state.remote)
            yield Move(f"{actor.name} loses a race to {kind}", _with(state, index, again))
            return
        if kind == "open issue" and actor.task[1] not in dict(state.issues):
            issues = (*state.issues, (actor.task[1], True))
            words = f"{actor.name} opens the issue of {actor.task[1]}"
            yield Move(words, replace(state, issues=issues))
            return
        choice = self._choice(state, actor)
        if isinstance(choice, Moved):
            yield self._rebuilds(state, index, actor, choice)
        elif not isinstance(choice, Edit):
            yield self._goes_on(
                state, index, actor, state.remote, f"does not {kind}: {type(choice).__name__}"
            )
        else:
            yield from self._swaps(state, index, actor, choice, kind)

    def _swaps(
        self, state: State, index: int, actor: Actor, edit: Edit, kind: str
    ) -> Iterator[Move]:
        after = self._after(state, edit)
        claimed = next(iter(edit.claim.values()), None) if kind == "claim" else None
        if claimed is not None:
            job = Job(actor.task[1], claimed)
            working = replace(actor, stage=Stage.TESTING, shot=after.remote, task=(), job=job)
            yield Move(
                f"{actor.name} claims {claimed.candidate}", _with(after, index, working), edit
            )
        else:
            done = self._goes_on(after, index, actor, after.remote, f"pushes: {edit.event.subject}")
            yield replace(done, edit=edit)
        if "unheard" in state.outside:
            again = replace(actor, shot=after.remote)
            told = replace(_with(after, index, again), outside=_without(state, "unheard"))
            yield Move(f"{actor.name} does not hear that it could {kind}", told, edit)
        if "torn" in state.outside and edit.moves:
            dead = replace(actor, stage=Stage.IDLE, shot=None, task=(), job=None)
            torn = _pushed(state, Edit(edit.event, moves=edit.moves))
            left = replace(_with(torn, index, dead), outside=_without(state, "torn"))
            yield Move("the server dies between two renames of a landing", left, edit)

    def _rebuilds(self, state: State, index: int, actor: Actor, moved: Moved) -> Move:
        """Others landed a part: the rest is what was tested, or only its verdict is recorded."""
        assert actor.job is not None
        verdict = actor.task[1]
        built, _ = self._built(moved.members, state.remote.view)
        fits = built is not None and (built.tree, built.ids) == (verdict.tree, moved.members)
        after = replace(
            actor,
            shot=state.remote,
            job=replace(actor.job, built=built) if fits else actor.job,
            task=("settle" if fits else "record", verdict),
        )
        return Move(f"{actor.name} makes the rest anew", _with(state, index, after))

    def _tests(self, state: State, index: int, actor: Actor) -> Move:
        assert actor.job is not None and actor.shot is not None
        built, config = actor.job.built, self.truth.config
        known = actor.shot.view.verdict(built.tree, config.fingerprint)
        content = COMMITS[built.commit]
        works, tested = self.truth.works(content), state.tested
        if known is not None and known.result is Result.PASS:
            said = known
        else:
            result = Result.PASS if works else Result.FAIL
            tested = tested | {built.tree} if works else tested
            said = settling.combined(known, _verdict(actor, built, result, config, state.now))
        said = changed(said, candidate=built.ids, base=built.base, purpose=actor.job.claim.purpose)
        after = replace(actor, stage=Stage.DECIDING, task=("settle", said))
        word = "passes" if works else "fails"
        words = f"{actor.name} tests {content}: it {word}"
        return Move(words, replace(_with(state, index, after), tested=tested))

    def _notices(self, state: State, index: int, actor: Actor) -> Move | None:
        """While the checks run a worker looks: its claim may be lost, its work of no more use."""
        assert actor.job is not None
        view = state.remote.view
        if not holds(view, actor.job.claim):
            return self._goes_on(
                state, index, actor, state.remote, "notices that its claim is lost"
            )
        facts = self._once(
            lambda shot, now, name: cancelled(self._facts(shot.view, now, name)),
            state.remote,
            state.now,
            actor.name,
            tag="cancelled",
        )
        mine = (actor.job.built.ids, actor.name)
        if any((each.running.members, each.running.worker) == mine for each in facts):
            after = replace(
                actor, stage=Stage.DECIDING, shot=state.remote, task=("give back", None)
            )
            return Move(f"{actor.name} notices that it is of no use", _with(state, index, after))
        return None

    def _rolled(self, view: View, now: datetime, name: str) -> Edit | None:
        if MAIN in view.header.landed and not healing.torn(view, MAIN):
            return None
        recorded = COMMITS[view.header.landed.get(MAIN, commit(()))]
        content = COMMITS[view.targets[MAIN]]
        new = content[len(recorded) :]
        found = [
            healing.FoundCommit(
                commit(content[: len(recorded) + n + 1]),
                tree(content[: len(recorded) + n + 1]),
                commit(content[: len(recorded) + n]),
                (id,),
                tree(content) if n == len(new) - 1 else None,
            )
            for n, id in enumerate(new)
        ]
        return healing.roll_forward(
            view, MAIN, found, worker=name, config=self.truth.config, now=now
        )

    def plain(self, state: State) -> State:
        """The same state without what makes no difference any more.

        Of a worker that idles it only counts whether anything is new, and of one whose push is
        going to lose, that it will.
        """
        actors = tuple(
            replace(actor, shot=None) if self._is_old(state, actor) else actor
            for actor in state.actors
        )
        return state if actors == state.actors else replace(state, actors=actors)

    def _is_old(self, state: State, actor: Actor) -> bool:
        if actor.shot is None or actor.shot == state.remote:
            return False
        if actor.stage is not Stage.DECIDING or actor.task[0] == "open issue":
            return actor.stage is Stage.IDLE
        choice = self._choice(state, actor)
        if not isinstance(choice, Edit):
            return False
        before, now = actor.shot.view.leases, state.remote.view.leases
        return any(before.get(ref) != now.get(ref) for ref in footprint(REFS, choice))

    # People, time and crashes

    def _outside(self, state: State, event: str) -> Iterator[Move]:
        view, now = state.remote.view, state.now
        kind, _, name = event.partition(" ")
        if kind == "crash":
            for index, actor in enumerate(state.actors):
                if actor.stage is not Stage.IDLE:
                    dead = Actor(actor.name, lives=actor.lives + 1)
                    yield Move(f"{actor.name} is killed", _with(state, index, dead))
        elif kind == "time":
            if any(claim.live(now) and not claim.is_report for claim in view.claims.values()):
                yield Move("the claims run out", replace(state, now=now + LASTS + LASTS / 10))
        elif kind == "push":
            content = (*state.landed, OUTSIDE)
            targets = {**view.targets, MAIN: commit(content)}
            moved = changed(view, targets=targets, target_trees={MAIN: tree(content)})
            yield Move("somebody pushes to the target", _shown(state, moved))
        elif kind == "revise":
            yield from self._revised(state, an_id(name))
        elif kind == "close":
            yield from self._closed(state, an_id(name))
        elif kind in ("hold", "reject", "pause"):
            edit = _by_hand(view, kind, an_id(name), now)
            if edit is not None:
                yield Move(f"somebody says: {event}", _pushed(state, edit), edit)
        elif kind == "resume":
            edit = operating.resume(view, by="eve")
            if isinstance(edit, Edit):
                yield Move("somebody resumes the queue", _pushed(state, edit), edit)

    def _revised(self, state: State, id: MrId) -> Iterator[Move]:
        """The author pushes another commit: it lies in the inbox until somebody folds it."""
        view = state.remote.view
        old = view.mrs[id]
        if old.closed:
            return
        new = an_mr(
            f"{id}2",
            branch=old.branch,
            created_at=state.now,
            head=a_sha(f"another head of {id}"),
        )
        waiting = changed(view, mrs={**view.mrs, new.id: new}, unfolded=view.unfolded | {new.id})
        yield Move(f"the author revises {id}", _shown(state, waiting))

    def _closed(self, state: State, id: MrId) -> Iterator[Move]:
        """The author resolves the conflict in a new revision and closes the issue; a hook says so."""
        if dict(state.issues).get(id):
            issues = tuple((each, is_open and each != id) for each, is_open in state.issues)
            blocked = [
                mr.id
                for mr in state.remote.view.mrs.values()
                if mr.blocked_by == IssueRef(ISSUE.format(id))
            ]
            edit = blocking.unblocked_together(state.remote.view, {each: True for each in blocked})
            closed = replace(state, issues=issues)
            if edit is not None:
                yield Move(f"the issue of {id} is closed", _pushed(closed, edit), edit)
            elif not blocked:
                return  # nobody has recorded the issue yet: the hook comes later

    def _after(self, state: State, edit: Edit) -> State:
        """The same push onto the same remote comes to the same, whatever the others are at."""
        pushed = self._once(
            lambda *_: _pushed(state, edit), state.remote, state.written, id(edit), tag="pushed"
        )
        return replace(state, remote=pushed.remote, written=pushed.written)

    def _once(self, function: Callable[..., Any], *arguments: Any, tag: str = "task") -> Any:
        key = (tag, *arguments)
        if key not in self._known:
            self._known[key] = function(*arguments)
        return self._known[key]


def _by_hand(view: View, kind: str, id: MrId, now: datetime) -> Edit | None:
    if kind == "pause":
        found = operating.pause(view, reason="lunch", by="eve", now=now)
    elif kind == "hold":
        found = operating.hold(view, id, reason="wait", by="eve", now=now)
    else:
        found = operating.reject(view, id, reason="no", by="eve", now=now)
    return found if isinstance(found, Edit) else None


def _verdict(actor: Actor, built: Built, result: Result, config: Config, now: datetime) -> Verdict:
    return Verdict(
        tree=built.tree,
        fingerprint=config.fingerprint,
        result=result,
        runs=1,
        target=MAIN,
        base=built.base,
        candidate=built.ids,
        seconds=600.0,
        at=now,
        worker=actor.name,
        checks=(CheckReport("unit", result, 600.0),),
    )


def _pushed(state: State, edit: Edit) -> State:
    """The remote after an edit that it took."""
    written = frozenset(v for v in state.written if v.key not in edit.forget)
    replaced = {v.key for v in edit.verdicts}
    written = frozenset(v for v in written if v.key not in replaced) | frozenset(edit.verdicts)
    view = applied(state.remote.view, edit)
    trees = {MAIN: tree(COMMITS[view.targets[MAIN]])}
    return _shown(replace(state, written=written), changed(view, target_trees=trees))


def _shown(state: State, view: View) -> State:
    return replace(state, remote=Shot(changed(view, leases=_leases(view, state.written))))


def _with(state: State, index: int, actor: Actor) -> State:
    actors = (*state.actors[:index], actor, *state.actors[index + 1 :])
    return replace(state, actors=actors)


def _without(state: State, event: str) -> tuple[str, ...]:
    left = list(state.outside)
    left.remove(event)
    return tuple(left)


def _token(actor: Actor, built: Built) -> str:
    named = f"{actor.name} {actor.lives} {built.commit}"
    return hashlib.md5(named.encode()).hexdigest()


def _base_id(id: MrId) -> MrId:
    """A revision made to resolve a conflict no longer conflicts; any other id is as it is."""
    return id


def _issue(state: State, id: MrId) -> IssueRef:
    return IssueRef(ISSUE.format(id))


__all__ = ["MergeRequest", "Move", "Protocol", "Stage", "State", "Truth", "begin"]
