"""Issues that close a target: opening one with a label, and changing the labels of one."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from refinery.adapters.local import LocalTracker
from refinery.app import Queue
from refinery.cli.output import note
from refinery.errors import UsageError
from refinery.records.names import IssueRef
from refinery.store.update import PushRefused
from refinery.typed import Any

_LONGEST_LABEL = 100


def configure(actions: Any, common: Callable[[argparse.ArgumentParser], None]) -> None:
    """The sub-commands `open` and `label` of `issue`."""
    opened = actions.add_parser("open", help="open one that is about no merge request")
    opened.add_argument("title", help="what it is about, in a line")
    opened.add_argument("--body", "-m", help="Markdown; - reads standard input")
    opened.add_argument(
        *("--label", "-l"), action="append", default=[], help="a label; can be given again"
    )
    label = actions.add_parser("label", help="put labels on one, take others off")
    label.add_argument("issue", help="its number, or local#NUMBER")
    for name in ("--add", "--remove"):
        label.add_argument(
            name, action="append", default=[], metavar="LABEL", help="can be given again"
        )
    for action in (opened, label):
        common(action)


def open_issue(tracker: LocalTracker, arguments: argparse.Namespace, body: str) -> IssueRef:
    """Open one that is about no merge request."""
    from refinery.records.fitting import as_line

    title = as_line(" ".join(arguments.title.split()))
    if not title:
        raise UsageError("the title is empty", hint="say in a line what it is about")
    return tracker.create(title, body, _labels(arguments.label))


def change_labels(tracker: LocalTracker, issue: IssueRef, arguments: argparse.Namespace) -> None:
    """Put some on, take others off."""
    add, remove = _labels(arguments.add), _labels(arguments.remove)
    if not add and not remove:
        raise UsageError("no label is named", hint="--add LABEL, --remove LABEL")
    tracker.label(issue, add=add, remove=remove)


def follow_trees(queue: Queue) -> None:
    """An open issue may close a target, a closed one open it: the queue knows it at once."""
    from refinery.engine import trees

    try:
        trees.look(queue.engine(lambda _: None), answers_only=True)
    except PushRefused:
        note("the queue is not yours to write: the next pass over it sees the issue")


def _labels(given: list[str]) -> list[str]:
    for label in given:
        if not label.strip() or not label.isprintable() or len(label) > _LONGEST_LABEL:
            raise UsageError(f"{label!r} is no label", hint="a line of at most 100 letters")
    return given
