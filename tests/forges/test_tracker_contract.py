"""The contract of a tracker: opened once whatever happens, and nothing assumed when in doubt."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from refinery.adapters.forge_errors import (
    BadToken,
    ForgeAway,
    IssuesDisabled,
    NoSuchRepository,
    NotPermitted,
    NotThere,
    RateLimited,
)
from refinery.engine.ports import Tracker
from refinery.errors import RefineryError, TryAgain
from refinery.queue.tracking import IssueDraft, IssueStatus, OpenIssue
from refinery.records.names import IssueRef, MrId
from tests.forges.benches import RemoteBench, TrackerBench, Trouble

MARKER = f"refinery:mr=mr-0123456789 revision={'a' * 40}"
DRAFT = IssueDraft(
    title="Resolve merge conflicts: add a cart",
    body=f"`feat` does not merge into `main`.\n\n<!-- {MARKER} -->",
    marker=MARKER,
    mr=MrId("mr-0123456789"),
    priority=1,
    labels=("needs-rebase",),
)
# What each trouble is called; a tracker may not let any other error through.
NAMED: dict[Trouble, type[RefineryError]] = {
    Trouble.SERVER_ERROR: ForgeAway,
    Trouble.CUT: ForgeAway,
    Trouble.HANGS: ForgeAway,
    Trouble.RATE_LIMITED: RateLimited,
    Trouble.SECONDARY_LIMIT: RateLimited,
    Trouble.BAD_TOKEN: BadToken,
    Trouble.FORBIDDEN: NotPermitted,
    Trouble.ISSUES_DISABLED: IssuesDisabled,
    Trouble.NO_REPOSITORY: NoSuchRepository,
}
LOST = [Trouble.LOST_ANSWER, Trouble.CUT_AFTER]


def another(number: int) -> IssueDraft:
    """The draft of another merge request."""
    marker = MARKER.replace("mr-0123456789", f"mr-{number:010}")
    return replace(DRAFT, marker=marker, body=DRAFT.body.replace(MARKER, marker))


def test_an_issue_is_opened_as_it_was_drafted(bench: TrackerBench) -> None:
    ref = bench.tracker().open(replace(DRAFT, assignee=bench.assignable))
    [seen] = bench.issues()
    assert ref.startswith(f"{bench.name}#")
    assert (seen.ref, seen.title, seen.body, seen.is_open) == (ref, DRAFT.title, DRAFT.body, True)
    assert "needs-rebase" in seen.labels
    assert seen.assignees == {bench.assignable}
    assert seen.comments == ()


def test_an_author_who_cannot_be_assigned_leaves_it_unassigned(remote_bench: RemoteBench) -> None:
    tracker = remote_bench.tracker()
    for number, stranger in enumerate(("no-such-user", "Ada Author <ada@example.com>", "a/b", "")):
        ref = tracker.open(replace(another(number), assignee=stranger))
        assert remote_bench.seen(ref).assignees == frozenset()


def test_opening_twice_gives_the_same_issue(bench: TrackerBench) -> None:
    first = bench.tracker().open(DRAFT)
    assert bench.tracker().open(DRAFT) == first
    assert len(bench.issues()) == 1


def test_two_markers_are_two_issues(bench: TrackerBench) -> None:
    tracker = bench.tracker()
    assert tracker.open(DRAFT) != tracker.open(another(1))
    assert len(bench.issues()) == 2


def test_workers_that_open_at_the_same_time_agree_on_one(bench: TrackerBench) -> None:
    trackers = [bench.tracker() for _ in range(3)]
    ready = threading.Barrier(len(trackers))

    def race(tracker: Tracker) -> IssueRef:
        tracker.find(MARKER)
        ready.wait(10)
        return tracker.open(DRAFT)

    with ThreadPoolExecutor(len(trackers)) as pool:
        opened = set(pool.map(race, trackers))
    still_open = [seen.ref for seen in bench.issues() if seen.is_open]
    assert opened == set(still_open)
    assert len(still_open) == 1


def test_an_issue_is_found_by_its_marker_open_or_closed(bench: TrackerBench) -> None:
    tracker = bench.tracker()
    assert tracker.find(MARKER) is None
    ref = tracker.open(DRAFT)
    assert tracker.find(MARKER) == ref
    bench.close(ref)
    assert tracker.find(MARKER) == ref
    assert tracker.open(DRAFT) == ref


def test_other_issues_are_not_taken_for_ours(bench: TrackerBench) -> None:
    bench.file("something else")
    bench.file("no body", "")
    tracker = bench.tracker()
    assert tracker.find(MARKER) is None
    assert tracker.open(DRAFT) == bench.issues()[-1].ref


def test_states_are_told_as_people_left_them(bench: TrackerBench) -> None:
    tracker = bench.tracker()
    open_one, closed, reopened = (tracker.open(another(number)) for number in range(3))
    for issue in (closed, reopened):
        bench.close(issue)
    bench.reopen(reopened)
    assert dict(tracker.statuses([open_one, closed, reopened])) == {
        open_one: IssueStatus.OPEN,
        closed: IssueStatus.CLOSED,
        reopened: IssueStatus.OPEN,
    }
    assert dict(tracker.statuses([])) == {}


def test_the_states_of_many_are_the_same_as_of_one(bench: TrackerBench) -> None:
    tracker = bench.tracker()
    refs = [tracker.open(another(number)) for number in range(9)]
    for ref in refs[::3]:
        bench.close(ref)
    together = dict(tracker.statuses(refs))
    assert together == {ref: dict(tracker.statuses([ref]))[ref] for ref in refs}
    assert list(together.values()).count(IssueStatus.CLOSED) == 3


def test_an_issue_that_never_was_is_gone(bench: TrackerBench) -> None:
    tracker = bench.tracker()
    ref = tracker.open(DRAFT)
    nobody = IssueRef(f"{bench.name}#4711")
    assert dict(tracker.statuses([ref, nobody])) == {
        ref: IssueStatus.OPEN,
        nobody: IssueStatus.GONE,
    }


@pytest.mark.parametrize("many", [False, True])
def test_a_deleted_or_transferred_issue_is_gone(remote_bench: RemoteBench, many: bool) -> None:
    tracker = remote_bench.tracker()
    refs = [tracker.open(another(number)) for number in range(6 if many else 2)]
    remote_bench.delete(refs[0])
    remote_bench.transfer(refs[1])
    found = tracker.statuses(refs)
    assert [found[ref] for ref in refs[:2]] == [IssueStatus.GONE, IssueStatus.GONE]
    assert {found[ref] for ref in refs[2:]} <= {IssueStatus.OPEN}


def test_nothing_is_said_on_a_deleted_or_transferred_issue(remote_bench: RemoteBench) -> None:
    tracker = remote_bench.tracker()
    deleted, moved = tracker.open(DRAFT), tracker.open(another(1))
    remote_bench.delete(deleted)
    remote_bench.transfer(moved)
    for ref in (deleted, moved):
        with pytest.raises(NotThere):
            tracker.comment(ref, "hello")
        with pytest.raises(NotThere):
            tracker.close(ref, "done")
        with pytest.raises(NotThere):
            tracker.label(ref, add=["needs-fix"], remove=[])


def test_comments_are_said_each_time(bench: TrackerBench) -> None:
    tracker = bench.tracker()
    ref = tracker.open(DRAFT)
    tracker.comment(ref, "first\n\n`code`")
    tracker.comment(ref, "again")
    tracker.comment(ref, "again")
    assert bench.seen(ref).comments == ("first\n\n`code`", "again", "again")


def test_closing_and_reopening_say_why_once(bench: TrackerBench) -> None:
    tracker = bench.tracker()
    ref = tracker.open(DRAFT)
    for _ in range(2):
        tracker.close(ref, "landed")
    assert (bench.seen(ref).is_open, bench.seen(ref).comments) == (False, ("landed",))
    for _ in range(2):
        tracker.reopen(ref, "back again")
    assert (bench.seen(ref).is_open, bench.seen(ref).comments) == (True, ("landed", "back again"))
    tracker.close(ref, "landed")
    assert bench.seen(ref).comments == ("landed", "back again", "landed")


def test_what_people_closed_is_not_commented(bench: TrackerBench) -> None:
    tracker = bench.tracker()
    ref = tracker.open(DRAFT)
    bench.close(ref)
    tracker.close(ref, "landed")
    assert bench.seen(ref).comments == ()


def test_labels_are_put_on_and_taken_off_once(bench: TrackerBench) -> None:
    tracker = bench.tracker()
    ref = tracker.open(DRAFT)
    before = bench.seen(ref).labels
    for _ in range(2):
        tracker.label(ref, add=["needs-fix", "needs-retry"], remove=["needs-rebase", "never-there"])
    assert bench.seen(ref).labels == before - {"needs-rebase"} | {"needs-fix", "needs-retry"}


def test_open_issues_with_a_label_are_told_with_their_titles(bench: TrackerBench) -> None:
    tracker = bench.tracker()
    assert [*tracker.labelled("tree-closed")] == []
    first, second, closed = (tracker.open(another(number)) for number in range(3))
    for ref in (first, closed):
        tracker.label(ref, add=["tree-closed"], remove=[])
    tracker.label(second, add=["tree-closed-not"], remove=[])
    bench.close(closed)
    assert [*tracker.labelled("tree-closed")] == [OpenIssue(first, DRAFT.title)]


def test_a_body_that_is_too_long_still_carries_its_marker(bench: TrackerBench) -> None:
    long = replace(DRAFT, title="t" * 400, body="ü" * 100_000 + f"\n\n<!-- {MARKER} -->")
    ref = bench.tracker().open(long)
    assert bench.tracker().find(MARKER) == ref
    assert bench.tracker().open(long) == ref
    assert bench.seen(ref).body.endswith(f"<!-- {MARKER} -->")


@pytest.mark.parametrize("trouble", NAMED, ids=lambda trouble: trouble.name.lower())
def test_trouble_is_named_and_nothing_is_assumed(
    remote_bench: RemoteBench, trouble: Trouble
) -> None:
    """Each method raises the named error, says what to do, and changes nothing."""
    troubles = remote_bench.troubles
    tracker = remote_bench.tracker()
    ref = tracker.open(DRAFT)
    before = remote_bench.issues()
    troubles.break_down(trouble)
    calls: list[Callable[[], object]] = [
        lambda: remote_bench.tracker().find(MARKER),
        lambda: remote_bench.tracker().open(another(1)),
        lambda: remote_bench.tracker().statuses([ref]),
        lambda: remote_bench.tracker().labelled("tree-closed"),
        lambda: remote_bench.tracker().comment(ref, "hello"),
        lambda: remote_bench.tracker().close(ref, "done"),
    ]
    for call in calls[:1] if trouble is Trouble.HANGS else calls:  # a second each
        with pytest.raises(NAMED[trouble]) as caught:
            call()
        assert caught.value.hint
        assert isinstance(caught.value, TryAgain) == issubclass(NAMED[trouble], TryAgain)
    troubles.heal()
    assert remote_bench.issues() == before


@pytest.mark.parametrize(
    "trouble",
    [trouble for trouble in NAMED if trouble is not Trouble.HANGS],
    ids=lambda trouble: trouble.name.lower(),
)
def test_an_issue_is_never_gone_because_of_trouble(
    remote_bench: RemoteBench, trouble: Trouble
) -> None:
    """A tracker that knew the repository before it broke is no wiser than a new one."""
    troubles = remote_bench.troubles
    tracker = remote_bench.tracker()
    refs = [tracker.open(another(number)) for number in range(5)]
    troubles.break_down(trouble)
    for asked in (refs[:1], refs):
        with pytest.raises(RefineryError):
            tracker.statuses(asked)


def test_a_limit_says_when_it_ends(remote_bench: RemoteBench) -> None:
    troubles = remote_bench.troubles
    troubles.break_down(Trouble.RATE_LIMITED)
    with pytest.raises(RateLimited, match=r"answers again at [0-9:]{8} UTC") as caught:
        remote_bench.tracker().find(MARKER)
    assert f"{caught.value.until:%H:%M:%S}" in caught.value.message


def test_a_server_that_stumbles_once_is_asked_again(remote_bench: RemoteBench) -> None:
    troubles = remote_bench.troubles
    for number, trouble in enumerate((Trouble.SERVER_ERROR, Trouble.CUT)):
        troubles.break_down(trouble, times=1)
        ref = remote_bench.tracker().open(another(number))
        assert remote_bench.seen(ref).is_open


def test_a_slow_answer_is_waited_for(remote_bench: RemoteBench) -> None:
    remote_bench.troubles.break_down(Trouble.SLOW, times=2)
    ref = remote_bench.tracker().open(DRAFT)
    assert [seen.ref for seen in remote_bench.issues()] == [ref]


@pytest.mark.parametrize("trouble", LOST, ids=lambda trouble: trouble.name.lower())
def test_a_lost_answer_makes_no_second_issue(remote_bench: RemoteBench, trouble: Trouble) -> None:
    """The issue is made, but we are not told: within the call, and over calls that both fail."""
    troubles = remote_bench.troubles
    remote_bench.tracker().label(
        remote_bench.tracker().open(another(9)), add=["priority/1"], remove=[]
    )
    troubles.break_down(trouble, writes=True, times=1)
    ref = remote_bench.tracker().open(DRAFT)
    assert [seen.ref for seen in remote_bench.issues()][1:] == [ref]


@pytest.mark.parametrize("trouble", LOST, ids=lambda trouble: trouble.name.lower())
def test_a_lost_answer_makes_no_second_comment(remote_bench: RemoteBench, trouble: Trouble) -> None:
    troubles = remote_bench.troubles
    tracker = remote_bench.tracker()
    ref = tracker.open(DRAFT)
    troubles.break_down(trouble, writes=True, times=1)
    tracker.comment(ref, "hello")
    troubles.break_down(trouble, writes=True, times=1)
    tracker.close(ref, "done")
    assert (remote_bench.seen(ref).comments, remote_bench.seen(ref).is_open) == (
        ("hello", "done"),
        False,
    )


@pytest.mark.parametrize("trouble", [Trouble.SERVER_ERROR, Trouble.CUT])
def test_a_comment_that_was_not_made_is_not_taken_for_made(
    remote_bench: RemoteBench, trouble: Trouble
) -> None:
    """Only writing fails: the comment that can be read is the one before."""
    tracker = remote_bench.tracker()
    ref = tracker.open(DRAFT)
    tracker.comment(ref, "hello")
    remote_bench.troubles.break_down(trouble, writes=True)
    with pytest.raises(ForgeAway):
        tracker.comment(ref, "hello")
    remote_bench.troubles.heal()
    assert remote_bench.seen(ref).comments == ("hello",)


def test_closing_that_died_after_its_comment_does_not_say_it_again(
    remote_bench: RemoteBench,
) -> None:
    tracker = remote_bench.tracker()
    ref = tracker.open(DRAFT)
    tracker.comment(ref, "landed")
    tracker.close(ref, "landed")
    assert (remote_bench.seen(ref).comments, remote_bench.seen(ref).is_open) == (("landed",), False)


def test_a_marker_that_is_only_quoted_is_none(bench: TrackerBench) -> None:
    """A branch, a file or a commit can be called like another issue's marker."""
    quoting = replace(another(1), body=f"- `x <!-- {MARKER} -->`\n- {MARKER}\n\n{another(1).body}")
    other = bench.tracker().open(quoting)
    assert bench.tracker().find(MARKER) is None
    assert bench.tracker().open(DRAFT) != other


def test_a_body_that_quotes_its_own_marker_still_carries_it(bench: TrackerBench) -> None:
    first = bench.tracker().open(replace(DRAFT, body=f"`feat {MARKER}` does not merge"))
    assert bench.tracker().find(MARKER) == first


def test_an_issue_of_a_stranger_is_not_ours_whatever_it_carries(
    remote_bench: RemoteBench,
) -> None:
    """Else who closes it would let a merge request go on, and nobody would be told how."""
    forged = remote_bench.file_as_stranger("Pay me", f"<!-- {MARKER} -->")
    tracker = remote_bench.tracker()
    assert tracker.find(MARKER) is None
    opened = tracker.open(DRAFT)
    assert opened != forged
    assert remote_bench.seen(opened).is_open
    assert tracker.find(MARKER) == opened
