"""The story of a merge request: each thing once, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from refinery.looks import Role
from refinery.page.story import Past, story
from refinery.queue.explaining import Explanation
from refinery.queue.standing import Code
from refinery.records.issue import Comment, Issue, IssueState
from refinery.records.merge_request import Attempt, AttemptOutcome, MergeRequest, Status
from refinery.records.names import Branch, IssueRef, MrId, Sha
from refinery.records.verdict import CheckReport, Result, Verdict
from refinery.store.events import Happened
from refinery.values import replace
from tests.page.conftest import Shown

BEGAN = datetime(2026, 1, 2, 12, tzinfo=UTC)
ID, OTHER = MrId("mr-0000000001"), MrId("mr-0000000002")
HEAD, BASE, TREE = Sha("a" * 40), Sha("b" * 40), Sha("c" * 40)
MR = MergeRequest(
    ID, Branch("b"), Branch("main"), HEAD, Status.OPEN, 2, "t", "ada", BEGAN, BEGAN, 0
)


def after(minutes: float) -> datetime:
    return BEGAN + timedelta(minutes=minutes)


def event(
    name: str, minutes: float, subject: str = "", *mrs: MrId, details: Mapping[str, str] = {}
) -> Happened:
    named = mrs or (ID,)
    return Happened(Sha("e" * 40), name, subject, after(minutes), "bob", named, details)


def attempt(outcome: AttemptOutcome, minutes: float, note: str = "") -> Attempt:
    return Attempt(after(minutes), "bob", outcome, BASE, TREE, (ID,), note)


def verdict(result: Result, minutes: float, *checks: CheckReport) -> Verdict:
    return Verdict(
        TREE, "f", result, 1, Branch("main"), BASE, (ID, OTHER), 90.0, after(minutes), "bob",
        checks=checks,
    )  # fmt: skip


def titles(mr: MergeRequest, past: Past) -> list[str]:
    told = story(mr, Explanation(Code.READY, "words"), past)
    return [each.title for each in told.moments]


def test_it_begins_with_its_submission() -> None:
    [moment] = story(MR, Explanation(Code.READY, "words"), Past()).moments
    assert (moment.title, moment.by, moment.at, moment.commit) == ("Submitted", "ada", BEGAN, HEAD)


def test_events_come_newest_first_and_are_told_oldest_first_also_within_a_second() -> None:
    events = (event("conflict", 1), event("queued", 1), event("held", 0.5))
    assert titles(MR, Past(events)) == ["Submitted", "Held", "Queued", "Conflicts"]


def test_what_says_something_of_the_machinery_only_is_left_out() -> None:
    events = tuple(event(name, 1) for name in ("told", "telling", "archived", "tidied"))
    assert titles(MR, Past(events)) == ["Submitted"]


def test_an_event_nobody_here_knows_is_told_by_its_name() -> None:
    assert titles(MR, Past((event("frobnicated_twice", 1),))) == ["Submitted", "Frobnicated twice"]


@pytest.mark.parametrize(
    ("outcome", "name", "title"),
    [
        (AttemptOutcome.TESTS_FAIL, "merge_failed", "Checks failed"),
        (AttemptOutcome.TIMEOUT, "merge_failed", "The checks took too long"),
        (AttemptOutcome.CONFLICT, "conflict", "Conflicts"),
        (AttemptOutcome.LANDED, "merged", "Landed"),
    ],
)
def test_an_attempt_and_its_event_are_one_moment(
    outcome: AttemptOutcome, name: str, title: str
) -> None:
    mr = replace(MR, attempts=(attempt(outcome, 1, "a note"),))
    told = story(mr, Explanation(Code.READY, "words"), Past((event(name, 1.2, "subject"),)))
    [_, moment] = told.moments
    assert (moment.title, moment.words, moment.base) == (title, "a note", BASE)


def test_an_attempt_without_an_event_is_told_all_the_same() -> None:
    mr = replace(
        MR, attempts=(attempt(AttemptOutcome.PUSH_FAIL, 1), attempt(AttemptOutcome.TESTS_FAIL, 9))
    )
    events = (event("merge_failed", 9),)
    assert titles(mr, Past(events)) == ["Submitted", "The push failed", "Checks failed"]


def test_a_verdict_is_told_with_its_event_or_by_itself() -> None:
    failed = CheckReport("unit", Result.FAIL, 80.0, 1, "exit status 1", "the end")
    found = verdict(Result.FAIL, 2, CheckReport("lint", Result.PASS, 9.0), failed)
    details = {
        "Refinery-Result": "fail",
        "Refinery-Seconds": "180",
        "Refinery-Runs": "2",
        "Refinery-Members": "2",
        "Refinery-Verdict": f"{TREE}-f",
    }
    by_event = Past((event("tested", 2, "", ID, OTHER, details=details),), (found,))
    [_, moment] = story(MR, Explanation(Code.READY, "words"), by_event).moments
    assert (moment.title, moment.role, moment.company) == ("Tested: failed", Role.BAD, (OTHER,))
    assert moment.facts == ("checks took 3 min", "run 2 times")
    assert moment.checks == (failed,)
    [_, alone] = story(MR, Explanation(Code.READY, "words"), Past((), (found,))).moments
    assert (alone.title, alone.at, alone.checks) == ("Tested: failed", after(2), (failed,))


def test_the_words_of_an_event_do_not_repeat_its_title() -> None:
    events = (
        event("held", 1, f"hold {ID}: until Thursday"),
        event("blocked", 2, f"{ID} is blocked by local#1"),
    )
    told = story(MR, Explanation(Code.READY, "words"), Past(tuple(reversed(events))))
    assert [each.words for each in told.moments] == ["", "until Thursday", "blocked by local#1"]


def test_issues_are_part_of_it() -> None:
    said = (Comment("cyd", after(3), "On it."),)
    issue = Issue(
        IssueRef("local#1"), IssueState.CLOSED, "Resolve", "body", after(2),
        closed_at=after(4), comments=said,
    )  # fmt: skip
    past = Past((event("conflict", 1), event("unblocked", 5))[::-1], (), (issue,))
    assert titles(MR, past) == [
        "Submitted",
        "Conflicts",
        "local#1 was opened",
        "Comment on local#1",
        "local#1 was closed",
        "Unblocked",
    ]


def test_a_reviewer_who_asks_why_it_is_not_in_reads_it_off_one_page(told: Shown) -> None:
    """The whole of what happened to a real one, in order."""
    browser = told.look()
    page = browser.get(f"/mr/{told.box.mr('late').id}").html.text
    story_part = page.partition("Story")[2].partition("Facts")[0]
    order = ["Submitted", "Queued", "Conflicts", "a.txt", "Blocked", "blocked by local#1"]
    places = [story_part.index(words) for words in order]
    assert places == sorted(places)
    assert "Conflicts with main@" in page.partition("Story")[0]
    assert f"refinery resolve {told.box.mr('late').id}" in page.partition("Story")[0]
