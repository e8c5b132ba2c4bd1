"""Closed trees: asks the tracker for open issues with labels that close a target, records it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from refinery.engine.engine import Engine
from refinery.engine.happenings import Healed, Trouble
from refinery.errors import RefineryError
from refinery.queue.freeze_orders import closed_trees
from refinery.queue.freezing import rules_of
from refinery.queue.tracking import OpenIssue
from refinery.records.fitting import as_line
from refinery.records.header import Cause, Freeze
from refinery.records.names import Branch
from refinery.store.update import Committed

FRESH = timedelta(seconds=5)
"""What was heard so lately is not asked again before a landing."""


def look(engine: Engine, *, before_landing_on: Branch | None = None) -> None:
    """Make the queue know which targets are closed; those that no label concerns cost nothing.

    Before a landing only its target counts.  A tracker that does not answer closes: unknown is not
    open.  A target whose labels the configuration has forgotten is open again.
    """
    wanted = _labels(engine, before_landing_on)
    now = engine.clock()
    if before_landing_on is not None:
        asked = engine.trees_asked_at
        if not wanted[before_landing_on] or (asked is not None and now - asked < FRESH):
            return
    elif not any(wanted.values()) and not _is_any_closed(engine):
        return
    labels = dict.fromkeys(label for each in wanted.values() for label in each)
    said = {label: _ask(engine, label) for label in labels}
    found = {target: tuple(_freezes(engine, target, each, said)) for target, each in wanted.items()}
    engine.trees_asked_at = now
    done = engine.change(lambda view: closed_trees(view, found, engine.clock()))
    if isinstance(done, Committed):
        engine.tell(Healed(done.edit.event.subject))


def _labels(engine: Engine, only: Branch | None) -> dict[Branch, tuple[str, ...]]:
    targets: Iterable[Branch] = engine.view.targets if only is None else [only]
    return {target: rules_of(engine.view, target).labels_of(target) for target in targets}


def _is_any_closed(engine: Engine) -> bool:
    return any(each.cause is not Cause.ORDERED for each in engine.view.header.freezes)


def _ask(engine: Engine, label: str) -> list[OpenIssue] | str:
    """The open issues with a label, or why nobody knows."""
    try:
        return list(engine.tracker.labelled(label))
    except RefineryError as trouble:
        engine.tell(
            Trouble(f"which issues are {label!r} is not known: {trouble.message}")
        )
        return trouble.message


def _freezes(
    engine: Engine,
    target: Branch,
    labels: Iterable[str],
    said: dict[str, list[OpenIssue] | str],
) -> Iterator[Freeze]:
    tracker, now = engine.tracker.name, engine.clock()
    for label in labels:
        answer = said[label]
        if isinstance(answer, str):
            why = as_line(f"{tracker} does not say whether an issue is {label!r}: {answer}")
            yield Freeze(target, Cause.UNANSWERED, tracker, why, now, label=label)
            continue
        for issue in answer:
            title = as_line(issue.title)
            yield Freeze(target, Cause.ISSUE, tracker, title, now, issue=issue.id, label=label)
