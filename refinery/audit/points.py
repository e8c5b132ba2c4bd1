"""What a diagnosis looks at and what it says of each thing, as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from refinery.adapters.registry import Place
from refinery.audit.findings import Severity
from refinery.config.config import FILE, Config
from refinery.repo.repository import Repository
from refinery.store.layout import RefNames
from refinery.store.ref_store import RefStore
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that was looked at: how it is, where, in words, and the command that mends it.

    `code` is stable: the topic where all is well, else topic and trouble.
    """

    topic: str
    severity: Severity
    code: str
    where: str
    what: str
    fix: str = ""


def well(topic: str, what: str, *, where: str = "") -> Point:
    """Nothing is wrong with it."""
    return Point(topic, Severity.OK, topic, where, what)


def warning(topic: str, trouble: str, what: str, *, fix: str, where: str = "") -> Point:
    """It works, but not as it should."""
    return Point(topic, Severity.WARNING, f"{topic}-{trouble}", where, what, fix)


def error(topic: str, trouble: str, what: str, *, fix: str, where: str = "") -> Point:
    """Something will not work."""
    return Point(topic, Severity.ERROR, f"{topic}-{trouble}", where, what, fix)


@dataclass(frozen=True, slots=True)
class Patient:
    """The repository whose set-up is examined, and the environment it is examined in.

    `place` gives what an adapter works with, for the configured `owner/name`. `online`: whether
    the remote and the forge may be asked.
    """

    repo: Repository
    store: RefStore
    clock: Callable[[], datetime]
    environ: Mapping[str, str]
    place: Callable[[str | None], Place]
    online: bool = True

    @property
    def remote(self) -> str | None:
        """Where the queue is."""
        return self.repo.remote_name()

    @property
    def refs(self) -> RefNames:
        """The queue's refs."""
        return self.store.refs

    @property
    def in_ci(self) -> bool:
        """Whether a job of CI runs this: what is missing here is missing where it counts."""
        return self.environ.get("CI", "").lower() not in ("", "0", "false")


@dataclass(frozen=True, slots=True)
class Target:
    """The branch the queue lands on, and what its tip says."""

    branch: str
    tip: str
    config: Config

    @property
    def where(self) -> str:
        """Its configuration."""
        return f"{self.branch}:{FILE}"
