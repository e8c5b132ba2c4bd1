"""Keeps the queue's history short as it goes: what a fresh worker has to fetch stays small."""

from __future__ import annotations

from refinery.engine.engine import Engine
from refinery.engine.happenings import Healed
from refinery.store.compaction import Compacted, compact, long_lines
from refinery.store.update import PushRefused


def compact_long_lines(engine: Engine) -> None:
    """Begin anew what has grown long; a remote that refuses it is told of once."""
    for line in long_lines(engine.store):
        try:
            done = compact(engine.store, engine.view, line, worker=engine.worker)
        except PushRefused as trouble:
            engine.tell_once(trouble.message)
            continue
        if isinstance(done, Compacted):
            engine.tell(Healed(f"keep {line.commits} commits of {line.ref} in {done.kept}"))
            engine.refresh()
