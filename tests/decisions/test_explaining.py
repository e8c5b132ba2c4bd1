"""Each standing has its words, its evidence and the command to run next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from refinery.config.config import Check, Config
from refinery.queue.explaining import Explanation, explain
from refinery.queue.standing import Code
from refinery.records.claim import Claim
from refinery.records.header import Cause, Freeze, Pause, QueueHeader
from refinery.records.merge_request import CloseReason, Failure, FailureType, MergeRequest
from refinery.records.names import Branch
from refinery.records.verdict import CheckReport, Result
from refinery.store.reading import UNREADABLE
from refinery.store.view import View
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_blocked_mr,
    a_candidate_claim,
    a_claim,
    a_closed_mr,
    a_failed_mr,
    a_hold,
    a_proposal,
    a_sha,
    a_verdict,
    a_view,
    ago,
    an_id,
    an_mr,
)

CONFIG = Config(checks=(Check("unit", "make test"),))
BASE = a_sha("base")
HEAD = a_sha("head of a")


def why(mr: MergeRequest, view: View | None = None, *, remote: str = "origin") -> Explanation:
    return explain(view or a_view(mr), mr, CONFIG, NOW, remote=remote)


def test_a_ready_one_has_a_place_in_its_own_line() -> None:
    mr = an_mr("a")
    view = a_view(mr, an_mr("b", priority=0), an_mr("c", priority=0, target=Branch("release")))
    words = "Ready: number 2 of 2 for main."
    assert why(mr, view) == Explanation(Code.READY, words, f"refinery wait {mr.id}")


def test_a_claim_that_ran_out_is_told() -> None:
    mr = an_mr("a")
    expired = a_claim("a", worker="bob", expires_at=ago(minutes=3))
    assert why(mr, a_view(mr, claims=[expired])).words == (
        "Ready: number 1 of 1 for main. "
        "The claim of bob ran out 3m ago; the next worker takes over."
    )


@pytest.mark.parametrize("a_claim_of", [a_claim, a_candidate_claim], ids=["by hand", "to test"])
def test_a_claimed_one_says_who_and_for_how_long(a_claim_of: Callable[..., Claim]) -> None:
    mr = an_mr("a")
    claim = a_claim_of("a", "b", "c", worker="bob", claimed_at=ago(seconds=40))
    assert why(mr, a_view(mr, claims=[claim])) == Explanation(
        Code.CLAIMED,
        "bob has been processing it with 2 others for 40s; "
        "the claim ends in 10m unless it is renewed.",
        "refinery wait mr-a",
    )


def test_of_several_candidates_that_hold_it_the_oldest_is_told() -> None:
    mr = an_mr("a")
    old = a_candidate_claim("a", worker="bob", claimed_at=ago(seconds=40))
    young = a_candidate_claim("a", "b", worker="eve", claimed_at=ago(seconds=10))
    assert why(mr, a_view(mr, claims=[young, old])).words == (
        "bob has been processing it for 40s; the claim ends in 10m unless it is renewed."
    )


def test_a_claim_nobody_can_read_is_a_claim() -> None:
    mr = an_mr("a")
    claim = a_claim("a", worker=UNREADABLE, lasts=1_000_000_000)
    assert why(mr, a_view(mr, claims=[claim])) == Explanation(
        Code.CLAIMED,
        "Its claim cannot be read, so nobody knows whether it is being processed.",
        "refinery release --force mr-a",
    )


def test_a_held_one_says_by_whom_and_why() -> None:
    words = "Held by eve: release week"
    expected = Explanation(Code.HELD, words, "refinery unhold mr-a")
    assert why(an_mr("a", hold=a_hold())) == expected


def test_an_announced_one_waits_for_its_push() -> None:
    mr = an_mr("a", branch=Branch("a;b"), intent=True, submitted_at=ago(minutes=10))
    assert why(mr) == Explanation(
        Code.INTENT,
        f"Announced but not pushed: it is queued once a;b is {HEAD[:12]} on the remote, "
        "and forgotten in 20m otherwise.",
        "git push origin 'a;b'",
    )


def test_a_conflict_names_files_issue_and_the_way_out() -> None:
    assert why(a_blocked_mr("a")) == Explanation(
        Code.BLOCKED_BY_ISSUE,
        f"Conflicts with main@{BASE[:12]} in a.txt; local#1 is open: "
        "resolve it, push a new revision and close the issue.",
        "refinery resolve mr-a",
        files=("a.txt",),
        waits_for="local#1",
    )


@pytest.mark.parametrize(("remote", "tip"), [("origin", "origin/main"), (".", "main")])
def test_what_has_no_common_history_is_rebased_by_hand(remote: str, tip: str) -> None:
    mr = a_blocked_mr("a")
    assert mr.block is not None
    unrelated = replace(mr, block=replace(mr.block, files=()))
    assert why(unrelated, remote=remote).next == f"git switch a && git rebase {tip}"


def test_a_conflict_whose_issue_is_not_open_yet_says_so() -> None:
    explained = why(a_blocked_mr("a", issue=None))
    assert "; its issue is about to be opened: " in explained.words
    assert explained.waits_for is None


def test_a_closing_without_effect_is_answered() -> None:
    mr = a_blocked_mr("a")
    assert mr.block is not None
    assert why(replace(mr, block=replace(mr.block, answered=True))).words == (
        "Issue local#1 is closed, but the head has not moved "
        "and it still conflicts in a.txt: push a new revision."
    )


def test_a_moved_head_needs_only_the_issue_closed() -> None:
    explained = why(replace(a_blocked_mr("a"), head=a_sha("moved")))
    assert explained.words == (
        "An earlier revision conflicted in a.txt; this one goes on as soon as local#1 is closed."
    )
    assert explained.next == "refinery issue close 1"


def test_the_issue_of_a_forge_is_not_for_our_commands() -> None:
    mr = replace(a_blocked_mr("a", issue="github#7"), head=a_sha("moved"))
    assert (why(mr).next, why(mr).waits_for) == (None, "github#7")
    assert why(an_mr("a", blocked_by="github#7")) == Explanation(
        Code.BLOCKED_BY_ISSUE, "Blocked until github#7 is closed.", waits_for="github#7"
    )


def test_heads_without_common_history_have_no_files() -> None:
    mr = a_blocked_mr("a")
    assert mr.block is not None
    unrelated = replace(mr, block=replace(mr.block, files=()))
    assert "in everything (no common history); local#1 is open" in why(unrelated).words


@pytest.mark.parametrize(
    ("type", "advice", "next", "suspect"),
    [
        (
            FailureType.TESTS_FAIL,
            "Fix it on a and push a new revision.",
            "git switch a",
            HEAD,
        ),
        (FailureType.BUILD_FAIL, "Fix it on a and push a new revision.", "git switch a", HEAD),
        (FailureType.TIMEOUT, "Make it faster, or try it again.", "refinery retry mr-a", HEAD),
        (FailureType.ERROR, "Once the cause is gone, try it again.", "refinery retry mr-a", None),
        (
            FailureType.ATTEMPTS,
            "Once the cause is gone, try it again.",
            "refinery retry mr-a",
            None,
        ),
        (
            FailureType.NOT_FAST_FORWARD,
            "Rebase it and push a new revision.",
            "refinery resolve mr-a",
            None,
        ),
    ],
)
def test_rework_shows_the_end_of_the_log(
    type: FailureType, advice: str, next: str, suspect: str | None
) -> None:
    message = "check unit: exit 1\nE  assert 1 == 2\n1 failed"
    failure = Failure(type, ago(minutes=1), message, base=BASE, tree=a_sha("tree"))
    assert why(an_mr("a", failure=failure)) == Explanation(
        Code.NEEDS_REWORK,
        f"Needs rework: check unit: exit 1 (on main@{BASE[:12]}). {advice}",
        next,
        evidence="E  assert 1 == 2\n1 failed",
        suspect=suspect,
    )


def test_a_dependency_is_followed_to_its_newest_revision() -> None:
    mr = an_mr("a", depends_on=(an_id("old"),))
    old = a_closed_mr("old", CloseReason.SUPERSEDED, superseded_by=an_id("new"))
    assert why(mr, a_view(mr, old, an_mr("new"))) == Explanation(
        Code.BLOCKED_BY_MR,
        "Waits until mr-new (new) has landed.",
        "refinery why mr-new",
        waits_for="mr-new",
    )


def test_a_dependency_that_failed_says_how() -> None:
    mr = an_mr("a", depends_on=(an_id("b"),))
    rejected = a_closed_mr("b", CloseReason.REJECTED, error="not wanted")
    assert why(mr, a_view(mr, rejected)) == Explanation(
        Code.DEPENDENCY_FAILED,
        "It depends on mr-b, which ended as rejected: not wanted.",
        "refinery why mr-b",
        waits_for="mr-b",
    )


@pytest.mark.parametrize(
    ("below", "why_it_waits", "how"),
    [
        (
            a_failed_mr("b"),
            "needs rework: check unit: exit 1",
            ", as soon as a new revision of b has",
        ),
        (
            a_blocked_mr("b"),
            "conflicts with main (local#1)",
            ", as soon as a new revision of b has",
        ),
        (
            a_blocked_mr("b", None),
            "conflicts with main",
            ", as soon as a new revision of b has",
        ),
        (an_mr("b", hold=a_hold()), "is held by eve: release week", " as soon as it has"),
        (an_mr("b", intent=True), "was announced, but is not pushed yet", " as soon as it has"),
    ],
    ids=["rework", "conflict", "conflict without an issue", "held", "announced"],
)
def test_what_keeps_the_lowest_of_a_stack_is_told_to_all_above_it(
    below: MergeRequest, why_it_waits: str, how: str
) -> None:
    top, middle = an_mr("a", depends_on=(an_id("m"),)), an_mr("m", depends_on=(an_id("b"),))
    view = a_view(top, middle, below)
    words = f"which {why_it_waits}. It goes on by itself{how} landed."
    assert (why(middle, view).words, why(top, view).words) == (
        f"Waits for mr-b (b), {words}",
        f"Waits for mr-b (b), 2 below it, {words}",
    )


def test_one_that_failed_alone_is_suspected_with_nobody() -> None:
    mr = an_mr("a")
    alone = a_verdict("a", result=Result.FAIL, fingerprint=CONFIG.fingerprint)
    assert why(mr, a_view(mr, verdicts=[alone])).suspects == ()


def test_a_pause_says_whose_it_is() -> None:
    mr = an_mr("a")
    paused = QueueHeader(MAIN, paused=Pause("eve", "release", ago(minutes=1)))
    assert why(mr, a_view(mr, header=paused)) == Explanation(
        Code.PAUSED, "The queue was paused by eve: release", "refinery resume"
    )


def test_a_red_target_blames_nobody() -> None:
    mr = an_mr("a")
    red = a_verdict(
        result=Result.FAIL,
        fingerprint=CONFIG.fingerprint,
        checks=(CheckReport("unit", Result.FAIL, 1.0, 1, "exit 1", "boom"),),
    )
    assert why(mr, a_view(mr, verdicts=[red])) == Explanation(
        Code.READY,
        f"main itself fails its checks at {BASE[:12]}, and nobody is blamed for it: "
        "each merge request is tried by itself until one repairs it. "
        "Submit the repair with priority 0.",
        "git switch -c repair-main origin/main",
        evidence="check unit: exit 1\nboom",
        suspect=BASE,
    )


def test_checks_that_cannot_run_on_the_target_are_for_whoever_keeps_the_workers() -> None:
    mr = an_mr("a")
    broken = a_verdict(result=Result.ERROR, fingerprint=CONFIG.fingerprint)
    assert why(mr, a_view(mr, verdicts=[broken])) == Explanation(
        Code.READY,
        f"Its checks could not run on main itself at {BASE[:12]}, and nobody is blamed for it: "
        "put right what they need on the workers; then each is tried again.",
        "refinery doctor",
        evidence="check unit: error",
    )


def test_a_set_that_failed_together_is_suspected_together() -> None:
    mr = an_mr("a")
    together = a_verdict("a", "b", "c", result=Result.FAIL, fingerprint=CONFIG.fingerprint)
    view = a_view(mr, an_mr("b"), an_mr("c"), verdicts=[together])
    assert why(mr, view) == Explanation(
        Code.READY,
        "It failed together with mr-b, mr-c; parts of the set are tested until the fault is found.",
        f"refinery wait {an_id('a')}",
        evidence="check unit: fail",
        suspects=(an_id("a"), an_id("b"), an_id("c")),
    )


@pytest.mark.parametrize(
    ("mr", "expected"),
    [
        (
            a_closed_mr(merge_commit=a_sha("merge")),
            Explanation(Code.CLOSED, f"Landed on main as {a_sha('merge')[:12]}."),
        ),
        (
            a_closed_mr(reason=CloseReason.REJECTED, error="Not wanted."),
            Explanation(Code.CLOSED, "Rejected: Not wanted."),
        ),
        (
            a_closed_mr(reason=CloseReason.SUPERSEDED, superseded_by=an_id("b")),
            Explanation(
                Code.CLOSED,
                "Superseded by mr-b, a newer revision.",
                "refinery why mr-b",
                waits_for="mr-b",
            ),
        ),
        (
            a_closed_mr(reason=CloseReason.EMPTY, error="main has all of it"),
            Explanation(Code.CLOSED, "There was nothing to land: main has all of it."),
        ),
        (
            a_closed_mr(reason=CloseReason.ALREADY_MERGED),
            Explanation(Code.CLOSED, "There was nothing to land."),
        ),
        (
            a_closed_mr(reason=CloseReason.CONFLICT, error="a.txt"),
            Explanation(Code.CLOSED, "Closed because of a conflict: a.txt."),
        ),
    ],
)
def test_closed_ones_say_how_they_ended(mr: MergeRequest, expected: Explanation) -> None:
    assert why(mr) == expected


def test_every_code_can_be_explained() -> None:
    paused = QueueHeader(MAIN, paused=Pause("eve", "release", ago(minutes=1)))
    dependent = an_mr("x", depends_on=(an_id("y"),))
    release = Freeze("main", Cause.ORDERED, "eve", "release", ago(minutes=1))
    cases = [
        (an_mr("a"), {}),
        (an_mr("a"), {"header": QueueHeader(MAIN, freezes=(release,))}),
        (an_mr("a"), {"claims": [a_claim("a")]}),
        (an_mr("a"), {"header": paused}),
        (an_mr("a", hold=a_hold()), {}),
        (an_mr("a", intent=True), {}),
        (a_blocked_mr("a"), {}),
        (a_failed_mr("a"), {}),
        (an_mr("a", proposal=a_proposal()), {}),
        (a_closed_mr("a"), {}),
    ]
    codes = {why(mr, a_view(mr, **fields)).code for mr, fields in cases}
    codes.add(why(dependent, a_view(dependent, an_mr("y"))).code)
    codes.add(why(dependent, a_view(dependent, a_closed_mr("y", CloseReason.REJECTED))).code)
    of_unit = an_mr("x", unit="u")
    codes.add(why(of_unit, a_view(of_unit, an_mr("y", unit="u", hold=a_hold()))).code)
    assert codes == set(Code)


def test_time_does_not_run_backwards_in_words() -> None:
    mr = an_mr("a")
    claim = a_claim("a", claimed_at=NOW + timedelta(minutes=5))
    assert "for 0s" in why(mr, a_view(mr, claims=[claim])).words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"number": 7}, "Tested; the forge lands it through pull request 7."),
        (
            {"number": 7, "why": "a review is missing."},
            "Tested; the forge lands it through pull request 7: a review is missing.",
        ),
        (
            {"number": None},
            "Tested; the forge lands it through refinery/land/a, whose pull request is due.",
        ),
    ],
)
def test_a_proposed_one_says_what_the_forge_still_asks_for(
    fields: dict[str, object], words: str
) -> None:
    mr = an_mr("a", proposal=a_proposal("a", **fields))
    assert why(mr) == Explanation(Code.PROPOSED, words, "refinery wait mr-a")


@pytest.mark.parametrize(
    ("names", "company"),
    [(("a",), ""), (("a", "b"), " with 1 other"), (("a", "b", "c"), " with 2 others")],
)
def test_a_claimed_one_says_with_how_many(names: tuple[str, ...], company: str) -> None:
    mr = an_mr("a")
    claim = a_candidate_claim(*names, claimed_at=ago(minutes=3))
    told = why(mr, a_view(mr, an_mr("b"), an_mr("c"), claims=[claim]))
    start = f"ada has been processing it{company} for 3m; "
    assert told.words == f"{start}the claim ends in 10m unless it is renewed."
