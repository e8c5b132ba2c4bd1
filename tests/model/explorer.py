"""Visits every state that a protocol can reach, and shows the shortest way to one that is wrong."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

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


def explore(
    protocol: Protocol, first: State, rules: tuple[Rule, ...], *, most: int | None = None
) -> Explored:
    """Breadth first, so that the first violation is one of the shortest."""
    came_by: dict[State, tuple[State, str] | None] = {first: None}
    before: dict[State, list[State]] = {first: []}
    waiting = deque([first])
    found = Explored()
    while waiting:
        state = waiting.popleft()
        found.states += 1
        inside = False
        for move in protocol.moves(state):
            found.moves += 1
            inside = True
            for rule in rules:
                wrong = rule(state, move)
                if wrong is not None:
                    raise Violation("\n".join([*_way(came_by, state), move.words, f"=> {wrong}"]))
            after = protocol.plain(move.after)
            if after not in came_by:
                came_by[after] = (state, move.words)
                before[after] = []
                waiting.append(after)
            before[after].append(state)
        if not inside:
            found.ends.append(state)
        if most is not None and found.states >= most:
            return found
    _all_can_end(came_by, before, found.ends)
    return found


def _all_can_end(
    came_by: dict[State, tuple[State, str] | None],
    before: dict[State, list[State]],
    ends: list[State],
) -> None:
    """From wherever they are, workers can come to an end: nothing turns in a circle for ever."""
    able = set(ends)
    waiting = deque(ends)
    while waiting:
        for state in before[waiting.popleft()]:
            if state not in able:
                able.add(state)
                waiting.append(state)
    for state in came_by:
        if state not in able:
            raise Violation("\n".join([*_way(came_by, state), "=> nothing leads to an end"]))


def _way(came_by: dict[State, tuple[State, str] | None], state: State) -> Iterator[str]:
    steps: list[str] = []
    found = came_by[state]
    while found is not None:
        state, words = found
        steps.append(words)
        found = came_by[state]
    return reversed(steps)
