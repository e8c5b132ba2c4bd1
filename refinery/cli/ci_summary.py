"""The page of a CI job in Markdown: what landed, what is blocked and why, what failed."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from refinery.cli.ci_place import CiPlace
from refinery.cli.output import counted, plain
from refinery.looks import ENDINGS, RESULTS, STANDINGS
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, IssueRef, Sha
from refinery.records.verdict import CheckReport
from refinery.values import dataclass, replace

MOST_ROWS = 50
LAST_LINES = 30
_MOST_BYTES = 900_000  # a runner takes a page of 1 MiB
_LANDED = ENDINGS["merged"].sign
_FAILED = RESULTS["fail"].sign
_BLOCKED = STANDINGS["blocked-by-issue"].sign
_READY = STANDINGS["ready"].sign
_MEANS_SOMETHING = re.compile(r"[^\w\s./,-]|_|(?<=www)\.")


@dataclass(frozen=True, slots=True)
class LandedRow:
    """A merge request that landed, on which commit."""

    mr: MergeRequest
    target: Branch
    commit: Sha


@dataclass(frozen=True, slots=True)
class BlockedRow:
    """A merge request that waits for somebody, and why."""

    mr: MergeRequest
    why: str


@dataclass(frozen=True, slots=True)
class FailedRow:
    """Who failed (a merge request, or the target), why, and the checks that say so."""

    who: str
    why: str
    checks: tuple[CheckReport, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything a page tells."""

    landed: tuple[LandedRow, ...] = ()
    blocked: tuple[BlockedRow, ...] = ()
    failed: tuple[FailedRow, ...] = ()
    recorded: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()
    ready: int = 0


def markdown(summary: Summary, place: CiPlace) -> str:
    """The page; where it would be longer than a runner takes, without what the checks printed."""
    page = _page(summary, place)
    if len(page.encode()) <= _MOST_BYTES:
        return page
    silent = tuple(replace(row, checks=()) for row in summary.failed)
    return _page(replace(summary, failed=silent), place) + "The output of the checks is too long.\n"


def _page(summary: Summary, place: CiPlace) -> str:
    parts = [
        f"### Merge queue: {headline(summary)}".removesuffix(": "),
        _list("What happened", summary.recorded),
        _landed(summary.landed, place),
        _blocked(summary.blocked, place),
        *_failed(summary.failed),
        _list("Trouble", summary.troubles),
    ]
    return "\n\n".join(filter(None, parts)) + "\n\n"


def headline(summary: Summary) -> str:
    """One line for everything."""
    words = [f"{_LANDED} {len(summary.landed)} landed"] if summary.landed else []
    words += [f"{_FAILED} {len(summary.failed)} failed"] if summary.failed else []
    words += [f"{_BLOCKED} {len(summary.blocked)} blocked"] if summary.blocked else []
    words += [f"{_READY} {summary.ready} waiting"] if summary.ready else []
    words += [] if words or summary.recorded else ["nothing to do"]
    return ", ".join(words)


def _landed(rows: Sequence[LandedRow], place: CiPlace) -> str:
    return _table(
        (f"{_LANDED} Landed", "Branch", "On", "Commit"),
        (
            (
                literal(row.mr.title),
                code(row.mr.branch),
                code(row.target),
                _link(code(row.commit[:12]), place.forge.commit(row.commit)),
            )
            for row in rows
        ),
        len(rows),
    )


def _blocked(rows: Sequence[BlockedRow], place: CiPlace) -> str:
    return _table(
        (f"{_BLOCKED} Blocked", "Branch", "By", "Why"),
        (
            (
                literal(row.mr.title),
                code(row.mr.branch),
                _issue(row.mr.blocked_by, place),
                literal(row.why),
            )
            for row in rows
        ),
        len(rows),
    )


def _issue(issue: IssueRef | None, place: CiPlace) -> str:
    return _link(literal(issue), place.forge.issue(issue)) if issue else ""


def _failed(rows: Sequence[FailedRow]) -> Iterable[str]:
    for row in rows[:MOST_ROWS]:
        yield f"**{_FAILED} {code(row.who)} failed:** {literal(row.why)}"
        yield from (_output(check) for check in row.checks if check.tail.strip())
    if len(rows) > MOST_ROWS:
        yield f"... and {counted(len(rows) - MOST_ROWS, 'failure')} more."


def _output(check: CheckReport) -> str:
    """The end of what a check printed; inside <pre> only these three letters mean anything."""
    lines = plain(check.tail).rstrip().splitlines()[-LAST_LINES:]
    text = html.escape("\n".join(lines), quote=False)
    title = f"Output of {code(check.name)}: {literal(check.note or check.verdict.value)}"
    return f"<details><summary>{title}</summary>\n\n<pre>\n{text}\n</pre>\n\n</details>"


def _list(title: str, items: Sequence[str]) -> str:
    if not items:
        return ""
    # A list in a list would begin with a dash or a number, and then a space.
    shown = [f"- {literal(item).replace('- ', '&#45; ', 1)}" for item in items[:MOST_ROWS]]
    more = [f"- ... and {len(items) - MOST_ROWS} more"] if len(items) > MOST_ROWS else []
    return "\n".join([f"**{title}**", "", *shown, *more])


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]], number: int) -> str:
    if not number:
        return ""
    lines = [_row(titles), _row(["---"] * len(titles))]
    lines += [_row(cells) for _, cells in zip(range(MOST_ROWS), rows, strict=False)]
    if number > MOST_ROWS:
        lines.append(_row([f"... and {number - MOST_ROWS} more", *([""] * (len(titles) - 1))]))
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _link(text: str, address: str | None) -> str:
    return f'<a href="{html.escape(address)}">{text}</a>' if address else text


def literal(text: str) -> str:
    """Text of others on one line, of which nothing is taken for Markdown or HTML."""
    return _MEANS_SOMETHING.sub(lambda found: f"&#{ord(found[0])};", " ".join(plain(text).split()))


def code(text: str) -> str:
    """Text of others, as code."""
    return f"<code>{literal(text)}</code>"
