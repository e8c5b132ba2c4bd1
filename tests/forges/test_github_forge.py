"""What is GitHub's own about statuses, merging and what it says of a token and its webhooks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from refinery.adapters.forge_access import ForgeAccess
from refinery.adapters.forge_errors import NotPermitted
from refinery.adapters.github.forge import GitHubForge
from refinery.queue.pull_requests import HeadState, HeadStatus, MergedNow, MergeRefused
from refinery.records.merge_request import Method
from refinery.records.names import Sha
from tests.forges.fault_proxy import Answer, Asked, Fault
from tests.forges.github_bench import GitHubBench, only
from tests.forges.test_forge_contract import opened

FORBIDDEN = Answer(403, {"message": "Resource not accessible by integration"})


def forge_of(bench: GitHubBench) -> GitHubForge:
    """GitHub's, with what it offers beside the Protocol."""
    forge = bench.forge()
    assert isinstance(forge, GitHubForge)
    return forge


def check_runs(bench: GitHubBench, head: Sha) -> list[tuple[str, str, str | None, str]]:
    """The check runs of a commit."""
    found = bench.api("GET", f"/commits/{head}/check-runs?filter=all")["check_runs"]
    return [
        (run["name"], run["status"], run["conclusion"], run["output"]["title"]) for run in found
    ]


@pytest.fixture
def without_statuses(github_bench: GitHubBench) -> GitHubBench:
    """A token that may make check runs only."""
    path = f"/repos/{github_bench.repository}/statuses/"
    github_bench.server.proxy.break_down(
        Fault(FORBIDDEN, when=lambda asked: asked.path.startswith(path))
    )
    return github_bench


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (HeadState.PENDING, ("queued", None)),
        (HeadState.SUCCESS, ("completed", "success")),
        (HeadState.FAILURE, ("completed", "failure")),
        (HeadState.ERROR, ("completed", "cancelled")),
    ],
)
def test_where_statuses_are_not_allowed_a_check_run_says_it(
    without_statuses: GitHubBench, state: HeadState, shown: tuple[str, str | None]
) -> None:
    head = without_statuses.branch("feat")
    without_statuses.forge().set_status(head, HeadStatus(state, "2nd of 5", "https://example.com"))
    assert check_runs(without_statuses, head) == [("refinery", *shown, "2nd of 5")]


def test_one_check_run_follows_a_commit(without_statuses: GitHubBench) -> None:
    head = without_statuses.branch("feat")
    forge = without_statuses.forge()
    for state in (HeadState.PENDING, HeadState.SUCCESS):
        forge.set_status(head, HeadStatus(state, state.value))
    without_statuses.forge().set_status(head, HeadStatus(HeadState.FAILURE, "not after all"))
    assert check_runs(without_statuses, head) == [
        ("refinery", "completed", "failure", "not after all")
    ]


def test_a_token_that_may_neither_is_told_so(without_statuses: GitHubBench) -> None:
    head = without_statuses.branch("feat")
    without_statuses.server.proxy.break_down(
        Fault(FORBIDDEN, when=lambda asked: "/check-runs" in asked.path)
    )
    with pytest.raises(NotPermitted):
        without_statuses.forge().set_status(head, HeadStatus(HeadState.PENDING, "waits"))


def test_what_was_said_last_is_not_said_again(github_bench: GitHubBench) -> None:
    head = github_bench.branch("feat")
    forge = github_bench.forge()
    status = HeadStatus(HeadState.PENDING, "waits")
    forge.set_status(head, status)
    github_bench.asked()
    forge.set_status(head, status)
    assert github_bench.asked() == []


def test_github_fast_forwards_nothing(github_bench: GitHubBench) -> None:
    pull, head = opened(github_bench)
    answer = github_bench.forge().merge(pull.number, head=head, method=Method.FAST_FORWARD)
    assert answer == MergeRefused("GitHub merges no pull request by fast-forward")


def test_a_target_that_moved_this_instant_is_merged_into_all_the_same(
    github_bench: GitHubBench,
) -> None:
    pull, head = opened(github_bench)
    moved = Answer(405, {"message": "Base branch was modified. Review and try the merge again."})
    github_bench.server.proxy.break_down(Fault(moved, times=1, when=only("/merge")))
    answer = github_bench.forge().merge(pull.number, head=head, method=Method.MERGE)
    assert answer == MergedNow(github_bench.main())


def test_a_refusal_is_told_in_the_words_of_github(github_bench: GitHubBench) -> None:
    """The repository has no auto-merge: nobody would merge it later."""
    pull, head = opened(github_bench)
    github_bench.require_checks()
    github_bench.api("PATCH", "", {"allow_auto_merge": False})
    answer = github_bench.forge().merge(pull.number, head=head, method=Method.MERGE)
    assert isinstance(answer, MergeRefused)
    assert "Required status checks have not succeeded" in answer.why
    assert not github_bench.merges_by_itself(pull.number)


def test_a_merge_whose_every_answer_is_lost_is_looked_up(github_bench: GitHubBench) -> None:
    pull, head = opened(github_bench)
    lost = Answer(502, {"message": "Server Error"})
    github_bench.server.proxy.break_down(Fault(lost, performed=True, when=only("/merge")))
    answer = github_bench.forge().merge(pull.number, head=head, method=Method.MERGE)
    assert answer == MergedNow(github_bench.main())


def test_a_head_that_moves_while_it_is_merged_is_not_merged(github_bench: GitHubBench) -> None:
    pull, head = opened(github_bench)
    modified = Answer(409, {"message": "Head branch was modified. Review and try again."})
    github_bench.server.proxy.break_down(Fault(modified, when=only("/merge")))
    answer = github_bench.forge().merge(pull.number, head=head, method=Method.MERGE)
    assert isinstance(answer, MergeRefused)
    assert "Head branch was modified" in answer.why


def test_a_refused_auto_merge_is_a_refusal(github_bench: GitHubBench) -> None:
    pull, head = opened(github_bench)
    github_bench.require_checks()
    why = "Pull request Branch does not have required protected branch rules"
    refusal = Answer(200, {"data": None, "errors": [{"type": "UNPROCESSABLE", "message": why}]})
    github_bench.server.proxy.break_down(Fault(refusal, when=only("/graphql")))
    answer = github_bench.forge().merge(pull.number, head=head, method=Method.MERGE)
    assert isinstance(answer, MergeRefused)
    assert why in answer.why


def test_access_says_what_the_token_may(github_bench: GitHubBench) -> None:
    access = forge_of(github_bench).access()
    assert access == ForgeAccess(
        repository=github_bench.repository,
        login="acme",
        can_push=True,
        has_issues=True,
        scopes=("repo", "workflow"),
        clock_skew=access.clock_skew,
        requests_left=access.requests_left,
    )
    assert access.clock_skew is not None
    assert abs(access.clock_skew) < 60
    assert 0 < (access.requests_left or 0) <= 5000


def test_access_says_how_far_the_clock_is_ahead(github_bench: GitHubBench) -> None:
    forge = forge_of(github_bench)
    before = forge.access().clock_skew
    github_bench.clock.now += timedelta(hours=2)
    after = forge.access().clock_skew
    assert before is not None
    assert after is not None
    assert 7190 < after - before < 7210


def test_a_workflows_own_token_has_no_login_and_no_scopes(github_bench: GitHubBench) -> None:
    github_bench.server.lacks.scopes = None
    github_bench.server.proxy.break_down(Fault(FORBIDDEN, when=only("/user")))
    access = forge_of(github_bench).access()
    github_bench.server.lacks.scopes = "repo, workflow"
    assert (access.login, access.scopes, access.can_push) == (None, None, True)


def test_webhooks_that_fail_are_told(github_bench: GitHubBench) -> None:
    """One that nobody listens to, one that answers 500, and one that works again."""
    server, answers = github_bench.server, {"/broken": 500, "/mended": 500}

    def receiver(asked: Asked, _: object) -> Answer | None:
        return Answer(answers[asked.path], {}) if asked.path in answers else None

    server.proxy.extensions.insert(0, receiver)
    hooks = [
        server.hook(github_bench.repository, url, "secret")
        for url in ("http://127.0.0.1:9/", f"{server.url}/broken", f"{server.url}/mended")
    ]
    github_bench.api("POST", f"/hooks/{hooks[0]}/pings")
    answers["/mended"] = 202
    github_bench.api("POST", f"/hooks/{hooks[0]}/pings")
    server.proxy.extensions.remove(receiver)
    failing = forge_of(github_bench).failing_deliveries()
    assert [line.partition(": ")[0] for line in failing] == [
        "http://127.0.0.1:9/",
        f"{server.url}/broken",
    ]
    assert failing[1].endswith("500 Failed, 2 times in a row")


@pytest.mark.parametrize("status", [403, 404])
def test_a_token_that_may_not_see_webhooks_says_nothing_of_them(
    github_bench: GitHubBench, status: int
) -> None:
    github_bench.server.hook(github_bench.repository, "http://127.0.0.1:9/", "secret")
    refused = Answer(status, {"message": "Not Found"})
    github_bench.server.proxy.break_down(Fault(refused, when=only("/hooks")))
    assert forge_of(github_bench).failing_deliveries() == ()
