"""The figures of a queue follow from its records and its trail, whichever of them is left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refinery.queue.measures import Measures, Past, Period, Rate, measure
from refinery.queue.planning.beliefs import FLAKE, GOOD, INTERACTION, Traits
from refinery.queue.spending import spent
from refinery.queue.spread import Spread, spread
from refinery.queue.standing import Code
from refinery.queue.totals import Totals, added
from refinery.records.merge_request import (
    Attempt,
    AttemptOutcome,
    CloseReason,
    MergeRequest,
)
from refinery.records.names import Branch, MrId
from refinery.records.verdict import CheckReport, Result, Verdict
from refinery.store.events import Happened
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_claim,
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


def period(**fields: Any) -> Period:
    values: dict[str, Any] = {"since": ago(days=1), "until": NOW}
    return Period(**(values | fields))


def an_event(name: str, *names: str, at: datetime = NOW, **details: str) -> Happened:
    said = {f"Refinery-{key.title()}": value for key, value in details.items()}
    ids = tuple(an_id(each) for each in names)
    return Happened(a_sha(f"{name} {names} {at}"), name, name, at, "ada", ids, said)


def a_test(verdict: Verdict, name: str = "tested", **options: Any) -> Happened:
    """The transaction that records a verdict."""
    ids = verdict.candidate
    return Happened(
        *(a_sha(f"{verdict}"), name, name, verdict.at, "ada", ids, spent(verdict, **options))
    )


def landed(name: str, submitted: datetime, closed: datetime, **fields: Any) -> MergeRequest:
    landing = a_landing(
        name,
        commit=a_sha(f"commit of {name}"),
        tree=a_sha(f"tree of {name}"),
        result=fields.pop("result", "pass"),
    )
    return a_closed_mr(name, submitted_at=submitted, closed_at=closed, landing=landing, **fields)


def blamed(name: str, submitted: datetime, at: datetime, **fields: Any) -> MergeRequest:
    tree = a_sha(f"tree of {name}")
    attempts = (Attempt(at=at, worker="ada", outcome=AttemptOutcome.TESTS_FAIL, tree=tree),)
    return a_failed_mr(name, submitted_at=submitted, attempts=attempts, **fields)


def measured(
    *mrs: MergeRequest,
    verdicts: Iterable[Verdict] = (),
    events: Sequence[Happened] = (),
    archived: Iterable[MergeRequest] = (),
    traits: dict[MrId, Traits] | None = None,
    about: Period | None = None,
    **fields: Any,
) -> Measures:
    past = Past(about or period(), events, {mr.id: mr for mr in archived}, traits or {})
    return measure(a_view(*mrs, verdicts=verdicts, **fields), past)


def test_a_new_queue_has_figures_too() -> None:
    found = measured()
    assert found.turnaround == found.wait == Spread()
    assert (found.landed, found.minutes_per_landed, found.builds_per_landed) == (0, None, None)
    assert (found.green.share, found.work.abandoned_share) == (None, None)
    assert found.flakes == Rate(pytest.approx(FLAKE), 0, 0)
    assert found.disagreements == Rate(pytest.approx(INTERACTION), 0, 0)
    assert (found.chances.overall.share, found.chances.overall.all) == (pytest.approx(GOOD), 0)
    assert set(found.present.standings) == set(Code) - {Code.CLOSED}


# Times


def test_turnaround_is_from_submission_to_landing_or_the_first_refusal() -> None:
    retried = blamed("b", ago(minutes=50), ago(minutes=20))
    found = measured(
        landed("a", ago(minutes=60), ago(minutes=50)),
        retried,
        an_mr("waiting"),
        a_closed_mr("rejected", CloseReason.REJECTED),
        archived=[landed("old", ago(minutes=40), ago(minutes=20))],
    )
    assert (found.landing.count, found.landing.p50) == (2, pytest.approx(15))
    assert (found.refusal.count, found.refusal.p50) == (1, pytest.approx(30))
    assert (found.turnaround.count, found.turnaround.p50) == (3, pytest.approx(20))
    assert found.landed_by_day == {"2026-03-01": 2}
    assert found.landed_per_hour == pytest.approx(2 / 24)


def test_only_what_was_decided_in_the_period_counts() -> None:
    found = measured(
        landed("before", ago(days=3), ago(days=2)),
        landed("across", ago(days=2), ago(hours=1)),
        landed("later", ago(hours=1), NOW + timedelta(hours=1)),
    )
    assert (found.landed, found.landing.p50) == (1, pytest.approx(47 * 60))


def test_the_wait_ends_when_the_first_known_run_began() -> None:
    first = a_verdict("a", "b", result=Result.FAIL, seconds=60, at=ago(minutes=29))
    second = a_verdict("a", seconds=60, at=ago(minutes=10))
    mrs = [an_mr("a", created_at=ago(minutes=35)), an_mr("b", created_at=ago(minutes=40))]
    told = measured(*mrs, events=[a_test(second), a_test(first)])
    recorded = measured(*mrs, verdicts=[first, second])
    assert told.wait == recorded.wait
    assert (told.wait.count, told.wait.p50) == (2, pytest.approx(7.5))


def test_who_came_before_the_period_may_have_been_tested_before_it() -> None:
    late = a_verdict("a", seconds=60, at=ago(minutes=10))
    found = measured(an_mr("a", created_at=ago(days=3)), verdicts=[late])
    assert found.wait.count == 0


def test_clocks_that_differ_make_no_negative_times() -> None:
    found = measured(landed("a", ago(minutes=5), ago(minutes=6)))
    assert found.turnaround.p50 == 0


# Costs


def test_each_run_is_paid_for_once() -> None:
    """A pass that waits is spoken of again when it lands, and its verdict is still there."""
    verdict = a_verdict("a", seconds=120, at=ago(minutes=9))
    older = a_verdict("b", seconds=60, runs=2, at=ago(minutes=30))
    events = [
        a_test(verdict, "merged"),
        a_test(verdict),
        an_event("released", "c", at=ago(minutes=3), **{"abandoned-seconds": "60.000"}),
        an_event("merged", "z", at=ago(minutes=40), target="main"),
    ]
    found = measured(
        landed("a", ago(minutes=20), ago(minutes=8)), verdicts=[verdict, older], events=events
    )
    assert found.work.results[Result.PASS] == 3
    assert found.work.builds == 4
    assert found.work.seconds == pytest.approx(120 + 2 * 60 + 60)
    assert found.work.abandoned_share == pytest.approx(60 / 300)
    assert found.minutes_per_landed == pytest.approx(5)
    assert found.builds_per_landed == pytest.approx(4)


def test_the_trail_knows_what_verdicts_have_forgotten() -> None:
    verdicts = [
        a_verdict(name, seconds=30, at=ago(minutes=n)) for n, name in enumerate("abcdef", start=1)
    ]
    told = measured(events=[a_test(each) for each in verdicts])
    assert told.work == measured(verdicts=verdicts).work
    assert told.work.builds == 6


# Targets


def test_a_target_is_green_from_a_landing_until_it_fails_by_itself() -> None:
    red = a_verdict(result=Result.FAIL, at=ago(hours=2))
    found = measured(
        landed("a", ago(hours=9), ago(hours=8)),
        landed("b", ago(hours=9), ago(hours=1)),
        verdicts=[red, a_verdict("c", result=Result.FAIL, at=ago(hours=3))],
    )
    assert (found.green.passes, found.green.failures) == (2, 1)
    assert found.green.red_seconds == pytest.approx(3600)
    assert found.green.share == pytest.approx(7 / 8)


def test_landings_without_checks_and_checks_that_could_not_run_say_nothing() -> None:
    found = measured(
        landed("a", ago(hours=9), ago(hours=8), result="none"),
        verdicts=[a_verdict(result=Result.ERROR, at=ago(hours=2))],
    )
    assert found.green.share is None


def test_one_target_is_measured_without_the_others() -> None:
    other = a_verdict("r", target=RELEASE, base=a_sha("release"), seconds=600, at=ago(hours=1))
    mrs = [
        landed("a", ago(hours=2), ago(hours=1)),
        landed("r", ago(hours=5), ago(hours=1), target=RELEASE),
        an_mr("waiting", target=RELEASE),
    ]
    events = [
        a_test(a_verdict("a", seconds=60, at=ago(hours=1))),
        a_test(other),
        an_event("released", "r", at=ago(hours=1), **{"abandoned-seconds": "30"}),
    ]
    claims = [a_claim("a"), a_claim("waiting", worker="bob", target=RELEASE)]
    of = {
        target: measured(*mrs, events=events, claims=claims, about=period(target=target))
        for target in (MAIN, RELEASE, None)
    }
    assert [of[each].landed for each in of] == [1, 1, 2]
    assert [of[each].work.seconds for each in of] == [60, 630, 690]
    assert [of[each].turnaround.p50 for each in of] == [60, 240, pytest.approx(150)]
    assert [of[each].present.workers for each in of] == [1, 1, 2]
    assert [of[each].present.standings[Code.CLAIMED] for each in of] == [0, 1, 1]


# Beliefs


def test_beliefs_show_what_stands_behind_them() -> None:
    traits = {
        an_id("a"): Traits("ada", frozenset({"src/a.c", "docs/a.md"}), 10),
        an_id("b"): Traits("ada", frozenset({"src/b.c"}), 900),
    }
    found = measured(
        landed("a", ago(hours=2), ago(hours=1)),
        blamed("b", ago(hours=2), ago(hours=1)),
        landed("c", ago(hours=2), ago(hours=1), worker="bob", supersedes=an_id("b")),
        an_mr("d"),
        traits=traits,
    ).chances
    assert (found.overall.good, found.overall.all) == (2, 3)
    seen = {
        kind: [(each.name, each.good, each.all) for each in estimates]
        for kind, estimates in (
            ("author", found.by_author),
            ("path", found.by_path),
            ("size", found.by_size),
            ("failures", found.by_failures),
        )
    }
    assert seen == {
        "author": [("ada", 1, 2), ("bob", 1, 1)],
        "path": [("src", 1, 2), ("docs", 1, 1)],
        "size": [("large", 0, 1), ("small", 1, 1)],
        "failures": [("0", 1, 2), ("1", 1, 1)],
    }
    ada, bob = found.by_author
    assert 0 < ada.share < found.overall.share < bob.share < 1


def test_rates_show_what_stands_behind_them() -> None:
    verdicts = [
        a_verdict("a", flaky=True, runs=2),
        a_verdict("b"),
        a_verdict("c", "d", "e"),
        a_verdict("a", "b", result=Result.FAIL),
    ]
    found = measured(verdicts=verdicts)
    assert (found.flakes.times, found.flakes.seen) == (1, 3)
    assert (found.disagreements.times, found.disagreements.seen) == (1, 3)
    assert found.flakes.share > FLAKE
    assert found.disagreements.share > INTERACTION


def test_each_check_has_its_usual_time() -> None:
    verdicts = [
        a_verdict(name, checks=(CheckReport("unit", Result.PASS, seconds),))
        for name, seconds in (("a", 60), ("b", 120), ("c", 600))
    ]
    (unit,) = measured(verdicts=verdicts).checks
    assert (unit.name, unit.minutes, unit.runs) == ("unit", 2, 3)


def test_the_present_is_what_waits_and_who_works() -> None:
    found = measured(
        an_mr("a", created_at=ago(minutes=30)),
        an_mr("b", created_at=ago(minutes=90)),
        a_failed_mr("c", created_at=ago(minutes=200)),
        an_mr("d"),
        claims=[a_claim("d"), a_claim("e", worker="gone", lasts=-1)],
    ).present
    assert (found.standings[Code.READY], found.standings[Code.NEEDS_REWORK]) == (2, 1)
    assert (found.workers, found.oldest_ready_seconds, found.paused) == (1, 90 * 60, False)


# Whatever is recorded


verdicts = st.builds(
    lambda names, result, minutes, seconds, runs: a_verdict(
        *names,
        result=result,
        at=ago(minutes=minutes),
        seconds=seconds,
        runs=runs,
        tree=a_sha(f"{names} {result} {minutes} {seconds}"),
    ),
    names=st.lists(st.sampled_from("abcdef"), unique=True, max_size=4),
    result=st.sampled_from(list(Result)),
    minutes=st.integers(0, 3000),
    seconds=st.integers(0, 4000).map(float),
    runs=st.integers(1, 3),
)
records = st.builds(
    lambda name, is_good, came, took: (landed if is_good else blamed)(
        name, ago(minutes=came + took), ago(minutes=came)
    ),
    name=st.sampled_from("abcdef"),
    is_good=st.booleans(),
    came=st.integers(0, 3000),
    took=st.integers(0, 3000),
)


@given(st.lists(records, unique_by=lambda mr: mr.id), st.lists(verdicts, unique_by=lambda v: v.key))
def test_figures_of_any_past_make_sense(mrs: list[MergeRequest], known: list[Verdict]) -> None:
    found = measured(*mrs, verdicts=known)
    assert found.landed + found.refused == found.turnaround.count <= len(mrs)
    assert sum(found.landed_by_day.values()) == found.landed
    for each in (found.turnaround, found.landing, found.refusal, found.wait):
        assert 0 <= each.p50 <= each.p95 <= each.p99
    assert found.green.share is None or 0 <= found.green.share <= 1
    known_time = found.green.green_seconds + found.green.red_seconds
    assert known_time <= found.period.seconds + 1e-6
    shares = [found.flakes.share, found.disagreements.share, found.chances.overall.share]
    assert all(0 < share < 1 for share in shares)
    assert sum(each.all for each in found.chances.by_author) == found.chances.overall.all


@given(st.lists(verdicts, unique_by=lambda v: v.key))
def test_trail_and_verdicts_tell_the_same(known: list[Verdict]) -> None:
    recorded = measured(verdicts=known)
    told = measured(events=[a_test(each, runs=each.runs) for each in known])
    both = measured(verdicts=known, events=[a_test(each, runs=each.runs) for each in known])
    assert told.work == both.work
    assert told.work.builds == recorded.work.builds
    assert told.work.seconds == pytest.approx(recorded.work.seconds)
    assert told.green == recorded.green


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_a_spread_lies_within_its_values(values: list[float]) -> None:
    found = spread(values)
    assert found.count == len(values)
    low, high = min(values), max(values)
    for each in (found.mean, found.p50, found.p95, found.p99):
        assert low <= each <= high or each == pytest.approx(low) or each == pytest.approx(high)


# Counts since the beginning


@given(st.lists(verdicts), st.integers(0, 20))
def test_counting_in_two_goes_is_counting(known: list[Verdict], cut: int) -> None:
    events = [a_test(each) for each in known]
    at_once = added(Totals(), events)
    in_two = added(added(Totals(), events[:cut]), events[cut:])
    assert in_two.builds == at_once.builds
    assert in_two.seconds == pytest.approx(at_once.seconds)
    assert in_two.recent == at_once.recent


def test_what_happened_is_counted() -> None:
    verdict = a_verdict("a", "b", seconds=60)
    found = added(
        Totals(),
        [
            an_event("queued", "a", "b", "c"),
            an_event("conflict", "c"),
            a_test(verdict, abandoned_seconds=30),
            a_test(verdict, "merged"),
            an_event("merge_failed", "d"),
            an_event("healed", "e"),
        ],
    )
    assert (found.transactions, found.landed, found.failed, found.conflicts) == (6, 3, 1, 1)
    assert found.builds[Result.PASS] == 1
    assert (found.seconds, found.abandoned_seconds) == (90, 30)
