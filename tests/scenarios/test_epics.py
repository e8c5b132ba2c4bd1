"""Epics on real git: their branches land by themselves where that is asked for, once, and whole."""

from __future__ import annotations

import pytest

from tests.sandbox import Sandbox


def work(box: Sandbox, name: str, content: str = "x\n") -> str:
    """A branch of the epic `v2`, submitted as its author does."""
    box.commit(name, {f"{name}.txt": content})
    return box.submit(name, epic="v2")


@pytest.fixture
def epic(box: Sandbox) -> Sandbox:
    """A queue with the integration branch of `v2`."""
    assert box.cli("integration", "create", "v2").code == 0
    return box


def by_itself(box: Sandbox, when: str, more: str = "") -> None:
    checks = "checks: []\n"
    box.config(
        f"version: 1\n{checks}integration: {{branch: 'epic/{{epic}}', land: {when}}}\n{more}"
    )


def drain(box: Sandbox) -> str:
    done = box.cli("process", "--drain")
    assert done.code == 0, done.err
    return done.err + done.out


def test_a_finished_epic_lands_by_itself_and_once(box: Sandbox) -> None:
    by_itself(box, "when-landed", "delete_branch: true\n")
    box.cli("integration", "create", "v2")
    work(box, "one")
    assert "epic v2 is finished: epic/v2 queued for main as" in drain(box)
    assert box.landed == ["epic/v2"]
    assert box.sha("epic/v2", at=box.origin) is None
    mr = box.mr("epic/v2")
    assert (mr.title, mr.epic, mr.target_reason) == ("Epic v2", "v2", "the epic is finished")
    before = box.refs()
    drain(box)
    assert box.refs() == before
    again = box.cli("integration", "land", "v2")
    assert (again.code, again.out) == (0, "epic/v2: it has landed on main already\n")
    assert box.cli("integration", "status", "v2", "--json").json["done"] is True
    assert box.cli("verify").code == 0


def test_an_unfinished_one_does_not_land_by_itself(box: Sandbox) -> None:
    by_itself(box, "when-landed")
    box.cli("integration", "create", "v2")
    work(box, "one")
    box.cli("hold", work(box, "two"), "--reason", "not yet")
    drain(box)
    assert (box.landed_on("epic/v2"), box.landed) == (["one"], [])
    box.cli("unhold", "two")
    drain(box)
    assert (sorted(box.landed_on("epic/v2")), box.landed) == (["one", "two"], ["epic/v2"])


def test_what_is_added_later_lands_later(box: Sandbox) -> None:
    by_itself(box, "when-landed")
    box.cli("integration", "create", "v2")
    for name in ("one", "two"):
        work(box, name)
        drain(box)
    assert box.landed == ["epic/v2", "epic/v2"]
    assert {"one.txt", "two.txt"} <= box.tree("main").keys()


def test_one_that_is_an_issue_lands_once_that_is_closed(box: Sandbox) -> None:
    by_itself(box, "when-closed", "close_source_issue: true\n")
    assert box.cli("issue", "open", "Checkout, anew").code == 0
    box.cli("integration", "create", "1")
    box.commit("one", {"one.txt": "x\n"})
    box.submit("one", epic="1")
    drain(box)
    assert box.landed == []
    assert "ready: queued once issue 1 is closed" in box.cli("integration", "status", "1").out
    box.cli("issue", "close", "1")
    drain(box)
    assert (box.landed, box.mr("epic/1").source_issue) == (["epic/1"], "1")


def test_one_that_a_person_rejected_does_not_come_back_by_itself(box: Sandbox) -> None:
    checks = "checks: [{name: unit, run: test ! -f one.txt || test -f main.txt}]\n"
    box.cli("integration", "create", "v2")
    work(box, "one")
    drain(box)
    box.config(f"version: 1\n{checks}integration: {{land: when-landed}}\n")
    drain(box)
    sent_back = box.mr("integration/v2")
    assert (sent_back.status, sent_back.failure is not None) == ("open", True)
    assert box.cli("reject", sent_back.id, "--reason", "not like this").code == 0
    box.advance({"main.txt": "now it would pass\n"})
    drain(box)
    assert (box.landed, box.mr("integration/v2").close_reason) == ([], "rejected")


def test_workers_at_the_same_time_queue_it_once(box: Sandbox) -> None:
    by_itself(box, "when-landed")
    box.cli("integration", "create", "v2")
    work(box, "one")
    assert box.cli("process", "--drain", "--jobs", "1").code == 0
    other = box.clone("bob")
    drain(other)
    assert box.landed == ["epic/v2"]
    other.close()


@pytest.mark.parametrize("epic", ["99", "github#7", "v2"])
def test_an_issue_of_which_nothing_is_known_is_not_closed(box: Sandbox, epic: str) -> None:
    by_itself(box, "when-closed")
    box.cli("integration", "create", epic)
    box.commit("one", {"one.txt": "x\n"})
    box.submit("one", epic=epic)
    drain(box)
    assert box.landed == []


def test_a_part_that_comes_while_the_epic_is_queued_is_not_lost(epic: Sandbox) -> None:
    work(epic, "one")
    drain(epic)
    assert epic.cli("integration", "land", "v2").code == 0
    work(epic, "two")
    drain(epic)
    assert "two.txt" not in epic.tree("main")
    assert "ready: refinery integration land v2" in epic.cli("integration", "status", "v2").out
    assert epic.cli("integration", "land", "v2").code == 0
    drain(epic)
    assert {"one.txt", "two.txt"} <= epic.tree("main").keys()
    assert all(mr.closed for mr in epic.view().mrs.values())
    assert epic.cli("verify").code == 0


def test_an_epic_that_conflicts_is_repaired_on_its_branch(epic: Sandbox) -> None:
    work(epic, "one", "epic\n")
    drain(epic)
    epic.advance({"one.txt": "main\n"})
    assert epic.cli("integration", "land", "v2").code == 0
    epic.cli("process", "--drain")
    blocked = epic.mr("integration/v2")
    assert (blocked.blocked_by, epic.landed) == ("local#1", [])
    epic.git("fetch", "-q", "origin")
    epic.git("checkout", "-q", "-B", "integration/v2", "origin/integration/v2")
    epic.run_git("merge", "-q", "origin/main")
    (epic.path / "one.txt").write_text("both\n")
    epic.git("commit", "-q", "-a", "-m", "Merge main")
    epic.push("integration/v2")
    epic.cli("issue", "close", "1")
    done = epic.cli("integration", "land", "v2")
    assert done.code == 0, done.err
    drain(epic)
    assert (epic.landed, epic.tree("main")["one.txt"]) == (["integration/v2"], "both\n")
