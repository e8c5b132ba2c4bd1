"""One call of a tool: the queue it is about, what it was given, and who hears how it goes on."""

from __future__ import annotations

from collections.abc import Mapping

from refinery.app import Queue, open_queue
from refinery.typed import Any, Protocol
from refinery.values import dataclass, field


class Watcher(Protocol):
    """Who asked: told how it goes on, and may have had enough."""

    def hear(self, words: str) -> None:
        """It goes on, as the words say."""
        ...

    def pause(self, seconds: float) -> None:
        """Let the time pass; raises `NobodyWaits` once nobody wants the answer any more."""
        ...


class NobodyWaits(Exception):
    """Whoever asked has cancelled the call: there is nobody to answer."""


@dataclass(slots=True)
class Call:
    """What a tool works with."""

    rig: str | None
    worker: str
    given: Mapping[str, Any]
    watcher: Watcher
    said: list[str] = field(default_factory=list)
    """What people would read on stderr: broken records, a configuration that cannot be read."""

    def open(self, *, engine: bool = False, pins: bool = False) -> Queue:
        """The queue, opened for this call alone: calls go on side by side."""
        return open_queue(self.rig, engine=engine, pins=pins, worker=self.worker)

    def say(self, words: str) -> None:
        """Something that the answer has no place for."""
        self.said.append(words)
