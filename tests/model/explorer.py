"""Visits every state that a protocol can reach, and shows the shortest way to one that is wrong.

A state is its ground (all but the workers) and its workers.  A worker sees nothing of the others
but what the remote shows: what it may do on a ground is worked out once, with all promises asked.
"""

from __future__ import annotations

import time
from array import array
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from tests.model import canonical
from tests.model.outside import happenings
from tests.model.protocol import Protocol
from tests.model.world import Actor, Move, Stage, State, name_in, without

Rule = Callable[[State, Move], str | None]
Known = tuple[int, ...]  # a state: its ground, and its workers
Tell = Callable[[int, int, float], None]


class Violation(AssertionError):
    """A promise that does not hold, with the steps that lead there."""


@dataclass
class Explored:
    """How much was visited; `ends` are the states in which nobody has anything left to do."""

    states: int = 0
    moves: int = 0
    ends: list[State] = field(default_factory=list)
    seconds: float = 0.0
    is_all: bool = True


@dataclass(frozen=True)
class _Step:
    """What one worker does, or something from outside (`actor` is None), and what is wrong then."""

    words: int
    ground: int
    actor: int | None
    wrong: str | None = None


@dataclass
class _Ways:
    """How each state was come by first, and every step between two, by their numbers."""

    parents: array[int] = field(default_factory=lambda: array("i"))
    words: array[int] = field(default_factory=lambda: array("i"))
    froms: array[int] = field(default_factory=lambda: array("i"))
    tos: array[int] = field(default_factory=lambda: array("i"))

    def add(self, parent: int, words: int) -> int:
        self.parents.append(parent)
        self.words.append(words)
        return len(self.parents) - 1

    def step(self, origin: int, end: int) -> None:
        self.froms.append(origin)
        self.tos.append(end)

    def to(self, number: int) -> list[int]:
        steps: list[int] = []
        while self.parents[number] >= 0:
            steps.append(self.words[number])
            number = self.parents[number]
        return steps[::-1]


@dataclass
class _Explorer:
    """Grounds and workers by number, and what follows from one of each."""

    protocol: Protocol
    rules: tuple[Rule, ...]
    grounds: list[State] = field(default_factory=list)
    actors: list[Actor] = field(default_factory=list)
    said: dict[str, int] = field(default_factory=dict)
    _grounds: dict[bytes, int] = field(default_factory=dict)
    _actors: dict[bytes, int] = field(default_factory=dict)
    _steps: dict[object, tuple[_Step, ...]] = field(default_factory=dict)
    _by_itself: dict[tuple[int, int], tuple[tuple[_Step, ...], frozenset[str]]] = field(
        default_factory=dict
    )
    _tokens: list[str | None] = field(default_factory=list)
    _plain: dict[tuple[int, int], int] = field(default_factory=dict)

    def known(self, ground: int, actors: list[int]) -> Known:
        """A state, by what makes a difference in it."""
        at = self._plain
        plain = [at.get((ground, each)) or self._plain_at(ground, each) for each in actors]
        return (ground, *plain) if self.protocol.stepwise else (ground, *sorted(plain))

    def _plain_at(self, ground: int, actor: int) -> int:
        found = self.actor(self.grounds[ground], self.actors[actor])
        self._plain[ground, actor] = found
        return found

    def ground(self, state: State) -> int:
        name = canonical.name_of_ground(state)
        found = self._grounds.get(name)
        if found is None:
            found = self._grounds[name] = len(self.grounds)
            self.grounds.append(replace(state, actors=(), tokens=frozenset()))
        return found

    def actor(self, state: State, actor: Actor) -> int:
        actor = canonical.plain(self.protocol, state, actor)
        name = canonical.name_of(self.protocol, actor)
        found = self._actors.get(name)
        if found is None:
            found = self._actors[name] = len(self.actors)
            self.actors.append(actor)
            self._tokens.append(actor.job.claim.token if actor.job else None)
        return found

    def after(self, state: Known) -> Iterator[tuple[_Step, Known]]:
        """Each thing that somebody may do now; time passes by itself where nothing else does."""
        ground, *actors = state
        is_still = True
        done: set[int] = set()
        for index, actor in enumerate(actors):
            if actor in done:
                continue
            done.add(actor)
            others = [*actors[:index], *actors[index + 1 :]]
            for step in self._of(ground, actor, others):
                is_still = False
                assert step.actor is not None
                mine = [*actors[:index], step.actor, *actors[index + 1 :]]
                yield step, self.known(step.ground, mine)
            if "crash" in self.grounds[ground].outside and self.actors[actor].stage != Stage.IDLE:
                yield self._killed(ground, actors, index)
        for step in self._outside(ground, is_still=is_still):
            yield step, self.known(step.ground, actors)

    def _of(self, ground: int, actor: int, others: list[int]) -> tuple[_Step, ...]:
        """A worker's steps; of the others only the tokens count, where it claims the same."""
        found, wanted = self._alone(ground, actor)
        if not wanted:
            return found
        tokens = {token for other in others if (token := self._tokens[other]) is not None}
        taken = frozenset(token for token in tokens if name_in(token) in wanted)
        if not taken:
            return found
        known = self._steps.get((ground, actor, taken))
        if known is None:
            known = self._steps[ground, actor, taken] = self._worked_out(ground, actor, taken)[0]
        return known

    def _alone(self, ground: int, actor: int) -> tuple[tuple[_Step, ...], frozenset[str]]:
        """A worker's steps if there were no others, and the names of what it may claim."""
        known = self._by_itself.get((ground, actor))
        if known is None:
            known = self._by_itself[ground, actor] = self._worked_out(ground, actor, frozenset())
        return known

    def _worked_out(
        self, ground: int, actor: int, taken: frozenset[str]
    ) -> tuple[tuple[_Step, ...], frozenset[str]]:
        at = replace(self.grounds[ground], actors=(self.actors[actor],), tokens=taken)
        moves = list(self.protocol.steps(at))
        names = frozenset(name for move in moves if move.edit for name in move.edit.claim)
        return tuple(self._step(at, move) for move in moves), names

    def _step(self, at: State, move: Move) -> _Step:
        actor = None
        if move.after.actors:
            actor = self.actor(move.after, move.after.actors[0])
        wrong = None
        if move.after.remote is not at.remote:
            wrong = next((said for rule in self.rules if (said := rule(at, move))), None)
        return _Step(self._word(move.words), self.ground(move.after), actor, wrong)

    def _word(self, words: str) -> int:
        return self.said.setdefault(words, len(self.said))

    def _killed(self, ground: int, actors: list[int], index: int) -> tuple[_Step, Known]:
        at = self.grounds[ground]
        left = replace(at, outside=without(at, "crash"))
        dead = self.actor(left, Actor(self.actors[actors[index]].name))
        step = _Step(self._word("a worker is killed"), self.ground(left), dead)
        mine = [*actors[:index], dead, *actors[index + 1 :]]
        return step, self.known(step.ground, mine)

    def _outside(self, ground: int, *, is_still: bool) -> tuple[_Step, ...]:
        found = self._steps.get((ground, is_still))
        if found is None:
            at = self.grounds[ground]
            moves: list[Move] = []
            for event in dict.fromkeys(at.outside):
                left = replace(at, outside=without(at, event))
                moves += happenings(left, event, self.protocol.truth)
            if is_still:
                moves += happenings(at, "time", self.protocol.truth)
            found = tuple(self._step(at, move) for move in moves)
            self._steps[ground, is_still] = found
        return found


def explore(
    protocol: Protocol,
    first: State,
    rules: tuple[Rule, ...],
    *,
    most: int | None = None,
    tell: Tell | None = None,
    until: Callable[[State], bool] | None = None,
) -> Explored:
    """Breadth first, so that the first violation is one of the shortest."""
    explorer = _Explorer(protocol, rules)
    ways = _Ways()
    actors = [explorer.actor(first, actor) for actor in first.actors]
    begin = explorer.known(explorer.ground(first), actors)
    numbers = {begin: ways.add(-1, 0)}
    waiting = deque([begin])
    found = Explored()
    ends: list[int] = []
    began = time.monotonic()
    while waiting:
        state = waiting.popleft()
        number = found.states
        found.states += 1
        inside = False
        for step, after in explorer.after(state):
            inside = True
            if step.wrong is not None:
                raise _violation(explorer, [*ways.to(number), step.words], step.wrong)
            known = numbers.get(after)
            if known is None:
                known = numbers[after] = ways.add(number, step.words)
                waiting.append(after)
            ways.step(number, known)
        if not inside:
            ends.append(number)
            found.ends.append(explorer.grounds[state[0]])
            if until is not None and until(found.ends[-1]):
                raise _violation(explorer, ways.to(number), "the end that was looked for")
        if tell is not None and found.states % 10_000 == 0:
            tell(found.states, len(waiting), time.monotonic() - began)
        if found.states == most:
            found.is_all = not waiting
            break
    found.moves = len(ways.tos)
    if found.is_all:
        stuck = _stuck(ways, ends)
        if stuck is not None:
            raise _violation(explorer, ways.to(stuck), "nothing leads to an end")
    found.seconds = time.monotonic() - began
    return found


def _violation(explorer: _Explorer, steps: list[int], wrong: str) -> Violation:
    said = list(explorer.said)
    return Violation("\n".join([*(said[step] for step in steps), f"=> {wrong}"]))


def _stuck(ways: _Ways, ends: list[int]) -> int | None:
    """A state from which workers cannot come to an end: something turns in a circle for ever."""
    count = len(ways.parents)
    begins = array("i", bytes(4 * (count + 1)))
    for end in ways.tos:
        begins[end + 1] += 1
    for number in range(count):
        begins[number + 1] += begins[number]
    place = array("i", begins)
    before = array("i", bytes(4 * len(ways.tos)))
    for origin, end in zip(ways.froms, ways.tos, strict=True):
        before[place[end]] = origin
        place[end] += 1
    able = bytearray(count)
    waiting = list(ends)
    for number in ends:
        able[number] = 1
    while waiting:
        number = waiting.pop()
        for origin in before[begins[number] : begins[number + 1]]:
            if not able[origin]:
                able[origin] = 1
                waiting.append(origin)
    stuck = able.find(0)
    return stuck if stuck >= 0 else None
