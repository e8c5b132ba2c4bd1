"""The desk on real git: it fetches the queue's own refs, only when they moved, and carries out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from refinery.answers.refusals import RefusedRequest, refuse
from refinery.live.desk import Desk, Elsewhere
from refinery.live.snapshot import Processor
from refinery.queue.deeds import Deed, Order
from refinery.queue.standing import Code
from refinery.records.issue import Issue
from refinery.records.merge_request import CloseReason
from refinery.records.names import IssueRef
from refinery.repo.process import Git
from tests.cli.states import fold_all, take
from tests.sandbox import Sandbox


@pytest.fixture
def desk(box: Sandbox) -> Iterator[Desk]:
    """Of the sandbox's own clone."""
    queue = box.queue()
    log = queue.repo.state_dir / "processor.log"
    return Desk(queue, processor=lambda: Processor(runs=False), worded=refuse, log=log)


def gits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The git commands that are run from now on, by name."""
    found: list[str] = []
    run = Git.run

    def noted(self: Git, *argv: str, **options: object) -> object:
        found.append(
            next(each for each in argv if each in ("fetch", "ls-remote") or argv[0] == each)
        )
        return run(self, *argv, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Git, "run", noted)
    return found


def test_what_has_not_moved_is_not_fetched(
    box: Sandbox, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = box.request("feat")
    first, news = desk.look()
    assert (news, [line.id for line in first.board.line]) == (True, [id])
    ran = gits(monkeypatch)
    _, news = desk.look()
    assert (news, [name for name in ran if name in ("fetch", "ls-remote")]) == (
        False,
        ["ls-remote"],
    )
    other = box.request("other")
    again, news = desk.look()
    assert (news, {line.id for line in again.board.line}) == (True, {id, other})


def test_nothing_but_the_queues_own_refs_is_fetched(box: Sandbox, desk: Desk) -> None:
    box.request("feat")
    desk.look()
    known = box.git("rev-parse", "refs/remotes/origin/main")
    bob = box.clone("bob")
    other = bob.request("other")
    outside = bob.advance({"big.txt": "x\n"})
    box.git("push", "-q", "origin", f"{outside}:refs/heads/somebodys", cwd=bob.path)
    snapshot, _ = desk.look()
    assert snapshot.board.of(other) is not None
    assert box.git("rev-parse", "refs/remotes/origin/main") == known
    assert box.sha(outside, at=box.path) is None
    assert "somebodys" not in box.git("for-each-ref")


def test_the_tip_is_known_from_the_landing_itself(box: Sandbox, desk: Desk) -> None:
    box.config("version: 1\nchecks:\n- name: unit\n  run: 'true'\n")
    desk.look()
    bob = box.clone("bob")
    bob.request("feat", {"a.txt": "a\n"})
    box.git("fetch", "-q", "origin", "main")
    assert bob.cli("process", "--drain").code == 0
    snapshot, _ = desk.look()
    (main,) = snapshot.board.targets
    assert (main.tip, main.health.value) == (box.sha("main"), "green")


def test_what_this_clone_has_seen_of_a_target_counts_where_it_is_newer(
    box: Sandbox, desk: Desk
) -> None:
    box.config("version: 1\nchecks:\n- name: unit\n  run: test ! -e broken.txt\n")
    box.request("feat")
    assert box.cli("process", "--drain").code == 0
    pushed = box.advance({"broken.txt": "x\n"})
    box.request("other")
    assert box.cli("process", "--drain").code == 1
    snapshot, _ = desk.look()
    (main,) = snapshot.board.targets
    assert (main.tip, main.health.value) == (pushed, "red")
    assert "main itself fails its checks" in main.why


def test_a_candidate_names_the_checks_that_it_has_to_pass(box: Sandbox, desk: Desk) -> None:
    box.config("version: 1\nchecks:\n- name: lint\n  run: 'true'\n- name: unit\n  run: 'true'\n")
    id = box.request("feat")
    box.git("fetch", "-q", "origin")
    take(box, [id])
    snapshot, _ = desk.look()
    (run,) = snapshot.board.running
    assert snapshot.checks_of(run) == ("lint", "unit")


def test_a_broken_configuration_hides_nothing(box: Sandbox, desk: Desk) -> None:
    box.config("version: 1\nchecks: nonsense\n")
    id = box.request("feat")
    box.git("fetch", "-q", "origin")
    snapshot, _ = desk.look()
    assert [line.id for line in snapshot.board.line] == [id]
    assert "configuration is broken" in snapshot.board.targets[0].why


def test_orders_are_the_decisions_of_the_commands(box: Sandbox, desk: Desk) -> None:
    id = box.request("feat")  # still in the inbox: it is folded first
    after = desk.carry_out(Order(Deed.HOLD, id, "release week"))
    assert after.board.line[0].code is Code.HELD
    desk.carry_out(Order(Deed.UNHOLD, id))
    desk.carry_out(Order(Deed.PRIORITY, id, priority=1))
    desk.carry_out(Order(Deed.PAUSE, None, "night"))
    with pytest.raises(RefusedRequest, match="already paused"):
        desk.carry_out(Order(Deed.PAUSE, None, "night"))
    desk.carry_out(Order(Deed.RESUME))
    desk.carry_out(Order(Deed.REJECT, id, "old"))
    mr = box.mr("feat")
    assert (mr.close_reason, mr.priority) == (CloseReason.REJECTED, 1)
    assert [each.event for each in box.queue_log()][-6:] == [
        *("held", "unheld", "prioritised", "paused", "resumed", "rejected")
    ]


def test_an_issue_of_the_embedded_tracker_is_read_and_any_other_located(
    box: Sandbox, desk: Desk
) -> None:
    box.request("one", {"README.md": "one\n"})
    box.request("two", {"README.md": "two\n"})
    assert box.cli("process", "--drain").code == 0
    desk.look()
    issue = desk.issue(IssueRef("local#1"))
    assert isinstance(issue, Issue)
    assert issue.mr == box.mr("two").id
    assert desk.issue(IssueRef("github#7")) == Elsewhere(IssueRef("github#7"), "")


def test_the_command_beside_the_key(box: Sandbox) -> None:
    id = box.request("feat")
    fold_all(box)
    done = box.cli("priority", id, "0")
    assert (done.code, done.out, done.err) == (0, f"✓ {id} has priority 0 now\n", "")
    again = box.cli("priority", id, "0")
    said = f"error: {id} has priority 0 already\nhint: `refinery queue` shows how it stands\n"
    assert (again.code, again.err) == (1, said)
