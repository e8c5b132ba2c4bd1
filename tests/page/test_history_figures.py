"""The history follows from records and trail: each step, who was at fault, what conflicted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from refinery.page.history import Author, Clash, Contended, History, Step, history
from refinery.page.history_spans import Span, stretch
from refinery.queue.measures import Past, Period, measure
from refinery.queue.spending import spent
from refinery.queue.spread import Spread
from refinery.queue.standing import Code
from refinery.records.merge_request import Attempt, AttemptOutcome, CloseReason, MergeRequest
from refinery.records.names import Branch
from refinery.records.verdict import Result, Verdict
from refinery.store.events import Happened
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_closed_mr,
    a_failed_mr,
    a_landing,
    a_sha,
    a_verdict,
    a_view,
    ago,
    an_id,
    an_mr,
)

RELEASE = Branch("release")


def told(
    *mrs: MergeRequest,
    verdicts: Sequence[Verdict] = (),
    archived: Iterable[MergeRequest] = (),
    clashes: Iterable[Clash] = (),
    span: Span = Span.WEEK,
    target: Branch | None = None,
    stopped: float = 0.0,
) -> History:
    asked = stretch(span, NOW)
    view = a_view(*mrs)
    old = {mr.id: mr for mr in archived}
    events = [a_test(each) for each in verdicts]
    if stopped:
        given_up = spent(None, abandoned_seconds=stopped)
        events.append(Happened(a_sha("stop"), "released", "", NOW, "ada", (), given_up))
    period = Period(asked.since, asked.until, target)
    measures = measure(view, Past(period, events, old))
    return history(asked, measures, view, old, clashes)


def a_test(verdict: Verdict) -> Happened:
    return Happened(
        *(a_sha(f"{verdict}"), "tested", "tested", verdict.at, "ada"),
        *(verdict.candidate, spent(verdict)),
    )


def landed(name: str, closed: datetime, **fields: Any) -> MergeRequest:
    submitted = fields.pop("submitted_at", closed - timedelta(minutes=30))
    values = {"submitted_at": submitted, "closed_at": closed, "landing": a_landing(name)}
    return a_closed_mr(name, **(values | fields))


def blamed(name: str, at: datetime, *others: str, **fields: Any) -> MergeRequest:
    attempt = Attempt(
        at=at,
        worker="ci",
        outcome=AttemptOutcome.TESTS_FAIL,
        tree=a_sha(name),
        candidate=tuple(map(an_id, (name, *others))),
        note="check unit: exit 1",
    )
    return a_failed_mr(name, attempts=(attempt,), **fields)


def step(found: History, days_ago: int = 0) -> Step:
    return found.steps[-1 - days_ago]


def test_a_new_queue_has_a_history_of_nothing() -> None:
    found = told()
    assert found.is_empty
    assert (found.culprits, found.authors, found.contended, found.conflicts) == ((), (), (), 0)
    assert (found.failure_share, found.flake_share) == (None, None)
    nothing = Spread()
    assert {each.since for each in found.steps} == set(found.stretch.starts)
    assert all(each.landing == each.wait == nothing for each in found.steps)
    assert all(each.minutes_per_landed is None for each in found.steps)


def test_each_day_has_its_landings_and_how_long_they_took() -> None:
    found = told(
        landed("a", ago(hours=1)),
        landed("b", ago(hours=2), submitted_at=ago(hours=3)),
        landed("long ago", ago(days=8)),
        an_mr("waiting"),
        archived=[landed("c", ago(days=1), submitted_at=ago(days=2))],
    )
    assert [each.landed for each in found.steps] == [0, 0, 0, 0, 0, 1, 2]
    assert (step(found).landing.count, step(found).landing.p50) == (2, pytest.approx(45))
    assert step(found, 1).landing.p95 == pytest.approx(24 * 60)
    assert found.measures.landed == 3


def test_the_wait_counts_in_the_step_of_the_submission() -> None:
    mr = landed("a", ago(hours=1), submitted_at=ago(days=1))
    tested = a_verdict("a", at=ago(hours=1), seconds=600)
    found = told(mr, verdicts=[tested])
    assert step(found).wait.count == 0
    assert step(found, 1).wait.p50 == pytest.approx(23 * 60 - 10)


def test_what_was_spent_is_divided_by_what_landed() -> None:
    found = told(
        landed("a", ago(hours=1)),
        landed("b", ago(hours=1)),
        verdicts=[
            a_verdict("a", "b", seconds=300, at=ago(hours=1)),
            a_verdict("c", result=Result.FAIL, seconds=180, at=ago(hours=2)),
        ],
        stopped=120,
    )
    assert step(found).ci_minutes == pytest.approx(10)
    assert step(found).minutes_per_landed == pytest.approx(5)


def test_what_could_not_run_has_neither_passed_nor_failed() -> None:
    found = told(
        verdicts=[
            a_verdict("a", at=ago(hours=1), flaky=True, runs=2),
            a_verdict("b", at=ago(hours=1)),
            a_verdict("c", at=ago(hours=1), result=Result.FAIL),
            a_verdict("d", at=ago(hours=1), result=Result.TIMEOUT),
            a_verdict("e", at=ago(hours=1), result=Result.ERROR),
        ]
    )
    today = step(found)
    assert (today.runs, today.failed, today.trees, today.flaky) == (4, 2, 2, 1)
    assert (today.failure_share, today.flake_share) == (0.5, 0.5)
    assert (found.failure_share, found.flake_share) == (0.5, 0.5)


def test_culprits_are_named_newest_first_with_where_they_stand_now() -> None:
    gone = blamed("gone", ago(days=2), worker="eve")
    found = told(
        blamed("a", ago(hours=1), "x", "y"),
        blamed("old", ago(days=20)),
        landed("good", ago(hours=1)),
        archived=[a_closed_mr("gone", CloseReason.REJECTED, attempts=gone.attempts, worker="eve")],
    )
    assert [(each.mr.id, each.together, each.note, each.code) for each in found.culprits] == [
        ("mr-a", 2, "check unit: exit 1", Code.NEEDS_REWORK),
        ("mr-gone", 0, "check unit: exit 1", Code.CLOSED),
    ]
    assert found.authors == (Author("eve", 1, 0), Author("ada", 1, 1))


def test_conflicts_are_counted_by_path_the_worst_first() -> None:
    clashes = [
        Clash(an_id("a"), MAIN, ago(days=1), ("a.py", "b.py")),
        Clash(an_id("a"), MAIN, ago(hours=1), ("b.py",)),
        Clash(an_id("b"), MAIN, ago(hours=2), ("b.py",)),
        Clash(an_id("c"), MAIN, ago(hours=3), ()),
        Clash(an_id("d"), MAIN, ago(days=30), ("a.py",)),
    ]
    found = told(clashes=clashes)
    assert found.conflicts == 4
    assert found.contended == (
        Contended("b.py", 3, 2, ago(hours=1), an_id("a")),
        Contended("a.py", 1, 1, ago(days=1), an_id("a")),
    )


def test_one_target_has_a_history_of_its_own() -> None:
    mrs = [
        landed("a", ago(hours=1)),
        landed("b", ago(hours=1), target=RELEASE),
        blamed("c", ago(hours=1), target=RELEASE),
        blamed("d", ago(hours=1)),
    ]
    verdicts = [
        a_verdict("a", at=ago(hours=1)),
        a_verdict("b", at=ago(hours=1), target=RELEASE, seconds=60),
    ]
    clashes = [
        Clash(an_id("a"), MAIN, ago(hours=1), ("a.py",)),
        Clash(an_id("b"), RELEASE, ago(hours=1), ("b.py",)),
    ]
    found = told(*mrs, verdicts=verdicts, clashes=clashes, target=RELEASE)
    assert (step(found).landed, step(found).runs, step(found).ci_minutes) == (1, 1, 1.0)
    assert [each.mr.id for each in found.culprits] == ["mr-c"]
    assert [each.path for each in found.contended] == ["b.py"]
