"""What the page knows of a queue at one instant, made once for all who look at it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from refinery.adapters.forge_address import remote_place
from refinery.app import Queue
from refinery.config.config import Config
from refinery.page.entries import Entry, entry
from refinery.queue.board import Board, Line, targets_of
from refinery.queue.evidence import base_verdict
from refinery.queue.planning.facts import Health
from refinery.records.names import Branch, MrId
from refinery.records.schema import InvalidRecord
from refinery.records.verdict import Verdict
from refinery.store.view import View
from refinery.values import dataclass

FORGES = ("github", "gitlab", "gitea")


@dataclass(frozen=True, slots=True)
class Forge:
    """Where the repository is on its forge, and which kind that is."""

    kind: str = ""
    address: str = ""


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
    forge: Forge
    remote: str
    version: str

    @property
    def at(self) -> datetime:
        """The instant."""
        return self.board.at


def snapshot(queue: Queue, view: View) -> Snapshot:
    """Put together what all pages are made of."""
    found = {target: _config(queue, view, target) for target in targets_of(view)}
    configs = {target: config for target, config in found.items() if config is not None}
    board = queue.board(view)
    return Snapshot(
        name=queue.name,
        view=view,
        board=board,
        configs=configs,
        lines={each.id: each for each in board.line},
        entries={id: entry(mr) for id, mr in view.mrs.items()},
        failures=failures_of(view, board, configs),
        forge=_forge(queue, configs.get(view.header.default_target) or Config()),
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


def _config(queue: Queue, view: View, target: Branch) -> Config | None:
    try:
        return queue.config(view, target)
    except InvalidRecord:
        return None  # the board says so


def _forge(queue: Queue, config: Config) -> Forge:
    """As the remote's URL has it; which kind of forge it is, only the configuration tells."""
    kind = next((each for each in (config.forge, config.tracker) if each in FORGES), "")
    there = remote_place(queue.repo)
    if not kind or there is None:
        return Forge()
    return Forge(kind, f"{there.scheme}://{there.host}/{config.repository or there.path}")
