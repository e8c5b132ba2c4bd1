"""How merge requests look in lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from refinery.cli.output import folded, in_role, plain, style
from refinery.looks import Look, of_merge_request
from refinery.queue.standing import Standing
from refinery.records.merge_request import MergeRequest
from refinery.records.times import span
from refinery.store.view import Damage


def look(mr: MergeRequest, stands: Standing) -> Look:
    """How it is shown: where it stands, or how it ended."""
    return of_merge_request(stands.code, mr.close_reason if mr.closed else None)


def label(mr: MergeRequest, stands: Standing) -> str:
    """The word that lists put in brackets."""
    return look(mr, stands).in_brackets[1:-1]


def bracketed(mr: MergeRequest, stands: Standing) -> str:
    """That word with its brackets, in its colour."""
    found = look(mr, stands)
    return in_role(found.in_brackets, found.role)


def name(mr: MergeRequest) -> str:
    """`worker/branch (issue)`."""
    issue = f" ({plain(mr.source_issue)})" if mr.source_issue else ""
    return f"{plain(mr.worker)}/{plain(mr.branch)}{issue}"


def rows(mrs: Iterable[MergeRequest]) -> Iterator[str]:
    """The two lines of each in `ready`, `unclaimed` and `blocked`."""
    below = style("ID: {}  Worker: {}", "dim").format  # asked once: there may be thousands
    for number, mr in enumerate(mrs, start=1):
        head = f"  {number}. [P{mr.priority}] {plain(mr.branch)} → {plain(mr.target)}"
        yield f"{head}\n     {below(mr.id, plain(mr.worker))}"


def age(since: datetime, now: datetime) -> str:
    """How long ago, in the largest unit that says something."""
    return span((now - since).total_seconds())


def damage_lines(damage: tuple[Damage, ...]) -> list[str]:
    """What every command says on stderr about records that cannot be read."""
    return [
        plain(f"warning: {item.where}: {item.problem}" + (f" ({item.hint})" if item.hint else ""))
        for item in damage
    ]


def moment(at: datetime) -> str:
    """An instant in the reader's time zone."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def fields(rows: Iterable[tuple[str, str | None]], *, width: int, indent: int = 2) -> list[str]:
    """`Title: value` lines in two columns; what has no value has no line."""
    lines = []
    for title, value in rows:
        if value:
            first, *more = [
                folded(line, indent=indent + width) for line in plain(value).splitlines()
            ]
            lines.append(f"{' ' * indent}{title + ':':<{width}}{first[indent + width :]}")
            lines += more
    return lines
