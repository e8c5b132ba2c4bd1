"""What the past of a queue makes one believe of a change, in figures."""

from __future__ import annotations

from math import exp, log

import pytest

from refinery.queue.planning.beliefs import (
    LEAST,
    MOST,
    Traits,
    beliefs_of,
    check_minutes,
    disagreements,
    rates_of,
    run_minutes,
)
from refinery.records.verdict import CheckReport, Result
from tests.decisions.makers import a_verdict, ago


@pytest.mark.parametrize(
    ("traits", "named"),
    [
        (Traits(), {"author ", "failed before 0"}),
        (
            Traits("ada", frozenset({"src/a.py", "src/b.py", "README"}), 20, 1),
            {"author ada", "failed before 1", "path src", "path README", "size medium"},
        ),
        (Traits("ada", lines=19, failures=2), {"author ada", "failed before 2", "size small"}),
        (Traits("ada", lines=400, failures=9), {"author ada", "failed before 2", "size medium"}),
        (Traits("ada", lines=401), {"author ada", "failed before 0", "size large"}),
    ],
)
def test_the_traits_that_are_counted(traits: Traits, named: set[str]) -> None:
    assert traits.named() == named


def test_nothing_seen_is_the_prior() -> None:
    beliefs = beliefs_of([])
    assert beliefs.usual == pytest.approx(0.92)
    assert beliefs.about("author ada") == pytest.approx(0.92)
    assert beliefs.of(Traits("ada")) == pytest.approx(0.92)


def test_who_failed_before_is_believed_less_even_where_nothing_was_seen() -> None:
    beliefs = beliefs_of([])
    assert beliefs.about("failed before 1") == pytest.approx(0.92 * 0.9)
    assert beliefs.about("failed before 2") == pytest.approx(0.92 * 0.8)


def test_each_trait_shifts_the_odds_by_what_was_seen_of_it() -> None:
    beliefs = beliefs_of([(Traits("ada"), True)] * 3 + [(Traits("bob"), False)])
    usual = (3 + 0.92 * 25) / (4 + 25)
    assert beliefs.usual == pytest.approx(usual)
    author = (3 + usual * 10) / 13
    first = (3 + usual * 10) / 14
    assert beliefs.about("author ada") == pytest.approx(author)
    assert beliefs.about("failed before 0") == pytest.approx(first)

    def odds(chance: float) -> float:
        return log(chance / (1 - chance))

    shift = odds(author) + odds(first) - 2 * odds(usual)
    told = 1 / (1 + exp(-odds(usual) - 0.6 * shift))
    assert beliefs.of(Traits("ada")) == pytest.approx(told)


def test_nobody_is_certain_either_way() -> None:
    beliefs = beliefs_of([(Traits("ada"), True)] * 9999)
    assert beliefs.of(Traits("ada")) == MOST
    assert beliefs_of([(Traits("bob"), False)] * 9999).of(Traits("bob")) == LEAST


class TestRates:
    def test_lengths_are_those_of_what_passed_and_the_longer_of_both_times(self) -> None:
        verdicts = [
            a_verdict("a", seconds=60, at=ago(minutes=3)),
            a_verdict("b", seconds=60, took=240.0, at=ago(minutes=2)),
            a_verdict("c", seconds=120, took=90.0, at=ago(minutes=1)),
            a_verdict("d", seconds=9999, result=Result.FAIL),
        ]
        assert run_minutes(verdicts) == 2
        assert rates_of(verdicts).minutes == 2

    def test_only_the_last_fifty_count(self) -> None:
        old = [a_verdict(f"o{n}", seconds=600, at=ago(hours=9, minutes=n)) for n in range(60)]
        new = [a_verdict(f"n{n}", seconds=60, at=ago(minutes=n)) for n in range(50)]
        assert run_minutes([*new, *old]) == 1

    def test_no_record_makes_a_run_endless_or_take_no_time(self) -> None:
        assert run_minutes([a_verdict("a", seconds=1e12)]) == 43_200
        assert run_minutes([a_verdict("a", seconds=0)]) == 1e-3
        assert run_minutes([]) == 10

    def test_flakes_and_disagreements_are_mixed_with_what_is_usual(self) -> None:
        verdicts = [
            a_verdict("a", flaky=True),
            a_verdict("b"),
            a_verdict("c", "d", "e"),
            a_verdict("a", "b", result=Result.FAIL),
            a_verdict("a", "x", result=Result.FAIL),
            a_verdict("b", result=Result.FAIL, base="0" * 40),
        ]
        rates = rates_of(verdicts)
        assert rates.flake == pytest.approx((1 + 0.002 * 200) / (3 + 200))
        assert rates.interaction == pytest.approx((1 + 0.0001 * 10_000) / (3 + 10_000))
        assert disagreements(verdicts) == 1

    def test_each_check_has_a_usual_length(self) -> None:
        def with_checks(name: str, *minutes: float) -> object:
            reports = [
                CheckReport(check, Result.PASS, 60 * each)
                for check, each in zip(("unit", "lint"), minutes, strict=False)
            ]
            return a_verdict(name, checks=tuple(reports))

        verdicts = [with_checks("a", 1, 5), with_checks("b", 2), with_checks("c", 9)]
        assert list(check_minutes(verdicts).items()) == [("lint", 5), ("unit", 2)]  # type: ignore[arg-type]
