"""Which module serves which tracker and forge; nothing is imported before it is configured."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib import import_module

from refinery.errors import RefineryError
from refinery.repo.remote import RefTransport
from refinery.repo.repository import Repository
from refinery.store.layout import RefNames
from refinery.typed import Any
from refinery.values import dataclass

TRACKERS = {
    "local": "refinery.adapters.local",
    "github": "refinery.adapters.github",
    "gitlab": "refinery.adapters.gitlab",
    "gitea": "refinery.adapters.gitea",
}
FORGES = {name: module for name, module in TRACKERS.items() if name != "local"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an adapter works, and as whom.

    `repository` is the forge's path of the repository (`owner/name`) where the configuration says
    so; else it follows from the CI's environment or the remote's URL.
    """

    repo: Repository
    transport: RefTransport
    refs: RefNames
    worker: str
    clock: Callable[[], datetime]
    repository: str | None = None


class UnknownForge(RefineryError):
    """An issue or a configuration names a tracker or forge that there is no adapter for."""

    code = "unknown-forge"


def make_tracker(name: str, place: Place) -> Any:
    """The tracker with that name; it fits `engine.ports.Tracker`, which adapters do not know."""
    return _module(name, TRACKERS).make_tracker(place)


def make_forge(name: str, place: Place) -> Any:
    """The forge with that name; it fits `engine.ports.Forge`."""
    return _module(name, FORGES).make_forge(place)


def _module(name: str, known: dict[str, str]) -> Any:
    if name not in known:
        raise UnknownForge(f"{name!r} is none of {', '.join(known)}")
    return import_module(known[name])
