"""What is GitHub's own about its issues: pull requests among them, labels, few requests."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from refinery.adapters.forge_address import NoToken
from refinery.adapters.forge_errors import BadToken, ForgeAway, NoSuchRepository, NotThere
from refinery.adapters.github import tracker as github_tracker
from refinery.queue.tracking import IssueStatus
from refinery.records.names import IssueRef
from tests.forges.benches import Trouble
from tests.forges.fault_proxy import Answer, Fault
from tests.forges.github_bench import GitHubBench, only
from tests.forges.github_server import TOKEN
from tests.forges.test_tracker_contract import DRAFT, MARKER, another
from tests.sandbox import CHECKOUT


def labels(bench: GitHubBench) -> dict[str, tuple[str, str]]:
    """Colour and description of each label of the repository."""
    found = bench.api("GET", "/labels?per_page=100")
    return {one["name"]: (one["color"], one["description"]) for one in found}


def test_nothing_is_asked_before_it_is_needed(github_bench: GitHubBench) -> None:
    github_bench.tracker()
    github_bench.forge()
    assert github_bench.asked() == []


def test_pygithub_is_imported_when_github_is_asked() -> None:
    asked = (
        "import sys; import refinery.adapters.github, refinery.adapters.forge_errors;"
        "print(sorted({'github', 'requests', 'urllib3', 'yaml', 'http'} & {*sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, cwd=CHECKOUT
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_labels_are_made_with_colour_and_description(github_bench: GitHubBench) -> None:
    github_bench.tracker().open(replace(DRAFT, labels=("needs-rebase", "team/cart")))
    made = labels(github_bench)
    assert made["needs-rebase"] == ("d93f0b", "Conflicts with its target branch")
    assert made["priority/1"] == ("d93f0b", "Priority 1; 0 is the most urgent")
    assert made["team/cart"][0] == "ededed"


def test_labels_that_are_there_stay_as_people_made_them(github_bench: GitHubBench) -> None:
    github_bench.api("POST", "/labels", {"name": "Needs-Rebase", "color": "123456"})
    ref = github_bench.tracker().open(replace(DRAFT, labels=("Needs-Rebase",)))
    github_bench.asked()
    github_bench.tracker().label(ref, add=["NEEDS-rebase"], remove=[])
    assert not [one for one in github_bench.asked() if one.startswith("POST")]
    assert labels(github_bench)["Needs-Rebase"][0] == "123456"
    assert github_bench.seen(ref).labels == {"Needs-Rebase", "priority/1"}


def test_a_label_that_somebody_makes_meanwhile_is_taken_as_it_is(
    github_bench: GitHubBench,
) -> None:
    github_bench.api("POST", "/labels", {"name": "needs-rebase", "color": "123456"})
    unseen = Answer(404, {"message": "Not Found"})
    github_bench.server.proxy.break_down(Fault(unseen, when=only("/labels/needs-rebase")))
    ref = github_bench.tracker().open(DRAFT)
    assert labels(github_bench)["needs-rebase"][0] == "123456"
    assert "needs-rebase" in github_bench.seen(ref).labels


def test_without_the_right_to_make_labels_the_issue_is_opened(github_bench: GitHubBench) -> None:
    refused = Answer(403, {"message": "Resource not accessible by integration"})
    path = f"/repos/{github_bench.repository}/labels"
    github_bench.server.proxy.break_down(Fault(refused, when=only(path)))
    ref = github_bench.tracker().open(DRAFT)
    assert github_bench.seen(ref).is_open


def test_a_pull_request_is_no_issue(github_bench: GitHubBench) -> None:
    """Its number has no state for us, nothing is closed by it, a marker in it opens nothing."""
    github_bench.branch("feat")
    pull = github_bench.api(
        "POST", "/pulls", {"title": "t", "body": DRAFT.body, "head": "feat", "base": "main"}
    )
    tracker = github_bench.tracker()
    number = IssueRef(f"github#{pull['number']}")
    assert dict(tracker.statuses([number])) == {number: IssueStatus.UNKNOWN}
    assert tracker.find(MARKER) is None
    with pytest.raises(NotThere, match="is a pull request"):
        tracker.close(number, "landed")


def test_a_number_that_github_cannot_know_is_unknown(github_bench: GitHubBench) -> None:
    odd = [IssueRef("github#acme/shop/7"), IssueRef(f"github#{'9' * 40}")]
    assert set(github_bench.tracker().statuses(odd).values()) == {IssueStatus.UNKNOWN}
    assert github_bench.asked() == []


def test_few_states_are_few_requests(github_bench: GitHubBench) -> None:
    refs = [github_bench.tracker().open(another(number)) for number in range(2)]
    tracker = github_bench.tracker()
    github_bench.asked()
    tracker.statuses(refs)
    path = f"/repos/{github_bench.repository}"
    assert github_bench.asked() == [f"GET {path}", f"GET {path}/issues/1", f"GET {path}/issues/2"]


def test_many_states_are_fewer_requests(github_bench: GitHubBench) -> None:
    for number in range(120):
        github_bench.file(f"issue {number}")
    tracker = github_bench.tracker()
    tracker.statuses([])
    for wanted, asked in ((range(30, 121), 1), (range(1, 121), 2), ((1, 2, 3, 120), 2)):
        refs = [IssueRef(f"github#{number}") for number in wanted]
        tracker.statuses(refs[:1])
        github_bench.asked()
        assert set(tracker.statuses(refs).values()) == {IssueStatus.OPEN}
        assert len(github_bench.asked()) == asked


def test_an_old_issue_is_found_by_searching(
    github_bench: GitHubBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has left the pages that are looked at; one page here, three for real."""
    monkeypatch.setattr(github_tracker, "_PAGES", 1)
    ref = github_bench.tracker().open(DRAFT)
    for number in range(100):
        github_bench.file(f"issue {number}")
    github_bench.asked()
    assert github_bench.tracker().find(MARKER) == ref
    assert github_bench.asked()[-1] == "GET /search/issues"
    assert github_bench.tracker().find(MARKER.replace("mr-0", "mr-9")) is None


def test_a_lost_answer_that_nobody_could_look_up_is_found_by_the_next_run(
    github_bench: GitHubBench,
) -> None:
    """The issue is made, then GitHub is away for good: no second issue when it is back."""
    path = f"/repos/{github_bench.repository}/issues"
    tracker = github_bench.tracker()
    tracker.open(another(1))
    proxy = github_bench.server.proxy
    proxy.break_down(Fault(when=lambda asked: proxy.count("POST", path) > 1))
    proxy.break_down(
        Fault(performed=True, times=1, when=lambda a: (a.method, a.path) == ("POST", path))
    )
    with pytest.raises(ForgeAway):
        tracker.open(DRAFT)
    github_bench.heal()
    assert github_bench.tracker().open(DRAFT) == IssueRef("github#2")
    assert len(github_bench.issues()) == 2


def test_the_second_of_two_that_were_opened_at_once_is_closed(github_bench: GitHubBench) -> None:
    """As if another worker had opened one between our look and our opening."""
    path = f"/repos/{github_bench.repository}/issues"
    proxy = github_bench.server.proxy

    def meanwhile(asked: object) -> bool:
        proxy.heal()
        github_bench.api("POST", "/issues", {"title": DRAFT.title, "body": DRAFT.body})
        return False

    proxy.break_down(Fault(when=lambda a: (a.method, a.path) == ("POST", path) and meanwhile(a)))
    assert github_bench.tracker().open(DRAFT) == IssueRef("github#1")
    first, second = github_bench.issues()
    assert (first.is_open, second.is_open) == (True, False)
    assert second.comments == ("The same as #1, which was opened at the same time.",)


def test_a_renamed_repository_is_followed(github_bench: GitHubBench) -> None:
    """GitHub redirects the old name; the emulator does not, so the proxy does."""
    ref = github_bench.tracker().open(DRAFT)
    there = f"/repos/{github_bench.repository}"
    moved = Answer(301, {}, {"Location": f"{github_bench.server.url}{there}"})
    github_bench.server.proxy.break_down(
        Fault(moved, when=lambda asked: asked.path.startswith("/repos/acme/old-name"))
    )
    github_bench.environment.setenv("GITHUB_REPOSITORY", "acme/old-name")
    github_bench.repository, name = None, github_bench.repository  # type: ignore[assignment]
    tracker = github_bench.tracker()
    github_bench.repository = name
    assert dict(tracker.statuses([ref])) == {ref: IssueStatus.OPEN}
    tracker.close(ref, "done")
    assert not github_bench.seen(ref).is_open


def test_a_redirect_to_another_host_is_not_followed(github_bench: GitHubBench) -> None:
    elsewhere = Answer(301, {}, {"Location": "https://elsewhere.example/repos/a/b"})
    github_bench.server.proxy.break_down(Fault(elsewhere))
    with pytest.raises(ForgeAway, match="redirected"):
        github_bench.tracker().find(MARKER)


def test_a_web_page_instead_of_an_answer_is_trouble(github_bench: GitHubBench) -> None:
    """What a proxy or a captive portal says with 200."""
    page = Answer(200, b"<html>please log in</html>", {"Content-Type": "text/html"})
    tracker = github_bench.tracker()
    ref = tracker.open(DRAFT)
    github_bench.server.proxy.break_down(Fault(page))
    for asked in (tracker, github_bench.tracker()):
        with pytest.raises(ForgeAway, match="makes no sense"):
            asked.find(MARKER)
        with pytest.raises(ForgeAway, match="makes no sense"):
            asked.statuses([ref])


def test_who_does_not_answer_in_time_is_not_asked_again(github_bench: GitHubBench) -> None:
    github_bench.break_down(Trouble.HANGS)
    with pytest.raises(ForgeAway, match="no answer for 1 s"):
        github_bench.tracker().find(MARKER)
    assert github_bench.asked() == [f"GET /repos/{github_bench.repository}"]


def test_where_nobody_listens_the_forge_is_away(github_bench: GitHubBench) -> None:
    github_bench.refuse_connections()
    with pytest.raises(ForgeAway, match="Connection refused"):
        github_bench.tracker().find(MARKER)


def test_a_token_is_asked_for_by_name_and_never_shown(github_bench: GitHubBench) -> None:
    github_bench.environment.delenv("GITHUB_TOKEN")
    with pytest.raises(NoToken) as missing:
        github_bench.tracker().find(MARKER)
    assert missing.value.hint == f"set GITHUB_TOKEN to a token for {github_bench.repository}"
    assert github_bench.asked() == []
    github_bench.environment.setenv("GITHUB_TOKEN", "a-revoked-token")
    with pytest.raises(BadToken) as bad:
        github_bench.tracker().find(MARKER)
    assert "a-revoked-token" not in f"{bad.value} {bad.value.hint}"
    assert TOKEN not in f"{bad.value} {bad.value.hint}"


def test_a_repository_that_is_not_there_is_named(github_bench: GitHubBench) -> None:
    github_bench.repository = "acme/nothing"
    with pytest.raises(NoSuchRepository, match="'acme/nothing'"):
        github_bench.tracker().find(MARKER)


def test_an_issue_that_nobody_may_see_is_not_gone(github_bench: GitHubBench) -> None:
    """A token without the permission is told 404 for each issue, and for their list."""
    ref = github_bench.tracker().open(DRAFT)
    hidden = Answer(404, {"message": "Not Found"})
    github_bench.server.proxy.break_down(Fault(hidden, when=lambda a: "/issues" in a.path))
    with pytest.raises(NoSuchRepository):
        github_bench.tracker().statuses([ref])


def test_issues_that_were_disabled_since_are_not_gone(github_bench: GitHubBench) -> None:
    from refinery.adapters.forge_errors import IssuesDisabled

    ref = github_bench.tracker().open(DRAFT)
    github_bench.api("PATCH", "", {"has_issues": False})
    with pytest.raises(IssuesDisabled):
        github_bench.tracker().statuses([ref])
    with pytest.raises(IssuesDisabled):
        github_bench.tracker().open(another(1))
