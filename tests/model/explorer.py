"""Visits every state that a protocol can reach, and shows the shortest way to one that is wrong."""

from __future__ import annotations

import time
from array import array
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.model import canonical
from tests.model.protocol import Protocol
from tests.model.world import Move, State

Rule = Callable[[State, Move], str | None]


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


@dataclass
class _Ways:
    """How each state was come by first, and every step between two, by their numbers."""

    parents: array[int] = field(default_factory=lambda: array("i"))
    words: array[int] = field(default_factory=lambda: array("i"))
    said: dict[str, int] = field(default_factory=dict)
    froms: array[int] = field(default_factory=lambda: array("i"))
    tos: array[int] = field(default_factory=lambda: array("i"))

    def add(self, parent: int, words: str) -> int:
        self.parents.append(parent)
        self.words.append(self.said.setdefault(words, len(self.said)))
        return len(self.parents) - 1

    def step(self, origin: int, end: int) -> None:
        self.froms.append(origin)
        self.tos.append(end)

    def to(self, number: int) -> list[str]:
        said = list(self.said)
        steps: list[str] = []
        while self.parents[number] >= 0:
            steps.append(said[self.words[number]])
            number = self.parents[number]
        return steps[::-1]


def explore(
    protocol: Protocol,
    first: State,
    rules: tuple[Rule, ...],
    *,
    most: int | None = None,
    tell: Callable[[int, int, float], None] | None = None,
) -> Explored:
    """Breadth first, so that the first violation is one of the shortest."""
    key = canonical.whole if protocol.stepwise else canonical.reduced(protocol)
    ways = _Ways()
    numbers = {key(first): ways.add(-1, "")}
    waiting = deque([(0, first)])
    found = Explored()
    ends: list[int] = []
    began = time.monotonic()
    while waiting:
        number, state = waiting.popleft()
        found.states += 1
        inside = False
        for move in protocol.moves(state):
            found.moves += 1
            inside = True
            for rule in rules:
                wrong = rule(state, move)
                if wrong is not None:
                    raise Violation("\n".join([*ways.to(number), move.words, f"=> {wrong}"]))
            after = canonical.plain(protocol, move.after)
            name = key(after)
            known = numbers.get(name)
            if known is None:
                known = numbers[name] = ways.add(number, move.words)
                waiting.append((known, after))
            ways.step(number, known)
        if not inside:
            ends.append(number)
            found.ends.append(state)
        if tell is not None and found.states % 10_000 == 0:
            tell(found.states, len(waiting), time.monotonic() - began)
        if most is not None and found.states >= most:
            found.is_all = not waiting
            break
    if found.is_all:
        _all_can_end(ways, ends)
    found.seconds = time.monotonic() - began
    return found


def _all_can_end(ways: _Ways, ends: list[int]) -> None:
    """From wherever they are, workers can come to an end: nothing turns in a circle for ever."""
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
    if stuck >= 0:
        raise Violation("\n".join([*ways.to(stuck), "=> nothing leads to an end"]))

