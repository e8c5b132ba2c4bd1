"""Units: planned, tested, landed and refused as one, or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refinery.config.config import Check, Config
from refinery.queue.candidate import Candidate
from refinery.queue.explaining import explain
from refinery.queue.plan import next_candidate
from refinery.queue.planning.from_view import facts_of
from refinery.queue.settling import out_of_order, why_not
from refinery.queue.standing import Code, standing
from refinery.queue.units import unit_of
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import Branch, MrId
from refinery.store.view import View
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_build,
    a_candidate_claim,
    a_closed_mr,
    a_failed_mr,
    a_hold,
    a_sha,
    a_verdict,
    a_view,
    an_id,
    an_mr,
)

CONFIG = Config(checks=(Check("test", "true"),))


def of_unit(name: str, *below: str, **fields: Any) -> MergeRequest:
    """One of unit `u`."""
    depends_on = tuple(map(an_id, below))
    return an_mr(name, unit="u", depends_on=depends_on, **fields)


def next_members(view: View, config: Config = CONFIG) -> tuple[MrId, ...]:
    choice = next_candidate(MAIN, facts_of(view, MAIN, config, NOW))
    return choice.members if isinstance(choice, Candidate) else ()


def test_a_unit_is_those_of_one_name_for_one_target_that_are_open() -> None:
    a, b = of_unit("a"), of_unit("b")
    others = (
        of_unit("elsewhere", target=Branch("release")),
        an_mr("other", unit="v"),
        an_mr("none"),
        a_closed_mr("landed", unit="u"),
    )
    view = a_view(a, b, *others)
    assert unit_of(view, a) == (a, b)
    assert unit_of(view, view.mrs[an_id("none")]) == ()


def test_those_that_stand_on_each_other_are_ready_together() -> None:
    view = a_view(of_unit("a"), of_unit("b", "a"), of_unit("c", "b"))
    assert {standing(view, mr, NOW).code for mr in view.mrs.values()} == {Code.READY}


@pytest.mark.parametrize(
    ("other", "code"),
    [
        (a_failed_mr("b", unit="u"), Code.NEEDS_REWORK),
        (of_unit("b", hold=a_hold()), Code.HELD),
        (of_unit("b", "outside"), Code.BLOCKED_BY_MR),
        (of_unit("b", "rejected"), Code.DEPENDENCY_FAILED),
        (of_unit("b", intent=True), Code.INTENT),
    ],
    ids=["needs rework", "held", "waits for a stranger", "for what was rejected", "announced"],
)
def test_one_that_cannot_land_keeps_all_of_its_unit(other: MergeRequest, code: Code) -> None:
    view = a_view(
        of_unit("a"),
        other,
        an_mr("outside"),
        a_closed_mr("rejected", CloseReason.REJECTED),
    )
    stands = standing(view, view.mrs[an_id("a")], NOW)
    assert (stands.code, stands.dependency) == (Code.UNIT_INCOMPLETE, other.id)
    assert standing(view, other, NOW).code is code
    assert next_members(view) == (an_id("outside"),)


def test_who_keeps_a_unit_is_named_with_the_reason() -> None:
    a = of_unit("a")
    view = a_view(a, a_failed_mr("b", unit="u"))
    told = explain(view, a, CONFIG, NOW)
    assert (told.code, told.words, told.next, told.waits_for) == (
        Code.UNIT_INCOMPLETE,
        "Lands as one of the 2 of unit u, or none of them does: mr-b (b) needs rework: check unit: "
        "exit 1.",
        "refinery why mr-b",
        "mr-b",
    )


def test_what_fails_is_the_unit_whoever_of_it_is_at_fault() -> None:
    failed = a_failed_mr("b", unit="u")
    assert failed.failure is not None
    failed = replace(failed, failure=replace(failed.failure, base=a_sha("base"), tree=a_sha("t")))
    told = explain(a_view(of_unit("a"), failed), failed, CONFIG, NOW)
    base = a_sha("base")[:12]
    assert (told.words, told.next) == (
        f"Needs rework: check unit: exit 1 (on main@{base}). It is of unit u: mend "
        "whichever is at fault, then retry this one.",
        "refinery retry mr-b",
    )


def test_a_unit_is_tested_whole_however_small_candidates_are() -> None:
    view = a_view(of_unit("c", "b"), of_unit("b", "a"), of_unit("a"), an_mr("x", priority=4))
    config = Config(checks=CONFIG.checks, batch_max=1)
    assert next_members(view, config) == tuple(map(an_id, "abc"))


def test_what_a_unit_stands_on_lands_before_it() -> None:
    view = a_view(of_unit("a", "low", priority=0), of_unit("b", priority=0), an_mr("low"))
    assert next_members(view) == (an_id("low"),)


def test_what_stands_on_one_of_a_unit_comes_after_all_of_it() -> None:
    view = a_view(of_unit("a"), of_unit("b"), an_mr("on-a", priority=0, depends_on=(an_id("a"),)))
    members = next_members(view)
    assert set(members[:2]) == {an_id("a"), an_id("b")}


def passed(*names: str) -> dict[Any, Any]:
    verdict = a_verdict(*names, fingerprint=CONFIG.fingerprint)
    return {verdict.key: verdict}


def test_a_part_that_passed_once_does_not_land() -> None:
    view = a_view(of_unit("a"), of_unit("b"), verdicts=passed("a").values())
    choice = next_candidate(MAIN, facts_of(view, MAIN, CONFIG, NOW))
    assert isinstance(choice, Candidate)
    assert (set(choice.members), choice.has_passed) == ({an_id("a"), an_id("b")}, False)


class TestInsideTheLanding:
    def test_a_unit_that_grew_meanwhile_does_not_land_without_the_rest(self) -> None:
        view = a_view(of_unit("a"), of_unit("b"))
        assert out_of_order(view, (an_id("a"),)) == "mr-b is of the same unit"
        assert out_of_order(view, (an_id("a"), an_id("b"))) is None

    def test_nothing_lands_ahead_of_what_it_depends_on(self) -> None:
        view = a_view(an_mr("a"), an_mr("b", depends_on=(an_id("a"),)))
        assert out_of_order(view, (an_id("b"),)) == "mr-b waits for mr-a"
        assert out_of_order(view, (an_id("b"), an_id("a"))) == "mr-b waits for mr-a"
        assert out_of_order(view, (an_id("a"), an_id("b"))) is None

    def test_it_is_asked_there(self) -> None:
        view = a_view(of_unit("a"), of_unit("b"), claims=[claim := a_candidate_claim("a")])
        assert why_not(view, a_build("a"), claim, NOW) == "mr-b is of the same unit"


@given(
    groups=st.lists(st.sampled_from(["", "u", "v"]), min_size=1, max_size=8),
    below=st.lists(st.integers(0, 7), min_size=8, max_size=8),
    priorities=st.lists(st.integers(0, 4), min_size=8, max_size=8),
    held=st.sets(st.integers(0, 7), max_size=2),
    most=st.integers(1, 4),
)
def test_whatever_is_planned_holds_units_whole_and_in_order(
    groups: list[str], below: list[int], priorities: list[int], held: set[int], most: int
) -> None:
    mrs = [
        an_mr(
            f"m{number}",
            unit=unit or None,
            priority=priorities[number],
            depends_on=(an_id(f"m{below[number]}"),) if below[number] < number else (),
            hold=a_hold() if number in held else None,
            created_at=NOW - timedelta(minutes=number + 1),
        )
        for number, unit in enumerate(groups)
    ]
    view = a_view(*mrs)
    config = Config(checks=CONFIG.checks, batch_max=most)
    members = next_members(view, config)
    assert out_of_order(view, members) is None
    assert len(set(members)) == len(members)
