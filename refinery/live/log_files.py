"""Which logs of this clone are about something on the screen."""

from __future__ import annotations

from pathlib import Path

from refinery.engine.check_logs import newest_logs
from refinery.live.snapshot import Snapshot
from refinery.records.merge_request import MergeRequest

Logs = tuple[tuple[str, Path], ...]
"""What each is called, and where it is."""


def logs_of_run(snapshot: Snapshot, name: str) -> Logs:
    """Those of a candidate that is being tested, if it is tested here."""
    found = newest_logs(snapshot.logs, {name})
    return tuple((log.check, log.path) for logs in found.values() for log in logs)


def logs_of_mr(snapshot: Snapshot, mr: MergeRequest) -> Logs:
    """Those of the run that it is in now, or else of the last one that said something of it."""
    run = next((each for each in snapshot.board.running if mr.id in each.members), None)
    if run is not None:
        return logs_of_run(snapshot, run.name)
    trees = [attempt.tree for attempt in reversed(mr.attempts) if attempt.tree]
    trees += [each.tree for each in (mr.failure, mr.landing) if each is not None and each.tree]
    for tree in trees:
        found = sorted(snapshot.logs.glob(f"{tree[:12]}-*.log"))
        if found:
            return tuple((path.stem.rpartition("-")[2], path) for path in found)
    return ()
