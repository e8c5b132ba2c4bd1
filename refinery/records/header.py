"""The queue header: what holds for the queue as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from refinery.records.names import Branch, Sha
from refinery.values import dataclass, field


@dataclass(frozen=True, slots=True)
class Pause:
    """While present, nothing is claimed and nothing lands."""

    by: str
    reason: str
    at: datetime

    NESTED: ClassVar = {"at": datetime}


@dataclass(frozen=True, slots=True)
class QueueHeader:
    """queue.yaml: `landed` holds, per target, the commit after the last
    landing; `archived` counts the groups that went to the archive."""

    default_target: Branch
    landed: Mapping[str, Sha] = field(default_factory=dict)
    archived: int = 0
    paused: Pause | None = None

    NESTED: ClassVar = {"paused": Pause}
