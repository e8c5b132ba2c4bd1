"""The server's guard: what the queue does passes, whatever else touches it is refused in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from refinery.records import document
from refinery.records.claim import Claim
from refinery.records.merge_request import CloseReason, Resolution, Resolved, Status, Way
from refinery.records.names import Sha
from refinery.repo.remote import Refused
from refinery.store.edit import Edit, Event
from refinery.store.layout import RefNames
from refinery.store.view import View
from tests.conftest import Begin
from tests.hooks.conftest import said, serve
from tests.sandbox import Result, Sandbox

QUEUE = "refs/refinery/queue"


def _queue_one(box: Sandbox) -> None:
    serve(box)
    box.commit("feat", {"a.txt": "a\n"})
    id = box.submit("feat")
    box.cli("hold", id, "--reason", "test")
    assert box.cli("unhold", id).code == 0


@pytest.fixture
def queued(begin: Begin) -> Sandbox:
    """One merge request, folded: `feat`."""
    return begin(_queue_one)


def forge(box: Sandbox, edit: Edit, *, view: View | None = None) -> str | None:
    """Push an edit that no rule has seen; what the server says of it, None when it lets it pass."""
    store = box.queue().store
    outcome, _ = store.swap(view or store.read(), edit)
    if not isinstance(outcome, Refused):
        return None
    lines = [line.removeprefix("refinery: ").strip() for line in outcome.lines]
    return next(line.removeprefix("refused: ") for line in lines if line.startswith("refused: "))


def an_edit(**fields: object) -> Edit:
    return Edit(event=Event("forged", "forged"), **fields)  # type: ignore[arg-type]


def push(box: Sandbox, *refspecs: str, options: tuple[str, ...] = ()) -> Result:
    told = [part for option in options for part in ("-o", option)]
    return box.run_git("push", "--atomic", *told, "origin", *refspecs)


# What the queue does passes


@pytest.mark.journey
def test_the_whole_life_of_merge_requests_passes(served: Sandbox) -> None:
    for name, files in {
        "good": {"good.txt": "good\n"},
        "first": {"same.txt": "1\n"},
        "second": {"same.txt": "2\n"},
        "third": {"third.txt": "3\n"},
    }.items():
        served.commit(name, files)
        served.submit(name)
    rejected = served.mr("third")
    assert served.cli("reject", rejected.id, "--reason", "no").code == 0
    done = served.cli("process", "--drain")
    assert done.code == 0, done.err
    assert "refused" not in done.err
    assert sorted(served.landed) == ["first", "good"]
    assert served.mr("second").blocked_by == "local#1"
    served.commit("second", {"same.txt": "1\n", "other.txt": "2\n"}, onto="main")
    assert served.cli("push", "second", "--force").code == 0
    assert served.cli("issue", "close", "1").code == 0
    assert served.cli("process", "--drain").code == 0
    assert "second" in served.landed


@pytest.mark.journey
def test_conflicts_that_are_resolved_without_asking_pass(served: Sandbox) -> None:
    config = "version: 1\nchecks: []\nresolve: {rerere: true, union: [log]}\n"
    served.commit("main", {".refinery.yaml": config, "log": "one\n"})
    served.push("main")
    for name in ("first", "second"):
        served.request(name, {"log": f"{name}\none\n"}, onto="main")
    done = served.cli("process", "--drain")
    assert (done.code, served.landed) == (0, ["first", "second"]), done.err
    assert "refused" not in done.err


def test_checked_batches_and_failures_pass(served: Sandbox) -> None:
    served.commit(
        "main",
        {".refinery.yaml": "version: 1\nchecks:\n- {name: t, run: 'test ! -e bad.txt'}\n"},
    )
    served.push("main")
    for name in ("a", "bad", "c"):
        served.commit(name)
        served.submit(name)
    done = served.cli("process", "--drain")
    assert "refused" not in done.err, done.err
    assert sorted(served.landed) == ["a", "c"]
    assert served.mr("bad").failure is not None


def test_archiving_passes(served: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    from refinery.queue import archiving

    monkeypatch.setattr(archiving, "KEPT_CLOSED", 0)
    served.commit("feat")
    id = served.submit("feat")
    served.cli("reject", id, "--reason", "no")
    store = served.queue().store
    edit = archiving.archive(store.read(), at_least=1)
    assert edit is not None
    assert forge(served, edit) is None
    assert served.view().mrs == {}
    assert [mr.id for mr in served.archived()] == [id]


def test_the_first_push_of_all_sets_up_the_target(served: Sandbox) -> None:
    served.commit("main", {"more.txt": "more\n"})
    assert push(served, "main").code == 0


# Targets


def test_a_direct_push_to_the_target_is_refused_with_the_way_to_go(queued: Sandbox) -> None:
    before = queued.refs()
    queued.commit("main", {"direct.txt": "direct\n"})
    pushed = push(queued, "main")
    assert pushed.code == 1
    assert said(pushed) == [
        "refused: refs/heads/main: it moves only through the queue",
        "instead: push your branch and let the queue land it: refinery submit",
    ]
    assert queued.refs() == before


def test_a_target_is_guarded_before_anything_is_folded(served: Sandbox) -> None:
    served.commit("feat")
    served.submit("feat")
    served.commit("main", {"direct.txt": "direct\n"})
    assert said(push(served, "main"))[0].endswith("it moves only through the queue")


@pytest.mark.parametrize(
    ("refspec", "why"),
    [
        (":main", "a target of the queue is not deleted"),
        ("+feat:main", "it moves only through the queue"),
    ],
)
def test_a_target_is_neither_deleted_nor_overwritten(
    queued: Sandbox, refspec: str, why: str
) -> None:
    queued.git("config", "receive.denyDeleteCurrent", "ignore", cwd=queued.origin)
    assert said(push(queued, refspec))[0] == f"refused: refs/heads/main: {why}"


def test_other_branches_are_nobodys_business(queued: Sandbox) -> None:
    queued.commit("other")
    queued.commit("mainly")
    assert push(queued, "other", "mainly").code == 0
    assert push(queued, ":other").code == 0


def test_further_branches_can_be_guarded(queued: Sandbox) -> None:
    queued.git("config", "refinery.guard", "release", cwd=queued.origin)
    assert push(queued, "main:refs/heads/release").code == 0  # it is created
    queued.commit("x")
    assert push(queued, "x:refs/heads/release").code == 1


def test_one_bad_ref_refuses_the_whole_push(queued: Sandbox) -> None:
    before = queued.refs()
    queued.commit("main", {"direct.txt": "direct\n"})
    queued.commit("other")
    assert push(queued, "other", "main").code == 1
    assert queued.refs() == before


def landing(box: Sandbox, **forged: object) -> str | None:
    """A landing of `feat` made by hand, true but for what is forged."""
    queue = box.queue(engine=True)
    store = queue.store
    view = store.read()
    from refinery.config.config import Config
    from refinery.queue.candidate import Built, Clean
    from refinery.queue.claiming import Claimant, claim_candidate
    from refinery.queue.settling import land
    from refinery.records.merge_request import Method
    from refinery.records.names import Branch
    from refinery.store.update import Committed

    mr = box.mr("feat")
    base = view.targets[Branch("main")]
    by = Claimant("ada", "a" * 32, box.clock(), timedelta(minutes=10))
    taken = queue.update(
        lambda view: claim_candidate(view, Branch("main"), base, (mr.id,), by, purpose="chain")
    )
    view = store.read()
    assert isinstance(taken, Committed) or view.testing[mr.id]  # by an earlier attempt
    claim = view.testing[mr.id][0]
    tree = Sha(box.git("rev-parse", f"{mr.head}^{{tree}}", cwd=box.origin))
    commit = Sha(
        box.git("commit-tree", "-p", base, "-p", mr.head, "-m", "land", tree, cwd=box.path)
    )
    built = Built(Branch("main"), base, commit, tree, Method.MERGE, (Clean(mr.id, commit),))
    edit = land(view, built, None, claim, Config(), box.clock())
    assert isinstance(edit, Edit)
    record = edit.put[0]
    changed = {name: value for name, value in forged.items() if name in ("release", "moves", "put")}
    if "landing" in forged:
        assert record.landing is not None
        changed["put"] = (
            replace(record, landing=replace(record.landing, **forged["landing"])),  # type: ignore[arg-type]
        )
    if "unit" in forged:
        changed["put"] = (replace(record, unit=forged["unit"]),)  # type: ignore[arg-type]
    outcome = forge(box, replace(edit, **changed), view=view)  # type: ignore[arg-type]
    assert (outcome is None) == (box.sha("main") == commit)
    return outcome


def test_a_landing_with_record_claim_and_target_passes(queued: Sandbox) -> None:
    assert landing(queued) is None
    assert queued.landed == ["feat"]


def test_a_landing_without_its_claim_is_refused(queued: Sandbox) -> None:
    why = landing(queued, release=())
    id = queued.mr("feat").id
    assert why == f"refs/heads/main: {id} does not land under a claim that this push gives back"


def test_a_landing_without_a_record_is_refused(queued: Sandbox) -> None:
    why = landing(queued, put=())
    assert why == (
        "refs/heads/main: it moves only through the queue: "
        "no merge request of the queue lands with this push"
    )


def test_a_landing_on_another_base_or_of_another_tree_is_refused(queued: Sandbox) -> None:
    id = queued.mr("feat").id
    other = Sha("1" * 40)
    assert landing(queued, landing={"base": other}) == (
        f"refs/heads/main: {id} landed from or as another commit"
    )
    assert landing(queued, landing={"tree": other}) == (
        f"refs/heads/main: {id}: the tree that lands is not the tree its record names"
    )
    assert landing(queued, landing={"result": "pass"}) == (
        "refs/heads/main: no verdict says that the checks passed on this tree"
    )


def test_a_landing_without_the_rest_of_its_unit_is_refused(queued: Sandbox) -> None:
    other = queued.request("other", unit="u")
    for word in (["hold", other, "--reason", "test"], ["unhold", other]):
        assert queued.cli(*word).code == 0
    assert landing(queued, unit="u") == (
        f"refs/heads/main: {other} is of unit u, which lands as a whole or not at all"
    )


def test_a_landing_that_the_queue_only_claims_is_refused(queued: Sandbox) -> None:
    why = landing(queued, moves=())
    assert why is not None
    assert why.startswith(f"{QUEUE}:queue.yaml: landed says main is at ")


def test_a_landing_without_the_checks_that_the_target_defines_is_refused(served: Sandbox) -> None:
    config = "version: 1\nchecks:\n- {name: t, run: 'true'}\n"
    served.commit("main", {".refinery.yaml": config})
    served.push("main")
    served.commit("feat")
    served.submit("feat")
    served.cli("hold", served.mr("feat").id, "--reason", "x")
    served.cli("unhold", served.mr("feat").id)
    assert landing(served) == (
        "refs/heads/main: it lands without the checks that the target asks for"
    )


# The queue


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            {"head": Sha("1" * 40)},
            "head of a merge request never changes: a new commit is a new submission",
        ),
        (
            {"retry_count": -0, "created_at": None},
            "created_at of a merge request never changes: a new commit is a new submission",
        ),
        (
            {"merge_commit": Sha("1" * 40)},
            "it is open, and has merge_commit",
        ),
    ],
)
def test_a_forged_record_is_refused(queued: Sandbox, change: dict[str, object], why: str) -> None:
    mr = queued.mr("feat")
    if "created_at" in change:
        change = {"created_at": mr.created_at - timedelta(days=30)}
    forged = replace(mr, **change)  # type: ignore[arg-type]
    assert forge(queued, an_edit(put=(forged,))) == f"{QUEUE}: {mr.id}: {why}"


def test_a_closed_record_is_not_edited_reopened_or_dropped(queued: Sandbox) -> None:
    mr = queued.mr("feat")
    queued.cli("reject", mr.id, "--reason", "no")
    closed = queued.mr(mr.id)
    immutable = f"{QUEUE}: {mr.id}: closed merge requests are immutable"
    reopened = replace(closed, status=Status.OPEN, close_reason=None, closed_at=None, error=None)
    for forged in (replace(closed, error="a better reason"), reopened):
        assert forge(queued, an_edit(put=(forged,))) == immutable


def test_a_merge_that_never_was_is_refused(queued: Sandbox) -> None:
    from refinery.records.merge_request import Landing, Method

    mr = queued.mr("feat")
    made_up = Landing(
        *(mr.head, mr.head, mr.head, (mr.id,), Method.MERGE, "0" * 16, "pass", "eve", "push"),
    )
    forged = replace(
        mr,
        status=Status.CLOSED,
        close_reason=CloseReason.MERGED,
        closed_at=queued.clock(),
        merge_commit=mr.head,
        landing=made_up,
    )
    assert forge(queued, an_edit(put=(forged,))) == (
        f"{QUEUE}: {mr.id}: it says it has landed as {mr.head[:12]}, which is not on main"
    )


def test_a_record_from_nowhere_is_refused(queued: Sandbox) -> None:
    mr = replace(queued.mr("feat"), id="mr-fromnowhere")
    assert forge(queued, an_edit(put=(mr,))) == (
        f"{QUEUE}: mr-fromnowhere: "
        "it was never submitted: a record enters the queue out of the inbox"
    )


def a_queue_commit(box: Sandbox, path: str, content: str) -> str:
    """The queue with one file changed by hand, as a commit of the clone."""
    box.git("fetch", "-q", "origin", f"+{QUEUE}:{QUEUE}")
    box.git("read-tree", "--empty")
    box.git("read-tree", QUEUE)
    blob = box.git("hash-object", "-w", "--stdin", stdin=content)
    box.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
    tree = box.git("write-tree")
    return box.git("commit-tree", "-p", QUEUE, "-m", "by hand", tree)


@pytest.mark.parametrize(
    ("path", "content", "why"),
    [
        ("notes.txt", "hello", "nothing of the queue lies there"),
        ("mrs/x/mr-x.yaml", "version: 1\n", "is a required property"),
        ("queue.yaml", "version: 1\ndefault_traget: main\n", "is not a known key"),
        ("verdicts/x.yaml", "{}", "is missing"),
    ],
)
def test_a_file_that_is_no_record_is_refused(
    queued: Sandbox, path: str, content: str, why: str
) -> None:
    commit = a_queue_commit(queued, path, content)
    refused = said(push(queued, f"{commit}:{QUEUE}"))
    assert any(why in line for line in refused), refused


def test_the_queue_is_not_rewound_deleted_or_replaced(queued: Sandbox) -> None:
    queued.git("fetch", "-q", "origin", f"+{QUEUE}:{QUEUE}")
    rewritten = "its history would be rewritten: it only ever grows"
    for refspec, why in {
        f"+{QUEUE}~1:{QUEUE}": rewritten,
        f"+main:{QUEUE}": rewritten,
        f":{QUEUE}": "the queue's history is not deleted",
    }.items():
        assert said(push(queued, refspec))[0] == f"refused: {QUEUE}: {why}"


def test_a_queue_with_a_broken_record_is_repaired_by_a_good_one(served: Sandbox) -> None:
    served.commit("feat")
    id = served.submit("feat")
    served.cli("hold", id, "--reason", "x")
    record = served.mr(id)
    path = f"mrs/{id[-1]}/{id}.yaml"
    commit = a_queue_commit(served, path, "broken: [")
    served.git("fetch", "-q", str(served.path), commit, cwd=served.origin)
    served.git("update-ref", QUEUE, commit, cwd=served.origin)
    repaired = a_queue_commit(served, path, document.write(record).decode())
    assert push(served, f"{repaired}:{QUEUE}").code == 0


# Everything else under the prefix


def test_a_submission_that_is_not_what_it_says_is_refused(served: Sandbox) -> None:
    served.commit("feat")
    from refinery.queue.submission import Relation, Request, submit

    head = served.sha("refs/heads/feat", at=served.path)
    request = Request("feat", "main", head, "ada", "t")  # type: ignore[arg-type]
    edit = submit(served.view(), request, relation=Relation.AHEAD, now=served.clock())
    assert isinstance(edit, Edit)
    (mr,) = edit.submit
    closed = replace(
        mr, status=Status.CLOSED, close_reason=CloseReason.REJECTED, closed_at=served.clock()
    )
    ref = f"refs/refinery/inbox/{mr.id}"
    assert forge(served, replace(edit, submit=(closed,))) == (
        f"{ref}: it is closed before it was queued"
    )
    assert forge(served, edit) is None
    served.git("fetch", "-q", "origin", f"{ref}:{ref}")
    assert said(push(served, f"+main:{ref}"))[0] == (
        f"refused: {ref}: a submission never changes; a new commit is a new submission"
    )
    assert said(push(served, f":{ref}"))[0] == (
        f"refused: {ref}: it is not in the queue yet: it would be lost"
    )
    other = "refs/refinery/inbox/mr-other"
    assert said(push(served, f"{ref}:{other}"))[0] == (
        f"refused: {other}: the record is that of {mr.id}"
    )
    assert (
        said(push(served, f"main:{other}"))[0] == f"refused: {other}: {other}:mr.yaml: is missing"
    )


def test_a_claim_of_somebody_else_is_not_taken(queued: Sandbox) -> None:
    mr = queued.mr("feat")
    assert queued.cli("claim", mr.id).code == 0
    view = queued.queue().store.read()
    mine = view.claims[mr.id]
    theirs = Claim("f" * 32, "bob", (mr.id,), mr.target, mine.claimed_at, mine.expires_at)
    why = forge(queued, an_edit(claim={mr.id: theirs}))
    assert why is not None
    assert why.startswith(f"refs/refinery/claims/{mr.id}: it is claimed by ada until ")
    assert push(queued, f":refs/refinery/claims/{mr.id}").code == 0


def test_a_pin_shows_the_head_and_stays_while_it_is_needed(queued: Sandbox) -> None:
    mr = queued.mr("feat")
    pin = f"refs/refinery/heads/{mr.id}"
    assert said(push(queued, f"+main:{pin}"))[0] == (
        f"refused: {pin}: the head of {mr.id} is {mr.head[:12]}"
    )
    assert said(push(queued, f":{pin}"))[0] == (
        f"refused: {pin}: {mr.id} is queued, and this keeps its commit alive"
    )
    assert said(push(queued, "main:refs/refinery/heads/mr-ghost"))[0] == (
        "refused: refs/refinery/heads/mr-ghost: mr-ghost is not in the queue"
    )


def test_a_resolution_that_does_not_hold_the_head_is_refused(queued: Sandbox) -> None:
    mr, main = queued.mr("feat"), queued.sha("main")
    assert main is not None
    ways = (Resolved(Way.UNION, ("a.txt",)),)
    made = replace(mr, resolution=Resolution(main, main, queued.clock.now, "eve", ways))
    view = queued.queue().store.read()
    pinned = replace(view, leases=view.leases | {RefNames().pin(mr.id): mr.head})
    why = forge(queued, an_edit(put=(made,), pins={mr.id: main}), view=pinned)
    assert why == (
        f"refs/refinery/heads/{mr.id}: it does not hold the head of {mr.id}, {mr.head[:12]}"
    )


def test_the_memory_of_conflicts_is_not_rewritten(queued: Sandbox) -> None:
    ref = "refs/refinery/resolutions"
    assert push(queued, f"feat:{ref}").code == 0
    assert said(push(queued, f"+main:{ref}"))[0] == (
        f"refused: {ref}: its history would be rewritten: it only ever grows"
    )


@pytest.mark.parametrize("ref", ["refs/refinery/other", "refs/refinery/queue2/x"])
def test_a_ref_that_the_queue_does_not_have_is_refused(queued: Sandbox, ref: str) -> None:
    assert said(push(queued, f"main:{ref}"))[0] == f"refused: {ref}: the queue has no such ref"


def test_the_archive_takes_closed_records_only(queued: Sandbox) -> None:
    assert said(push(queued, "main:refs/refinery/archive"))[0] == (
        "refused: refs/refinery/archive:README.md: it is no closed merge request"
    )


def test_the_tracker_takes_issues_only(queued: Sandbox) -> None:
    assert "refs/refinery/issues" in said(push(queued, "main:refs/refinery/issues"))[0]
    assert push(queued, "main:refs/refinery/issues").code == 1


# The way out, and trouble


def test_an_override_needs_the_servers_leave(queued: Sandbox) -> None:
    queued.commit("main", {"direct.txt": "direct\n"})
    why = ("refinery.override=the house is on fire",)
    refused = push(queued, "main", options=why)
    assert refused.code == 1
    assert said(refused)[-1] == (
        "refinery.override does nothing here: the server has not set refinery.allowOverride"
    )
    queued.git("config", "refinery.allowOverride", "true", cwd=queued.origin)
    passed = push(queued, "main", options=why)
    assert passed.code == 0
    assert said(passed) == [
        "overridden (the house is on fire): refs/heads/main: it moves only through the queue"
    ]


def test_a_push_that_cannot_be_checked_is_not_let_through(queued: Sandbox) -> None:
    hook = queued.origin / "hooks" / "pre-receive"
    hook.write_text(hook.read_text().replace("python='", "python='/nowhere"))
    queued.commit("main", {"direct.txt": "direct\n"})
    done = queued.run_git("push", "origin", "main")
    assert done.code == 1
    assert queued.sha("main") != queued.sha("refs/heads/main", at=queued.path)


def test_a_foreign_pre_receive_still_refuses(served: Sandbox) -> None:
    legacy = served.origin / "hooks" / "pre-receive.legacy"
    legacy.write_text('#!/bin/sh\nread -r old new ref\necho "no $ref" >&2\nexit 3\n')
    legacy.chmod(0o755)
    served.commit("other")
    pushed = push(served, "other")
    assert pushed.code == 1
    assert "no refs/heads/other" in pushed.err
