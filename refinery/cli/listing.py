"""Lists of merge requests, the same way in each command that shows one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from refinery.answers.asking import config_or_default, report
from refinery.answers.merge_request import merge_request
from refinery.app import Queue
from refinery.cli.output import note, plain, print_json, style
from refinery.cli.rows import rows
from refinery.config.config import Config
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch
from refinery.store.view import View


def show_rows(
    queue: Queue,
    view: View,
    mrs: Sequence[MergeRequest],
    title: str,
    empty: str,
    *,
    as_json: bool,
    extra: Callable[[MergeRequest], str] | None = None,
) -> None:
    """Title and rows, or one JSON list; broken records are named on stderr either way."""
    report_damage(view)
    if as_json:
        now = queue.now()
        print_json([merge_request(view, mr, now) for mr in mrs])
        return
    show_title(title)
    if not mrs:
        show_empty(empty)
    for mr, row in zip(mrs, rows(mrs), strict=True):
        print(row)
        if extra is not None:
            print(f"     {extra(mr)}")


def report_damage(view: View) -> None:
    """Say on stderr which records cannot be read."""
    report(view.damage, say=warn)


def warn(words: str) -> None:
    """What an answer has no place for, on stderr."""
    note(plain(words))


def show_title(title: str) -> None:
    """The first line of a list, and the empty one below it."""
    print(style(title, "bold") + "\n")


def show_empty(words: str) -> None:
    """What stands in place of rows."""
    print(f"  {style(words, 'dim')}")


def config_for_viewing(queue: Queue, view: View, target: Branch | None = None) -> Config:
    """The target's configuration; one that cannot be read is reported, and hides nothing."""
    return config_or_default(queue, view, target, say=warn)
