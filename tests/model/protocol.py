"""The moves of workers: the queue's own decisions, with every step between them interleaved.

A move is one step of one party: a read of the remote, one atomic push made of what was read before,
one run of the checks.  What is decided between two steps is decided by `refinery.queue`; nothing of
it is written down a second time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from refinery.config.config import Config
from refinery.queue import blocking, folding, healing, settling
from refinery.queue.candidate import Built, Candidate, Clash, Clean
from refinery.queue.claiming import Claimant, claim_candidate, given_back, holds
from refinery.queue.plan import next_candidate, waits
from refinery.queue.planning.blame import blamed
from refinery.queue.planning.facts import Facts
from refinery.queue.planning.from_view import Known, facts_of
from refinery.queue.planning.landing import cancelled
from refinery.queue.settling import Moved
from refinery.records.merge_request import Method
from refinery.records.names import IssueRef, MrId
from refinery.records.verdict import CheckReport, Result, Verdict
from refinery.store.edit import Edit
from refinery.store.footprint import footprint
from refinery.store.view import View
from refinery.values import replace as changed
from tests.decisions.makers import MAIN
from tests.model.outside import ISSUE, happenings
from tests.model.world import (
    COMMITS,
    LASTS,
    REFS,
    Actor,
    Job,
    Move,
    Shot,
    Stage,
    State,
    Truth,
    commit,
    pushed,
    tree,
    with_actor,
    without,
)


@dataclass
class Protocol:
    """All moves of a state; what was decided once from the same knowledge is not decided again."""

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
            left = replace(state, outside=without(state, event))
            yield from happenings(left, event, self.truth)
        if is_still:
            yield from happenings(state, "time", self.truth)

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
        if task is None and shot != state.remote:
            shot = state.remote  # whoever finds nothing asks the remote before it says so
            task = self._once(self._task, shot, state.now, actor.name)
        after = (
            replace(actor, stage=Stage.IDLE, shot=shot, task=(state.now,), job=None)
            if task is None
            else replace(actor, stage=Stage.DECIDING, shot=shot, task=task, job=None)
        )
        return Move(f"{actor.name} {words}", with_actor(state, index, after))

    def _task(self, shot: Shot, now: datetime, name: str) -> tuple[Any, ...] | None:
        """The next transaction of a worker, in the engine's order."""
        view = shot.view
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
        clashing = tuple(id for id in members if self.truth.clashes(id, before))
        if clashing:
            return None, clashing
        content = before
        clean = []
        for id in members:
            if self.truth.clashes(id, content):
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
            return blocking.blocked_on(view, actor.task[1], IssueRef(ISSUE.format(actor.task[1])))
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
            yield Move(f"{actor.name} loses a race to {kind}", with_actor(state, index, again))
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
                f"{actor.name} claims {claimed.candidate}", with_actor(after, index, working), edit
            )
        else:
            done = self._goes_on(after, index, actor, after.remote, f"pushes: {edit.event.subject}")
            yield replace(done, edit=edit)
        if "unheard" in state.outside:
            again = replace(actor, shot=after.remote)
            told = replace(with_actor(after, index, again), outside=without(state, "unheard"))
            yield Move(f"{actor.name} does not hear that it could {kind}", told, edit)
        if "torn" in state.outside and edit.moves:
            dead = replace(actor, stage=Stage.IDLE, shot=None, task=(), job=None)
            torn = pushed(state, Edit(edit.event, moves=edit.moves))
            left = replace(with_actor(torn, index, dead), outside=without(state, "torn"))
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
        return Move(f"{actor.name} makes the rest anew", with_actor(state, index, after))

    def _tests(self, state: State, index: int, actor: Actor) -> Move:
        assert actor.job is not None
        assert actor.shot is not None
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
        return Move(words, replace(with_actor(state, index, after), tested=tested))

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
            return Move(
                f"{actor.name} notices that it is of no use", with_actor(state, index, after)
            )
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

    def _after(self, state: State, edit: Edit) -> State:
        """The same push onto the same remote comes to the same, whatever the others are at."""
        after = self._once(
            lambda *_: pushed(state, edit), state.remote, state.written, id(edit), tag="pushed"
        )
        return replace(state, remote=after.remote, written=after.written)

    def _once(self, function: Callable[..., Any], *arguments: Any, tag: str = "task") -> Any:
        key = (tag, *arguments)
        if key not in self._known:
            self._known[key] = function(*arguments)
        return self._known[key]


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


def _token(actor: Actor, built: Built) -> str:
    named = f"{actor.name} {actor.lives} {built.commit}"
    return hashlib.md5(named.encode()).hexdigest()
