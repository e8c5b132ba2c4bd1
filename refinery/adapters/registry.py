"""Which module serves which tracker; nothing is imported before it is configured."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import Any

from refinery.repo.remote import RefTransport
from refinery.repo.repository import Repository
from refinery.store.layout import RefNames

TRACKERS = {"local": "refinery.adapters.local"}


def make_tracker(
    name: str,
    repo: Repository,
    transport: RefTransport,
    *,
    refs: RefNames,
    worker: str,
    clock: Callable[[], datetime],
) -> Any:
    """The tracker with that name; it fits `engine.ports.Tracker`, which adapters do not know."""
    module = import_module(TRACKERS[name])
    return module.make(repo, transport, refs=refs, worker=worker, clock=clock)
