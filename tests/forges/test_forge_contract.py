"""The contract of a forge: what is there is found first, and merged only as it was told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from refinery.adapters.forge_errors import (
    BadToken,
    ForgeAway,
    ForgeRefused,
    NoSuchRepository,
    NotPermitted,
    RateLimited,
)
from refinery.errors import RefineryError
from refinery.queue.pull_requests import (
    HeadState,
    HeadStatus,
    MergedNow,
    MergeRefused,
    MergesLater,
    PullRequest,
    PullRequestDraft,
    PullRequestState,
)
from refinery.records.merge_request import Method
from refinery.records.names import Branch, Sha
from tests.forges.benches import ForgeBench, SeenStatus, Trouble

MAIN = Branch("main")
NAMED: dict[Trouble, type[RefineryError]] = {
    Trouble.SERVER_ERROR: ForgeAway,
    Trouble.CUT: ForgeAway,
    Trouble.RATE_LIMITED: RateLimited,
    Trouble.SECONDARY_LIMIT: RateLimited,
    Trouble.BAD_TOKEN: BadToken,
    Trouble.FORBIDDEN: NotPermitted,
    Trouble.NO_REPOSITORY: NoSuchRepository,
}
LOST = [Trouble.LOST_ANSWER, Trouble.CUT_AFTER]


def a_draft(source: str = "feat") -> PullRequestDraft:
    """A pull request to main."""
    return PullRequestDraft(Branch(source), MAIN, "Add a cart", "It holds things.")


def opened(bench: ForgeBench, source: str = "feat") -> tuple[PullRequest, Sha]:
    """One that is open, and where its branch is."""
    head = bench.branch(source)
    return bench.forge().open_pull_request(a_draft(source)), head


def test_a_pull_request_is_opened_as_it_was_drafted(forge_bench: ForgeBench) -> None:
    pull, head = opened(forge_bench)
    assert pull == PullRequest(
        number=pull.number,
        state=PullRequestState.OPEN,
        source=Branch("feat"),
        target=MAIN,
        head=head,
        url=pull.url,
    )
    assert pull.url.startswith("http")
    assert forge_bench.forge().pull_request(pull.number) == pull
    assert list(forge_bench.forge().pull_requests(Branch("feat"), MAIN)) == [pull]


def test_the_one_that_is_open_is_found(forge_bench: ForgeBench) -> None:
    first, _ = opened(forge_bench)
    assert forge_bench.forge().open_pull_request(a_draft()) == first


def test_one_that_was_closed_is_not_taken_for_open(forge_bench: ForgeBench) -> None:
    first, _ = opened(forge_bench)
    forge_bench.close_pull(first.number)
    forge = forge_bench.forge()
    assert list(forge.pull_requests(Branch("feat"), MAIN)) == []
    assert forge.open_pull_request(a_draft()).number != first.number
    closed = forge.pull_request(first.number)
    assert closed
    assert closed.state is PullRequestState.CLOSED


def test_those_that_ended_are_listed_where_asked_for(forge_bench: ForgeBench) -> None:
    numbers = []
    for end in (forge_bench.merge_pull, forge_bench.close_pull):
        pull, _ = opened(forge_bench)
        numbers.append(pull.number)
        end(pull.number)
    still_open, _ = opened(forge_bench)
    found = forge_bench.forge().pull_requests(Branch("feat"), MAIN, ended=True)
    assert [(pull.number, pull.state) for pull in found] == [
        (still_open.number, PullRequestState.OPEN),
        (numbers[1], PullRequestState.CLOSED),
        (numbers[0], PullRequestState.MERGED),
    ]
    assert found[2].merge_commit


def test_pull_requests_of_other_branches_are_others(forge_bench: ForgeBench) -> None:
    first, _ = opened(forge_bench, "feat")
    other, _ = opened(forge_bench, "feat/more")
    forge = forge_bench.forge()
    assert list(forge.pull_requests(Branch("feat"), MAIN)) == [first]
    assert list(forge.pull_requests(Branch("feat/more"), MAIN)) == [other]
    assert list(forge.pull_requests(Branch("feat"), Branch("release"))) == []


def test_a_pull_request_that_never_was_is_none(forge_bench: ForgeBench) -> None:
    assert forge_bench.forge().pull_request(4711) is None


def test_a_branch_that_is_not_there_is_refused(forge_bench: ForgeBench) -> None:
    with pytest.raises(ForgeRefused):
        forge_bench.forge().open_pull_request(a_draft("nowhere"))


@pytest.mark.parametrize("method", [Method.MERGE, Method.SQUASH, Method.REBASE])
def test_a_pull_request_is_merged_at_its_head(forge_bench: ForgeBench, method: Method) -> None:
    forge_bench.allow(method)
    pull, head = opened(forge_bench)
    answer = forge_bench.forge().merge(pull.number, head=head, method=method)
    assert answer == MergedNow(forge_bench.main())
    merged = forge_bench.forge().pull_request(pull.number)
    assert merged
    assert (merged.state, merged.merge_commit) == (PullRequestState.MERGED, forge_bench.main())


def test_merging_again_gives_the_same_commit(forge_bench: ForgeBench) -> None:
    pull, head = opened(forge_bench)
    forge = forge_bench.forge()
    first = forge.merge(pull.number, head=head, method=Method.MERGE)
    assert forge.merge(pull.number, head=head, method=Method.MERGE) == first


def test_what_a_person_merged_is_merged(forge_bench: ForgeBench) -> None:
    pull, head = opened(forge_bench)
    commit = forge_bench.merge_pull(pull.number)
    answer = forge_bench.forge().merge(pull.number, head=head, method=Method.MERGE)
    assert answer == MergedNow(commit)


def test_what_was_merged_at_another_head_is_refused(forge_bench: ForgeBench) -> None:
    pull, _ = opened(forge_bench)
    before = forge_bench.main()
    forge_bench.merge_pull(pull.number)
    answer = forge_bench.forge().merge(pull.number, head=before, method=Method.MERGE)
    assert isinstance(answer, MergeRefused)


def test_another_head_is_not_merged(forge_bench: ForgeBench) -> None:
    pull, _ = opened(forge_bench)
    before = forge_bench.main()
    answer = forge_bench.forge().merge(pull.number, head=before, method=Method.MERGE)
    assert isinstance(answer, MergeRefused)
    assert before in answer.why
    assert forge_bench.main() == before


def test_what_is_closed_or_never_was_is_not_merged(forge_bench: ForgeBench) -> None:
    pull, head = opened(forge_bench)
    forge_bench.close_pull(pull.number)
    forge = forge_bench.forge()
    for number in (pull.number, 4711):
        answer = forge.merge(number, head=head, method=Method.MERGE)
        assert isinstance(answer, MergeRefused)
        assert f"#{number}" in answer.why or f"!{number}" in answer.why


def test_what_lacks_its_checks_is_merged_by_the_forge_later(forge_bench: ForgeBench) -> None:
    pull, head = opened(forge_bench)
    forge_bench.require_checks()
    before = forge_bench.main()
    for _ in range(2):
        answer = forge_bench.forge().merge(pull.number, head=head, method=Method.SQUASH)
        assert answer == MergesLater()
    assert forge_bench.merges_by_itself(pull.number)
    assert forge_bench.main() == before


@pytest.mark.parametrize("state", HeadState)
def test_a_status_is_shown_beside_its_commit(forge_bench: ForgeBench, state: HeadState) -> None:
    head = forge_bench.branch("feat")
    url = "https://example.com/runs/7"
    forge_bench.forge().set_status(head, HeadStatus(state, "2nd of 5 in the queue", url))
    assert forge_bench.shown(head) == SeenStatus(state.value, "2nd of 5 in the queue", url)


def test_the_newest_status_counts_however_often_it_is_told(forge_bench: ForgeBench) -> None:
    head = forge_bench.branch("feat")
    forge = forge_bench.forge()
    first, second = HeadStatus(HeadState.PENDING, "waits"), HeadStatus(HeadState.SUCCESS, "landed")
    for status in (first, first, second, second, first):
        forge.set_status(head, status)
        shown = forge_bench.shown(head)
        assert shown
        assert (shown.state, shown.description) == (status.state.value, status.description)
    forge_bench.forge().set_status(head, first)


def test_a_long_description_is_cut(forge_bench: ForgeBench) -> None:
    head = forge_bench.branch("feat")
    forge_bench.forge().set_status(head, HeadStatus(HeadState.PENDING, "ü" * 500))
    shown = forge_bench.shown(head)
    assert shown
    assert shown.description.startswith("ü" * 100)


def test_a_pull_request_is_commented(forge_bench: ForgeBench) -> None:
    pull, _ = opened(forge_bench)
    forge = forge_bench.forge()
    forge.comment_on(pull.number, "first")
    forge.comment_on(pull.number, "second\n\n`code`")
    assert forge_bench.said_on(pull.number) == ("first", "second\n\n`code`")
    assert forge.commented(pull.number, "second")
    assert not forge.commented(pull.number, "third")


def test_closing_says_why_once(forge_bench: ForgeBench) -> None:
    pull, _ = opened(forge_bench)
    for _ in range(2):
        forge_bench.forge().close_pull_request(pull.number, "landed as abc")
    closed = forge_bench.forge().pull_request(pull.number)
    assert closed
    assert closed.state is PullRequestState.CLOSED
    assert forge_bench.said_on(pull.number) == ("landed as abc",)


def test_what_is_merged_is_not_closed(forge_bench: ForgeBench) -> None:
    pull, _ = opened(forge_bench)
    forge_bench.merge_pull(pull.number)
    forge_bench.forge().close_pull_request(pull.number, "landed as abc")
    merged = forge_bench.forge().pull_request(pull.number)
    assert merged
    assert merged.state is PullRequestState.MERGED
    assert forge_bench.said_on(pull.number) == ()


def test_an_open_pull_request_goes_on_to_another_branch(forge_bench: ForgeBench) -> None:
    forge_bench.branch("lower")
    forge_bench.branch("upper")
    draft = PullRequestDraft(Branch("upper"), Branch("lower"), "Go on", "")
    forge = forge_bench.forge()
    pull = forge.open_pull_request(draft)
    for _ in range(2):
        forge.retarget_pull_request(pull.number, MAIN)
    assert [each.number for each in forge.pull_requests(Branch("upper"), MAIN)] == [pull.number]
    assert not forge.pull_requests(Branch("upper"), Branch("lower"))
    forge_bench.close_pull(pull.number)
    forge.retarget_pull_request(pull.number, Branch("lower"))
    ended = forge.pull_request(pull.number)
    assert ended is not None
    assert ended.target == MAIN


def test_labels_are_put_on_a_pull_request_and_taken_off(forge_bench: ForgeBench) -> None:
    pull, _ = opened(forge_bench)
    forge = forge_bench.forge()
    for _ in range(2):
        forge.label_pull_request(pull.number, add=["needs-rebase", "needs-fix"], remove=[])
    forge.label_pull_request(pull.number, add=[], remove=["needs-fix", "never-there"])
    labelled = forge.pull_request(pull.number)
    assert labelled
    assert labelled.labels == ("needs-rebase",)


@pytest.mark.parametrize("trouble", NAMED, ids=lambda trouble: trouble.name.lower())
def test_trouble_is_named_and_nothing_is_changed(forge_bench: ForgeBench, trouble: Trouble) -> None:
    pull, head = opened(forge_bench)
    before = forge_bench.main()
    forge_bench.troubles.break_down(trouble)
    calls: list[Callable[[], object]] = [
        lambda: forge_bench.forge().pull_request(pull.number),
        lambda: forge_bench.forge().open_pull_request(a_draft()),
        lambda: forge_bench.forge().merge(pull.number, head=head, method=Method.MERGE),
        lambda: forge_bench.forge().set_status(head, HeadStatus(HeadState.SUCCESS, "landed")),
        lambda: forge_bench.forge().comment_on(pull.number, "hello"),
    ]
    for call in calls:
        with pytest.raises(NAMED[trouble]) as caught:
            call()
        assert caught.value.hint
    forge_bench.troubles.heal()
    assert forge_bench.main() == before
    assert forge_bench.shown(head) is None
    assert forge_bench.said_on(pull.number) == ()


@pytest.mark.parametrize("trouble", LOST, ids=lambda trouble: trouble.name.lower())
def test_a_lost_answer_does_nothing_twice(forge_bench: ForgeBench, trouble: Trouble) -> None:
    head = forge_bench.branch("feat")
    forge, troubles = forge_bench.forge(), forge_bench.troubles
    troubles.break_down(trouble, writes=True, times=1)
    pull = forge.open_pull_request(a_draft())
    troubles.break_down(trouble, writes=True, times=1)
    forge.comment_on(pull.number, "hello")
    troubles.break_down(trouble, writes=True, times=1)
    answer = forge.merge(pull.number, head=head, method=Method.MERGE)
    assert answer == MergedNow(forge_bench.main())
    assert list(forge.pull_requests(Branch("feat"), MAIN)) == []
    assert forge_bench.said_on(pull.number) == ("hello",)
