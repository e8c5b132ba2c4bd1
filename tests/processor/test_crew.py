"""What holds a processor together: signs of life, and a bug in one repository spares the others."""

from __future__ import annotations

from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any

import pytest

from refinery.engine.process import process
from refinery.processor.crew import Changed, Charge, Crew
from refinery.processor.hand import Ending, Hand, Terms
from refinery.processor.notifying import ServiceManager
from refinery.processor.place import processor_state
from refinery.queue.pauses import Pauses
from refinery.repo.repository import Repository
from tests.sandbox import Sandbox

TERMS = Terms(Pauses(every=0.01, longest=0.01), "10ms", "10ms", in_foreground=True)
PATIENCE = 30


def silent(happening: object) -> None:
    """Nobody listens."""


class Manager:
    """A service manager that wants signs of life, and counts them."""

    watchdog = 0.001

    def __init__(self) -> None:
        self.signs = 0

    def alive(self) -> None:
        self.signs += 1


class Looked:
    """A hand that is looked at three times before something happens."""

    def __init__(self, crew: Crew, *, is_stuck: bool) -> None:
        self._crew = crew
        self._is_stuck = is_stuck
        self.times = 0

    @property
    def is_stuck(self) -> bool:
        self.times += 1
        if self.times == 3:
            self._crew._mail.put(Changed())
        return self._is_stuck


@pytest.mark.parametrize(("is_stuck", "signs"), [(False, 3), (True, 0)])
def test_a_service_manager_hears_nothing_of_a_processor_that_is_stuck(
    is_stuck: bool, signs: int
) -> None:
    manager: Any = Manager()
    crew = Crew(Charge(lambda: [], TERMS, lambda _: silent, lambda _: None), manager)
    hand: Any = Looked(crew, is_stuck=is_stuck)
    crew._hands = [hand]
    assert crew._next_letter() == Changed()
    assert manager.signs == signs


def test_who_is_given_nothing_to_do_says_so() -> None:
    crew = Crew(Charge(lambda: [], TERMS, lambda _: silent, lambda _: None), ServiceManager())
    with pytest.raises(Exception, match="none of the repositories can be served"):
        crew.run()


@pytest.fixture
def said() -> SimpleQueue[str]:
    """What a hand says, line by line."""
    return SimpleQueue()


@pytest.fixture
def over() -> SimpleQueue[bool]:
    """Whether it has let go."""
    return SimpleQueue()


@pytest.fixture
def hand(box: Sandbox, said: SimpleQueue[str], over: SimpleQueue[bool]) -> Iterator[Hand]:
    """A hand that serves the sandbox; let go whatever happens."""
    made = Hand(
        str(box.path),
        TERMS,
        narrate=lambda _: silent,
        aloud=lambda _, line: said.put(line),
        changed=lambda: over.put(made.is_over) if made.is_over else None,
        asked=lambda *_: None,
    )
    yield made
    made.end(Ending.AFTER_THE_LANDING)


def test_a_bug_is_reported_once_and_the_repository_served_again(
    box: Sandbox,
    hand: Hand,
    said: SimpleQueue[str],
    over: SimpleQueue[bool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    passes = []

    def buggy(*arguments: Any) -> Any:
        passes.append(arguments)
        if len(passes) == 1:
            raise ZeroDivisionError("division by zero")
        hand.end(Ending.AFTER_THE_CANDIDATE)
        return process(*arguments)

    monkeypatch.setattr("refinery.processor.hand.BUG_PAUSE", 0.0)
    monkeypatch.setattr("refinery.processor.watching.process", buggy)
    hand.start()
    assert said.get(timeout=PATIENCE).startswith("refinery watches origin as ")
    assert said.get(timeout=PATIENCE) == (
        "error: this is a bug in refinery, please report it: ZeroDivisionError: division by zero"
    )
    assert said.get(timeout=PATIENCE) == "refinery no longer watches origin"
    assert len(passes) == 2
    assert "in buggy" in hand.place.log.read_text()
    assert over.get(timeout=PATIENCE)
    with Repository.discover(box.path) as repo:
        assert processor_state(repo).pid is None
