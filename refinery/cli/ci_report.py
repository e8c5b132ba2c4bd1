"""Tells a CI job's page, annotations and outputs what a command did; nothing outside of CI."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from refinery.cli.ci_place import CiPlace
from refinery.cli.output import note
from refinery.errors import RefineryError
from refinery.typed import TYPE_CHECKING
from refinery.values import dataclass, field

if TYPE_CHECKING:
    from refinery.cli.ci_summary import BlockedRow, FailedRow, Summary
    from refinery.engine.happenings import Happening, Tell
    from refinery.engine.run import End
    from refinery.records.verdict import CheckReport
    from refinery.store.view import View

ANNOTATED = 10  # a runner shows no more of a step
_LAST_LINES = 10


@dataclass(slots=True)
class Report:
    """Remembers what happened, for the end; `see` shows it what the queue holds then."""

    happenings: list[Happening] = field(default_factory=list)
    recorded: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seen: tuple[View, datetime] | None = None
    only_tested: bool = False
    """Nobody is blamed here: what failed is told of the candidate."""

    def beside(self, tell: Tell) -> Tell:
        """Tell both."""

        def both(happening: Happening) -> None:
            self.happenings.append(happening)
            tell(happening)

        return both

    def see(self, view: View, now: datetime) -> None:
        """What is blocked now, and how many wait."""
        self.seen = (view, now)

    def exit_code(self, end: End) -> int:
        """What a command that processed returns; trouble is said here as well as to people."""
        if not end.is_trouble:
            return 0
        note(f"error: {end.value}")
        self.errors.append(end.value)
        return 1


@contextmanager
def reporting(out: Callable[[str], None] = note) -> Iterator[Report]:
    """A report on what is done inside; the runner obeys nothing that is printed meanwhile."""
    place = CiPlace.of(os.environ)
    if not place.exists:
        yield Report()
        return
    from refinery.cli.ci_commands import unheeded

    report = Report()
    try:
        if not place.annotates:
            yield report
        else:
            with unheeded(out):
                yield report
    except RefineryError as error:
        report.errors.append(f"{error.message}\n{error.hint}" if error.hint else error.message)
        raise
    except Exception as bug:
        report.errors.append(f"a bug in refinery: {type(bug).__name__}: {bug}")
        raise
    finally:
        _tell(report, place, out)


def _tell(report: Report, place: CiPlace, out: Callable[[str], None]) -> None:
    from refinery.cli.ci_summary import markdown

    summary = _summary(report)
    page = markdown(summary, place)
    outputs = {
        "landed": str(len(summary.landed)),
        "blocked": str(len(summary.blocked)),
        "failed": str(len(summary.failed)),
        "summary": str(place.copy or place.summary or ""),
    }
    if place.annotates:
        for line in _annotations(report, summary):
            out(line)
    try:
        _write(place, page, outputs)
    except OSError as error:  # the work is done: a page that cannot be written changes nothing
        out(f"warning: no summary: {error}")


def _write(place: CiPlace, page: str, outputs: dict[str, str]) -> None:
    from refinery.cli.ci_commands import output_entry

    for path in filter(None, (place.summary, place.copy)):
        with path.open("a", encoding="utf-8", errors="replace") as file:
            file.write(page)
    if place.outputs is not None:
        with place.outputs.open("a", encoding="utf-8", errors="replace") as file:
            file.writelines(output_entry(name, value) for name, value in outputs.items())


def _annotations(report: Report, summary: Summary) -> Iterator[str]:
    from refinery.cli.ci_commands import Level, annotation

    for error in report.errors:
        yield annotation(Level.ERROR, "refinery", error)
    for row in summary.failed[:ANNOTATED]:
        yield annotation(Level.ERROR, f"{row.who} failed", _words(row))
    for trouble in summary.troubles[:ANNOTATED]:
        yield annotation(Level.WARNING, "refinery", trouble)


def _words(row: FailedRow) -> str:
    from refinery.cli.output import plain

    ends = [plain(check.tail).rstrip().splitlines()[-_LAST_LINES:] for check in row.checks]
    return "\n".join([row.why, *(line for end in ends for line in end)])


def _summary(report: Report) -> Summary:
    from refinery.cli.ci_summary import LandedRow, Summary
    from refinery.engine import happenings as told

    blocked, ready = _waiting(report)
    return Summary(
        landed=tuple(
            LandedRow(mr, each.target, each.commit)
            for each in report.happenings
            if isinstance(each, told.Landed)
            for mr in each.mrs
        ),
        blocked=blocked,
        failed=tuple(_failures(report)),
        recorded=(*report.recorded, *_proposed(report)),
        troubles=tuple(e.words for e in report.happenings if isinstance(e, told.Trouble)),
        ready=ready,
    )


def _proposed(report: Report) -> Iterator[str]:
    from refinery.cli.narration import worded
    from refinery.engine.happenings import Proposed

    yield from (worded(each) for each in report.happenings if isinstance(each, Proposed))


def _waiting(report: Report) -> tuple[tuple[BlockedRow, ...], int]:
    """Who is blocked in the whole queue, whoever blocked it, and how many are ready."""
    from refinery.cli.ci_summary import BlockedRow
    from refinery.config.config import Config
    from refinery.queue.explaining import explain
    from refinery.queue.standing import BLOCKED, Code, standing

    if report.seen is None:
        return (), 0
    view, now = report.seen
    stands = [(mr, standing(view, mr, now).code) for mr in view.mrs.values() if not mr.closed]
    rows = tuple(
        BlockedRow(mr, explain(view, mr, Config(), now).words)
        for mr, code in sorted(stands, key=lambda each: (each[0].submitted_at, each[0].id))
        if code in BLOCKED
    )
    return rows, sum(code in (Code.READY, Code.PAUSED, Code.CLAIMED) for _, code in stands)


def _failures(report: Report) -> Iterator[FailedRow]:
    """Who was blamed, and targets that fail without anybody on them, with what the checks said."""
    from refinery.cli.ci_summary import FailedRow
    from refinery.engine import happenings as told
    from refinery.records.verdict import Result

    failing: dict[str, tuple[CheckReport, ...]] = {}
    rows: dict[str, FailedRow] = {}
    for each in report.happenings:
        match each:
            case told.Tested(verdict=verdict, ids=ids) if verdict.result is not Result.PASS:
                checks = tuple(c for c in verdict.checks if c.verdict is not Result.PASS)
                failing.update(dict.fromkeys(ids, checks))
                if not ids:
                    why = "the target fails its own checks"
                    rows[verdict.target] = FailedRow(verdict.target, why, checks)
                elif report.only_tested:
                    who = ", ".join(ids)
                    rows[who] = FailedRow(who, f"checks {verdict.result.value}", checks)
            case told.Blamed(mr=mr):
                told_why = mr.failure.message.splitlines() if mr.failure else []
                why = told_why[0] if told_why else "it needs rework"  # the output follows below
                rows[mr.id] = FailedRow(mr.branch, why, failing.get(mr.id, ()))
            case _:
                pass
    yield from rows.values()
