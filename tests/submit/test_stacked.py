"""What a submission stands on: found in its commits, told by trailers, or asked for."""

from __future__ import annotations

import pytest

from refinery.submit.branches import Overwrite
from refinery.submit.dependencies import CannotDepend
from refinery.submit.submitting import Options, StillQueued, Submitted, prepare, submit, together
from refinery.values import replace
from tests.hooks.conftest import said, serve
from tests.sandbox import Sandbox


def done(box: Sandbox, branch: str, **options: object) -> Submitted:
    box.clock.tick()
    outcome = submit(box.queue(), replace(Options(branch=branch), **options))
    assert isinstance(outcome, Submitted)
    return outcome


@pytest.fixture
def low(box: Sandbox) -> Sandbox:
    """A branch `low` that is queued."""
    box.commit("low")
    done(box, "low")
    return box


def test_a_head_that_holds_anothers_waits_for_it_and_says_so(low: Sandbox) -> None:
    low.commit("high", onto="low")
    lower = low.mr("low")
    outcome = done(low, "high")
    assert (outcome.mr.depends_on, outcome.mr.stands_on) == ((lower.id,), (lower.head,))
    assert outcome.notes == (f"its commits stand on those of {lower.id} (low), which land first",)


def test_only_the_nearest_is_waited_for(low: Sandbox) -> None:
    low.commit("middle", onto="low")
    middle = done(low, "middle").mr
    low.commit("high", onto="middle")
    assert done(low, "high").mr.depends_on == (middle.id,)


def test_the_same_commit_on_two_branches_waits_for_nobody(low: Sandbox) -> None:
    low.git("branch", "twin", "low")
    assert done(low, "twin").mr.depends_on == ()


def test_ancestry_can_be_switched_off(low: Sandbox) -> None:
    low.config("version: 1\nchecks: []\nstacks: {ancestry: false}\n")
    low.commit("high", onto="low")
    mr = done(low, "high").mr
    assert (mr.depends_on, mr.stands_on) == ((), (low.mr("low").head,))


def test_a_branch_that_leaves_the_one_below_no_longer_waits_for_it(low: Sandbox) -> None:
    low.commit("high", onto="low")
    done(low, "high")
    low.commit("high", {"high.txt": "by itself\n"}, onto="main~0")
    outcome = done(low, "high", overwrite=Overwrite.ALWAYS)
    assert (outcome.mr.depends_on, outcome.mr.stands_on) == ((), ())
    lower = low.mr("low").id
    assert outcome.notes == (f"waits no longer for {lower}: its commits are not below any more",)


def test_a_new_revision_goes_on_waiting_for_what_it_was_told(low: Sandbox) -> None:
    low.commit("other")
    first = done(low, "other", depends_on=("low",)).mr
    low.commit("other", {"more.txt": "x\n"}, onto="other")
    again = done(low, "other").mr
    assert again.depends_on == first.depends_on == (low.mr("low").id,)


@pytest.mark.parametrize("where", ["last commit", "first commit"])
def test_a_trailer_names_a_branch_or_an_id(low: Sandbox, where: str) -> None:
    trailer = f"Part\n\nDepends-On: {'low' if where == 'last commit' else low.mr('low').id}\n"
    low.commit("other", message=trailer if where == "first commit" else "Begin")
    low.commit("other", {"more.txt": "x\n"}, onto="other", message=trailer)
    assert done(low, "other").mr.depends_on == (low.mr("low").id,)


def test_a_trailer_of_another_system_is_passed_over_with_a_word(box: Sandbox) -> None:
    address = "https://review.example.com/c/12"
    box.commit("other", message=f"Part\n\nDepends-On: {address}\n")
    outcome = done(box, "other")
    assert outcome.mr.depends_on == ()
    assert outcome.notes == (f"Depends-On: {address} is of another system: ignored",)


def test_a_branch_that_is_not_queued_cannot_be_waited_for(box: Sandbox) -> None:
    box.commit("low")
    box.commit("other", message="Part\n\nDepends-On: low\n")
    with pytest.raises(CannotDepend) as caught:
        done(box, "other")
    assert (caught.value.message, caught.value.hint) == (
        "the branch 'low' is not in the queue: nothing can wait for it",
        "submit it first: refinery submit low",
    )


def test_a_branch_that_the_target_has_is_nothing_to_wait_for(box: Sandbox) -> None:
    box.git("branch", "old", "main")
    box.commit("other")
    outcome = done(box, "other", depends_on=("old",))
    assert outcome.mr.depends_on == ()
    assert outcome.notes == ("old has landed already: nothing to wait for",)


def test_what_was_rejected_comes_along_with_a_word(low: Sandbox) -> None:
    lower = low.mr("low").id
    assert low.cli("reject", lower, "--reason", "no").code == 0
    low.commit("high", onto="low")
    assert done(low, "high").notes == (f"holds the commits of {lower}, which was rejected",)


class TestUnits:
    def test_a_trailer_or_an_option_says_which(self, box: Sandbox) -> None:
        box.commit("a", message="A\n\nRefinery-Unit: both\n")
        box.commit("b")
        assert done(box, "a").mr.unit == done(box, "b", unit="both").mr.unit == "both"

    def test_a_new_revision_stays_until_it_is_taken_out(self, box: Sandbox) -> None:
        box.commit("a")
        done(box, "a", unit="u")
        box.commit("a", {"more.txt": "x\n"}, onto="a")
        assert done(box, "a").mr.unit == "u"
        assert box.cli("submit", "a", "--no-unit").code == 0
        assert box.mr("a").unit is None

    def test_what_is_queued_already_joins_another(self, low: Sandbox) -> None:
        low.commit("other")
        before = done(low, "other").mr
        told = low.cli("submit", "other", "--unit", "u", "--depends-on", "low")
        assert (told.code, told.out.strip()) == (0, before.id)
        lower = low.mr("low").id
        assert f"it lands as one of unit u and waits for {lower} now" in told.err
        after = low.mr("other")
        assert (after.id, after.unit, after.depends_on) == (before.id, "u", (lower,))
        assert low.sha(f"refs/refinery/inbox/{before.id}") is None
        again = submit(low.queue(), Options(branch="other", unit="u", depends_on=("low",)))
        assert isinstance(again, StillQueued)
        assert not again.regrouped

    def test_several_reach_the_queue_in_one_push_or_not_at_all(self, box: Sandbox) -> None:
        box.commit("a")
        box.commit("b", onto="a")
        queue = box.queue()
        wanted = [Options(branch=name, unit="u") for name in "ab"]
        both = together(queue, [(each, prepare(queue, each)) for each in wanted])
        assert [type(each) for each in both] == [Submitted, Submitted]
        assert [box.mr(name).unit for name in "ab"] == ["u", "u"]
        assert box.mr("b").depends_on == (box.mr("a").id,)

    @pytest.mark.journey
    def test_a_push_of_several_branches_makes_one(self, box: Sandbox) -> None:
        serve(box)
        box.commit("a")
        box.commit("b", onto="a")
        pushed = box.run_git("push", "-o", "refinery.unit=u", "origin", "b", "a")
        assert pushed.code == 0, pushed.err
        a, b = box.mr("a"), box.mr("b")
        assert (a.unit, b.unit, b.depends_on) == ("u", "u", (a.id,))
        assert said(pushed) == [
            f"{a.id} queued: a at {a.head[:12]} for main",
            "lands as one of unit u, or none of them does",
            f"{b.id} queued: b at {b.head[:12]} for main after {a.id}",
            "lands as one of unit u, or none of them does",
            f"its commits stand on those of {a.id} (a), which land first",
        ]


class TestAnothersBranch:
    def test_it_waits_for_whose_branch_it_is(self, box: Sandbox) -> None:
        box.commit("low")
        lower = done(box, "low").mr
        box.commit("high", onto="low")
        outcome = done(box, "high", target="low")
        assert (outcome.mr.target, outcome.mr.depends_on) == ("low", (lower.id,))
        assert outcome.notes == (
            f"goes on to main once {lower.id} has landed, whose branch it is for",
        )

    def test_a_branch_that_takes_landings_is_nobodys(self, box: Sandbox) -> None:
        box.git("push", "-q", "origin", "main:refs/heads/develop")
        box.request("first", target="develop")
        assert box.cli("process", "--drain").code == 0
        box.git("fetch", "-q")
        box.git("branch", "develop", "origin/develop")
        done(box, "develop", target="main")
        box.commit("next", onto="develop")
        assert done(box, "next", target="develop").mr.depends_on == ()
