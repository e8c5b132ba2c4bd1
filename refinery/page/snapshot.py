"""What the page knows of a queue at one instant, made once for all who look at it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from refinery.adapters.forge_pages import ForgePages, forge_pages
from refinery.app import Queue
from refinery.config.config import Config
from refinery.page.entries import Entry, entry
from refinery.queue.board import Board, Line
from refinery.queue.evidence import base_verdict
from refinery.queue.planning.facts import Health
from refinery.records.names import Branch, MrId
from refinery.records.verdict import Verdict
from refinery.store.view import View
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A look at the queue; `version` is another one whenever it shows something else.

    `lines` and `entries` are the board's and the view's merge requests by id, `failures` what the
    checks said of targets that fail them by themselves, `remote` is what commands call the
    queue's repository.
    """

    name: str
    view: View
    board: Board
    configs: Mapping[Branch, Config]
    lines: Mapping[MrId, Line]
    entries: Mapping[MrId, Entry]
    failures: Mapping[Branch, Verdict]
    forge: ForgePages
    remote: str
    version: str

    @property
    def at(self) -> datetime:
        """The instant."""
        return self.board.at


def snapshot(queue: Queue, view: View) -> Snapshot:
    """Put together what all pages are made of."""
    configs = queue.configs(view)
    board = queue.board(view, configs=configs)
    return Snapshot(
        name=queue.name,
        view=view,
        board=board,
        configs=configs,
        lines={each.id: each for each in board.line},
        entries={id: entry(mr) for id, mr in view.mrs.items()},
        failures=failures_of(view, board, configs),
        forge=forge_pages(queue.repo, configs.get(view.header.default_target) or Config()),
        remote=queue.repo.remote_name() or "origin",
        version=version_of(view, board.at),
    )


def failures_of(
    view: View, board: Board, configs: Mapping[Branch, Config]
) -> Mapping[Branch, Verdict]:
    """The verdicts on targets that are red."""
    found: dict[Branch, Verdict] = {}
    for each in board.targets:
        config = configs.get(each.target)
        if each.health is Health.RED and config is not None:
            verdict = base_verdict(view, each.target, config.fingerprint)
            if verdict is not None:
                found[each.target] = verdict
    return found


def version_of(view: View, now: datetime) -> str:
    """What tells one state of the queue from another; a claim that is renewed is the same one."""
    claims = [
        f"{name} {each.token} {each.live(now)} {each.verdict is not None}"
        for name, each in view.claims.items()
    ]
    refs = [f"{ref} {oid}" for ref, oid in view.leases.items() if "/claims/" not in ref]
    return hashlib.sha256("\n".join([*sorted(refs), *sorted(claims)]).encode()).hexdigest()[:16]
