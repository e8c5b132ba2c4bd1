"""Closed trees: asks the tracker for open issues with labels that close a target, records it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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


def look(engine: Engine, *, answers_only: bool = False) -> None:
    """Make the queue know which targets are closed; where no label closes any this costs nothing.

    A tracker that does not answer closes: unknown is not open.  With `answers_only`, for who does
    not land anything, what is not known stays as it was.  A target whose labels the configuration
    has forgotten is open again.
    """
    wanted = _labels(engine, engine.view.targets)
    if any(wanted.values()) or _is_any_closed(engine):
        _learn(engine, wanted, answers_only=answers_only)


def look_before_landing(engine: Engine, target: Branch) -> None:
    """Ask once more about the target, unless that was just done."""
    asked = engine.trees_asked_at
    wanted = _labels(engine, [target])
    if wanted[target] and (asked is None or engine.clock() - asked >= FRESH):
        _learn(engine, wanted)


def _learn(
    engine: Engine, wanted: Mapping[Branch, Sequence[str]], *, answers_only: bool = False
) -> None:
    engine.trees_asked_at = engine.clock()
    labels = dict.fromkeys(label for each in wanted.values() for label in each)
    said = {label: _ask(engine, label) for label in labels}
    found = {
        target: tuple(_freezes(engine, target, each, said))
        for target, each in wanted.items()
        if not answers_only or not any(isinstance(said[label], str) for label in each)
    }
    done = engine.change(lambda view: closed_trees(view, found, engine.clock()))
    if isinstance(done, Committed):
        engine.tell(Healed(done.edit.event.subject))


def _labels(engine: Engine, targets: Iterable[Branch]) -> dict[Branch, tuple[str, ...]]:
    return {target: rules_of(engine.view, target).labels_of(target) for target in targets}


def _is_any_closed(engine: Engine) -> bool:
    return any(each.cause is not Cause.ORDERED for each in engine.view.header.freezes)


def _ask(engine: Engine, label: str) -> list[OpenIssue] | str:
    """The open issues with a label, or why nobody knows."""
    try:
        return list(engine.tracker.labelled(label))
    except RefineryError as trouble:
        engine.tell(Trouble(f"which issues are {label!r} is not known: {trouble.message}"))
        return trouble.message


def _freezes(
    engine: Engine,
    target: Branch,
    labels: Iterable[str],
    said: Mapping[str, list[OpenIssue] | str],
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
