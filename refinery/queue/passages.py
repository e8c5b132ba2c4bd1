"""How merge requests went through the queue: when each came, was first tested, and was decided."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from refinery.queue.spending import Told
from refinery.records.merge_request import Attempt, AttemptOutcome, CloseReason, MergeRequest
from refinery.records.names import Branch, MrId
from refinery.records.verdict import Verdict
from refinery.values import dataclass

BLAMED = frozenset(
    {
        AttemptOutcome.TESTS_FAIL,
        AttemptOutcome.BUILD_FAIL,
        AttemptOutcome.TIMEOUT,
        AttemptOutcome.ERROR,
    }
)


@dataclass(frozen=True, slots=True)
class Passage:
    """One merge request's way: it landed, or was sent back as faulty for the first time.

    `unhindered`: it neither conflicted nor failed nor was held, so that all of its time was spent
    waiting for the queue.  Who is not decided still waits, or ended without an answer of the checks
    (rejected, superseded, found in the target).  `tested` is when the first known run began.
    """

    id: MrId
    target: Branch
    submitted: datetime
    tested: datetime | None = None
    decided: datetime | None = None
    landed: bool = False
    unhindered: bool = True
    author: str = ""

    @property
    def wait_minutes(self) -> float | None:
        """From its submission until it was tested for the first time."""
        return None if self.tested is None else _minutes(self.submitted, self.tested)

    @property
    def turnaround_minutes(self) -> float | None:
        """From its submission until it was decided."""
        return None if self.decided is None else _minutes(self.submitted, self.decided)


def passages_of(
    mrs: Iterable[MergeRequest], told: Iterable[Told], verdicts: Iterable[Verdict]
) -> tuple[Passage, ...]:
    """The way of each, in the order in which they came."""
    tested = _first_tests(told, verdicts)
    found = [_passage(mr, tested.get(mr.id)) for mr in mrs]
    return tuple(sorted(found, key=lambda each: (each.submitted, each.id)))


def blames(mr: MergeRequest) -> tuple[Attempt, ...]:
    """The attempts that were put down to it."""
    return tuple(each for each in mr.attempts if each.outcome in BLAMED)


def _passage(mr: MergeRequest, tested: datetime | None) -> Passage:
    blamed = [each.at for each in blames(mr)]
    landed = mr.close_reason is CloseReason.MERGED
    decided = mr.closed_at if landed else min(blamed, default=None)
    return Passage(
        id=mr.id,
        target=mr.target,
        submitted=mr.submitted_at,
        tested=tested,
        decided=decided,
        landed=landed,
        unhindered=all(each.outcome is AttemptOutcome.LANDED for each in mr.attempts)
        and mr.block is None
        and mr.was_blocked_by is None
        and mr.hold is None,
        author=mr.worker,
    )


def _first_tests(told: Iterable[Told], verdicts: Iterable[Verdict]) -> dict[MrId, datetime]:
    """When the first run that is known of each began."""
    first: dict[MrId, datetime] = {}

    def note(ids: Iterable[MrId], began: datetime) -> None:
        for id in ids:
            first[id] = min(began, first.get(id, began))

    for event, spending in told:
        if spending.result is not None:
            note(event.mrs, event.at - timedelta(seconds=spending.seconds))
    for each in verdicts:
        note(each.candidate, each.at - timedelta(seconds=each.seconds * each.runs))
    return first


def _minutes(start: datetime, end: datetime) -> float:
    """Never negative: clocks of several machines differ."""
    return max(0.0, (end - start).total_seconds() / 60)
