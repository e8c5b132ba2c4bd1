"""GitLab's own ways: job tokens, quick actions, moved issues, statuses that will not be renewed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from refinery.adapters.forge_access import ForgeAccess
from refinery.adapters.forge_address import NoToken
from refinery.adapters.forge_errors import (
    ForgeAway,
    IssuesDisabled,
    NoSuchRepository,
    NotPermitted,
)
from refinery.adapters.gitlab.notes import harmless
from refinery.engine.ports import Forge, Tracker
from refinery.queue.pull_requests import (
    HeadState,
    HeadStatus,
    MergedNow,
    MergeRefused,
    MergesLater,
    PullRequestDraft,
)
from refinery.queue.tracking import IssueStatus
from refinery.records.merge_request import Method
from refinery.records.names import Branch, IssueRef, Sha
from tests.forges.benches import Trouble
from tests.forges.fake_gitlab import JOB_TOKEN
from tests.forges.fault_proxy import Asked, Fault
from tests.forges.gitlab_bench import GitLabBench
from tests.forges.test_rest import DRAFT, MARKER

MAIN = Branch("main")


def opened(bench: GitLabBench) -> tuple[int, Sha]:
    """A merge request of a fresh branch."""
    head = bench.branch("feat")
    draft = PullRequestDraft(Branch("feat"), MAIN, "Add a cart", "/close\nIt holds things.")
    return bench.forge().open_pull_request(draft).number, head


def merged(bench: GitLabBench, method: Method = Method.MERGE) -> object:
    """What comes of merging a fresh one."""
    number, head = opened(bench)
    return bench.forge().merge(number, head=head, method=method)


def test_it_fits_what_the_engine_asks_for(gitlab_bench: GitLabBench) -> None:
    tracker: Tracker = gitlab_bench.tracker()
    forge: Forge = gitlab_bench.forge()
    assert (tracker.name, forge.name) == ("gitlab", "gitlab")
    assert gitlab_bench.asked() == []


def test_a_path_of_groups_is_one_segment(gitlab_bench: GitLabBench) -> None:
    gitlab_bench.tracker().find(MARKER)
    path = gitlab_bench.project.path.replace("/", "%2F")
    assert gitlab_bench.asked() == [
        f"GET /api/v4/projects/{path}/issues",
        f"GET /api/v4/projects/{path}",  # it has no issues: is it that none are shown?
    ]


def test_without_a_token_nothing_is_asked(
    gitlab_bench: GitLabBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITLAB_TOKEN")
    with pytest.raises(NoToken):
        gitlab_bench.tracker().find(MARKER)
    assert gitlab_bench.asked() == []


@pytest.mark.parametrize(
    "call",
    [
        lambda bench: bench.tracker().find(MARKER),
        lambda bench: bench.tracker().open(DRAFT),
        lambda bench: bench.tracker().statuses([IssueRef("gitlab#1")]),
        lambda bench: bench.tracker().comment(IssueRef("gitlab#1"), "hello"),
        lambda bench: bench.forge().pull_request(1),
        lambda bench: bench.forge().set_status("a" * 40, HeadStatus(HeadState.SUCCESS, "x")),
        lambda bench: bench.forge().access(),
    ],
)
def test_a_jobs_own_token_is_told_what_it_lacks(
    gitlab_bench: GitLabBench,
    monkeypatch: pytest.MonkeyPatch,
    call: Callable[[GitLabBench], object],
) -> None:
    monkeypatch.delenv("GITLAB_TOKEN")
    monkeypatch.setenv("CI_JOB_TOKEN", JOB_TOKEN)
    with pytest.raises(NotPermitted, match="a CI job's own token") as caught:
        call(gitlab_bench)
    assert caught.value.hint == (
        "make a project access token with the scope `api`, and set GITLAB_TOKEN to it"
    )
    assert all("private-token" not in one.headers for one in gitlab_bench.proxy.asked)
    assert all(not one.writes for one in gitlab_bench.proxy.asked)


def test_a_token_of_ours_goes_before_the_jobs(
    gitlab_bench: GitLabBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI_JOB_TOKEN", JOB_TOKEN)
    assert gitlab_bench.tracker().open(DRAFT) == "gitlab#1"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/close", "\\/close"),
        ("fine\n/assign @ada\n", "fine\n\\/assign @ada\n"),
        ("a/b and /tmp", "a/b and /tmp"),
        ("- /close", "- /close"),
        ("/ alone", "/ alone"),
        ("//comment", "//comment"),
    ],
)
def test_no_line_is_a_quick_action(text: str, said: str) -> None:
    assert harmless(text) == said


def test_nothing_that_is_said_is_obeyed(gitlab_bench: GitLabBench) -> None:
    tracker, forge = gitlab_bench.tracker(), gitlab_bench.forge()
    ref = tracker.open(replace(DRAFT, body=f"/close\n\n<!-- {MARKER} -->"))
    tracker.comment(ref, "/label ~x")
    number, _ = opened(gitlab_bench)
    forge.comment_on(number, "/merge")
    assert gitlab_bench.seen(ref).body.startswith("\\/close")
    assert gitlab_bench.seen(ref).comments == ("\\/label ~x",)
    assert gitlab_bench.said_on(number) == ("\\/merge",)
    told = gitlab_bench.project.merge_requests[number]["description"]
    assert told == "\\/close\nIt holds things."


def test_a_system_note_is_not_what_was_said_last(gitlab_bench: GitLabBench) -> None:
    tracker = gitlab_bench.tracker()
    ref = tracker.open(DRAFT)
    tracker.comment(ref, "landed")
    thread = gitlab_bench.project.notes["issues", 1]
    thread.append({**thread[0], "system": True, "body": "changed the description"})
    tracker.close(ref, "landed")
    said = [note["body"] for note in thread if not note["system"]]
    assert said == ["landed"]


def test_the_states_of_many_are_one_request(gitlab_bench: GitLabBench) -> None:
    for number in range(120):
        gitlab_bench.file(f"issue {number}")
    refs = [IssueRef(f"gitlab#{number}") for number in range(1, 121)]
    gitlab_bench.asked()
    found = gitlab_bench.tracker().statuses(refs)
    assert set(found.values()) == {IssueStatus.OPEN}
    assert list(found) == refs
    assert len(gitlab_bench.asked()) == 2


def test_what_is_shown_to_members_only_is_not_gone(gitlab_bench: GitLabBench) -> None:
    ref = gitlab_bench.tracker().open(DRAFT)
    gitlab_bench.project.issues_access_level = "private"
    assert gitlab_bench.tracker().statuses([ref]) == {ref: IssueStatus.OPEN}
    gitlab_bench.project.members.clear()
    with pytest.raises(NotPermitted, match="to its members only") as caught:
        gitlab_bench.tracker().statuses([ref])
    assert caught.value.hint == "make the owner of GITLAB_TOKEN a member of the project"


def test_disabled_issues_are_told_although_the_list_is_only_empty(
    gitlab_bench: GitLabBench,
) -> None:
    ref = gitlab_bench.tracker().open(DRAFT)
    gitlab_bench.disable_issues()
    for call in (
        lambda: gitlab_bench.tracker().find(MARKER),
        lambda: gitlab_bench.tracker().statuses([ref]),
    ):
        with pytest.raises(IssuesDisabled):
            call()


def test_the_references_of_others_are_unknown(gitlab_bench: GitLabBench) -> None:
    refs = [IssueRef(each) for each in ("github#1", "gitlab#one", "gitlab#1/2")]
    found = gitlab_bench.tracker().statuses(refs)
    assert found == dict.fromkeys(refs, IssueStatus.UNKNOWN)
    assert gitlab_bench.asked() == []


def test_an_old_issue_is_found_by_searching(gitlab_bench: GitLabBench) -> None:
    ref = gitlab_bench.tracker().open(DRAFT)
    for number in range(300):
        gitlab_bench.file(f"issue {number}")
    gitlab_bench.asked()
    assert gitlab_bench.tracker().find(MARKER) == ref
    assert len(gitlab_bench.asked()) == 5  # three pages, the search, and who we are
    gitlab_bench.project.search_sees = False
    assert gitlab_bench.tracker().find(MARKER) is None


def test_a_project_that_is_not_there_is_named(gitlab_bench: GitLabBench) -> None:
    tracker = gitlab_bench.tracker_of("acme/nowhere")
    with pytest.raises(NoSuchRepository, match="shows no repository 'acme/nowhere'"):
        tracker.open(DRAFT)


# Merging


@pytest.mark.parametrize(
    ("way", "method", "is_merged"),
    [
        ("merge", Method.MERGE, True),
        ("merge", Method.SQUASH, True),
        ("merge", Method.REBASE, False),
        ("merge", Method.FAST_FORWARD, False),
        ("rebase_merge", Method.MERGE, True),
        ("rebase_merge", Method.REBASE, False),
        ("ff", Method.MERGE, True),
        ("ff", Method.SQUASH, True),
        ("ff", Method.REBASE, True),
        ("ff", Method.FAST_FORWARD, True),
    ],
)
def test_the_project_decides_how_it_merges(
    gitlab_bench: GitLabBench, way: str, method: Method, is_merged: bool
) -> None:
    gitlab_bench.project.merge_method = way
    before = gitlab_bench.main()
    answer = merged(gitlab_bench, method)
    if is_merged:
        assert answer == MergedNow(gitlab_bench.main())
        assert gitlab_bench.main() != before
    else:
        why = f"merge method {way!r} of the project adds a merge commit, which is no {method}"
        assert answer == MergeRefused(why)
        assert gitlab_bench.main() == before


def test_a_fast_forward_lands_the_head_itself(gitlab_bench: GitLabBench) -> None:
    gitlab_bench.project.merge_method = "ff"
    number, head = opened(gitlab_bench)
    forge = gitlab_bench.forge()
    assert forge.merge(number, head=head, method=Method.FAST_FORWARD) == MergedNow(head)
    landed = forge.pull_request(number)
    assert landed
    assert landed.merge_commit == head == gitlab_bench.main()


def test_who_may_not_merge_is_told_so(gitlab_bench: GitLabBench) -> None:
    """GitLab says 401, as of a token that it does not know."""
    number, head = opened(gitlab_bench)
    gitlab_bench.project.members["refinery-bot"] = 20
    with pytest.raises(NotPermitted, match="lets its owner merge nothing") as caught:
        gitlab_bench.forge().merge(number, head=head, method=Method.MERGE)
    assert caught.value.hint == "let the owner of GITLAB_TOKEN merge into 'main'"


def test_what_gitlab_has_not_looked_at_is_asked_again_later(gitlab_bench: GitLabBench) -> None:
    gitlab_bench.project.is_checking = True
    with pytest.raises(ForgeAway, match="it still looks whether it can be merged"):
        merged(gitlab_bench)


def test_a_head_that_moves_meanwhile_is_not_merged(gitlab_bench: GitLabBench) -> None:
    number, head = opened(gitlab_bench)
    before = gitlab_bench.main()

    def pushes_first(asked: Asked) -> bool:
        if asked.method == "PUT":
            gitlab_bench.branch("feat")
        return False

    gitlab_bench.proxy.break_down(Fault(when=pushes_first))
    answer = gitlab_bench.forge().merge(number, head=head, method=Method.MERGE)
    assert isinstance(answer, MergeRefused)
    assert "SHA does not match HEAD of source branch" in answer.why
    assert gitlab_bench.main() == before


def test_a_push_ends_what_was_to_be_merged_later(gitlab_bench: GitLabBench) -> None:
    number, head = opened(gitlab_bench)
    gitlab_bench.require_checks()
    forge = gitlab_bench.forge()
    assert forge.merge(number, head=head, method=Method.MERGE) == MergesLater()
    moved = gitlab_bench.branch("feat")
    answer = forge.merge(number, head=head, method=Method.MERGE)
    assert answer == MergeRefused(f"pull request !{number} is at {moved}, not at {head}")
    assert not gitlab_bench.merges_by_itself(number)


def test_merge_requests_of_forks_are_others(gitlab_bench: GitLabBench) -> None:
    number, _ = opened(gitlab_bench)
    gitlab_bench.project.merge_requests[number]["source_project_id"] = 4711
    assert list(gitlab_bench.forge().pull_requests(Branch("feat"), MAIN)) == []


# Statuses and the doctor


def test_a_place_in_the_queue_is_renewed(gitlab_bench: GitLabBench) -> None:
    """GitLab refuses to make a pending status pending: the old one has to end first."""
    head = gitlab_bench.branch("feat")
    for place in ("2nd", "1st"):
        gitlab_bench.forge().set_status(head, HeadStatus(HeadState.PENDING, place))
    states = [(one["status"], one["description"]) for one in gitlab_bench.project.statuses[head]]
    assert states == [("canceled", "1st"), ("pending", "1st")]


def test_what_was_said_last_is_not_said_again(gitlab_bench: GitLabBench) -> None:
    head, forge = gitlab_bench.branch("feat"), gitlab_bench.forge()
    for _ in range(3):
        forge.set_status(head, HeadStatus(HeadState.PENDING, "waits"))
    assert len(gitlab_bench.asked()) == 1


def test_the_doctor_sees_what_the_token_may(gitlab_bench: GitLabBench) -> None:
    from datetime import UTC, datetime

    gitlab_bench.now = datetime(2026, 11, 23, 12, 0, 7, tzinfo=UTC)
    assert gitlab_bench.forge().access() == ForgeAccess(
        repository=gitlab_bench.project.path,
        login="refinery-bot",
        can_push=True,
        has_issues=True,
        scopes=("api",),
        clock_skew=7.0,
        requests_left=1999,
    )
    gitlab_bench.project.members["refinery-bot"] = 20
    gitlab_bench.disable_issues()
    seen = gitlab_bench.forge().access()
    assert (seen.can_push, seen.has_issues) == (False, False)


def test_webhooks_that_gitlab_gave_up_are_named(gitlab_bench: GitLabBench) -> None:
    forge = gitlab_bench.forge()
    assert forge.failing_deliveries() == ()
    gitlab_bench.project.hooks += [
        {"id": 1, "url": "https://fine.example/hook", "alert_status": "executable"},
        {"id": 2, "url": "https://x:y@down.example/hook", "alert_status": "disabled"},
        {
            "id": 3,
            "url": "https://slow.example/hook",
            "alert_status": "temporarily_disabled",
            "disabled_until": "2026-11-23T13:00:00Z",
        },
    ]
    assert forge.failing_deliveries() == (
        "https://***@down.example/hook: disabled",
        "https://slow.example/hook: temporarily disabled until 2026-11-23T13:00:00Z",
    )
    gitlab_bench.break_down(Trouble.FORBIDDEN)
    assert gitlab_bench.forge().failing_deliveries() == ()
