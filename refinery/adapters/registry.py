"""Which module serves which tracker; nothing is imported before it is configured."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib import import_module

from refinery.engine.ports import Tracker
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
) -> Tracker:
    """The tracker with that name."""
    module = import_module(TRACKERS[name])
    tracker: Tracker = module.make(repo, transport, refs=refs, worker=worker, clock=clock)
    return tracker
