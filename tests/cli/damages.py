"""Every way in which a queue can be damaged that `fsck` knows, each made by hand on real git."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from refinery.records import document
from refinery.records.claim import Claim
from refinery.records.issue import Issue
from refinery.records.merge_request import Block, MergeRequest
from refinery.records.names import (
    Branch,
    CandidateId,
    IssueRef,
    MrId,
    Sha,
    derive_candidate_id,
)
from refinery.records.verdict import Result, Verdict
from refinery.store import layout
from refinery.store.edit import Edit, Event
from refinery.submit.submitting import Options, submit
from tests.cli.damaging import QUEUE, claim_ref, fold_all, folded, forge, land, push, rewrite
from tests.sandbox import Sandbox

ABSENT = MrId("mr-0000000000")
OTHER = Sha("1" * 40)
ARCHIVE = "refs/refinery/archive"
ISSUES = "refs/refinery/issues"
MEMORY = "refs/refinery/resolutions"

Damage = Callable[[Sandbox], None]


def _one(box: Sandbox) -> MrId:
    (id,) = folded(box, "feat")
    return id


def _deleted(box: Sandbox, ref: str) -> None:
    box.git("push", "-q", "--no-verify", "origin", f":{ref}")


def _blob(box: Sandbox) -> str:
    return box.git("hash-object", "-w", "--stdin", stdin="nothing")


def _changed(box: Sandbox, **fields: object) -> MrId:
    id = _one(box)
    rewrite(box, id, lambda mr: replace(mr, **fields))  # type: ignore[arg-type]
    return id


def _verdict(box: Sandbox, **fields: object) -> Verdict:
    known = Verdict(
        tree=Sha(str(box.git("rev-parse", "main^{tree}"))),
        fingerprint="0123456789abcdef",
        result=Result.PASS,
        runs=1,
        target=box.view().header.default_target,
        base=Sha(str(box.sha("main"))),
        candidate=(),
        seconds=1.0,
        at=box.clock(),
        worker="bob",
        checks=(),
    )
    return replace(known, **fields)  # type: ignore[arg-type]


def _write(box: Sandbox, edit: Edit) -> None:
    box.queue().update(lambda _: edit)


def _conflict(box: Sandbox) -> MergeRequest:
    box.request("one", {"README.md": "one\n"})
    box.request("two", {"README.md": "two\n"})
    assert box.cli("process", "--drain", "--quiet").code == 0
    return next(mr for mr in box.view().mrs.values() if mr.block)


def _archived(box: Sandbox) -> MergeRequest:
    land(box, "one")
    mr = box.mr("one")
    edit = Edit(Event("archived", "by hand"), archive=(mr,))
    header = replace(box.view().header, archived=1)
    _write(box, replace(edit, header=header))
    return mr


def _saved(box: Sandbox, ref: str, change: Callable[[], object]) -> None:
    """The ref is put back to where it was before a change."""
    box.git("fetch", "-q", "origin", f"+{ref}:refs/saved")
    change()
    push(box, "refs/saved", ref)


# Records


def a_record_without_keys(box: Sandbox) -> None:
    forge(box, {layout.mr_path(_one(box)): "no: record\n"})


def a_header_without_keys(box: Sandbox) -> None:
    land(box, "one")
    forge(box, {layout.HEADER: "no: header\n"})


def a_verdict_without_keys(box: Sandbox) -> None:
    _one(box)
    verdict = _verdict(box)
    _write(box, Edit(Event("tested", "main: pass"), verdicts=(verdict,)))
    forge(box, {layout.verdict_path(verdict.key): "no: verdict\n"})


def a_claim_without_keys(box: Sandbox) -> None:
    id = _one(box)
    claim_ref(box, id)
    forge(box, {layout.CLAIM: "no: claim\n"}, f"refs/refinery/claims/{id}")


def an_issue_without_keys(box: Sandbox) -> None:
    _conflict(box)
    forge(box, {"issues/1.yaml": "no: issue\n"}, ISSUES)


def an_issue_in_anothers_file(box: Sandbox) -> None:
    _conflict(box)
    box.git("fetch", "-q", "origin", f"+{ISSUES}:refs/issues")
    text = box.git("show", "refs/issues:issues/1.yaml") + "\n"
    forge(box, {"issues/7.yaml": text}, ISSUES)


def a_record_that_contradicts_itself(box: Sandbox) -> None:
    _changed(box, merge_commit=OTHER)


def no_header(box: Sandbox) -> None:
    _one(box)
    forge(box, {layout.HEADER: None})


def a_verdict_in_anothers_place(box: Sandbox) -> None:
    _one(box)
    misplaced = layout.verdict_path(replace(_verdict(box), tree=OTHER).key)
    forge(box, {misplaced: document.write(_verdict(box)).decode()})


def a_file_of_nobody(box: Sandbox) -> None:
    _one(box)
    forge(box, {"notes.txt": "x"})


def two_for_one_branch(box: Sandbox) -> None:
    one, two = folded(box, "one", "two")
    rewrite(box, two, lambda mr: replace(mr, branch=box.mr(one).branch))


def archived_and_still_there(box: Sandbox) -> None:
    mr = _archived(box)
    forge(box, {layout.mr_path(mr.id): document.write(mr).decode()})


def a_block_without_issue(box: Sandbox) -> None:
    id = _one(box)
    block = Block("conflict", box.mr(id).head, Sha(str(box.sha("main"))), ("a.txt",))
    rewrite(box, id, lambda mr: replace(mr, block=block))


def an_issue_without_block(box: Sandbox) -> None:
    _changed(box, blocked_by=IssueRef("local#1"))


def an_issue_that_is_gone(box: Sandbox) -> None:
    _conflict(box)
    _deleted(box, ISSUES)


def an_issue_closed_in_silence(box: Sandbox) -> None:
    blocked = _conflict(box)
    assert box.cli("issue", "close", str(blocked.blocked_by)).code == 0


def two_issues_of_one_conflict(box: Sandbox) -> None:
    _conflict(box)
    box.git("fetch", "-q", "origin", f"+{ISSUES}:refs/issues")
    text = box.git("show", "refs/issues:issues/1.yaml") + "\n"
    issue = document.read(Issue, text.encode(), where="issues/1.yaml")
    again = document.write(replace(issue, id=IssueRef("local#2"))).decode()
    forge(box, {"issues/2.yaml": again}, ISSUES)


def superseded_by_nobody(box: Sandbox) -> None:
    box.request("feat")
    box.commit("feat", {"more.txt": "more"})
    box.push("feat")
    box.submit("feat")
    fold_all(box)
    old = next(mr for mr in box.view().mrs.values() if mr.closed)
    rewrite(box, old.id, lambda mr: replace(mr, superseded_by=ABSENT))


def a_dependency_on_nobody(box: Sandbox) -> None:
    _changed(box, depends_on=(ABSENT,))


def a_circle(box: Sandbox) -> None:
    id = _one(box)
    rewrite(box, id, lambda mr: replace(mr, depends_on=(id,)))


def a_verdict_of_tomorrow(box: Sandbox) -> None:
    _one(box)
    verdict = _verdict(box, at=box.clock() + timedelta(days=1))
    _write(box, Edit(Event("tested", "main: pass"), verdicts=(verdict,)))


# Refs


def no_queue(box: Sandbox) -> None:
    _one(box)
    _deleted(box, QUEUE)


def a_queue_that_is_no_commit(box: Sandbox) -> None:
    _one(box)
    push(box, _blob(box), QUEUE)


def a_tracker_that_is_no_commit(box: Sandbox) -> None:
    _conflict(box)
    push(box, _blob(box), ISSUES)


def a_memory_that_is_no_commit(box: Sandbox) -> None:
    _one(box)
    push(box, _blob(box), MEMORY)


def a_ref_of_nobody(box: Sandbox) -> None:
    _one(box)
    push(box, "main", "refs/refinery/other/thing")


def a_claim_on_nobody(box: Sandbox) -> None:
    id = _one(box)
    claim_ref(box, id)
    lost: dict[MrId | CandidateId, Claim] = {
        ABSENT: replace(box.view().claims[id], candidate=(ABSENT,))
    }
    _write(box, Edit(Event("claimed", "nobody"), claim=lost))


def a_claim_on_the_dead(box: Sandbox) -> None:
    id = _one(box)
    _saved(box, f"refs/refinery/claims/{_claimed(box, id)}", lambda: _rejected(box, id))


def _claimed(box: Sandbox, id: MrId) -> MrId:
    claim_ref(box, id)
    return id


def _rejected(box: Sandbox, id: MrId) -> None:
    assert box.cli("reject", id, "--reason", "no").code == 0


def a_claim_that_ran_out(box: Sandbox) -> None:
    claim_ref(box, _one(box))
    box.clock.tick(3600)


def a_claim_for_ever(box: Sandbox) -> None:
    id = _one(box)
    claim_ref(box, id)
    endless = replace(box.view().claims[id], expires_at=box.clock() + timedelta(days=999))
    _write(box, Edit(Event("claimed", "for ever"), claim={id: endless}))


def a_candidates_claim_for_ever(box: Sandbox) -> None:
    id = _one(box)
    base = Sha(str(box.sha("main")))
    now = box.clock()
    target = box.mr(id).target
    claim = Claim("f" * 32, "bob", (id,), target, now, now + timedelta(days=999), base, "train")
    _write(
        box,
        Edit(Event("claimed", "for ever"), claim={derive_candidate_id(target, base, (id,)): claim}),
    )


def a_pin_of_nobody(box: Sandbox) -> None:
    _one(box)
    push(box, "main", f"refs/refinery/heads/{ABSENT}")


def a_pin_of_the_dead(box: Sandbox) -> None:
    id = _one(box)
    _saved(box, f"refs/refinery/heads/{id}", lambda: _rejected(box, id))


def a_pin_elsewhere(box: Sandbox) -> None:
    push(box, "main", f"refs/refinery/heads/{_one(box)}")


def no_pin(box: Sandbox) -> None:
    _deleted(box, f"refs/refinery/heads/{_one(box)}")


def a_head_that_is_lost(box: Sandbox) -> None:
    _changed(box, head=OTHER)


def folded_and_still_waiting(box: Sandbox) -> None:
    id = box.request("feat")
    _saved(box, f"refs/refinery/inbox/{id}", lambda: fold_all(box))


def an_announcement_that_was_none(box: Sandbox) -> None:
    box.commit("feat")
    submit(box.queue(), Options(branch=Branch("feat"), move_branch=False, intent=True))
    box.clock.tick(3600)


# Histories and targets


def a_foreign_transaction(box: Sandbox) -> None:
    _one(box)
    box.git("fetch", "-q", "origin", f"+{QUEUE}:refs/heads/forged")
    box.commit("forged", {}, message="by hand")
    push(box, "forged", QUEUE)


def a_foreign_issue(box: Sandbox) -> None:
    _conflict(box)
    box.git("fetch", "-q", "origin", f"+{ISSUES}:refs/heads/forged")
    box.commit("forged", {}, message="by hand")
    push(box, "forged", ISSUES)


def a_transaction_twice(box: Sandbox) -> None:
    _one(box)
    box.git("fetch", "-q", "origin", f"+{QUEUE}:refs/heads/forged")
    for word in ("once", "again"):
        box.commit("forged", {}, message=f"{word}\n\nRefinery-Op: same")
    push(box, "forged", QUEUE)


def two_histories(box: Sandbox) -> None:
    _one(box)
    assert box.cli("pause", "--reason", "a second transaction").code == 0
    box.git("fetch", "-q", "origin", f"+{QUEUE}:refs/heads/forged")
    parents = ("-p", "forged", "-p", "forged~1")
    message = "merged\n\nRefinery-Op: merged"
    push(box, box.git("commit-tree", *parents, "-m", message, "forged^{tree}"), QUEUE)


def a_group_that_is_not_counted(box: Sandbox) -> None:
    _archived(box)
    forge(box, {layout.HEADER: document.write(replace(box.view().header, archived=0)).decode()})


def a_group_that_is_gone(box: Sandbox) -> None:
    _archived(box)
    _deleted(box, ARCHIVE)


def no_target(box: Sandbox) -> None:
    box.git("push", "-q", "origin", "main:refs/heads/release")
    box.commit("feat")
    box.push("feat")
    box.submit("feat", target="release")
    box.delete_branch("release")


def a_target_that_was_rewound(box: Sandbox) -> None:
    first = str(box.sha("main"))
    land(box, "one")
    push(box, first, "refs/heads/main")


def a_landing_that_tore(box: Sandbox) -> None:
    land(box, "one")
    id = box.request("two")
    box.git("fetch", "-q", "origin", "+refs/refinery/*:refs/saved/*")
    assert box.cli("process", "--drain", "--quiet").code == 0
    push(box, "refs/saved/queue", QUEUE)
    push(box, f"refs/saved/inbox/{id}", f"refs/refinery/inbox/{id}")


def a_push_past_the_queue(box: Sandbox) -> None:
    land(box, "one")
    box.git("pull", "-q", "--ff-only")
    box.advance({"b.txt": "b\n"})


def an_archive_torn(box: Sandbox) -> None:
    """The server died after the archive and before the queue."""
    land(box, "one")
    mr = box.mr("one")
    edit = Edit(Event("archived", "by hand"), archive=(mr,))
    header = replace(box.view().header, archived=1)
    _saved(box, QUEUE, lambda: _write(box, replace(edit, header=header)))


DAMAGES: dict[Damage, str] = {
    a_record_without_keys: "record-unreadable",
    a_header_without_keys: "record-unreadable",
    a_verdict_without_keys: "record-unreadable",
    a_claim_without_keys: "record-unreadable",
    an_issue_without_keys: "record-unreadable",
    an_issue_in_anothers_file: "record-unreadable",
    a_record_that_contradicts_itself: "record-incomplete",
    no_header: "header-missing",
    a_verdict_in_anothers_place: "stray-file",
    a_file_of_nobody: "stray-file",
    two_for_one_branch: "duplicate",
    archived_and_still_there: "archived-twice",
    a_block_without_issue: "block-without-issue",
    an_issue_without_block: "issue-without-block",
    an_issue_that_is_gone: "issue-missing",
    an_issue_closed_in_silence: "issue-closed",
    two_issues_of_one_conflict: "issue-twice",
    superseded_by_nobody: "superseded-by-unknown",
    a_dependency_on_nobody: "depends-unknown",
    a_circle: "depends-cycle",
    a_verdict_of_tomorrow: "from-the-future",
    no_queue: "queue-missing",
    a_queue_that_is_no_commit: "ref-unreadable",
    a_tracker_that_is_no_commit: "ref-unreadable",
    a_memory_that_is_no_commit: "ref-unreadable",
    a_ref_of_nobody: "stray-ref",
    a_claim_on_nobody: "claim-unknown",
    a_claim_on_the_dead: "claim-closed",
    a_claim_that_ran_out: "claim-expired",
    a_claim_for_ever: "claim-endless",
    a_candidates_claim_for_ever: "claim-endless",
    a_pin_of_nobody: "pin-unknown",
    a_pin_of_the_dead: "pin-closed",
    a_pin_elsewhere: "pin-elsewhere",
    no_pin: "pin-missing",
    a_head_that_is_lost: "head-missing",
    folded_and_still_waiting: "inbox-folded",
    an_announcement_that_was_none: "intent-expired",
    a_foreign_transaction: "history-foreign",
    a_foreign_issue: "history-foreign",
    a_transaction_twice: "history-twice",
    two_histories: "history-merged",
    a_group_that_is_not_counted: "archive-count",
    a_group_that_is_gone: "archive-count",
    no_target: "target-missing",
    a_target_that_was_rewound: "target-rewound",
    a_landing_that_tore: "landing-torn",
    a_push_past_the_queue: "outside-push",
    an_archive_torn: "archived-twice",
}
"""Each with the code that `fsck` has to show."""

BY_OTHERS = {
    "history-broken": "tests/store/test_compaction.py",
    "history-missing": "tests/store/test_compaction.py",
    "history-stray": "tests/store/test_compaction.py",
    "queue-unsigned": "tests/signatures",
    "inbox-head": "nowhere: what does not carry its commit cannot be read",
}
"""Codes whose damage is made where the feature is tested."""
