"""A watch in a time of its own: each pause between two looks is where the story goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from refinery.app import Queue, open_queue
from refinery.cli.narration import Narrator
from refinery.engine.run import Orders
from refinery.processor.watching import Watch
from refinery.queue.pauses import Pauses
from tests.sandbox import Sandbox

Step = Callable[[], object]


def nothing() -> None:
    """A pause in which nothing happens."""


@dataclass
class Story:
    """One watch of a sandbox's queue; `said` is what it told people, `pauses` how long it slept."""

    box: Sandbox
    rhythm: Pauses = Pauses(10.0, 120.0)  # noqa: RUF009 - a frozen value
    said: list[str] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    current: Watch | None = None
    looks: int = 0
    opened: int = 0
    time: float = 0.0

    def watch(self, *steps: Step) -> Story:
        """Look, pause, take the first step, look again, and so on; a look is the last thing."""
        left, self.looks, before = list(steps), 0, len(self.pauses)

        def wait(seconds: float) -> None:
            self.time += seconds
            self.box.clock.tick(seconds)
            if self.looks == len(self.pauses) - before:
                return  # the engine's own, in the middle of a pass
            self.pauses.append(seconds)
            if left:
                left.pop(0)()

        def looked() -> None:
            self.looks += 1

        self.current = Watch(
            self._opening,
            tell=Narrator(self.said.append),
            say=self.said.append,
            orders=Orders(stop=lambda: self.looks > len(steps), wait=wait, clock=lambda: self.time),
            pauses=self.rhythm,
            clock=self.box.clock,
            looked=looked,
        )
        self.current.run()
        return self

    def _opening(self) -> Queue:
        self.opened += 1
        return open_queue(
            str(self.box.path), engine=True, clock=self.box.clock, worker=self.box.worker
        )
