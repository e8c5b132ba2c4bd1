"""Conflicts on real git: the issue that opens, what closing it does, and what never loops."""

from __future__ import annotations

from dataclasses import replace

import pytest

from refinery.adapters.local import LocalTracker
from refinery.engine import conflicts
from refinery.queue.blocking import blocked_on
from refinery.queue.tracking import IssueStatus
from refinery.records.names import IssueRef, MrId, Sha
from tests.sandbox import Sandbox

BOTH = {"shared.txt": "theirs\n2\n3\n"}


@pytest.fixture
def clashing(box: Sandbox) -> Sandbox:
    """Two branches that change the same line: `first` has landed, `second` conflicts."""
    box.commit("main", {"shared.txt": "1\n2\n3\n"})
    box.push("main")
    box.request("first", {"shared.txt": "ours\n2\n3\n"}, priority=1)
    box.request("second", BOTH, onto="main", priority=2, issue="gt-7")
    done = box.cli("process", "--drain")
    assert done.code == 0, done.err
    return box


def issues(box: Sandbox) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = box.cli("issue", "list", "--json").json
    return listed


def test_a_conflict_opens_one_issue_and_costs_neither_place_nor_age(clashing: Sandbox) -> None:
    [issue] = issues(clashing)
    mr = clashing.mr("second")
    assert clashing.landed == ["first"]
    assert (issue["id"], issue["state"], issue["mr"]) == ("local#1", "open", mr.id)
    assert issue["title"] == f"Resolve merge conflicts: {mr.title}"
    assert issue["priority"] == 1
    assert (mr.status, mr.blocked_by, mr.retry_count) == ("open", "local#1", 1)


def test_the_issue_says_what_conflicts_with_what_and_how_to_resolve_it(clashing: Sandbox) -> None:
    body = str(issues(clashing)[0]["body"])
    first, second = clashing.mr("first"), clashing.mr("second")
    for fact in (
        f"`{second.id}`",
        "`second`",
        "`gt-7`",
        "- `shared.txt`",
        f"(`{first.id}`)",
        "Retries: 1",
        "git rebase origin/main",
        f"<!-- refinery:mr={second.id} revision={second.head} -->",
    ):
        assert fact in body


def test_the_blocked_one_does_not_stop_the_others(clashing: Sandbox) -> None:
    clashing.request("third", {"third.txt": "3\n"}, onto="main")
    assert clashing.cli("process", "--drain").code == 0
    assert clashing.landed == ["first", "third"]


def test_closing_the_issue_after_a_push_lets_it_land(clashing: Sandbox) -> None:
    clashing.git("fetch", "-q", "origin")
    clashing.request("second", {"shared.txt": "both\n2\n3\n"}, onto="origin/main")
    assert clashing.mr("second").blocked_by == "local#1"
    closed = clashing.cli("issue", "close", "1")
    assert closed.code == 0
    assert "re-enters the queue" in closed.err
    assert clashing.cli("process", "--drain").code == 0
    assert clashing.landed == ["first", "second"]
    assert clashing.tree("main")["shared.txt"] == "both\n2\n3\n"


def test_closing_without_a_push_says_so_once_and_does_not_loop(clashing: Sandbox) -> None:
    closed = clashing.cli("issue", "close", "local#1")
    assert closed.code == 0
    assert "has not moved" in closed.err
    before = clashing.sha("refs/refinery/queue")
    for _ in range(3):
        assert clashing.cli("process", "--drain").code == 0
    [issue] = issues(clashing)
    assert clashing.sha("refs/refinery/queue") == before
    assert len(issue["comments"]) == 1  # type: ignore[arg-type]
    assert clashing.mr("second").blocked_by == "local#1"


def test_a_push_after_the_closing_is_found_by_the_next_run(clashing: Sandbox) -> None:
    clashing.cli("issue", "close", "1")
    clashing.git("fetch", "-q", "origin")
    clashing.request("second", {"shared.txt": "both\n2\n3\n"}, onto="origin/main")
    assert clashing.cli("process", "--drain").code == 0
    assert clashing.landed == ["first", "second"]


def test_a_conflict_that_went_away_unblocks_when_its_issue_is_closed(clashing: Sandbox) -> None:
    clashing.git("fetch", "-q", "origin")
    clashing.git("checkout", "-q", "-B", "revert", "origin/main")
    clashing.advance({"shared.txt": "1\n2\n3\n"})
    closed = clashing.cli("issue", "close", "1")
    assert "can be put on main now" in closed.err
    assert clashing.cli("process", "--drain").code == 0
    assert clashing.landed == ["first", "second"]


def test_reopening_blocks_nothing_that_went_on_and_is_kept(clashing: Sandbox) -> None:
    clashing.cli("issue", "close", "1")
    assert clashing.cli("issue", "reopen", "1", "--body", "not yet").code == 0
    [issue] = issues(clashing)
    assert issue["state"] == "open"
    assert clashing.cli("process", "--drain").code == 0
    assert clashing.mr("second").block.answered is False  # type: ignore[union-attr]


def test_a_conflict_between_two_that_are_queued_waits_for_the_first(box: Sandbox) -> None:
    box.commit("main", {"shared.txt": "1\n2\n3\n"})
    box.push("main")
    for name in ("a", "b", "c"):
        box.request(name, {"shared.txt": f"{name}\n2\n3\n"}, onto="main")
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["a"]
    assert [issue["mr"] for issue in issues(box)] == [box.mr("b").id, box.mr("c").id]


def test_unrelated_histories_are_a_conflict_with_words_of_their_own(box: Sandbox) -> None:
    box.git("checkout", "-q", "--orphan", "alien")
    box.git("rm", "-rqf", ".")
    (box.path / "x.txt").write_text("x\n")
    box.git("add", "x.txt")
    box.git("commit", "-qm", "alien")
    box.git("push", "-q", "origin", "alien")
    done = box.cli("submit", "--branch", "alien")
    assert done.code == 1
    assert "has no history in common with main" in done.err


def test_an_issue_is_opened_once_although_the_run_died_before_recording_it(
    clashing: Sandbox,
) -> None:
    """The tracker has the issue, the record does not know: the marker finds it again."""
    from dataclasses import replace

    from refinery.store.edit import Edit, Event

    queue = clashing.queue(engine=True)
    id = clashing.mr("second").id
    queue.update(
        lambda view: Edit(Event("test", "forget"), put=(replace(view.mrs[id], blocked_by=None),))
    )
    assert clashing.cli("process", "--drain").code == 0
    assert len(issues(clashing)) == 1
    assert clashing.mr("second").blocked_by == "local#1"


def test_a_tracker_that_is_down_leaves_it_blocked_and_says_so(
    clashing: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from refinery.adapters.local import LocalTracker
    from refinery.errors import TryAgain

    def away(*_: object) -> None:
        raise TryAgain("the tracker does not answer")

    clashing.cli("issue", "close", "1")
    monkeypatch.setattr(LocalTracker, "statuses", away)
    done = clashing.cli("process", "--drain")
    assert done.code == 0
    assert "stay blocked: the tracker does not answer" in done.err
    assert clashing.mr("second").blocked_by == "local#1"


def test_an_answer_about_one_issue_lets_nothing_go_that_another_blocks_by_now(
    clashing: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = clashing.mr("second").id
    engine = clashing.queue(engine=True).engine(lambda _: None)
    clashing.advance({"shared.txt": "1\n2\n3\n"})  # it would merge cleanly now
    engine.refresh()
    tried = conflicts._tried(engine, [engine.view.mrs[id]])
    assert [each.files for each in tried] == [None]
    clashing.queue().update(lambda view: blocked_on(view, id, IssueRef("local#9")))
    conflicts._let_go(engine, tried)
    assert clashing.mr("second").blocked_by == "local#9"


def test_a_closing_without_effect_is_answered_by_one_of_two_engines(
    clashing: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(LocalTracker, "comment", lambda _, issue, body: said.append(issue))
    engines = [
        clashing.clone(name).queue(engine=True).engine(lambda _: None) for name in ("bob", "eve")
    ]
    for engine in engines:  # both have read the same queue
        conflicts.settle(engine, {IssueRef("local#1"): IssueStatus.CLOSED})
    assert said == ["local#1"]


def test_many_are_tried_in_one_process_and_one_that_is_broken_spoils_none(
    clashing: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = clashing.queue(engine=True).engine(lambda _: None)
    mr = engine.view.mrs[clashing.mr("second").id]
    assert mr.block is not None
    gone = Sha("0" * 39 + "1")
    broken = replace(mr, id=MrId("mr-broken"), head=gone, block=replace(mr.block, head=gone))
    assert [each.files for each in conflicts._tried(engine, [mr, broken])] == [("shared.txt",)]
    monkeypatch.setattr(conflicts, "merge_tree", None)
    assert [each.files for each in conflicts._tried(engine, [mr] * 3)] == [("shared.txt",)] * 3
