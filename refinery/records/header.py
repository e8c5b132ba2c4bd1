"""The queue header: what holds for the queue as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from refinery.records.merge_request import Telling
from refinery.records.names import Branch, IssueRef, Sha
from refinery.typed import ClassVar
from refinery.values import StrEnum, dataclass, field


@dataclass(frozen=True, slots=True)
class Pause:
    """While it lasts, nothing is claimed and nothing lands."""

    by: str
    reason: str
    at: datetime
    until: datetime | None = None

    NESTED: ClassVar = {"at": datetime, "until": datetime}


class Cause(StrEnum):
    """What freezes a target; UNANSWERED: nobody knows whether an issue closes it."""

    ORDERED = "ordered"
    ISSUE = "issue"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Freeze:
    """While it lasts, nothing lands on the targets that fit but what may pass.

    `zone` is the one in which people are told of its end.
    """

    target: str
    cause: Cause
    by: str
    reason: str
    at: datetime
    until: datetime | None = None
    zone: str | None = None
    issue: IssueRef | None = None
    label: str | None = None

    NESTED: ClassVar = {"cause": Cause, "at": datetime, "until": datetime}


@dataclass(frozen=True, slots=True)
class Thaw:
    """While it lasts, the windows in the configuration of the targets that fit do not count."""

    target: str
    by: str
    reason: str
    at: datetime
    until: datetime

    NESTED: ClassVar = {"at": datetime, "until": datetime}


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
class Turns:
    """How many more turns somebody has had on a target than whoever waits and has had least."""

    target: Branch
    authors: Mapping[str, float] = field(default_factory=dict)
    fleets: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QueueHeader:
    """queue.yaml: `landed` holds, per target, the commit after the last
    landing; `archived` counts the groups that went to the archive."""

    default_target: Branch
    landed: Mapping[str, Sha] = field(default_factory=dict)
    archived: int = 0
    paused: Pause | None = None
    freezes: tuple[Freeze, ...] = ()
    thaws: tuple[Thaw, ...] = ()
    stuck: tuple[Standstill, ...] = ()
    turns: tuple[Turns, ...] = ()

    NESTED: ClassVar = {
        "paused": Pause,
        "freezes": (Freeze,),
        "thaws": (Thaw,),
        "stuck": (Standstill,),
        "turns": (Turns,),
    }
