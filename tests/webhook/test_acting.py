"""What deliveries do to a real queue: together, once, and only what the remote really shows."""

from __future__ import annotations

from typing import Any

import pytest

from refinery.cli.narration import worded
from refinery.records.merge_request import Block, CloseReason, MergeRequest
from refinery.records.names import IssueRef, MrId, Sha
from refinery.store.edit import Edit, Event
from refinery.store.update import Committed
from refinery.values import replace
from refinery.webhook.acting import Done, Failed, Heard, Later, Outcome, act
from refinery.webhook.events import Forge
from refinery.webhook.parsing import parse
from refinery.webhook.telling import Teller
from tests.sandbox import Sandbox
from tests.webhook.deliveries import REPOSITORY, ZERO, closed, pull_request, pushed

BASE = {"shared.txt": "1\n2\n3\n"}


def tell(box: Sandbox, *told: tuple[str, dict[str, Any]], final: bool = True) -> list[Outcome]:
    """Act on GitHub deliveries as one batch."""
    heard = [Heard(parse(Forge.GITHUB, name, payload), final) for name, payload in told]
    return act(box.queue(engine=True), heard, Teller(worded), ours=REPOSITORY)


def block(box: Sandbox, *blocks: tuple[MrId, int], answered: bool = False) -> None:
    """Have merge requests blocked by issues of GitHub, as a conflict does."""
    base = box.sha("main")
    assert base is not None

    def decide(view: Any) -> Edit:
        put = []
        for id, number in blocks:
            mr: MergeRequest = view.mrs[id]
            why = Block("conflict", mr.head, base, ("shared.txt",), answered=answered)
            put.append(replace(mr, block=why, blocked_by=IssueRef(f"github#{number}")))
        return Edit(Event("conflict", "for the test"), put=tuple(put))

    box.cli("process", "--drain")
    assert isinstance(box.queue().update(decide), Committed)


@pytest.fixture
def blocked(ours: Sandbox) -> Sandbox:
    """`topic` conflicts with main and is blocked by github#7."""
    ours.commit("main", BASE, onto="main")
    ours.push("main")
    ours.request("topic", {"shared.txt": "ours\n2\n3\n"}, onto="main")
    ours.advance({"shared.txt": "theirs\n2\n3\n"})
    ours.cli("process", "--drain")
    mr = ours.mr("topic")
    assert mr.blocked_by == "local#1"
    block(ours, (mr.id, 7))
    return ours


class TestIssues:
    def test_closing_lets_go_on_what_merges_now(self, blocked: Sandbox) -> None:
        blocked.advance(BASE)
        [outcome] = tell(blocked, ("issues", closed(7)))
        assert outcome == Done("github#7 is closed")
        mr = blocked.mr("topic")
        assert (mr.blocked_by, mr.block, mr.was_blocked_by) == (None, None, "github#7")
        assert blocked.cli("process", "--drain").code == 0
        assert "topic" in blocked.landed

    def test_a_push_that_resolved_it_counts_also_while_it_lies_in_the_inbox(
        self, blocked: Sandbox
    ) -> None:
        blocked.git("fetch", "-q", "origin")
        blocked.request("topic", {"shared.txt": "both\n2\n3\n"}, onto="origin/main")
        tell(blocked, ("issues", closed(7)))
        assert blocked.mr("topic").block is None

    def test_reopening_blocks_again_and_closing_frees_again(self, blocked: Sandbox) -> None:
        blocked.advance(BASE)
        tell(blocked, ("issues", closed(7)))
        assert tell(blocked, ("issues", closed(7, "reopened"))) == [Done("github#7 is open")]
        mr = blocked.mr("topic")
        assert (mr.blocked_by, mr.was_blocked_by) == ("github#7", None)
        tell(blocked, ("issues", closed(7)))
        assert blocked.mr("topic").blocked_by is None

    @pytest.mark.parametrize("action", ["deleted", "transferred"])
    def test_an_issue_that_is_gone_holds_nobody(self, blocked: Sandbox, action: str) -> None:
        blocked.advance(BASE)
        assert tell(blocked, ("issues", closed(7, action))) == [Done("github#7 is gone")]
        assert blocked.mr("topic").blocked_by is None

    def test_a_label_closes_a_target_as_the_tracker_says(self, ours: Sandbox) -> None:
        ours.config("version: 1\nfreeze: {issues: [{label: tree-closed}]}\n")
        tracker = ours.queue().local_tracker()
        told = ("issues", closed(7, "labeled"))
        assert tell(ours, told) == [Done("it closes no target", ignored=True)]
        issue = tracker.create("main is broken", "", ["tree-closed"])
        assert tell(ours, told) == [Done("it changes which targets are closed")]
        assert [each.issue for each in ours.view().header.freezes] == [issue]
        tracker.close(issue)
        assert tell(ours, ("issues", closed(7))) == [
            Done("github#7 changes which targets are closed")
        ]
        assert ours.view().header.freezes == ()

    def test_what_concerns_nobody_writes_nothing(self, blocked: Sandbox) -> None:
        before = blocked.refs()
        told = [
            ("issues", closed(8)),
            ("issues", closed(7) | {"repository": {"full_name": "acme/other"}}),
            ("issues", closed(7) | {"repository": {}}),
            ("issues", closed(7, "labeled")),
            ("ping", {}),
        ]
        outcomes = tell(blocked, *told)
        assert outcomes[0] == Done("github#8 blocks nothing")
        assert all(isinstance(each, Done) for each in outcomes)
        assert [each.ignored for each in outcomes if isinstance(each, Done)] == [
            *(False, True, True, True, False)
        ]
        assert blocked.refs() == before

    def test_doing_it_again_changes_nothing(self, blocked: Sandbox) -> None:
        blocked.advance(BASE)
        tell(blocked, ("issues", closed(7)))
        before = blocked.refs()
        tell(blocked, ("issues", closed(7)), ("issues", closed(7)))
        assert blocked.refs() == before

    def test_a_batch_that_contradicts_itself_asks_the_tracker_and_waits_for_it(
        self, blocked: Sandbox
    ) -> None:
        blocked.advance(BASE)
        outcomes = tell(blocked, ("issues", closed(7)), ("issues", closed(7, "reopened")))
        assert outcomes == [Later("nobody knows github#7", counted=True)] * 2  # no token here
        assert blocked.mr("topic").blocked_by == "github#7"

    def test_a_thousand_closings_are_few_transactions(self, ours: Sandbox) -> None:
        head = ours.commit("topic", {"a.txt": "a\n"})
        ours.push("topic")
        ours.submit("topic")
        ours.cli("process", "--drain")
        mr = replace(
            ours.mr("topic"),
            status=ours.mr("topic").status.OPEN,
            close_reason=None,
            closed_at=None,
            merge_commit=None,
            landing=None,
        )
        moved = Block("conflict", Sha("e" * 40), head)
        many = tuple(
            replace(
                mr,
                id=MrId(f"mr-{n:010}"),
                branch=f"b{n}",
                block=moved,
                blocked_by=IssueRef(f"github#{n}"),
            )
            for n in range(1, 1001)
        )
        ours.queue().update(lambda view: Edit(Event("conflict", "for the test"), put=many))
        before = len(ours.queue_log())
        outcomes = tell(ours, *(("issues", closed(n)) for n in range(1, 1001)))
        assert len(outcomes) == 1000
        assert all(isinstance(each, Done) for each in outcomes)
        events = [each.event for each in ours.queue_log()[before:]]
        assert events == ["unblocked", "unblocked"]
        live = [each for each in ours.view().mrs.values() if not each.closed]
        assert [each for each in live if each.blocked_by] == []
        assert len(live) == 1000


class TestPushes:
    def test_a_push_submits_what_the_remote_shows(self, ours: Sandbox) -> None:
        ours.commit("polecat/ada/gt-1")
        ours.push("polecat/ada/gt-1")
        head = ours.commit("polecat/ada/gt-1", {"more.txt": "more\n"})
        ours.push("polecat/ada/gt-1")
        ours.commit("polecat/ada/gt-1", {"unpushed.txt": "mine\n"})
        [outcome] = tell(ours, ("push", pushed("polecat/ada/gt-1", "c" * 40)))
        mr = ours.mr("polecat/ada/gt-1")
        assert (mr.head, mr.source_issue) == (head, "gt-1")
        assert outcome == Done(f"{mr.id} queued: polecat/ada/gt-1 at {head[:12]} for main")
        assert ours.sha("polecat/ada/gt-1") == head

    def test_many_pushes_of_a_branch_are_one_submission(self, ours: Sandbox) -> None:
        head = ours.commit("polecat/a/1")
        ours.push("polecat/a/1")
        tell(ours, *(("push", pushed("polecat/a/1", head, "f" * 40)) for _ in range(3)))
        assert [mr.branch for mr in ours.view().mrs.values()] == ["polecat/a/1"]

    def test_a_new_push_supersedes(self, ours: Sandbox) -> None:
        first = ours.commit("polecat/a/1")
        ours.push("polecat/a/1")
        tell(ours, ("push", pushed("polecat/a/1", first)))
        second = ours.commit("polecat/a/1", {"more.txt": "more\n"})
        ours.push("polecat/a/1")
        tell(ours, ("push", pushed("polecat/a/1", second, first)))
        assert ours.mr("polecat/a/1").head == second
        assert ours.mr("polecat/a/1", head=first).close_reason is CloseReason.SUPERSEDED

    def test_what_the_remote_does_not_show_yet_comes_later(self, ours: Sandbox) -> None:
        first = ours.commit("polecat/a/1")
        ours.push("polecat/a/1")
        told = ("push", pushed("polecat/a/1", "c" * 40, first))
        [outcome] = tell(ours, told, final=False)
        assert isinstance(outcome, Later)
        assert outcome.counted
        assert ours.view().mrs == {}
        tell(ours, told, final=True)
        assert ours.mr("polecat/a/1").head == first

    @pytest.mark.parametrize("branch", ["main", "feature/x", "polecat/gone/1"])
    def test_what_is_no_work_is_not_submitted(self, ours: Sandbox, branch: str) -> None:
        ours.commit("feature/x")
        ours.push("feature/x")
        [outcome] = tell(ours, ("push", pushed(branch, "c" * 40, "d" * 40)))
        assert isinstance(outcome, Done)
        assert ours.view().mrs == {}

    def test_what_the_queue_itself_pushes_is_nobodys_work(self, box: Sandbox) -> None:
        box.config(f"version: 1\nrepository: {REPOSITORY}\nbranches: ['**']\n")
        for branch in ("refinery/land/mr-1", "anything/else"):
            box.commit(branch)
            box.push(branch)
            tell(box, ("push", pushed(branch, "c" * 40)))
        assert [mr.branch for mr in box.view().mrs.values()] == ["anything/else"]
        assert box.cli("reconcile", "--dry-run", "--json").json["merge_requests"] == []

    def test_branches_that_were_read_are_not_taken_for_targets(self, ours: Sandbox) -> None:
        head = ours.commit("polecat/a/1")
        ours.push("polecat/a/1")
        tell(ours, ("push", pushed("polecat/a/1", head)))
        assert set(ours.queue(engine=True).engine(lambda _: None).view.targets) == {"main"}

    def test_a_deleted_branch_withdraws_nothing(self, ours: Sandbox) -> None:
        ours.request("polecat/a/1")
        ours.delete_branch("polecat/a/1")
        teller = Teller(worded)
        heard = [Heard(parse(Forge.GITHUB, "push", pushed("polecat/a/1", ZERO, "c" * 40)))]
        [outcome] = act(ours.queue(engine=True), heard, teller, ours=REPOSITORY)
        assert outcome == Done("polecat/a/1 was deleted: that withdraws nothing")
        assert "stays queued" in teller.lines[0]
        assert not ours.mr("polecat/a/1").closed

    def test_one_that_cannot_be_submitted_stops_no_other(self, ours: Sandbox) -> None:
        head = ours.commit("polecat/a/1")
        ours.push("polecat/a/1")
        ours.commit("feature/x")
        ours.push("feature/x")
        bad, good = tell(
            ours,
            ("pull_request", pull_request(1, "feature/x", "c" * 40, target="release/nowhere")),
            ("push", pushed("polecat/a/1", head)),
        )
        assert isinstance(bad, Failed)
        assert isinstance(good, Done)
        assert [mr.branch for mr in ours.view().mrs.values()] == ["polecat/a/1"]


class TestPullRequests:
    def test_our_label_submits_to_its_base_with_its_title(self, ours: Sandbox) -> None:
        ours.git("push", "-q", "origin", "origin/main:refs/heads/release")
        head = ours.commit("feature/x")
        ours.push("feature/x")
        tell(ours, ("pull_request", pull_request(4, "feature/x", head, target="release")))
        mr = ours.mr("feature/x")
        assert (mr.target, mr.title, mr.head) == ("release", "Pull feature/x", head)

    @pytest.mark.parametrize("squash", [False, True])
    def test_one_that_was_merged_elsewhere_is_closed_as_that(
        self, ours: Sandbox, squash: bool
    ) -> None:
        ours.request("topic", {"a.txt": "a\n"})
        head = ours.mr("topic").head
        if squash:
            ours.advance({"a.txt": "a\n"}, message="Squashed")
        else:
            ours.git("push", "-q", "origin", f"{head}:refs/heads/main")
        merged = pull_request(4, "topic", head, action="closed", pull_request={"merged": True})
        tell(ours, ("pull_request", merged))
        mr = ours.mr("topic", head=head)
        assert mr.close_reason is CloseReason.ALREADY_MERGED
        assert ours.refs("refs/refinery/heads") == {}

    def test_one_that_the_target_does_not_show_stays(self, ours: Sandbox) -> None:
        ours.request("topic", {"a.txt": "a\n"})
        head = ours.mr("topic").head
        merged = pull_request(4, "topic", head, action="closed", pull_request={"merged": True})
        [outcome] = tell(ours, ("pull_request", merged), final=False)
        assert isinstance(outcome, Later)
        assert not ours.mr("topic").closed


def test_a_remote_that_is_away_is_asked_later(ours: Sandbox) -> None:
    queue = ours.queue(engine=True)
    queue.engine(lambda _: None)
    away = ours.origin.rename(ours.origin.with_name("away.git"))
    heard = [Heard(parse(Forge.GITHUB, "push", pushed("polecat/a/1", "c" * 40)))]
    [outcome] = act(queue, heard, Teller(worded), ours=REPOSITORY)
    away.rename(ours.origin)
    assert isinstance(outcome, (Later, Failed))
