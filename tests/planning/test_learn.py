"""What each piece of news does to the evidence, whole."""

from __future__ import annotations

from dataclasses import replace

from refinery.queue.planning.facts import Evidence, FailedSet, PassedSet, Purpose
from refinery.queue.planning.learn import Failed, Gone, Landed, News, Passed, apply, smallest
from refinery.records.names import MrId
from tests.planning.driver import an_id

ALL = frozenset(map(an_id, range(9)))


def ids(*numbers: int) -> tuple[MrId, ...]:
    return tuple(map(an_id, numbers))


def failed(*numbers: int, base: int = 0, **fields: int) -> FailedSet:
    return FailedSet(frozenset(ids(*numbers)), base, **fields)


def after(evidence: Evidence, *news: News) -> Evidence:
    for each in news:
        evidence = apply(evidence, each, pending=ALL)
    return evidence


class TestPassed:
    def test_its_members_are_fine_where_it_stood(self) -> None:
        assert after(Evidence(), Passed(ids(1, 2), 3, Purpose.SPLIT)) == Evidence(
            fine={an_id(1): 3, an_id(2): 3},
            tested=frozenset(ids(1, 2)),
            passed=(PassedSet(ids(1, 2), 3, Purpose.SPLIT),),
        )

    def test_who_does_not_wait_any_more_is_nothing_to_learn_about(self) -> None:
        told = apply(Evidence(), Passed(ids(1, 2), 3), pending=frozenset(ids(2)))
        assert (told.fine, told.tested) == ({an_id(2): 3}, frozenset(ids(2)))

    def test_the_newest_place_counts(self) -> None:
        told = after(Evidence(), Passed(ids(1), 3), Passed(ids(1), 2))
        assert told.fine == {an_id(1): 3}

    def test_it_clears_what_failed_of_it_before_but_not_on_a_later_target(self) -> None:
        sets = (failed(1), failed(2, base=4), failed(1, 9))
        told = after(Evidence(failed=sets), Passed(ids(1, 2), 3))
        assert told.failed == (failed(2, base=4), failed(1, 9))


class TestFailed:
    def test_its_members_are_suspects(self) -> None:
        assert after(Evidence(), Failed(ids(1, 2), 3, runs=2)) == Evidence(
            failed=(failed(1, 2, base=3, runs=2),), tested=frozenset(ids(1, 2))
        )

    def test_where_nobody_waits_nobody_is_suspected(self) -> None:
        assert apply(Evidence(), Failed(ids(1), 3), pending=frozenset()) == Evidence()

    def test_one_that_fails_alone_is_not_fine_any_more(self) -> None:
        told = after(Evidence(fine=dict.fromkeys(ids(1, 2), 0)), Failed(ids(1), 0))
        assert told.fine == {an_id(2): 0}
        both = after(Evidence(fine=dict.fromkeys(ids(1, 2), 0)), Failed(ids(1, 2), 0))
        assert both.fine == dict.fromkeys(ids(1, 2), 0)

    def test_failures_with_others_that_are_fine_were_the_same_failure(self) -> None:
        before = (failed(1, 2, runs=3), failed(1, 3, runs=5), failed(1, 4, runs=7, since=2))
        fine = {an_id(2): 0, an_id(4): 1}
        told = after(Evidence(fine=fine, failed=before), Failed(ids(1), 0))
        assert [(each.members, each.runs) for each in told.failed] == [(frozenset(ids(1)), 4)]


class TestLanded:
    def test_it_is_forgotten_and_whom_it_overtook_is_counted(self) -> None:
        evidence = Evidence(
            fine=dict.fromkeys(ids(1, 2), 0),
            tested=frozenset(ids(1, 2, 3)),
            passed=(PassedSet(ids(1), 0), PassedSet(ids(1, 2), 0), PassedSet(ids(3), 0)),
            overtaken={an_id(1): 1, an_id(3): 1},
        )
        assert after(evidence, Landed(ids(1), 5, overtook=ids(3, 4))) == Evidence(
            fine={an_id(2): 0},
            tested=frozenset(ids(2, 3)),
            passed=(PassedSet(ids(1, 2), 0),),
            overtaken={an_id(3): 2, an_id(4): 1},
        )

    def test_what_failed_with_it_is_a_matter_of_the_others_from_now_on(self) -> None:
        told = after(Evidence(failed=(failed(1, 2), failed(3), failed(1))), Landed(ids(1), 5))
        assert told.failed == (failed(2, since=5), failed(3))


class TestGone:
    evidence = Evidence(
        fine=dict.fromkeys(ids(1, 2), 0),
        tested=frozenset(ids(1, 2)),
        failed=(failed(1, 2), failed(3)),
        passed=(PassedSet(ids(1), 0), PassedSet(ids(2), 0)),
        overtaken=dict.fromkeys(ids(1, 2), 1),
    )

    def test_everything_it_was_in_goes_with_it(self) -> None:
        assert after(self.evidence, Gone(ids(1))) == Evidence(
            fine={an_id(2): 0},
            tested=frozenset(ids(2)),
            failed=(failed(3),),
            passed=(PassedSet(ids(2), 0),),
            overtaken={an_id(2): 1},
        )

    def test_of_one_that_is_tried_again_only_its_failures_go(self) -> None:
        told = after(self.evidence, Gone(ids(1), back=True))
        assert told == replace(self.evidence, failed=(failed(3),))


def test_only_the_smallest_sets_are_kept_and_runs_add_up() -> None:
    found = [
        failed(1, 2, 3, runs=2),
        failed(1, 2, base=1, runs=1, since=4),
        failed(2, 1, base=3, runs=2, since=1, again=1),
        failed(4, 5),
        failed(1, 2, 9, runs=3, again=2),
    ]
    assert smallest(found) == (
        failed(1, 2, base=3, runs=3, since=4, again=1 + 2 + 3 + 2),
        failed(4, 5),
    )
