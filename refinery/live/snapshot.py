"""What the live view knows at one instant: the board, and what only this machine knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from refinery.config.config import Config
from refinery.queue.board import Board, Running
from refinery.records.names import Branch
from refinery.store.view import View
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Processor:
    """This clone's processor: whether it runs, and what keeps it from its work, or nothing."""

    runs: bool
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A look at the queue: `at` is when the remote said so.

    `configs` are those of the targets, `logs` is the folder where this clone keeps what its checks
    print, `remote` what commands call the remote.
    """

    name: str
    view: View
    board: Board
    configs: Mapping[Branch, Config]
    processor: Processor
    logs: Path
    remote: str
    at: datetime

    def checks_of(self, running: Running) -> tuple[str, ...]:
        """The names of the checks that a candidate has to pass."""
        config = self.configs.get(running.target)
        return tuple(check.name for check in config.checks) if config else ()
