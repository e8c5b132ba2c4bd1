"""Lists of merge requests, the same way in each command that shows one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from refinery.app import Queue
from refinery.cli.output import note, print_json, style
from refinery.cli.rows import damage_lines, json_of, row
from refinery.records.merge_request import MergeRequest
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
    for line in damage_lines(view.damage):
        note(line)
    if as_json:
        now = queue.now()
        print_json([json_of(view, mr, now) for mr in mrs])
        return
    print(style(title, "bold") + "\n")
    if not mrs:
        print(f"  {style(empty, 'dim')}")
    for number, mr in enumerate(mrs, start=1):
        print(row(number, mr))
        if extra is not None:
            print(f"     {extra(mr)}")
