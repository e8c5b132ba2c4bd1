"""The queue header: what holds for the queue as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from refinery.records.merge_request import Telling
from refinery.records.names import Branch, Sha
from refinery.values import dataclass, field


@dataclass(frozen=True, slots=True)
class Pause:
    """While present, nothing is claimed and nothing lands."""

    by: str
    reason: str
    at: datetime

    NESTED: ClassVar = {"at": datetime}


class Stillness(StrEnum):
    """What keeps a target from going on; MOVING: nothing does any more, but that is not said."""

    RED = "red"
    BROKEN_CONFIG = "broken-config"
    WAITING = "waiting"
    MOVING = "moving"


@dataclass(frozen=True, slots=True)
class Standstill:
    """A target that does not go on; `told` are the channels that know, `untold` is still owed."""

    target: Branch
    why: Stillness
    words: str
    since: datetime
    told: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()
    telling: tuple[Telling, ...] = ()

    NESTED: ClassVar = {"why": Stillness, "since": datetime, "telling": (Telling,)}


@dataclass(frozen=True, slots=True)
class QueueHeader:
    """queue.yaml: `landed` holds, per target, the commit after the last
    landing; `archived` counts the groups that went to the archive."""

    default_target: Branch
    landed: Mapping[str, Sha] = field(default_factory=dict)
    archived: int = 0
    paused: Pause | None = None
    stuck: tuple[Standstill, ...] = ()

    NESTED: ClassVar = {"paused": Pause, "stuck": (Standstill,)}
