"""What may land, what is stopped, and who is refused."""

from __future__ import annotations

import pytest

from refinery.queue.planning.blame import Blamed, blamed
from refinery.queue.planning.facts import (
    Evidence,
    FailedSet,
    Health,
    PassedSet,
    Purpose,
    Rates,
    Running,
)
from refinery.queue.planning.landing import Landable, cancelled, landable
from tests.planning.driver import MINUTES, a_change, an_id, running, some_facts


def passed(*numbers: int, base: int = 0) -> Evidence:
    members = tuple(map(an_id, numbers))
    return Evidence(passed=(PassedSet(members, base),))


def test_what_passed_on_the_head_lands() -> None:
    facts = some_facts(a_change(1), evidence=passed(1))
    assert landable(facts) == Landable((an_id(1),), "1 passed as they would land")


def test_what_was_tested_with_what_landed_since_lands_too() -> None:
    facts = some_facts(a_change(2), evidence=passed(1, 2), landed=(an_id(1),), head=1)
    assert landable(facts) == Landable((an_id(2),), "1 passed as they would land")


def test_what_was_tested_without_what_landed_since_does_not_land() -> None:
    facts = some_facts(a_change(2), evidence=passed(2), landed=(an_id(1),), head=1)
    assert landable(facts) is None


def test_nobody_lands_whose_companion_left() -> None:
    assert landable(some_facts(a_change(2), evidence=passed(1, 2))) is None


def test_few_wait_for_many_that_are_nearly_there() -> None:
    others = [a_change(number, belief=0.999) for number in range(2, 12)]
    many = (running(*range(2, 12), purpose=Purpose.TRAIN),)
    waiting = some_facts(a_change(1), *others, evidence=passed(1), running=many, now=0.9 * MINUTES)
    assert landable(waiting) is None
    just_begun = some_facts(a_change(1), *others, evidence=passed(1), running=many)
    assert landable(just_begun) is not None


def test_a_build_of_one_that_left_is_stopped() -> None:
    stopped = cancelled(some_facts(a_change(1), running=(running(1, 2),)))
    assert [each.why for each in stopped] == ["it holds one that left the queue"]


def test_a_build_that_can_neither_land_nor_teach_is_stopped() -> None:
    facts = some_facts(
        a_change(2),
        evidence=Evidence(fine={an_id(2): 1}),
        landed=(an_id(1),),
        head=1,
        running=(running(2),),
    )
    assert [each.why for each in cancelled(facts)] == [
        "it is out of date, and all its members are known to be fine"
    ]


def test_a_hedge_yields_to_what_is_needed() -> None:
    hedge = running(1, purpose=Purpose.HEDGE)
    facts = some_facts(a_change(1), a_change(2), workers=1, running=(hedge,))
    assert [each.running for each in cancelled(facts)] == [hedge]


def suspect(*numbers: int, runs: int = 1) -> tuple[FailedSet, ...]:
    return (FailedSet(frozenset(map(an_id, numbers)), 0, runs),)


def test_one_that_fails_by_itself_is_refused() -> None:
    facts = some_facts(a_change(1), evidence=Evidence(failed=suspect(1)))
    assert blamed(facts) == (
        Blamed(an_id(1), 1, "it failed by itself once, and nothing here is flaky"),
    )


@pytest.mark.parametrize(("belief", "runs"), [(0.9, 2), (0.99, 3)])
def test_where_checks_are_flaky_more_runs_have_to_agree(belief: float, runs: int) -> None:
    rates = Rates(MINUTES, 0.02, 0.0)
    for seen in range(1, runs + 1):
        evidence = Evidence(failed=suspect(1, runs=seen))
        facts = some_facts(a_change(1, belief=belief), evidence=evidence, rates=rates)
        assert bool(blamed(facts)) == (seen == runs)


def test_one_that_fails_with_none_but_fine_ones_is_refused() -> None:
    evidence = Evidence(fine={an_id(1): 0}, failed=suspect(1, 2))
    found = blamed(some_facts(a_change(1), a_change(2), evidence=evidence))
    assert [(each.id, each.runs) for each in found] == [(an_id(2), 1)]


@pytest.mark.parametrize("health", [Health.RED, Health.UNKNOWN])
def test_nobody_is_refused_unless_the_target_passes(health: Health) -> None:
    facts = some_facts(a_change(1), evidence=Evidence(failed=suspect(1)), health=health)
    assert blamed(facts) == ()


@pytest.mark.parametrize(
    ("stale", "why"),
    [
        (running(9), "all its members have landed or left"),
        (running(1, 9), "it holds one that left the queue"),
    ],
    ids=["all left", "one left"],
)
def test_a_build_says_why_it_is_of_no_use(stale: Running, why: str) -> None:
    (stopped,) = cancelled(some_facts(a_change(1), running=(stale,)))
    assert (stopped.running, stopped.why) == (stale, why)


def test_a_build_of_the_target_is_never_stopped() -> None:
    assert cancelled(some_facts(a_change(1), running=(running(purpose=Purpose.BASE),))) == ()
