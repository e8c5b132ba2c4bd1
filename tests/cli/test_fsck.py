"""`refinery fsck` finds everything that can be wrong with a queue, and says how bad it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from refinery.queue.archiving import archive
from refinery.records import document
from refinery.records.merge_request import Block, CloseReason, MergeRequest, Status
from refinery.records.names import IssueRef, MrId, Sha
from refinery.store import layout
from refinery.store.edit import Edit, Event
from refinery.store.update import Committed
from tests.cli.damaging import (
    QUEUE,
    claim_ref,
    fold_all,
    folded,
    forge,
    found,
    fsck,
    land,
    push,
    rewrite,
)
from tests.sandbox import Sandbox

OTHER = Sha("1" * 40)
ABSENT = MrId("mr-0000000000")


def test_a_queue_in_use_has_nothing_wrong(box: Sandbox) -> None:
    land(box, "one", "two")
    folded(box, "three")
    box.request("four")
    box.cli("claim", box.mr("four").id)
    done = box.cli("fsck")
    assert (done.code, done.err) == (0, "")
    assert done.out == "✓ 4 refs and 5 records: nothing is wrong\n"


def test_no_queue_at_all_is_no_error(box: Sandbox) -> None:
    assert found(box) == []


def test_each_finding_says_where_what_and_what_to_do(box: Sandbox) -> None:
    (id,) = folded(box, "feat")
    box.git("push", "-q", "origin", f":refs/refinery/heads/{id}")
    head = box.mr(id).head
    done = box.cli("fsck")
    assert (done.code, done.out) == (
        1,
        f"error pin-missing  refs/refinery/heads/{id}\n"
        f"    nothing pins the head of {id}: a deleted branch would lose it\n"
        f"    fix: git push --force <remote> {head}:refs/refinery/heads/{id}\n"
        "✗ 1 ref and 1 record: 1 error\n",
    )
    push(box, head, f"refs/refinery/heads/{id}")
    assert found(box) == []


def test_a_record_that_cannot_be_read_is_an_error(box: Sandbox) -> None:
    (id,) = folded(box, "feat")
    forge(box, {layout.mr_path(id): "version: 1\nid: [\n"})
    assert found(box) == [("error", "record-unreadable")]
    finding = fsck(box).json["findings"][0]
    assert finding["where"] == f"{QUEUE}:{layout.mr_path(id)}"
    assert finding["fix"] == f"what it held before: git log -p {QUEUE} -- {layout.mr_path(id)}"


def test_a_record_in_another_records_file_is_an_error(box: Sandbox) -> None:
    (id,) = folded(box, "feat")
    text = document.write(replace(box.mr(id), id=ABSENT)).decode()
    forge(box, {layout.mr_path(id): text})
    assert found(box) == [("error", "record-unreadable")]


def test_a_queue_that_is_no_queue_is_an_error(box: Sandbox) -> None:
    blob = box.git("hash-object", "-w", "--stdin", stdin="nothing")
    push(box, blob, QUEUE)
    assert found(box) == [("error", "ref-unreadable")]


def test_refs_of_nobody_are_told(box: Sandbox) -> None:
    folded(box, "feat")
    push(box, "main", "refs/refinery/other/thing")
    push(box, "main", "refs/refinery/heads/NOT-AN-ID")
    assert found(box) == [
        ("warning", "pin-unknown"),
        ("warning", "stray-ref"),
        ("warning", "stray-ref"),
    ]


def test_files_of_nobody_and_a_missing_header_are_told(box: Sandbox) -> None:
    folded(box, "feat")
    forge(box, {"notes.txt": "x", layout.HEADER: None})
    assert found(box) == [("error", "header-missing"), ("warning", "stray-file")]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda mr: replace(mr, status=Status.CLOSED), "record-incomplete"),
        (lambda mr: replace(mr, close_reason=CloseReason.EMPTY), "record-incomplete"),
        (lambda mr: replace(mr, merge_commit=OTHER), "record-incomplete"),
        (lambda mr: replace(mr, depends_on=(ABSENT,)), "depends-unknown"),
        (lambda mr: replace(mr, blocked_by=IssueRef("local#1")), "issue-without-block"),
        (lambda mr: replace(mr, depends_on=(mr.id,)), "depends-cycle"),
    ],
)
def test_a_record_that_contradicts_itself_is_an_error(
    box: Sandbox, change: Callable[[MergeRequest], MergeRequest], expected: str
) -> None:
    (id,) = folded(box, "feat")
    rewrite(box, id, change)
    assert ("error", expected) in found(box)


def test_merge_requests_that_wait_for_each_other_are_told_once(box: Sandbox) -> None:
    one, two, three = folded(box, "one", "two", "three")
    for id, other in ((one, two), (two, three), (three, one)):
        rewrite(box, id, lambda mr, other=other: replace(mr, depends_on=(other,)))
    findings = fsck(box).json["findings"]
    first = min(one, two, three)
    assert [each["code"] for each in findings] == ["depends-cycle"]
    assert findings[0]["what"].startswith(f"waits for itself: {first} → ")
    assert findings[0]["what"].endswith(f" → {first}")


def test_a_dependency_that_is_archived_is_known(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("refinery.queue.archiving.KEPT_CLOSED", 0)
    land(box, "one")
    id = box.mr("one").id
    assert isinstance(box.queue().update(lambda view: archive(view, at_least=1)), Committed)
    (later,) = folded(box, "later")
    rewrite(box, later, lambda mr: replace(mr, depends_on=(id,)))
    assert found(box) == []


def test_two_open_for_one_branch_and_target_are_an_error(box: Sandbox) -> None:
    one, two = folded(box, "one", "two")
    rewrite(box, two, lambda mr: replace(mr, branch=box.mr(one).branch))
    assert found(box) == [("error", "duplicate")]


def test_a_link_to_a_revision_that_is_not_there_is_told(box: Sandbox) -> None:
    box.request("feat")
    box.commit("feat", {"more.txt": "more"})
    box.push("feat")
    box.submit("feat")
    fold_all(box)
    assert found(box) == []
    old = next(mr for mr in box.view().mrs.values() if mr.closed)
    rewrite(box, old.id, lambda mr: replace(mr, superseded_by=ABSENT))
    assert found(box) == [("warning", "superseded-by-unknown")]


def test_claims_of_nothing_and_expired_claims_are_told(box: Sandbox) -> None:
    id = box.request("feat")
    claim_ref(box, id)
    assert found(box) == []
    box.clock.tick(3600)
    assert found(box) == [("info", "claim-expired")]
    lost = {ABSENT: replace(box.view().claims[id], candidate=(ABSENT,))}
    box.queue().update(lambda view: Edit(event=Event("claimed", "nobody"), claim=lost))
    assert found(box) == [("warning", "claim-unknown"), ("info", "claim-expired")]


def test_a_claim_under_another_name_is_an_error(box: Sandbox) -> None:
    claimed = claim_ref(box, box.request("feat"))
    push(box, claimed, f"refs/refinery/claims/{ABSENT}")
    assert found(box) == [("error", "record-unreadable")]


def test_what_a_closed_merge_request_left_behind_is_told_and_tidied(box: Sandbox) -> None:
    (id,) = folded(box, "feat")
    claimed = claim_ref(box, id)
    head = box.mr(id).head
    assert box.cli("reject", id, "--reason", "no").code == 0
    push(box, claimed, f"refs/refinery/claims/{id}")
    push(box, head, f"refs/refinery/heads/{id}")
    assert found(box) == [("warning", "claim-closed"), ("warning", "pin-closed")]
    assert box.cli("process", "--once").code == 0
    assert found(box) == []


def test_a_pin_on_something_else_is_an_error(box: Sandbox) -> None:
    (id,) = folded(box, "feat")
    push(box, "main", f"refs/refinery/heads/{id}")
    assert ("error", "pin-elsewhere") in found(box)


def test_an_inbox_entry_that_is_folded_already_is_told_and_tidied(box: Sandbox) -> None:
    id = box.request("feat")
    box.git("fetch", "-q", "origin", f"+refs/refinery/inbox/{id}:refs/kept")
    fold_all(box)
    push(box, "refs/kept", f"refs/refinery/inbox/{id}")
    assert found(box) == [("warning", "inbox-folded")]
    assert box.cli("process", "--once").code == 0
    assert found(box) == []


def test_an_inbox_entry_without_its_head_is_an_error(box: Sandbox) -> None:
    id = box.request("feat")
    box.git("fetch", "-q", "origin", f"+refs/refinery/inbox/{id}:refs/kept")
    bare = box.git("commit-tree", "-m", "x", "refs/kept^{tree}")
    push(box, bare, f"refs/refinery/inbox/{id}")
    assert found(box) == [("error", "record-unreadable")]


def test_blocks_without_issues_and_issues_without_being_are_told(box: Sandbox) -> None:
    (id,) = folded(box, "feat")
    mr = box.mr(id)
    block = Block("conflict", mr.head, Sha(str(box.sha("main"))), ("a.txt",))
    rewrite(box, id, lambda mr: replace(mr, block=block))
    assert found(box) == [("warning", "block-without-issue")]
    rewrite(box, id, lambda mr: replace(mr, block=block, blocked_by=IssueRef("local#1")))
    assert found(box) == [("error", "issue-missing")]


def test_a_conflict_is_well_until_its_issue_is_closed(box: Sandbox) -> None:
    box.request("one", {"README.md": "one\n"})
    box.request("two", {"README.md": "two\n"})
    assert box.cli("process", "--drain").code == 0
    assert found(box) == []
    blocked = next(mr for mr in box.view().mrs.values() if mr.blocked_by)
    assert box.cli("issue", "close", str(blocked.blocked_by)).code == 0
    assert found(box) == [("info", "issue-closed")]


def test_an_issue_that_cannot_be_read_is_an_error(box: Sandbox) -> None:
    box.request("one", {"README.md": "one\n"})
    box.request("two", {"README.md": "two\n"})
    assert box.cli("process", "--drain").code == 0
    forge(box, {"issues/1.yaml": "broken"}, "refs/refinery/issues")
    assert found(box) == [("error", "record-unreadable")]


def test_the_archive_holds_each_record_once_and_only_closed_ones(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("refinery.queue.archiving.KEPT_CLOSED", 0)
    land(box, "one")
    mr = box.mr("one")
    assert isinstance(box.queue().update(lambda view: archive(view, at_least=1)), Committed)
    assert found(box) == []
    text = document.write(replace(mr, title="another")).decode()
    forge(box, {f"{mr.id}.yaml": text}, "refs/refinery/archive")
    assert found(box) == [("error", "archived-twice"), ("warning", "archive-count")]


def test_what_is_archived_and_still_in_the_queue_is_told(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("refinery.queue.archiving.KEPT_CLOSED", 0)
    land(box, "one")
    mr = box.mr("one")
    assert isinstance(box.queue().update(lambda view: archive(view, at_least=1)), Committed)
    forge(box, {layout.mr_path(mr.id): document.write(mr).decode()})
    assert found(box) == [("warning", "archived-twice")]


def test_history_that_is_no_transaction_is_an_error(box: Sandbox) -> None:
    folded(box, "feat")
    box.git("fetch", "-q", "origin", f"+{QUEUE}:refs/heads/forged")
    box.commit("forged", {}, message="by hand")
    box.commit("forged", {}, message="again\n\nRefinery-Op: same")
    box.commit("forged", {}, message="and again\n\nRefinery-Op: same")
    push(box, "forged", QUEUE)
    assert found(box) == [("error", "history-foreign"), ("error", "history-twice")]


def test_a_merged_history_is_an_error(box: Sandbox) -> None:
    folded(box, "feat")
    assert box.cli("pause", "--reason", "a second transaction").code == 0
    box.git("fetch", "-q", "origin", f"+{QUEUE}:refs/heads/forged")
    message = "merged\n\nRefinery-Op: merged"
    commit = box.git(
        *("commit-tree", "-p", "forged", "-p", "forged~1", "-m", message, "forged^{tree}")
    )
    push(box, commit, QUEUE)
    assert found(box) == [("error", "history-merged")]


def test_a_push_from_outside_is_only_told(box: Sandbox) -> None:
    land(box, "one")
    box.git("pull", "-q", "--ff-only")
    box.advance({"b.txt": "b\n"})
    assert found(box) == [("info", "outside-push")]


def test_a_target_that_was_rewound_is_an_error(box: Sandbox) -> None:
    first = box.sha("main")
    land(box, "one")
    push(box, str(first), "refs/heads/main")
    assert found(box) == [("error", "target-rewound")]


def test_a_torn_landing_is_told_and_healed(box: Sandbox) -> None:
    land(box, "one")
    id = box.request("two")
    box.git("fetch", "-q", "origin", "+refs/refinery/*:refs/saved/*")
    assert box.cli("process", "--drain", "--quiet").code == 0
    assert box.landed == ["one", "two"]
    push(box, "refs/saved/queue", QUEUE)
    push(box, f"refs/saved/inbox/{id}", f"refs/refinery/inbox/{id}")
    assert found(box) == [("warning", "landing-torn")]
    assert box.cli("process", "--drain", "--quiet").code == 0
    assert found(box) == []
    assert box.landed == ["one", "two"]


def test_a_missing_target_is_an_error_when_somebody_waits_for_it(box: Sandbox) -> None:
    box.git("push", "-q", "origin", "main:refs/heads/release")
    box.commit("feat")
    box.push("feat")
    box.submit("feat", target="release")
    assert found(box) == []
    box.delete_branch("release")
    assert found(box) == [("error", "target-missing")]


def test_a_head_that_is_lost_is_an_error(box: Sandbox) -> None:
    (id,) = folded(box, "feat")
    rewrite(box, id, lambda mr: replace(mr, head=OTHER))
    assert found(box) == [("error", "head-missing"), ("error", "pin-elsewhere")]


def test_a_verdict_from_the_future_is_told(box: Sandbox) -> None:
    box.config("version: 1\nchecks:\n  - {name: ok, run: 'true'}\n")
    land(box, "feat")
    view = box.view()
    assert view.verdicts
    ahead = [replace(each, at=each.at + timedelta(days=1)) for each in view.verdicts.values()]
    event = Event("tested", "by a worker whose clock is ahead")
    box.queue().update(lambda view: Edit(event=event, verdicts=tuple(ahead)))
    assert {code for _, code in found(box)} == {"from-the-future"}
