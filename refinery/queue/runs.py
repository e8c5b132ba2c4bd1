"""The runs of the checks that the queue remembers, from its trail and from its verdicts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from refinery.queue.spending import Spending, Told
from refinery.records.names import Branch
from refinery.records.verdict import Result, Verdict
from refinery.store.events import Happened
from refinery.values import dataclass

RunId = tuple[str, str, str, float]


@dataclass(frozen=True, slots=True)
class Run:
    """One tree that was tested: `runs` times, which ended at `at` and took `seconds` together.

    `members` is how many merge requests were in it; none: the target by itself.
    """

    at: datetime
    result: Result
    seconds: float
    runs: int
    members: int
    target: Branch | None
    flaky: bool = False


def runs_of(told: Iterable[Told], verdicts: Iterable[Verdict]) -> list[Run]:
    """Every run, oldest first.

    What an older refinery recorded has no trailers: there the verdicts that are left stand for it.
    """
    found: list[Run] = []
    seen: set[RunId | None] = set()
    known = set()
    for event, spending in told:
        if spending.result is None:
            continue
        known.add(spending.verdict)
        id = run_id(spending)
        if id is None or id not in seen:
            found.append(_told(event, spending, spending.result))
        seen.add(id)
    found += [_recorded(each) for each in verdicts if each.key not in known]
    return sorted(found, key=lambda each: each.at)


def run_id(spending: Spending) -> RunId | None:
    """What tells one run from another: the same verdict may be spoken of again when it lands."""
    key = spending.verdict
    if key is None or spending.result is None:
        return None
    return key.tree, key.fingerprint, spending.result.value, spending.seconds


def _told(event: Happened, spending: Spending, result: Result) -> Run:
    return Run(
        at=event.at,
        result=result,
        seconds=spending.seconds,
        runs=spending.runs,
        members=spending.members,
        target=spending.target,
        flaky=spending.flaky,
    )


def _recorded(verdict: Verdict) -> Run:
    return Run(
        at=verdict.at,
        result=verdict.result,
        seconds=verdict.seconds * verdict.runs,
        runs=verdict.runs,
        members=len(verdict.candidate),
        target=verdict.target,
        flaky=verdict.flaky,
    )
