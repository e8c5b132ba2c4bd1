"""`refinery reconcile` finds what lost webhooks would have said; again, it finds nothing."""

from __future__ import annotations

from typing import Any

import pytest

from refinery.records.merge_request import CloseReason
from tests.sandbox import Sandbox

BASE = {"shared.txt": "1\n2\n3\n"}


def reconcile(box: Sandbox, *flags: str) -> dict[str, Any]:
    done = box.cli("reconcile", "--json", *flags)
    assert done.code == 0, done.err
    document: dict[str, Any] = done.json
    return document


def kinds(document: dict[str, Any]) -> list[str]:
    return sorted(each["kind"] for each in document["found"])


@pytest.fixture
def clashing(box: Sandbox) -> Sandbox:
    """`topic` is blocked by local#1."""
    box.advance(BASE)
    box.request("topic", {"shared.txt": "ours\n2\n3\n"}, onto="main")
    box.advance({"shared.txt": "theirs\n2\n3\n"})
    assert box.cli("process", "--drain").code == 0
    assert box.mr("topic").blocked_by == "local#1"
    return box


def test_an_issue_that_was_closed_past_us_is_found(clashing: Sandbox) -> None:
    clashing.advance(BASE)
    clashing.queue().local_tracker().close(clashing.mr("topic").blocked_by)  # type: ignore[arg-type]
    before = clashing.refs("refs/refinery")
    assert kinds(reconcile(clashing, "--dry-run")) == ["issue-closed"]
    assert clashing.refs("refs/refinery") == before
    told = reconcile(clashing)
    assert told["merge_requests"] == [clashing.mr("topic").id]
    assert clashing.mr("topic").blocked_by is None
    again = clashing.refs("refs/refinery")
    assert reconcile(clashing)["found"] == []
    assert clashing.refs("refs/refinery") == again


def test_an_issue_that_was_reopened_past_us_is_found(clashing: Sandbox) -> None:
    clashing.advance(BASE)
    issue = clashing.mr("topic").blocked_by
    assert issue is not None
    assert clashing.cli("issue", "close", "1").code == 0
    clashing.queue().local_tracker().reopen(issue)
    assert kinds(reconcile(clashing)) == ["issue-reopened"]
    assert clashing.mr("topic").blocked_by == issue
    assert reconcile(clashing)["found"] == []


def test_branches_that_were_pushed_past_us_are_submitted(box: Sandbox) -> None:
    for branch in ("polecat/a/1", "polecat/b/2", "feature/x", "mr/landed", "mr/rejected"):
        box.commit(branch)
        box.push(branch)
    box.git("push", "-q", "origin", "mr/landed:main")
    box.submit("mr/rejected")
    assert box.cli("reject", box.mr("mr/rejected").id, "--reason", "no").code == 0
    told = reconcile(box)
    assert kinds(told) == ["branch", "branch", "unfolded"] or kinds(told) == ["branch", "branch"]
    live = sorted(mr.branch for mr in box.view().mrs.values() if not mr.closed)
    assert live == ["polecat/a/1", "polecat/b/2"]
    assert box.view().unfolded == frozenset()
    assert reconcile(box)["found"] == []


def test_a_rejected_branch_that_moved_asks_again(box: Sandbox) -> None:
    box.request("mr/x")
    box.cli("reject", box.mr("mr/x").id, "--reason", "no")
    head = box.commit("mr/x", {"better.txt": "better\n"})
    box.push("mr/x")
    assert kinds(reconcile(box)) == ["branch"]
    assert box.mr("mr/x").head == head


def test_what_was_rejected_long_ago_is_remembered_by_the_archive(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.request("mr/x")
    box.cli("reject", box.mr("mr/x").id, "--reason", "no")
    monkeypatch.setattr("refinery.queue.archiving.KEPT_CLOSED", 0)
    from refinery.queue.archiving import archive

    box.queue().update(lambda view: archive(view, at_least=1))
    assert [mr.branch for mr in box.archived()] == ["mr/x"]
    assert reconcile(box)["found"] == []


def test_what_is_in_its_target_already_is_closed(box: Sandbox) -> None:
    box.request("topic", {"a.txt": "a\n"})
    head = box.mr("topic").head
    box.git("push", "-q", "origin", f"{head}:refs/heads/main")
    assert "merged" in kinds(reconcile(box))
    assert box.mr("topic", head=head).close_reason is CloseReason.ALREADY_MERGED
    assert reconcile(box)["found"] == []


def test_a_tracker_that_says_nothing_is_said_so(ours: Sandbox) -> None:
    from tests.webhook.test_acting import block

    ours.request("topic", {"a.txt": "a\n"})
    ours.cli("hold", ours.mr("topic").id, "--reason", "for the test")
    block(ours, (ours.mr("topic").id, 7))
    done = ours.cli("reconcile")
    assert done.code == 75
    assert "nobody knows the state of github#7" in done.out
    assert ours.mr("topic").blocked_by == "github#7"
