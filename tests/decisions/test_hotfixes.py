"""Who asks to pass freezes, who lets it, who takes that back; each is an event with its words."""

from __future__ import annotations

from typing import Any

import pytest

from refinery.queue import hotfixes
from refinery.queue.operating import Already, Immutable
from refinery.records.merge_request import Allowance, Hotfix, MergeRequest
from refinery.store.edit import Edit, Event
from tests.decisions.makers import NOW, a_closed_mr, a_view, an_id, an_mr

A = an_id("a")
ALLOWED = Hotfix("down", Allowance("eve", "seen", NOW))


def outcome(edit: Any) -> tuple[Event, tuple[MergeRequest, ...]]:
    assert isinstance(edit, Edit)
    return edit.event, tuple(edit.put)


def test_asking_is_recorded_with_its_reason() -> None:
    assert outcome(hotfixes.ask(a_view(an_mr("a")), A, reason="down", by="sre")) == (
        Event("hotfix", "mr-a asks to pass freezes: down", (A,), "sre"),
        (an_mr("a", hotfix=Hotfix("down")),),
    )


def test_who_asked_already_is_told_why() -> None:
    view = a_view(an_mr("a", hotfix=Hotfix("down")))
    told = hotfixes.ask(view, A, reason="again", by="sre")
    assert told == Already("mr-a is a hotfix already: down")


def test_taking_it_back_leaves_one_that_waits_as_all_do() -> None:
    view = a_view(an_mr("a", hotfix=ALLOWED))
    assert outcome(hotfixes.revoke(view, A, by="eve")) == (
        Event("hotfix_revoked", "mr-a passes no freezes any more", (A,), "eve"),
        (an_mr("a"),),
    )
    assert hotfixes.revoke(a_view(an_mr("a")), A, by="eve") == Already("mr-a is not a hotfix")


@pytest.mark.parametrize("what", ["ask", "allow", "revoke"])
def test_what_has_ended_is_not_changed(what: str) -> None:
    mr = a_closed_mr("a")
    given: dict[str, Any] = {"by": "eve"}
    given |= {"reason": "down"} if what != "revoke" else {}
    given |= {"now": NOW} if what == "allow" else {}
    assert getattr(hotfixes, what)(a_view(mr), A, **given) == Immutable(mr)


def test_where_nothing_is_frozen_a_landing_says_nothing_of_it() -> None:
    assert hotfixes.passing(a_view(an_mr("a")), an_mr("a").target, (A,), NOW) == {}
