"""Stacks: who stands on whom, what re-attaches, and what goes on to another target."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from refinery.config.config import Config
from refinery.queue.explaining import explain
from refinery.queue.folding import INTENT_LASTS, fold
from refinery.queue.stacks import (
    attached,
    connected,
    nearest,
    retargeted,
    settled_below,
    stranded,
    waits_for,
)
from refinery.queue.standing import Code, newest_revision, standing, stands_for
from refinery.records.merge_request import CloseReason, MergeRequest, Status
from refinery.records.names import Branch
from refinery.store.apply import applied
from refinery.store.edit import Event
from refinery.store.view import View
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_closed_mr,
    a_failed_mr,
    a_sha,
    a_view,
    ago,
    an_id,
    an_mr,
    names,
)


def on(name: str, *below: str, **fields: Any) -> MergeRequest:
    return an_mr(name, depends_on=tuple(map(an_id, below)), **fields)


class TestReattaching:
    def test_what_is_submitted_of_a_branch_again_stands_for_what_was_refused(self) -> None:
        refused = a_closed_mr("c1", CloseReason.REJECTED, branch=Branch("c"))
        again = an_mr("c2", branch=Branch("c"), submitted_at=ago(minutes=1))
        view = a_view(on("d", "c1"), refused, again)
        assert stands_for(view, refused.id) == again
        assert newest_revision(view, refused.id) == refused
        stands = standing(view, view.mrs[an_id("d")], NOW)
        assert (stands.code, stands.dependency) == (Code.BLOCKED_BY_MR, an_id("c1"))

    def test_once_that_landed_what_stands_on_it_is_ready(self) -> None:
        refused = a_closed_mr("c1", CloseReason.REJECTED, branch=Branch("c"))
        again = a_closed_mr("c2", branch=Branch("c"), submitted_at=ago(minutes=1))
        view = a_view(on("d", "c1"), refused, again)
        assert standing(view, view.mrs[an_id("d")], NOW).code is Code.READY

    @pytest.mark.parametrize(
        "other",
        [
            an_mr("c2", branch=Branch("c"), submitted_at=ago(days=1)),
            an_mr("c2", branch=Branch("c"), target=Branch("release"), submitted_at=NOW),
            an_mr("c2", submitted_at=NOW),
        ],
        ids=["older", "for another target", "of another branch"],
    )
    def test_nothing_else_does(self, other: MergeRequest) -> None:
        refused = a_closed_mr("c1", CloseReason.REJECTED, branch=Branch("c"))
        view = a_view(on("d", "c1"), refused, other)
        assert standing(view, view.mrs[an_id("d")], NOW).code is Code.DEPENDENCY_FAILED


class TestWords:
    def words(self, *mrs: MergeRequest, of: str) -> tuple[str, str | None]:
        view = a_view(*mrs)
        told = explain(view, view.mrs[an_id(of)], Config(), NOW)
        return told.words, told.next

    def test_a_stack_names_the_one_that_failed_however_far_below(self) -> None:
        stack = (a_failed_mr("c"), on("d", "c"), on("e", "d"), on("f", "e"))
        assert self.words(*stack, of="f") == (
            "Waits for mr-c (c), 3 below it, which needs rework: check unit: exit 1. It goes on by "
            "itself, as soon as a new revision of c has landed.",
            "refinery why mr-c",
        )

    def test_what_is_on_its_way_is_only_waited_for(self) -> None:
        stack = (an_mr("c"), on("d", "c"), on("e", "d"))
        assert self.words(*stack, of="e") == (
            "Waits until mr-d (d) has landed.",
            "refinery why mr-d",
        )

    def test_one_that_holds_the_commits_of_what_was_rejected_says_how_to_get_rid_of_them(
        self,
    ) -> None:
        gone = a_closed_mr("c", CloseReason.REJECTED, error="not wanted")
        above = on("d", "c", stands_on=(gone.head,))
        assert self.words(gone, above, of="d") == (
            "It depends on mr-c, which ended as rejected: not wanted. Submit c again, and this "
            "goes on; or rebase it off those commits and submit it anew.",
            f"git rebase --onto origin/main {gone.head[:12]} d",
        )

    def test_a_circle_is_no_endless_story(self) -> None:
        stack = (on("a", "b"), on("b", "a"))
        assert self.words(*stack, of="a")[0] == "Waits until mr-b (b) has landed."


PARENTS = {
    a_sha("c"): [a_sha("b2")],
    a_sha("b2"): [a_sha("b1")],
    a_sha("b1"): [a_sha("a")],
    a_sha("a"): [a_sha("main")],
}
"""main - a - b1 - b2 - c, of which the target has only the first."""


class TestAncestry:
    def test_the_nearest_heads_below_and_the_commits_above_them(self) -> None:
        known = {a_sha("a"), a_sha("b2")}
        assert nearest(PARENTS, a_sha("c"), known) == ([a_sha("b2")], {a_sha("c")})
        assert nearest(PARENTS, a_sha("a"), known) == ([], {a_sha("a")})

    def stack(self) -> View:
        heads = {"a": "a", "b": "b2", "c": "c"}
        return a_view(*(an_mr(name, head=a_sha(head)) for name, head in heads.items()))

    def test_who_was_pushed_late_is_put_below(self) -> None:
        edit = attached(self.stack(), MAIN, PARENTS, new={an_id("b")})
        assert edit is not None
        found = {mr.id: (mr.depends_on, mr.stands_on) for mr in edit.put}
        assert found == {
            "mr-b": (("mr-a",), (a_sha("a"),)),
            "mr-c": (("mr-b",), (a_sha("b2"),)),
        }
        words = "mr-b stands on mr-a, mr-c stands on mr-b"
        assert edit.event == Event("stacked", words, (an_id("b"), an_id("c")))
        after = applied(self.stack(), edit)
        assert attached(after, MAIN, PARENTS, new={an_id("b")}) is None

    def test_what_is_old_was_looked_at_before(self) -> None:
        assert attached(self.stack(), MAIN, PARENTS, new=set()) is None

    def test_nobody_waits_for_whom_it_keeps(self) -> None:
        view = self.stack()
        lower = on("a", "b", head=a_sha("a"))
        view = a_view(lower, view.mrs[an_id("b")])
        assert waits_for(view, lower, an_id("b"))
        assert attached(view, MAIN, PARENTS, new={an_id("a")}) is None

    def test_a_revision_of_the_same_branch_is_no_other(self) -> None:
        view = a_view(
            an_mr("a", head=a_sha("a"), branch=Branch("x")),
            an_mr("b", head=a_sha("b1"), branch=Branch("x")),
        )
        assert attached(view, MAIN, PARENTS, new={an_id("a"), an_id("b")}) is None

    def test_what_is_below_counts_as_there_once_all_of_it_is(self) -> None:
        above = on("b", "a", stands_on=(a_sha("a"),))
        assert settled_below(a_view(an_mr("a"), above), above) == ()
        assert settled_below(a_view(a_closed_mr("a"), above), above) == (a_sha("a"),)

    def test_a_stack_is_found_from_wherever_one_looks(self) -> None:
        mrs = (an_mr("a"), on("b", "a"), on("c", "b"), an_mr("x"), a_closed_mr("old"))
        view = a_view(*mrs)
        for name in "abc":
            found = connected(view, [view.mrs[an_id(name)]])
            assert sorted(names(mr.id for mr in found)) == ["a", "b", "c"]


class TestGoingOn:
    """b is for the branch of a."""

    def stranded(self, reason: CloseReason = CloseReason.MERGED, **fields: Any) -> View:
        values = {"priority": 0, "created_at": ago(hours=5), "stands_on": (a_sha("a"),)} | fields
        return a_view(
            a_closed_mr("a", reason),
            on("b", "a", target=Branch("a"), submitted_at=ago(hours=2), **values),
        )

    def test_it_waits_until_somebody_sends_it_on(self) -> None:
        view = self.stranded()
        mr = view.mrs[an_id("b")]
        assert standing(view, mr, NOW).code is Code.BLOCKED_BY_MR
        told = explain(view, mr, Config(), NOW)
        assert told.words == (
            "Was to land on a, the branch of mr-a, which has landed: it goes on to main."
        )

    def test_it_is_submitted_anew_and_replaces_itself(self) -> None:
        view = self.stranded()
        edit = retargeted(view, an_id("b"), NOW)
        assert edit is not None
        assert edit.event.name == "retargeted"
        view = applied(view, edit)
        assert retargeted(view, an_id("b"), NOW) is None
        folded = fold(view, NOW)
        assert folded is not None
        view = applied(view, folded)
        old = view.mrs[an_id("b")]
        new = view.mrs[edit.submit[0].id]
        assert (old.close_reason, old.superseded_by) == (CloseReason.SUPERSEDED, new.id)
        assert folded.pins == {old.id: None, new.id: new.head}
        kept = ("branch", "head", "priority", "created_at", "title", "worker", "stands_on")
        assert [getattr(new, field) for field in kept] == [getattr(old, field) for field in kept]
        assert (new.target, new.status, new.supersedes) == (MAIN, Status.OPEN, old.id)
        assert standing(view, new, NOW).code is Code.READY
        assert list(stranded(view)) == []

    def test_what_is_queued_there_already_takes_its_place(self) -> None:
        view = self.stranded()
        edit = retargeted(view, an_id("b"), NOW)
        assert edit is not None
        twin = an_mr("twin", branch=Branch("b"), head=view.mrs[an_id("b")].head)
        view = a_view(*view.mrs.values(), twin)
        folded = fold(applied(view, edit), NOW)
        assert folded is not None
        assert {mr.id: mr.superseded_by for mr in folded.put} == {an_id("b"): twin.id}

    def test_a_branch_that_takes_landings_is_not_left(self) -> None:
        view = self.stranded()
        header = replace(view.header, landed={"a": a_sha("landed there")})
        view = replace(view, header=header)
        assert list(stranded(view)) == []
        assert standing(view, view.mrs[an_id("b")], NOW).code is Code.READY

    @pytest.mark.parametrize("reason", [CloseReason.REJECTED, CloseReason.CONFLICT])
    def test_what_did_not_land_leads_nowhere(self, reason: CloseReason) -> None:
        assert list(stranded(self.stranded(reason))) == []


def test_one_that_depends_on_an_announcement_does_not_take_it_for_landed() -> None:
    announced = an_mr("a", intent=True, submitted_at=NOW - INTENT_LASTS - timedelta(seconds=1))
    view = a_view(announced, on("b", "a"), unfolded=["a"])
    edit = fold(view, NOW)
    assert edit is not None
    after = applied(view, edit)
    ended = after.mrs[an_id("a")]
    assert (ended.close_reason, ended.error) == (CloseReason.REJECTED, "announced, and not pushed")
    assert standing(after, after.mrs[an_id("b")], NOW).code is Code.DEPENDENCY_FAILED
    alone = fold(a_view(announced, unfolded=["a"]), NOW)
    assert alone is not None
    assert alone.put == ()
