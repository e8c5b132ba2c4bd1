"""What two states have to differ in to be two: names for their parts, equal where nothing tells.

Each reduction maps a state to one that has the same moves, up to steps that nobody sees:

* Workers have no names here (`world.begin`).  Nothing that is decided compares them, once everybody
  is told how many there are: claims are told apart by their tokens, whose numbers only say who of
  those that ever had the same candidate has it.  So states whose workers have changed places are
  one.
* A worker that begins knows nothing.  One that would find nothing to do is one that does not begin.
* Of what a worker knows that is about to push only two things count: what it will push, and whether
  its leases can hold.  The queue and the target never return to an old value, nor does a ref that
  is there; so who has lost a lease on one of those has lost, whatever it knew.  A lease on the
  absence of a claim may hold again, so there the push itself is kept.
* Running the checks changes nothing but what the worker knows, and depends on nothing that others
  do.  So it is put off to where the worker looks at the remote next (`Protocol.stepwise`), except
  while time may pass: a verdict says when it was given.

What is on the target is not reduced: the order of what landed is remembered by verdicts and
landings.  Nor are merge requests interchangeable, since the older goes first.
"""

from __future__ import annotations

from dataclasses import replace

from refinery.queue.candidate import Candidate
from refinery.queue.settling import Moved
from refinery.store.edit import Edit
from tests.model.protocol import Protocol
from tests.model.world import Actor, Stage, State, Task, digest


def name_of_ground(state: State) -> bytes:
    """A name for all but the workers."""
    return digest(state.remote.key, state.archived, state.outside, state.issues, state.now)


def plain(protocol: Protocol, state: State, actor: Actor) -> Actor:
    """The same worker without what makes no difference any more."""
    if protocol.stepwise or actor.stage is not Stage.DECIDING or actor.shot is None:
        return actor
    if actor.choices and not isinstance(actor.choices[0], Edit | Moved):
        return replace(actor, shot=None, task=Task("nothing"), choices=(None,), job=None)
    if not _has_lost(protocol, state, actor):
        return actor
    assert actor.task is not None
    return replace(actor, shot=None, task=replace(actor.task, goes_on=False), choices=())


def _has_lost(protocol: Protocol, state: State, actor: Actor) -> bool:
    assert actor.shot is not None
    assert actor.task is not None
    if actor.shot is state.remote or not isinstance(actor.choices[0], Edit):
        return False
    if actor.task.kind == "open issue" and actor.task.about not in dict(state.issues):
        return False
    before, now = actor.shot.view.leases, state.remote.view.leases
    touched = protocol.touched(actor.choices[0])
    return any(ref in before and before[ref] != now.get(ref) for ref in touched)


def name_of(protocol: Protocol, actor: Actor) -> bytes:
    """A name for a worker."""
    choices = [_of_choice(protocol, actor, each) for each in actor.choices]
    told = (actor.stage, _of_task(actor.task), _of_job(actor), *choices)
    if protocol.stepwise:
        return digest(actor.name, actor.shot.key if actor.shot else None, *told)
    return digest(*told)


def _of_task(task: Task | None) -> object:
    if task is None:
        return None
    about = task.about
    if task.kind == "claim":
        built, choice = about
        assert isinstance(choice, Candidate)
        about = (built, choice.members, choice.purpose, choice.has_passed)
    return (task.kind, about, task.goes_on)


def _of_job(actor: Actor) -> object:
    if actor.job is None:
        return None
    known = actor.job.known if actor.stage is Stage.TESTING else None
    return (actor.job.built, actor.job.claim, known)


def _of_choice(protocol: Protocol, actor: Actor, choice: object) -> bytes:
    if not isinstance(choice, Edit):
        return digest(choice)
    assert actor.shot is not None
    job = protocol.taken(actor, choice)
    leases = actor.shot.view.leases
    return digest(
        tuple((ref, leases.get(ref)) for ref in protocol.touched(choice)),
        frozenset(choice.put),
        frozenset(choice.archive),
        frozenset(choice.verdicts),
        frozenset(choice.forget),
        repr(choice.header),
        frozenset(choice.fold),
        frozenset(choice.claim.items()),
        frozenset(choice.release),
        choice.moves,
        None if job is None else job.known,
    )
