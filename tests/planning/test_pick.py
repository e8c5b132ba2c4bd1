"""What is tested next: one example for each rule, with its reason in words."""

from __future__ import annotations

from refinery.queue.planning.facts import (
    Candidate,
    Evidence,
    FailedSet,
    Health,
    Idle,
    Profile,
    Purpose,
    Rates,
)
from refinery.queue.planning.learn import Failed, apply
from refinery.queue.planning.pick import pick, plan
from refinery.records.names import MrId
from refinery.values import replace
from tests.planning.driver import MINUTES, a_change, an_id, running, some_facts


def ids(*numbers: int) -> tuple[MrId, ...]:
    return tuple(map(an_id, numbers))


def fine(*numbers: int, **fields: object) -> Evidence:
    shown = dict.fromkeys(ids(*numbers), 0)
    return Evidence(fine=shown, tested=frozenset(shown), **fields)  # type: ignore[arg-type]


def failed(*numbers: int, **fields: int) -> FailedSet:
    return FailedSet(frozenset(ids(*numbers)), 0, **fields)


def test_nothing_waits() -> None:
    assert pick(some_facts()) == Idle("nothing is ready")


def test_a_lone_change_is_tested_at_once() -> None:
    assert pick(some_facts(a_change(1))) == Candidate(ids(1), Purpose.CHAIN, "untested")


def test_all_is_being_tested() -> None:
    facts = some_facts(a_change(1), running=(running(1),))
    assert pick(facts) == Idle("everything that waits is being tested")


def test_a_second_change_goes_on_top_of_the_first() -> None:
    facts = some_facts(a_change(1), a_change(2), running=(running(1),))
    assert pick(facts) == Candidate(
        ids(1, 2), Purpose.CHAIN, "untested, on top of 1 that are likely to land", assumed=1
    )


def test_free_workers_share_what_waits() -> None:
    taken = plan(some_facts(*(a_change(number) for number in range(4)), workers=2))
    assert [each.members for each in taken] == [ids(0, 1), ids(0, 1, 2, 3)]
    assert [each.assumed for each in taken] == [0, 2]


def test_who_is_doubtful_is_not_built_upon() -> None:
    facts = some_facts(a_change(1, belief=0.3), a_change(2), running=(running(1),))
    assert pick(facts) == Candidate(
        ids(2), Purpose.SCREEN, "what is likely to land is in doubt: 1 untested by themselves"
    )


def test_what_is_shown_fine_lands_together() -> None:
    facts = some_facts(a_change(1), a_change(2), evidence=fine(1, 2))
    assert pick(facts) == Candidate(
        ids(1, 2), Purpose.TRAIN, "2 shown fine by themselves, to land together"
    )


def test_a_train_waits_for_the_last_one_to_be_old_enough() -> None:
    waiting = [a_change(1), a_change(2)]
    trains = (running(1, purpose=Purpose.TRAIN),)
    early = some_facts(*waiting, running=trains, evidence=fine(1, 2), now=0.4 * MINUTES)
    assert isinstance(pick(early), Idle)
    late = some_facts(*waiting, running=trains, evidence=fine(1, 2), now=0.6 * MINUTES)
    assert pick(late) == Candidate(
        ids(1, 2),
        Purpose.TRAIN,
        "1 shown fine by themselves, to land together, on 1 that are likely to land",
        assumed=1,
    )


def test_who_was_overtaken_twice_goes_before_who_conflicts_with_it() -> None:
    better, overtaken = an_id(1), an_id(2)
    changes = (
        a_change(1, clashes=frozenset({overtaken})),
        a_change(2, clashes=frozenset({better})),
    )
    once = some_facts(*changes, evidence=fine(1, 2, overtaken={overtaken: 1}))
    assert _members(once) == ids(1)
    twice = some_facts(*changes, evidence=fine(1, 2, overtaken={overtaken: 2}))
    assert _members(twice) == ids(2)


def test_a_failing_set_is_split_among_the_free() -> None:
    changes = [a_change(number) for number in range(4)]
    evidence = Evidence(failed=(failed(0, 1, 2, 3),))
    one = pick(some_facts(*changes, evidence=evidence, workers=1))
    assert one == Candidate(
        ids(0, 1), Purpose.SPLIT, "2 of the 4 of which one is to blame for a failure"
    )
    many = plan(some_facts(*changes, evidence=evidence, workers=8))
    assert [each.members for each in many] == [ids(0), ids(1, 2), ids(3)]


def test_one_that_failed_is_seen_again_where_checks_are_flaky() -> None:
    evidence = Evidence(failed=(failed(1),))
    facts = some_facts(a_change(1), evidence=evidence, rates=Rates(MINUTES, 0.02, 0.0))
    assert pick(facts) == Candidate(
        ids(1), Purpose.SPLIT, "it failed: does it fail by itself, and again?"
    )


def test_fine_ones_that_failed_together_are_cut() -> None:
    changes = [a_change(number) for number in range(4)]
    evidence = fine(0, 1, 2, 3, failed=(failed(0, 1, 2, 3),))
    taken = plan(some_facts(*changes, evidence=evidence))
    assert [each.members for each in taken[:2]] == [ids(0, 1), ids(0, 1, 2)]
    assert taken[0].purpose is Purpose.CUT
    assert taken[0].why == "4 that are fine by themselves failed together: do 2?"


def test_a_failure_that_is_likely_a_flake_suspects_nobody() -> None:
    evidence = fine(1, 2, failed=(failed(1, 2),))
    facts = some_facts(a_change(1), a_change(2), evidence=evidence, rates=Rates(MINUTES, 0.02, 0.0))
    assert _members(facts) == ids(1, 2)


def test_the_target_comes_before_any_suspect() -> None:
    evidence = Evidence(failed=(failed(1),))
    facts = some_facts(a_change(1), evidence=evidence, health=Health.UNKNOWN)
    assert pick(facts) == Candidate(
        (), Purpose.BASE, "something failed: is the target itself fine?"
    )


def test_a_red_target_is_for_whoever_repairs_it() -> None:
    evidence = Evidence(failed=(failed(1),))
    facts = some_facts(a_change(1), a_change(2), evidence=evidence, health=Health.RED)
    assert pick(facts) == Candidate(ids(2), Purpose.SCREEN, "the target is red: does it repair it?")


def test_a_stack_is_tested_from_below() -> None:
    below = an_id(1)
    facts = some_facts(a_change(1), a_change(2, needs=frozenset({below})), workers=1)
    assert _members(facts) == ids(1, 2)


def test_only_the_fast_profile_hedges() -> None:
    line = (running(1, 2, 3, 4, 5, 6),)
    changes = [a_change(number) for number in range(1, 7)]
    assert isinstance(pick(some_facts(*changes, running=line)), Idle)
    fast = some_facts(*changes, running=line, profile=Profile.FAST)
    assert pick(fast) == Candidate(ids(1), Purpose.HEDGE, "the line it rides on is doubtful")


def _members(facts: object) -> tuple[MrId, ...]:
    chosen = pick(facts)  # type: ignore[arg-type]
    assert isinstance(chosen, Candidate)
    return chosen.members


def test_a_failure_that_was_taken_for_a_lie_is_asked_about_once_more_of_its_kind_come() -> None:
    changes = [a_change(number) for number in range(4)]
    evidence = fine(0, 1, 2, 3, failed=(failed(3, since=9),))
    before = some_facts(*changes, evidence=evidence, head=9, rates=Rates(MINUTES, 0.02))
    assert [each.members for each in plan(before)] == [ids(0, 1, 2, 3)]
    waiting = frozenset(each.id for each in changes)
    evidence = apply(evidence, Failed(ids(0, 1, 2, 3), 9), pending=waiting)
    after = replace(before, evidence=evidence)
    assert [each.members for each in plan(after)] == [ids(0, 1, 2), ids(3)]


def test_what_failed_again_in_company_proves_nothing_against_it() -> None:
    changes = frozenset(ids(0, 1))
    evidence = apply(Evidence(), Failed(ids(0), 0), pending=changes)
    for _ in range(5):
        evidence = apply(evidence, Failed(ids(0, 1), 0), pending=changes)
    assert evidence.failed == (FailedSet(frozenset(ids(0)), 0, runs=1, again=5),)


def test_of_a_failing_set_the_likely_good_are_tested_first() -> None:
    """They land, and what is left gets smaller."""
    changes = [a_change(0, belief=0.5), a_change(1), a_change(2, belief=0.5), a_change(3)]
    evidence = Evidence(failed=(failed(0, 1, 2, 3),))
    one = pick(some_facts(*changes, evidence=evidence, workers=1))
    assert isinstance(one, Candidate)
    assert one.members == ids(1, 3)


def test_up_to_three_free_workers_split_in_two_and_more_in_as_many_parts_as_half_of_them() -> None:
    changes = [a_change(number) for number in range(6)]
    evidence = Evidence(failed=(failed(*range(6)),))

    def size(workers: int) -> int:
        found = pick(some_facts(*changes, evidence=evidence, workers=workers))
        assert isinstance(found, Candidate)
        return len(found.members)

    assert [size(workers) for workers in (1, 3, 4, 6, 8, 12, 40)] == [3, 3, 3, 2, 2, 1, 1]


def test_who_waited_too_long_and_was_overtaken_twice_is_tested_by_itself() -> None:
    late, others = a_change(0, since=-99 * MINUTES), [a_change(n) for n in range(1, 4)]
    facts = some_facts(*others, late, evidence=Evidence(overtaken={an_id(0): 2}))
    assert pick(facts) == Candidate(ids(0), Purpose.SPLIT, "it has waited too long")
    once = replace(facts, evidence=Evidence(overtaken={an_id(0): 1}))
    assert _members(once) != ids(0)
    soon = replace(facts, pending=(*others, a_change(0)))
    assert _members(soon) != ids(0)


def test_untested_ones_ride_along_where_no_worker_is_left_for_them() -> None:
    changes = [a_change(1), a_change(2), a_change(3)]
    one = pick(some_facts(*changes, evidence=fine(1), workers=1))
    assert one == Candidate(
        ids(1, 2, 3),
        Purpose.TRAIN,
        "1 shown fine by themselves, to land together, and 2 untested",
    )
    two = some_facts(*changes, evidence=fine(1), workers=2)
    assert _members(two) == ids(1, 2, 3)
    three = some_facts(*changes, evidence=fine(1), workers=3)
    assert _members(three) == ids(1)


def test_a_train_takes_no_more_than_are_tested_together() -> None:
    changes = [a_change(number) for number in range(5)]
    assert _members(some_facts(*changes, evidence=fine(*range(5)), most=3)) == ids(0, 1, 2)
    riding = some_facts(*changes, evidence=fine(0), workers=1, most=3)
    assert _members(riding) == ids(0, 1, 2)


def test_a_combination_of_two_is_cut_to_its_first() -> None:
    changes = [a_change(0), a_change(1)]
    facts = some_facts(*changes, evidence=fine(0, 1, failed=(failed(0, 1),)))
    assert pick(facts) == Candidate(
        ids(0), Purpose.CUT, "2 that are fine by themselves failed together: do 1?"
    )


def test_cuts_are_at_a_half_three_quarters_and_a_quarter() -> None:
    changes = [a_change(number) for number in range(8)]
    evidence = fine(*range(8), failed=(failed(*range(8)),))
    taken = plan(some_facts(*changes, evidence=evidence, workers=8))
    cuts = [len(each.members) for each in taken if each.purpose is Purpose.CUT]
    assert cuts == [4, 6, 2]
