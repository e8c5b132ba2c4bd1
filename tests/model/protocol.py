"""The moves of workers, with every step between them interleaved.

A move is one step of one party: a read of the remote, one atomic push made of what was read before,
one run of the checks.  The steps and their order are those of `refinery.engine`; what is decided
between two of them is in `deciding`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from refinery.config.config import Config
from refinery.queue import settling
from refinery.queue.candidate import Built, Clean
from refinery.queue.claiming import holds, renew
from refinery.queue.planning.landing import cancelled
from refinery.queue.planning.places import places_of
from refinery.queue.settling import Moved
from refinery.records.merge_request import Method
from refinery.records.names import Ref
from refinery.records.verdict import CheckReport, Result, Verdict
from refinery.store.apply import applied
from refinery.store.edit import Edit
from refinery.store.footprint import footprint
from refinery.store.view import View
from refinery.values import replace as changed
from tests.decisions.makers import MAIN
from tests.model.deciding import CLAIMED_LATER, Mind
from tests.model.outside import TIMES
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
    Task,
    Truth,
    commit,
    pushed,
    token_of,
    tree,
    with_actor,
    without,
)


@dataclass
class Protocol:
    """All moves of a state; what was decided once from the same knowledge is not decided again.

    `workers` are how many each of them knows to be at work, 0 where nobody told them.  All reach
    for what is most worth it; those that `scatter` reach for anything that one of them would take,
    as many do that start at once.  `stepwise` keeps apart what a reduced search takes as one step
    (see `canonical`).  With `archives` nothing that is closed stays in the queue for longer than it
    has to.
    """

    truth: Truth = field(default_factory=Truth)
    workers: int = 0
    scatter: bool = False
    stepwise: bool = False
    archives: bool = False

    @cached_property
    def mind(self) -> Mind:
        """What its workers decide."""
        return Mind(self.truth, self.workers, self.scatter, self.archives)

    def steps(self, state: State) -> Iterator[Move]:
        """What the worker of a state may do that knows of no other but what the remote shows."""
        (actor,) = state.actors
        if actor.stage is Stage.IDLE:
            yield from self._begins(state, actor)
        elif actor.stage is Stage.DECIDING:
            yield from self._pushes(state, actor)
        elif actor.stage is Stage.TESTED:
            yield self._asks(state, actor)
        else:
            yield self._tests(state, actor)
            yield from self._renews(state, actor)
            yield from self._notices(state, actor)

    def _begins(self, state: State, actor: Actor) -> Iterator[Move]:
        """A new run: what is lying about comes first.  Where nothing is to be done none begins."""
        for task in self.tasks(state.remote, state, begins=True):
            yield self._turns_to(state, actor, task)

    def _goes_on(self, state: State, actor: Actor, words: str) -> Iterator[Move]:
        """What a worker does next that has just seen the remote."""
        tasks = self.tasks(state.remote, state, begins=False)
        for task in tasks or (None,):
            yield self._turns_to(state, actor, task, words)

    def _turns_to(
        self, state: State, actor: Actor, task: Task | None, words: str = "looks"
    ) -> Move:
        idle = Actor(actor.name)
        after = idle if task is None else self._decides(state, replace(idle, task=task))
        return Move(f"{actor.name} {words}", with_actor(state, after))

    def tasks(self, shot: Shot, state: State, *, begins: bool) -> tuple[Task, ...]:
        """The next transaction of a worker, in the engine's order; of several any may be it."""
        key = ("tasks", state.now, state.issues, begins)
        return _once(shot, key, lambda: self.mind.tasks(shot.view, state, begins=begins))  # type: ignore[no-any-return]

    # What is decided from what is known

    def _decides(self, state: State, actor: Actor) -> Actor:
        """The worker has looked, and knows what it wants to push; of several any may be it."""
        assert actor.task is not None
        about = actor.task.about[0] if actor.task.kind == "claim" else actor.task.about
        job = (actor.job.claim, actor.job.built) if actor.job else None
        key = (actor.task.kind, about, actor.task.goes_on, state.now, state.issues, job)
        seeing = replace(actor, stage=Stage.DECIDING, shot=state.remote)
        choices = _once(state.remote, key, lambda: self.mind.decided(state, seeing))
        return replace(seeing, choices=choices)

    # Pushes

    def _pushes(self, state: State, actor: Actor) -> Iterator[Move]:
        assert actor.task is not None
        kind = actor.task.kind
        if not actor.choices:
            yield self._loses(state, actor)
            return
        if kind == "open issue" and actor.task.about not in dict(state.issues):
            issues = (*state.issues, (actor.task.about, True))
            words = f"{actor.name} opens the issue of {actor.task.about}"
            yield Move(words, replace(state, issues=tuple(sorted(issues))))
            return
        for choice in actor.choices:
            if isinstance(choice, Moved):
                yield self._rebuilds(state, actor, choice)
            elif not isinstance(choice, Edit):
                words = f"does not {kind}: {type(choice).__name__}"
                yield from self._goes_on(state, actor, words)
            elif self.loses(state, actor, choice):
                yield self._loses(state, actor)
            else:
                yield from self._swaps(state, actor, choice)

    def touched(self, edit: Edit) -> dict[Ref, bool]:
        """The refs that an edit has leases on."""
        return footprint(REFS, edit)

    def loses(self, state: State, actor: Actor, edit: Edit) -> bool:
        """Whether one of its leases does not hold."""
        assert actor.shot is not None
        before, now = actor.shot.view.leases, state.remote.view.leases
        return any(before.get(ref) != now.get(ref) for ref in self.touched(edit))

    def _loses(self, state: State, actor: Actor) -> Move:
        """It reads again what it needs; nothing else goes into the same push any more."""
        assert actor.task is not None
        again = self._decides(state, replace(actor, task=replace(actor.task, goes_on=False)))
        return Move(f"{actor.name} loses a race to {actor.task.kind}", with_actor(state, again))

    def _swaps(self, state: State, actor: Actor, edit: Edit) -> Iterator[Move]:
        edit = _with_tokens(state, edit)
        after = pushed(state, edit)
        held = actor.job.claim if actor.job else None
        for done in self._after(after, actor, edit):
            yield replace(done, edit=edit, claim=held)
        if "unheard" in state.outside:
            again = self._decides(after, actor)
            told = replace(with_actor(after, again), outside=without(state, "unheard"))
            words = f"{actor.name} does not hear that it could {edit.event.subject}"
            yield Move(words, told, edit, held)
        if "torn" in state.outside:
            yield from self._tears(state, actor, edit)

    def _after(self, after: State, actor: Actor, edit: Edit) -> Iterator[Move]:
        """What the worker does once its edit is the truth."""
        job = self.taken(actor, edit)
        words = f"pushes: {edit.event.subject}"
        if job is None:
            yield from self._goes_on(after, actor, words)
        else:
            words = f"{actor.name} {words}; it has {job.claim.candidate or MAIN}"
            working = Actor(actor.name, Stage.TESTING, job=job)
            yield Move(words, with_actor(after, working))

    def taken(self, actor: Actor, edit: Edit) -> Job | None:
        """What a worker has claimed with an edit, and what it knows of that."""
        held = actor.job.claim.token if actor.job else ""
        new = [each for each in edit.claim.values() if not each.is_report and each.token != held]
        if not new or actor.shot is None:
            return None
        (claim,) = new
        assert claim.base is not None
        content = COMMITS[claim.base]
        members = []
        for id in claim.candidate:
            content = (*content, id)
            members.append(Clean(id, commit(content)))
        built = Built(
            target=MAIN,
            base=claim.base,
            commit=commit(content),
            tree=tree(content),
            method=Method.MERGE,
            members=tuple(members),
        )
        known = applied(actor.shot.view, edit).verdict(built.tree, self.truth.config.fingerprint)
        return Job(built, claim, known)

    def _tears(self, state: State, actor: Actor, edit: Edit) -> Iterator[Move]:
        """The server dies between two renames; the worker dies with it, or asks what was done."""
        refs = [ref for ref in self.touched(edit) if not ref.startswith(REFS.below("heads"))]
        for cut in range(1, len(refs)):
            left = replace(pushed(state, edit, refs[:cut]), outside=without(state, "torn"))
            words = f"the server dies after {refs[cut - 1]} of: {edit.event.subject}"
            held = actor.job.claim if actor.job else None
            yield Move(words, with_actor(left, Actor(actor.name)), edit, held)
            if REFS.queue in refs[:cut]:
                for done in self._after(left, actor, edit):
                    yield replace(done, words=f"{words}; {done.words}", edit=edit, claim=held)
            else:
                again = self._decides(left, actor)
                yield Move(f"{words}; it decides again", with_actor(left, again), edit, held)

    def _rebuilds(self, state: State, actor: Actor, moved: Moved) -> Move:
        """Others landed a part: the rest is what was tested, or only its verdict is recorded."""
        assert actor.job is not None
        assert actor.task is not None
        verdict = actor.task.about
        built, _ = self.mind.built(moved.members, state.remote.view)
        fits = built is not None and (built.tree, built.ids) == (verdict.tree, moved.members)
        job = replace(actor.job, built=built) if fits and built else actor.job
        task = replace(actor.task, kind="settle" if fits else "record")
        after = self._decides(state, replace(actor, job=job, task=task))
        return Move(f"{actor.name} makes the rest anew", with_actor(state, after))

    # Tests

    def _tests(self, state: State, actor: Actor) -> Move:
        assert actor.job is not None
        built, config = actor.job.built, self.truth.config
        known, content = actor.job.known, COMMITS[built.commit]
        works = self.truth.works(content)
        if known is not None and known.result is Result.PASS:
            said = known
        else:
            result = Result.PASS if works else Result.FAIL
            said = settling.combined(known, _verdict(actor, built, result, config, state.now))
        said = changed(said, candidate=built.ids, base=built.base, purpose=actor.job.claim.purpose)
        tested = replace(actor, stage=Stage.TESTED, task=Task("settle", said, goes_on=True))
        words = f"{actor.name} tests {content}: it {'passes' if works else 'fails'}"
        after = Move(words, with_actor(state, tested))
        if self.stepwise or any(event in TIMES for event in state.outside):
            return after
        return self._asks(after.after, tested, words)

    def _asks(self, state: State, actor: Actor, words: str = "asks") -> Move:
        return Move(words, with_actor(state, self._decides(state, actor)))

    def _renews(self, state: State, actor: Actor) -> Iterator[Move]:
        """Its claim gets a later end, if it still has it."""
        assert actor.job is not None
        held, view = actor.job.claim, state.remote.view
        if held.expires_at >= state.now + LASTS:
            return
        edit = renew(view, held, now=state.now, lasts=LASTS)
        if isinstance(edit, Edit):
            (renewed,) = edit.claim.values()
            working = replace(actor, job=replace(actor.job, claim=renewed))
            after = with_actor(pushed(state, edit), working)
            yield Move(f"{actor.name} renews its claim on {held.candidate}", after, edit, held)

    def _notices(self, state: State, actor: Actor) -> Iterator[Move]:
        """While the checks run a worker looks: its claim may be lost, its work of no more use."""
        assert actor.job is not None
        view, held = state.remote.view, actor.job.claim
        if not holds(view, held):
            yield from self._goes_on(state, actor, "notices that its claim is lost")
            return
        useless = _once(
            state.remote, ("useless", state.now), lambda: self._useless(view, state.now)
        )
        if (held.candidate, held.base) in useless:
            after = self._decides(state, replace(actor, task=Task("give back")))
            words = f"{actor.name} notices that it is of no use"
            yield Move(words, with_actor(state, after))

    def _useless(self, view: View, now: datetime) -> set[Any]:
        """Which candidates on which commits are of no more use."""
        places = places_of(view, MAIN)
        running = [each.running for each in cancelled(self.mind.facts(view, now))]
        return {
            (claim.candidate, claim.base)
            for claim in view.claims.values()
            for each in running
            if claim.base is not None
            and (each.members, each.base) == (claim.candidate, places.of(claim.base))
        }


def _with_tokens(state: State, edit: Edit) -> Edit:
    """A new claim has a token that nobody else has who ever claimed the same."""
    new = {name: claim for name, claim in edit.claim.items() if claim.token == CLAIMED_LATER}
    if not new:
        return edit
    ((name, claim),) = new.items()
    taken = set(state.tokens)
    held = state.remote.view.claims.get(name)
    if held is not None:
        taken.add(held.token)
    token = next(each for n in range(len(taken) + 1) if (each := token_of(name, n)) not in taken)
    return changed(edit, claim={**edit.claim, name: changed(claim, token=token)})


def _once(shot: Shot, key: tuple[Any, ...], function: Callable[[], Any]) -> Any:
    found = shot.follows.get(key)
    if found is None:
        found = shot.follows[key] = function()
    return found


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
