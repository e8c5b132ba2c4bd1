"""A queue's history: what happened in each hour or day of a span, who failed, what conflicted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from refinery.page.history_spans import Stretch
from refinery.queue.measures import Measures
from refinery.queue.passages import Passage, blames
from refinery.queue.runs import Run
from refinery.queue.spread import Spread, spread
from refinery.queue.standing import Code, stands_in_records
from refinery.records.merge_request import AttemptOutcome, CloseReason, MergeRequest
from refinery.records.names import Branch, MrId
from refinery.records.verdict import Result
from refinery.store.view import View
from refinery.typed import TypeVar
from refinery.values import dataclass

Each = TypeVar("Each")

_FAILED = frozenset({Result.FAIL, Result.TIMEOUT})


@dataclass(frozen=True, slots=True)
class Step:
    """One hour or day.  Times in minutes; `wait` is of those that were submitted in it.

    `runs` are the answers of the checks, `failed` those that said no; what could not run is
    neither.  `trees` passed, `flaky` of them only when they were run again.
    """

    since: datetime
    landed: int
    landing: Spread
    wait: Spread
    ci_minutes: float
    runs: int
    failed: int
    trees: int
    flaky: int

    @property
    def minutes_per_landed(self) -> float | None:
        """CI minutes for each change that landed; None where none has."""
        return self.ci_minutes / self.landed if self.landed else None

    @property
    def failure_share(self) -> float | None:
        """The part of the runs that failed."""
        return self.failed / self.runs if self.runs else None

    @property
    def flake_share(self) -> float | None:
        """The part of the good trees that failed at first."""
        return self.flaky / self.trees if self.trees else None


@dataclass(frozen=True, slots=True)
class Clash:
    """A merge request that conflicted, and the files that did."""

    id: MrId
    target: Branch
    at: datetime
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Culprit:
    """A merge request that the checks found at fault; `together` with so many others, 0 alone.

    `code` is where it stands now.
    """

    mr: MergeRequest
    code: Code
    at: datetime
    outcome: AttemptOutcome
    note: str
    together: int


@dataclass(frozen=True, slots=True)
class Author:
    """How often an author's merge requests were at fault, and how many of them landed."""

    name: str
    blamed: int
    landed: int


@dataclass(frozen=True, slots=True)
class Contended:
    """A file that conflicted so many `times`, in so many merge requests, last of them `last`."""

    path: str
    times: int
    mrs: int
    last: datetime
    newest: MrId


@dataclass(frozen=True, slots=True)
class History:
    """Everything about one stretch of time; culprits are newest first, files the worst first."""

    stretch: Stretch
    measures: Measures
    steps: tuple[Step, ...]
    culprits: tuple[Culprit, ...]
    authors: tuple[Author, ...]
    contended: tuple[Contended, ...]
    conflicts: int

    @property
    def runs(self) -> int:
        """The answers that the checks gave."""
        return sum(each.runs for each in self.steps)

    @property
    def failure_share(self) -> float | None:
        """The part of the runs that failed."""
        return sum(each.failed for each in self.steps) / self.runs if self.runs else None

    @property
    def flake_share(self) -> float | None:
        """The part of the good trees that failed at first."""
        trees = sum(each.trees for each in self.steps)
        return sum(each.flaky for each in self.steps) / trees if trees else None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was decided and nothing tested."""
        return not self.measures.turnaround.count and not self.measures.work.builds


def history(
    stretch: Stretch,
    measures: Measures,
    view: View,
    archived: Mapping[MrId, MergeRequest],
    clashes: Iterable[Clash],
) -> History:
    """From what was measured of the stretch, the records behind it and the conflicts in it."""
    target = measures.period.target
    records = {**archived, **view.mrs}.values()
    mrs = [mr for mr in records if target in (None, mr.target)]
    culprits = _culprits(stretch, view, mrs)
    found = [
        each
        for each in clashes
        if stretch.step_of(each.at) is not None and target in (None, each.target)
    ]
    return History(
        stretch=stretch,
        measures=measures,
        steps=_steps(stretch, measures),
        culprits=culprits,
        authors=_authors(culprits, _landed(stretch, mrs)),
        contended=_contended(found),
        conflicts=len(found),
    )


def _steps(stretch: Stretch, measures: Measures) -> tuple[Step, ...]:
    passages = measures.passages
    landed = _by_step(stretch, ((each.decided, each) for each in passages if each.landed))
    came = _by_step(stretch, ((each.submitted, each) for each in passages))
    runs = _by_step(stretch, ((each.at, each) for each in measures.runs))
    stopped = _by_step(stretch, measures.stopped)
    return tuple(
        _step(since, landed[number], came[number], runs[number], sum(stopped[number]))
        for number, since in enumerate(stretch.starts)
    )


def _by_step(stretch: Stretch, dated: Iterable[tuple[datetime | None, Each]]) -> list[list[Each]]:
    found: list[list[Each]] = [[] for _ in stretch.starts]
    for at, each in dated:
        number = None if at is None else stretch.step_of(at)
        if number is not None:
            found[number].append(each)
    return found


def _step(
    since: datetime,
    landed: Sequence[Passage],
    came: Sequence[Passage],
    runs: Sequence[Run],
    stopped_seconds: float,
) -> Step:
    passed = [each for each in runs if each.result is Result.PASS]
    failed = [each for each in runs if each.result in _FAILED]
    return Step(
        since=since,
        landed=len(landed),
        landing=spread(each.turnaround_minutes or 0.0 for each in landed),
        wait=spread(each.wait_minutes for each in came if each.wait_minutes is not None),
        ci_minutes=(sum(each.seconds for each in runs) + stopped_seconds) / 60,
        runs=len(passed) + len(failed),
        failed=len(failed),
        trees=len(passed),
        flaky=sum(each.flaky for each in passed),
    )


def _culprits(stretch: Stretch, view: View, mrs: Iterable[MergeRequest]) -> tuple[Culprit, ...]:
    found = [
        Culprit(
            mr,
            stands_in_records(view, mr).code,
            each.at,
            each.outcome,
            each.note,
            max(0, len(each.candidate) - 1),
        )
        for mr in mrs
        for each in blames(mr)
        if stretch.step_of(each.at) is not None
    ]
    return tuple(sorted(found, key=lambda each: (each.at, each.mr.id), reverse=True))


def _authors(culprits: Iterable[Culprit], landed: Iterable[MergeRequest]) -> tuple[Author, ...]:
    """Those with anything to their name, the most often at fault first."""
    blamed = Counter(each.mr.worker for each in culprits)
    good = Counter(mr.worker for mr in landed)
    found = [Author(name, number, good[name]) for name, number in blamed.items()]
    return tuple(sorted(found, key=lambda each: (-each.blamed, each.landed, each.name)))


def _landed(stretch: Stretch, mrs: Iterable[MergeRequest]) -> list[MergeRequest]:
    return [
        mr
        for mr in mrs
        if mr.close_reason is CloseReason.MERGED
        and mr.closed_at is not None
        and stretch.step_of(mr.closed_at) is not None
    ]


def _contended(clashes: Iterable[Clash]) -> tuple[Contended, ...]:
    by_path: dict[str, list[Clash]] = {}
    for each in sorted(clashes, key=lambda each: (each.at, each.id)):
        for path in each.files:
            by_path.setdefault(path, []).append(each)
    found = [
        Contended(path, len(those), len({each.id for each in those}), those[-1].at, those[-1].id)
        for path, those in by_path.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.times, each.path)))
