"""A queue on GitLab and on Gitea: issues opened once and closed there, statuses, own requests."""

from __future__ import annotations

import pytest

from refinery.queue.pull_requests import PullRequestDraft, PullRequestState
from refinery.records.names import Branch, Sha
from tests.forges.benches import Trouble
from tests.forges.gitea_bench import GiteaBench
from tests.forges.gitlab_bench import GitLabBench
from tests.sandbox import Sandbox

Bench = GitLabBench | GiteaBench


@pytest.fixture(params=["gitlab", "gitea"])
def hub(request: pytest.FixtureRequest) -> Bench:
    """Either of them."""
    made: Bench = request.getfixturevalue(f"{request.param}_bench")
    return made


@pytest.fixture
def clashing(box: Sandbox, hub: Bench) -> Sandbox:
    """`first` and `second` change the same line; the forge knows their branches."""
    where = hub.place().repository
    box.config(f"version: 1\ntracker: {hub.name}\nrepository: {where}\n")
    box.git("fetch", "-q", "origin")
    box.commit("main", {"shared.txt": "1\n2\n3\n"}, onto="origin/main")
    box.push("main")
    for priority, name in enumerate(("first", "second"), 1):
        text = f"{name}\n2\n3\n"
        box.request(name, {"shared.txt": text}, onto="main", priority=priority)
        hub.branches[name] = box.mr(name).head
    return box


def process(box: Sandbox) -> str:
    """One run; what it said."""
    done = box.cli("process", "--drain")
    assert done.code == 0, done.err
    return done.err


def test_closing_the_issue_after_a_push_lets_it_land(clashing: Sandbox, hub: Bench) -> None:
    heads = {name: Sha(clashing.mr(name).head) for name in ("first", "second")}
    draft = PullRequestDraft(Branch("first"), Branch("main"), "First", "")
    number = hub.forge().open_pull_request(draft).number
    process(clashing)
    [issue] = hub.issues()
    assert (clashing.landed, clashing.mr("second").blocked_by) == (["first"], issue.ref)
    assert issue.labels == {"needs-rebase", "priority/1"}
    shown = [hub.shown(heads[name]) for name in ("first", "second")]
    assert [status.state for status in shown if status] == ["success", "failure"]
    own = hub.forge().pull_request(number)
    assert own
    assert own.state is PullRequestState.CLOSED
    assert len(hub.said_on(number)) == 1

    clashing.git("fetch", "-q", "origin")
    clashing.request("second", {"shared.txt": "both\n2\n3\n"}, onto="origin/main")
    hub.branches["second"] = clashing.mr("second").head
    process(clashing)
    assert clashing.mr("second").blocked_by == issue.ref
    hub.close(issue.ref)
    process(clashing)
    assert clashing.landed == ["first", "second"]
    assert len(hub.issues()) == 1


def test_while_it_is_away_it_stays_blocked_and_that_is_said(clashing: Sandbox, hub: Bench) -> None:
    hub.break_down(Trouble.SERVER_ERROR)
    said = process(clashing)
    assert "does not answer" in said
    assert clashing.landed == ["first"]
    assert clashing.mr("second").blocked_by is None
    hub.heal()
    process(clashing)
    [issue] = hub.issues()
    assert clashing.mr("second").blocked_by == issue.ref
    hub.disable_issues()
    assert "has its issues disabled" in process(clashing)
    assert clashing.mr("second").blocked_by == issue.ref
