"""What every question about the queue begins with: the view, the configuration, what is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from refinery.answers.finding import find, with_target
from refinery.app import Queue
from refinery.config.config import Config
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch
from refinery.records.schema import InvalidRecord
from refinery.store.view import Damage, View
from refinery.values import dataclass

Say = Callable[[str], None]
"""Hears what the answer has no place for: records and configurations that cannot be read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A merge request that somebody asks about, and all that is known at this instant."""

    view: View
    mr: MergeRequest
    config: Config
    now: datetime


def ask_about(queue: Queue, text: str | None, *, say: Say) -> Asked:
    """The one that `text` names, live or closed; without it, that of the current branch."""
    view = queue.view()
    report(view.damage, say=say)
    mr = find(queue, view, text)
    view = with_target(queue, view, mr)
    return Asked(view, mr, config_or_default(queue, view, mr.target, say=say), queue.now())


def report(damage: Iterable[Damage], *, say: Say) -> None:
    """Say which records cannot be read."""
    for item in damage:
        say(f"warning: {item.where}: {item.problem}" + (f" ({item.hint})" if item.hint else ""))


def config_or_default(
    queue: Queue, view: View, target: Branch | None = None, *, say: Say
) -> Config:
    """The target's configuration; one that cannot be read is reported, and hides nothing."""
    try:
        return queue.config(view, target)
    except InvalidRecord as error:
        say(f"warning: {error.message}; shown with the default configuration")
        return Config()
