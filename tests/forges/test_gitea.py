"""Gitea's own ways: labels by id, pull requests among issues, merges that look at no head."""

from __future__ import annotations

from dataclasses import replace

import pytest

from refinery.adapters.forge_access import ForgeAccess
from refinery.adapters.forge_address import NoToken
from refinery.adapters.forge_errors import (
    ForgeAway,
    ForgeRefused,
    IssuesDisabled,
    NoSuchRepository,
)
from refinery.engine.ports import Forge, Tracker
from refinery.queue.pull_requests import (
    MergedNow,
    MergeRefused,
    MergesLater,
    PullRequestDraft,
    PullRequestState,
)
from refinery.queue.tracking import IssueStatus
from refinery.records.merge_request import Method
from refinery.records.names import Branch, IssueRef, Sha
from tests.forges.fault_proxy import Answer, Asked, Fault
from tests.forges.gitea_bench import GiteaBench
from tests.forges.test_rest import DRAFT, MARKER

MAIN = Branch("main")


def opened(bench: GiteaBench, source: str = "feat") -> tuple[int, Sha]:
    """A pull request of a fresh branch."""
    head = bench.branch(source)
    draft = PullRequestDraft(Branch(source), MAIN, "Add a cart", "It holds things.")
    return bench.forge().open_pull_request(draft).number, head


def test_it_fits_what_the_engine_asks_for(gitea_bench: GiteaBench) -> None:
    tracker: Tracker = gitea_bench.tracker()
    forge: Forge = gitea_bench.forge()
    assert (tracker.name, forge.name) == ("gitea", "gitea")
    assert gitea_bench.asked() == []


def test_forgejos_variables_lead_to_it_as_well(
    gitea_bench: GiteaBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TOKEN", "API_URL"):
        import os

        monkeypatch.setenv(f"FORGEJO_{name}", os.environ[f"GITEA_{name}"])
        monkeypatch.delenv(f"GITEA_{name}")
    assert gitea_bench.tracker().open(DRAFT) == "gitea#1"
    monkeypatch.delenv("FORGEJO_TOKEN")
    with pytest.raises(NoToken):
        gitea_bench.tracker().find(MARKER)


# Issues


def test_labels_are_made_as_they_should_look_and_only_once(gitea_bench: GiteaBench) -> None:
    draft = replace(DRAFT, labels=("needs-rebase",))
    gitea_bench.tracker().open(draft)
    gitea_bench.tracker().open(replace(draft, marker="another"))
    made = [(label["name"], label["color"]) for label in gitea_bench.repository.labels]
    assert made == [("needs-rebase", "d93f0b"), ("priority/1", "d93f0b")]


def test_of_two_labels_of_one_name_the_older_counts(gitea_bench: GiteaBench) -> None:
    gitea_bench.repository.labels += [
        {"id": 9001, "name": "needs-rebase", "color": "ffffff"},
        {"id": 9000, "name": "needs-rebase", "color": "000000"},
    ]
    gitea_bench.tracker().open(replace(DRAFT, labels=("needs-rebase",)))
    [issue] = gitea_bench.repository.issues.values()
    assert 9000 in [label["id"] for label in issue["labels"]]
    assert 9001 not in [label["id"] for label in issue["labels"]]


def test_who_may_make_no_labels_opens_issues_without(gitea_bench: GiteaBench) -> None:
    fault = Fault(Answer(403, {"message": "no"}))
    fault.when = lambda asked: asked.writes and asked.path.endswith("/labels")
    gitea_bench.proxy.break_down(fault)
    ref = gitea_bench.tracker().open(DRAFT)
    assert gitea_bench.seen(ref).labels == frozenset()


def test_the_labels_of_many_pages_are_known(gitea_bench: GiteaBench) -> None:
    gitea_bench.repository.labels += [
        {"id": 10**6 + number, "name": f"other-{number}", "color": "ffffff"}
        for number in range(120)
    ]
    tracker = gitea_bench.tracker()
    ref = tracker.open(DRAFT)
    tracker.label(ref, add=["other-119"], remove=[])
    assert gitea_bench.seen(ref).labels == {"priority/1", "other-119"}
    assert len(gitea_bench.repository.labels) == 121


def test_a_label_that_somebody_else_took_off_is_off(gitea_bench: GiteaBench) -> None:
    tracker = gitea_bench.tracker()
    ref = tracker.open(DRAFT)

    def somebody_is_faster(asked: Asked) -> bool:
        if asked.method == "DELETE":
            gitea_bench.repository.issues[1]["labels"].clear()
        return False

    gitea_bench.proxy.break_down(Fault(when=somebody_is_faster))
    tracker.label(ref, add=[], remove=["priority/1"])
    assert gitea_bench.seen(ref).labels == frozenset()


def test_issues_that_are_kept_elsewhere_are_disabled(gitea_bench: GiteaBench) -> None:
    ref = gitea_bench.tracker().open(DRAFT)
    tracker = {"external_tracker_url": "https://issues.example"}
    gitea_bench.repository.settings["external_tracker"] = tracker
    for call in (
        lambda: gitea_bench.tracker().find(MARKER),
        lambda: gitea_bench.tracker().statuses([ref]),
    ):
        with pytest.raises(IssuesDisabled):
            call()


def test_a_pull_request_is_no_issue(gitea_bench: GiteaBench) -> None:
    number, _ = opened(gitea_bench)
    gitea_bench.repository.pulls[number]["body"] = DRAFT.body
    tracker = gitea_bench.tracker()
    assert tracker.find(MARKER) is None
    ref = IssueRef(f"gitea#{number}")
    assert tracker.statuses([ref]) == {ref: IssueStatus.UNKNOWN}


def test_the_states_of_many_open_ones_are_one_request(gitea_bench: GiteaBench) -> None:
    refs = [gitea_bench.file(f"issue {number}") for number in range(30)]
    gitea_bench.close(refs[0])
    gitea_bench.asked()
    found = gitea_bench.tracker().statuses(refs)
    assert list(found.values()) == [IssueStatus.CLOSED, *[IssueStatus.OPEN] * 29]
    assert len(gitea_bench.asked()) == 2


def test_an_old_issue_is_found_by_searching(gitea_bench: GiteaBench) -> None:
    ref = gitea_bench.tracker().open(DRAFT)
    for number in range(150):
        gitea_bench.file(f"issue {number}")
    assert gitea_bench.tracker().find(MARKER) == ref
    gitea_bench.repository.search_sees = False
    assert gitea_bench.tracker().find(MARKER) is None


def test_a_repository_of_another_name_is_said_to_be_there(gitea_bench: GiteaBench) -> None:
    gitea_bench.fake.moved["acme/old"] = "acme/new"
    with pytest.raises(NoSuchRepository, match=r"else: .*acme/new") as caught:
        gitea_bench.tracker_of("acme/old").open(DRAFT)
    assert "correct `repository:` in .refinery.yaml" in (caught.value.hint or "")


# Pull requests


def test_a_fast_forward_lands_the_head_itself(gitea_bench: GiteaBench) -> None:
    number, head = opened(gitea_bench)
    answer = gitea_bench.forge().merge(number, head=head, method=Method.FAST_FORWARD)
    assert answer == MergedNow(head) == MergedNow(gitea_bench.main())


def test_pull_requests_of_forks_are_others(gitea_bench: GiteaBench) -> None:
    number, _ = opened(gitea_bench)
    gitea_bench.repository.pulls[number]["head"]["repo_id"] = 4711
    assert list(gitea_bench.forge().pull_requests(Branch("feat"), MAIN)) == []


def test_a_branch_that_is_gone_still_has_its_name(gitea_bench: GiteaBench) -> None:
    number, _ = opened(gitea_bench)
    gitea_bench.merge_pull(number)
    gitea_bench.repository.pulls[number]["head"]["ref"] = f"refs/pull/{number}/head"
    pull = gitea_bench.forge().pull_request(number)
    assert pull
    assert (pull.source, pull.state) == (Branch("feat"), PullRequestState.MERGED)


def test_one_among_many_is_found(gitea_bench: GiteaBench) -> None:
    gitea_bench.repository.page_size = 2
    number, _ = opened(gitea_bench)
    for other in range(5):
        opened(gitea_bench, f"other-{other}")
    found = gitea_bench.forge().pull_requests(Branch("feat"), MAIN)
    assert [pull.number for pull in found] == [number]


def test_what_gitea_has_not_looked_at_is_asked_again_later(gitea_bench: GiteaBench) -> None:
    gitea_bench.repository.is_checking = True
    number, head = opened(gitea_bench)
    with pytest.raises(ForgeAway, match="it still looks whether it can be merged"):
        gitea_bench.forge().merge(number, head=head, method=Method.MERGE)


def test_a_head_that_moves_meanwhile_is_not_merged(gitea_bench: GiteaBench) -> None:
    number, head = opened(gitea_bench)
    before = gitea_bench.main()
    pushes_before(gitea_bench, "POST")
    answer = gitea_bench.forge().merge(number, head=head, method=Method.MERGE)
    assert isinstance(answer, MergeRefused)
    assert "head out of date" in answer.why
    assert gitea_bench.main() == before


def test_a_head_that_moves_meanwhile_is_not_merged_later_either(gitea_bench: GiteaBench) -> None:
    """Gitea looks at no head when it is to merge later: it is told to forget it."""
    number, head = opened(gitea_bench)
    gitea_bench.require_checks()
    pushes_before(gitea_bench, "POST")
    answer = gitea_bench.forge().merge(number, head=head, method=Method.MERGE)
    assert isinstance(answer, MergeRefused)
    assert f"not at {head}" in answer.why
    assert not gitea_bench.merges_by_itself(number)


def test_checks_that_pass_meanwhile_merge_at_once(gitea_bench: GiteaBench) -> None:
    number, head = opened(gitea_bench)
    gitea_bench.require_checks()

    def passes_first(asked: Asked) -> bool:
        if b"merge_when_checks_succeed" in asked.body:
            gitea_bench.repository.needs_checks = False
        return False

    gitea_bench.proxy.break_down(Fault(when=passes_first))
    answer = gitea_bench.forge().merge(number, head=head, method=Method.SQUASH)
    assert answer == MergedNow(gitea_bench.main())


def test_an_archived_repository_refuses_in_its_own_words(gitea_bench: GiteaBench) -> None:
    number, head = opened(gitea_bench)
    gitea_bench.require_checks()
    assert gitea_bench.forge().merge(number, head=head, method=Method.MERGE) == MergesLater()
    fault = Fault(Answer(423, {"message": "Repo is archived"}))
    fault.when = lambda asked: asked.writes
    gitea_bench.proxy.break_down(fault)
    with pytest.raises(ForgeRefused, match="Repo is archived"):
        gitea_bench.forge().comment_on(number, "hello")
    answer = gitea_bench.forge().merge(number, head=head, method=Method.MERGE)
    assert isinstance(answer, MergeRefused)
    assert "Repo is archived" in answer.why


def test_the_doctor_sees_what_the_token_may(gitea_bench: GiteaBench) -> None:
    from datetime import UTC, datetime

    gitea_bench.now = datetime(2026, 11, 23, 11, 59, 30, tzinfo=UTC)
    forge = gitea_bench.forge()
    assert forge.access() == ForgeAccess(
        repository=gitea_bench.repository.name,
        login="refinery-bot",
        can_push=True,
        has_issues=True,
        scopes=None,
        clock_skew=-30.0,
        requests_left=None,
    )
    assert forge.failing_deliveries() == ()
    fault = Fault(Answer(403, {"message": "required=[read:user]"}))
    fault.when = lambda asked: asked.path.endswith("/user")
    gitea_bench.proxy.break_down(fault)
    assert forge.access().login is None


def pushes_before(bench: GiteaBench, method: str) -> None:
    """Somebody pushes right before the next request of that kind."""

    def pushes(asked: Asked) -> bool:
        if asked.method == method:
            bench.branch("feat")
        return False

    bench.proxy.break_down(Fault(when=pushes))
