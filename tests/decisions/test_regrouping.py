"""What joins others after it was queued, and what is submitted in one push, is one transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from refinery.queue.regrouping import joined, regrouped
from refinery.queue.submission import Request
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, Ref
from refinery.store.edit import Edit, Event, RefMove
from tests.decisions.makers import MAIN, NOW, a_closed_mr, a_sha, a_view, an_id, an_mr

A, B, C = an_id("a"), an_id("b"), an_id("c")


def a_request(**fields: Any) -> Request:
    return Request(Branch("a"), MAIN, a_sha("head of a"), "ada", "Change a", **fields)


def told(edit: Edit | None) -> tuple[str, tuple[MergeRequest, ...]]:
    assert edit is not None
    assert (edit.event.name, edit.event.mrs, edit.event.worker) == ("regrouped", (A,), "ada")
    return edit.event.subject, tuple(edit.put)


class TestRegrouped:
    view = a_view(an_mr("a", depends_on=(B,)), an_mr("b"), an_mr("c"))
    mr = view.mrs[A]

    def test_what_it_stands_on_is_added_to_what_it_stood_on(self) -> None:
        request = a_request(depends_on=(B, C), stands_on=(a_sha("x"),))
        changed = replace(self.mr, depends_on=(B, C), stands_on=(a_sha("x"),))
        words, put = told(regrouped(self.view, self.mr, request, NOW))
        assert (words, put) == ("mr-a lands after mr-b, mr-c", (changed,))

    def test_it_joins_a_unit_and_leaves_it(self) -> None:
        request = a_request(unit="u")
        words, put = told(regrouped(self.view, self.mr, request, NOW))
        assert words == "mr-a lands after mr-b, as one of unit u"
        assert put == (replace(self.mr, unit="u"),)
        alone = an_mr("a", unit="u")
        words, put = told(regrouped(a_view(alone), alone, a_request(unit=""), NOW))
        assert (words, put) == ("mr-a lands after nobody", (an_mr("a"),))

    def test_what_is_so_already_is_not_written_again(self) -> None:
        assert regrouped(self.view, self.mr, a_request(depends_on=(B,)), NOW) is None
        assert regrouped(self.view, self.mr, a_request(), NOW) is None
        united = an_mr("a", unit="u")
        assert regrouped(a_view(united), united, a_request(unit="u"), NOW) is None

    def test_a_newer_revision_of_what_it_stands_on_is_the_same(self) -> None:
        newer = an_mr("d", supersedes=B)
        older = a_closed_mr("b", superseded_by=newer.id)
        view = a_view(self.mr, older, newer)
        assert regrouped(view, self.mr, a_request(depends_on=(newer.id,)), NOW) is None

    def test_what_lies_in_the_inbox_is_folded_with_it(self) -> None:
        view = a_view(self.mr, an_mr("b"), an_mr("c"), unfolded=["a", "c"])
        edit = regrouped(view, view.mrs[A], a_request(depends_on=(C,)), NOW)
        words, put = told(edit)
        assert words == "mr-a lands after mr-b, mr-c"
        assert {mr.id for mr in put} == {A, C}
        assert put[-1] == replace(self.mr, depends_on=(B, C))
        assert edit is not None
        assert set(edit.fold) == {A, C}


class TestJoined:
    def test_one_is_as_it_was(self) -> None:
        edit = Edit(Event("submitted", "submit a", (A,), "ada"), submit=(an_mr("a"),))
        assert joined([edit]) is edit

    def test_several_are_one_transaction_with_all_that_each_does(self) -> None:
        moves = [RefMove(Ref(f"refs/heads/{name}"), None, a_sha(name)) for name in "ab"]
        first = Edit(
            Event("submitted", "submit a", (A,), "ada"),
            submit=(an_mr("a"),),
            put=(an_mr("c", priority=1),),
            pins={A: a_sha("a")},
            moves=(moves[0],),
        )
        second = Edit(
            Event("submitted", "submit b", (B,), "bob"),
            put=(an_mr("b"), an_mr("c", priority=0)),
            fold=(B,),
            release=(C,),
            pins={B: None},
            moves=(moves[1],),
        )
        assert joined([first, second]) == Edit(
            event=Event("submitted", "submit 3 merge requests", (A, C, B), "ada"),
            submit=(an_mr("a"),),
            put=(an_mr("c", priority=0), an_mr("b")),
            fold=(B,),
            release=(C,),
            pins={A: a_sha("a"), B: None},
            moves=tuple(moves),
        )
