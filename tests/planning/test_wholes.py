"""A unit is planned as one change: it is tested and lands whole or not at all."""

from __future__ import annotations

from refinery.queue.planning.facts import Change
from refinery.queue.planning.wholes import Wholes, wholes_of
from refinery.records.names import MrId
from tests.decisions.makers import an_id, an_mr

A, B, C, D = map(an_id, "abcd")
UNIT = Wholes({B: (A, B)}, {A: B, B: B})


def test_units_are_known_by_the_last_of_those_that_wait() -> None:
    mrs = {mr.id: mr for mr in (an_mr("a", unit="u"), an_mr("b", unit="u"), an_mr("c"))}
    assert wholes_of(mrs, [A, C, B]) == UNIT
    assert [UNIT.one(id) for id in (A, B, C)] == [B, B, C]


def test_a_candidate_with_the_whole_unit_tested_it() -> None:
    assert UNIT.folded([A, C, B]) == (C, B)
    assert UNIT.folded(iter([C, D])) == (C, D)


def test_a_candidate_with_a_part_of_it_tested_nobody_that_waits() -> None:
    assert UNIT.folded([C, A]) == (C, MrId("part of mr-a"))
    assert UNIT.folded([B]) == (MrId("part of mr-b"),)


def test_the_change_of_a_unit_is_as_good_as_all_of_it_and_as_old_as_its_oldest() -> None:
    changes = [
        Change(A, 0.5, 7.0, frozenset({C}), frozenset({D})),
        Change(C, 0.9, 1.0),
        Change(B, 0.4, 9.0, frozenset({A}), frozenset({A})),
        Change(D, 0.8, 2.0, frozenset({A, C}), frozenset({B})),
    ]
    assert UNIT.changes(changes) == (
        Change(C, 0.9, 1.0),
        Change(B, 0.2, 7.0, frozenset({C}), frozenset({D})),
        Change(D, 0.8, 2.0, frozenset({B, C}), frozenset({B})),
    )
    assert Wholes().changes(iter(changes)) == tuple(changes)
