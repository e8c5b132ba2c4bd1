"""A decision about a revision nobody has folded yet does not bring the one before it back."""

from __future__ import annotations

import pytest

from refinery.records.merge_request import CloseReason
from tests.sandbox import Sandbox


@pytest.fixture
def revised(box: Sandbox) -> tuple[Sandbox, str, str]:
    """One that is in the queue, and its next revision in the inbox."""
    old = box.request("feat", {"a.txt": "old\n"})
    box.cli("pause", "--reason", "wait")
    box.cli("process")
    box.cli("resume")
    new = box.request("feat", {"a.txt": "new\n"})
    assert list(box.queue().store.read().unfolded) == [new]
    return box, old, new


def test_rejecting_the_new_revision_does_not_land_the_old_one(
    revised: tuple[Sandbox, str, str],
) -> None:
    box, old, new = revised
    assert box.cli("reject", new, "--reason", "no").code == 0
    assert box.cli("process").code == 0
    assert (box.mr(old).close_reason, box.mr(new).close_reason) == (
        CloseReason.SUPERSEDED,
        CloseReason.REJECTED,
    )
    assert box.landed == []


def test_holding_the_new_revision_holds_the_branch(revised: tuple[Sandbox, str, str]) -> None:
    box, old, new = revised
    assert box.cli("hold", new, "--reason", "later").code == 0
    assert box.cli("process").code == 0
    assert (box.mr(old).superseded_by, box.landed) == (new, [])
    assert box.cli("unhold", new).code == 0
    assert box.cli("process").code == 0
    assert box.tree()["a.txt"] == "new\n"


def test_the_branch_is_that_of_the_new_revision(revised: tuple[Sandbox, str, str]) -> None:
    box, _, new = revised
    assert box.cli("claim", "feat").out == f"✓ Claimed {new} for ada\n"


def test_closing_the_issue_lets_only_the_new_revision_go_on(box: Sandbox) -> None:
    first = box.request("first", {"a.txt": "first\n"})
    old = box.request("feat", {"a.txt": "old\n"})
    box.cli("process")
    assert (box.mr(first).closed, box.mr(old).blocked_by) == (True, "local#1")
    box.commit("feat", {"a.txt": "new\n"}, onto="main")
    box.push("feat", force=True)
    new = box.submit("feat")
    closed = box.cli("issue", "close", "1")
    assert (closed.code, closed.out) == (0, "✓ Closed local#1\n")
    assert closed.err == f"{new} re-enters the queue: its head moved\n"
    assert box.cli("process").code == 0
    assert box.mr(old).close_reason is CloseReason.SUPERSEDED
    assert box.tree()["a.txt"] == "new\n"
