"""Repairs on the command line: each is shown, then asked for, then made."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from refinery.app import Queue, open_queue
from refinery.cli.output import counted, note, plain, style
from refinery.errors import RefineryError, UsageError
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.audit.findings import Finding
    from refinery.audit.points import Point
    from refinery.audit.repairing import Repair
    from refinery.records.issue import Issue

TOPIC = "repair"
COMMAND = "refinery doctor --repair --yes"


def repaired(rig: str | None, *, yes: bool, ask: bool) -> Iterator[Point]:
    """Shows what can be put right, does it once somebody agreed, and says what came of each."""
    from refinery.audit.inspection import inspect_closely
    from refinery.audit.points import well
    from refinery.audit.repairing import repair_of

    with open_queue(rig, engine=True) as queue:
        inspection, evidence = inspect_closely(queue.store, clock=queue.clock, tell=note)
        repairs: list[Repair] = []
        left: list[Finding] = []
        for finding in inspection.findings:
            repair = repair_of(evidence, finding) if evidence is not None else None
            if repair is None:
                left.append(finding)
            else:
                repairs.append(repair)
        _show(repairs)
        if repairs and (yes or (ask and _agreed(len(repairs)))):
            yield from _made(queue, repairs)
        else:
            yield from map(_waits, repairs)
        yield from map(_left, left)
        if not inspection.findings:
            yield well(TOPIC, "nothing is to be put right")


def _show(repairs: Sequence[Repair]) -> None:
    for repair in repairs:
        finding = repair.finding
        note(f"{finding.code}  {plain(finding.where)}: {plain(finding.what)}")
        note(style(f"    repair: {plain(repair.words)}", "cyan", stream=sys.stderr))


def _agreed(count: int) -> bool:
    if not sys.stdin.isatty():
        raise UsageError(
            "--repair asks before it changes anything, and there is no terminal to ask on",
            hint=COMMAND,
        )
    print(f"Make {counted(count, 'repair')}? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _made(queue: Queue, repairs: Sequence[Repair]) -> Iterator[Point]:
    """Each in a transaction of its own; then what every run begins with, once for all of it."""
    tidied = [repair for repair in repairs if repair.decide is None and repair.issue is None]
    for repair in repairs:
        if repair not in tidied:
            yield _make(queue, repair)
    _tidy(queue)
    yield from map(_done, tidied)


def _make(queue: Queue, repair: Repair) -> Point:
    from refinery.audit.points import error

    try:
        if repair.decide is not None:
            queue.update(repair.decide)
        if repair.issue is not None:
            _put_back(queue, repair.issue)
    except RefineryError as trouble:
        what = f"{repair.words}: {trouble.message}"
        fix = trouble.hint or repair.finding.fix
        return error(TOPIC, "refused", what, fix=fix, where=repair.finding.where)
    return _done(repair)


def _put_back(queue: Queue, issue: Issue) -> None:
    from refinery.audit.repairing import EVENT
    from refinery.store.edit import Event
    from refinery.store.issue_store import IssueEdit, IssueStore

    store = queue.store
    edit = IssueEdit(Event(EVENT, f"put back the last good record of {issue.id}"), (issue,))
    issues = IssueStore(store.repo, store.transport, refs=store.refs, clock=queue.clock)
    issues.update(lambda view: None if issue.id in view.issues else edit)


def _tidy(queue: Queue) -> None:
    from refinery.engine import conflicts, healing

    engine = queue.engine(lambda _: None)
    healing.fold(engine)
    healing.heal(engine)
    conflicts.open_issues(engine)
    conflicts.sweep(engine)


def _done(repair: Repair) -> Point:
    from refinery.audit.points import well

    return well(TOPIC, f"done: {repair.words}", where=repair.finding.where)


def _waits(repair: Repair) -> Point:
    from refinery.audit.points import warning

    return warning(TOPIC, "waits", repair.words, fix=COMMAND, where=repair.finding.where)


def _left(finding: Finding) -> Point:
    from refinery.audit.points import Point

    return Point(
        TOPIC, finding.severity, f"{TOPIC}-{finding.code}", finding.where, finding.what, finding.fix
    )
