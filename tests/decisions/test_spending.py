"""What transactions say of their checks is read back, and nonsense is not believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refinery.queue.spending import Spending, read, read_all, spent, spent_by_others, taken_in
from refinery.queue.totals import Totals, added
from refinery.records.verdict import Result
from refinery.repo.trailers import trailers
from refinery.store.edit import Event
from refinery.store.events import Happened
from refinery.store.message import compose
from tests.decisions.makers import MAIN, NOW, a_sha, a_verdict, an_id


def test_a_verdict_is_told_in_trailers() -> None:
    verdict = a_verdict("a", "b", result=Result.FAIL, seconds=12.3456)
    assert spent(verdict) == {
        "Refinery-Result": "fail",
        "Refinery-Seconds": "12.346",
        "Refinery-Runs": "1",
        "Refinery-Members": "2",
        "Refinery-Target": "main",
        "Refinery-Verdict": f"{verdict.tree}-{verdict.fingerprint}",
    }


def test_what_was_stopped_is_told_without_a_verdict() -> None:
    assert spent(None) == {}
    assert spent(None, abandoned_seconds=61.5) == {"Refinery-Abandoned-Seconds": "61.500"}
    assert read(spent(None, abandoned_seconds=61.5)) == Spending(abandoned_seconds=61.5)


@given(
    result=st.sampled_from(list(Result)),
    seconds=st.floats(0, 86_400).map(lambda each: round(each, 3)),
    runs=st.integers(1, 3),
    flaky=st.booleans(),
    members=st.lists(st.sampled_from("abcdefgh"), unique=True),
    abandoned=st.floats(0, 86_400).map(lambda each: round(each, 3)),
)
def test_what_is_told_is_read_back_from_the_commit(
    result: Result, seconds: float, runs: int, flaky: bool, members: list[str], abandoned: float
) -> None:
    verdict = a_verdict(*members, result=result, seconds=seconds, flaky=flaky)
    details = spent(verdict, abandoned_seconds=abandoned, runs=runs)
    message = compose(Event("tested", "a subject", details=details), "op")
    found = read(dict(trailers(message)))
    assert found == Spending(
        result=result,
        seconds=pytest.approx(seconds * runs, abs=1e-3),
        runs=runs,
        members=len(members),
        flaky=flaky,
        target=MAIN,
        verdict=verdict.key,
        abandoned_seconds=abandoned,
    )


@pytest.mark.parametrize(
    "text", ["nan", "inf", "-1", "1e400", "1_0", "\uff11\uff12", "9" * 9, "", "0x10"]
)
def test_numbers_that_make_no_sense_are_not_there(text: str) -> None:
    told = {
        "Refinery-Result": "pass",
        "Refinery-Seconds": text,
        "Refinery-Runs": text,
        "Refinery-Members": text,
        "Refinery-Abandoned-Seconds": text,
        "Refinery-Verdict": text,
    }
    assert read(told) == Spending(result=Result.PASS, runs=1)


@given(st.dictionaries(st.sampled_from([*spent(a_verdict("a"), abandoned_seconds=1)]), st.text()))
def test_whatever_is_written_can_be_read(details: dict[str, str]) -> None:
    found = read(details)
    assert found.seconds >= 0
    assert found.abandoned_seconds >= 0
    assert (found.result is None) == (found.runs == 0)


def test_runs_of_others_that_a_landing_takes_in_are_counted_as_runs_and_as_nothing_else() -> None:
    others = [
        a_verdict("b", result=Result.FAIL, seconds=20),
        a_verdict("c", seconds=30, flaky=True),
    ]
    details = {**spent(a_verdict("a", seconds=10)), **spent_by_others(others)}
    landing = Happened(a_sha("landing"), "merged", "a", NOW, "ada", (an_id("a"),), details)
    assert [(told.result, told.flaky) for _, told in read_all([landing])] == [(Result.PASS, False)]
    assert [(told.verdict, told.result, told.flaky) for _, told in taken_in([landing])] == [
        (others[0].key, Result.FAIL, False),
        (others[1].key, Result.PASS, True),
    ]
    totals = added(Totals(), iter([landing]))
    assert (totals.transactions, totals.landed, totals.seconds) == (1, 1, 60)
    assert {each: times for each, times in totals.builds.items() if times} == {
        Result.PASS: 2,
        Result.FAIL: 1,
    }
