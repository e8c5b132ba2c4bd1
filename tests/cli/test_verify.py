"""`refinery verify` proves what landed, and finds every landing that history does not bear out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from refinery.records import document
from refinery.records.merge_request import Landing, MergeRequest
from refinery.records.names import MrId, Sha
from refinery.store import layout
from tests.sandbox import Sandbox

CHECKED = "version: 1\nmethod: {method}\nchecks:\n  - name: there\n    run: test -e README.md\n"
METHODS = ["merge", "squash", "rebase", "fast-forward"]
OTHER = Sha("1" * 40)


def land(box: Sandbox, *branches: str) -> None:
    for branch in branches:
        box.request(branch)
    done = box.cli("process", "--drain", "--quiet")
    assert done.code == 0, done.err


def violations(box: Sandbox, *argv: str) -> list[tuple[str, str]]:
    done = box.cli("verify", "--json", *argv)
    found = [(each["mr"], each["what"]) for each in done.json["violations"]]
    assert done.code == (1 if found else 0)
    return found


def rewrite(box: Sandbox, id: MrId, change: Callable[[MergeRequest], MergeRequest]) -> None:
    """Put another record in the place of one, as somebody with write access could."""
    changed = document.write(change(box.mr(id))).decode()
    box.git("fetch", "-q", "origin", "+refs/refinery/queue:refs/heads/forged")
    box.commit("forged", {layout.mr_path(id): changed}, message="forged\n\nRefinery-Op: forged")
    box.git("push", "-q", "origin", "+forged:refs/refinery/queue")
    box.git("branch", "-D", "-q", "forged")


def with_landing(**changes: object) -> Callable[[MergeRequest], MergeRequest]:
    def change(mr: MergeRequest) -> MergeRequest:
        assert isinstance(mr.landing, Landing)
        return replace(mr, landing=replace(mr.landing, **changes))  # type: ignore[arg-type]

    return change


@pytest.mark.parametrize("method", METHODS)
def test_what_the_engine_lands_is_verified(box: Sandbox, method: str) -> None:
    box.config(CHECKED.format(method=method))
    first = box.commit("one", {"a.txt": "a\n"})
    if method == "fast-forward":
        box.commit("two", {"b.txt": "b\n"}, onto=first)
        box.commit("two", {"b.txt": "c\n"})
    else:
        box.commit("two", {"b.txt": "b\n"})
        box.commit("two", {"b.txt": "c\n"})
    for branch in ("one", "two"):
        box.push(branch)
        box.submit(branch)
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["one", "two"]
    done = box.cli("verify")
    assert (done.code, done.out, done.err) == (0, "✓ 2 landed merge requests verified\n", "")


def test_an_empty_queue_has_nothing_to_prove(box: Sandbox) -> None:
    done = box.cli("verify")
    assert (done.code, done.out) == (0, "✓ 0 landed merge requests verified\n")


def test_archived_landings_are_verified_as_well(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from refinery.queue.archiving import archive
    from refinery.store.update import Committed

    monkeypatch.setattr("refinery.queue.archiving.KEPT_CLOSED", 1)
    land(box, "one", "two", "three")
    done = box.queue().update(lambda view: archive(view, at_least=1))
    assert isinstance(done, Committed)
    assert len(box.archived()) == 2
    assert box.cli("verify").out == "✓ 3 landed merge requests verified\n"
    archived = box.archived()[0]
    assert box.cli("verify", archived.id).out == "✓ 1 landed merge request verified\n"


def test_one_merge_request_can_be_named_by_the_start_of_its_id(box: Sandbox) -> None:
    land(box, "one", "two")
    id = box.mr("one").id
    assert box.cli("verify", str(box.path), id[:8]).out == "✓ 1 landed merge request verified\n"
    assert box.cli("verify", "--json", id).json["verified"] == [id]


def test_what_has_not_landed_cannot_be_verified(box: Sandbox) -> None:
    id = box.request("feat")
    done = box.cli("verify", id)
    assert (done.code, done.err) == (
        1,
        f"error: {id} has not landed: there is nothing to verify\n"
        f"hint: `refinery why {id}` says what it waits for\n",
    )


def test_pushes_from_outside_are_told_and_are_no_violation(box: Sandbox) -> None:
    box.advance({"before.txt": "before the first landing\n"})
    land(box, "one")
    box.git("pull", "-q", "--ff-only")
    outside = box.advance({"b.txt": "b\n"}, message="Past the queue")
    land(box, "two")
    done = box.cli("verify")
    assert (done.code, done.out) == (
        0,
        "1 commit came from outside since the first landing:\n"
        f"  {outside[:12]} main: Past the queue\n"
        "✓ 2 landed merge requests verified\n",
    )


def test_a_landing_that_was_pushed_away_is_found(box: Sandbox) -> None:
    first = box.sha("main")
    land(box, "feat")
    mr = box.mr("feat")
    assert mr.landing is not None
    box.git("push", "-q", "--force", "origin", f"{first}:refs/heads/main")
    done = box.cli("verify")
    assert (done.code, done.err) == (1, "")
    assert done.out == (
        f"✗ {mr.id}: merge commit\n"
        f"    expected  {mr.merge_commit} on main\n"
        "    found     not in the history of main\n"
        f"✗ {mr.id}: landed commit\n"
        f"    expected  {mr.landing.commit} on main\n"
        "    found     not in the history of main\n"
        "✗ 1 of 1 landed merge request not as it must be\n"
    )


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (with_landing(tree=OTHER), ["landed tree", "trailer Refinery-Tree"]),
        (with_landing(commit=OTHER), ["landed commit", "landed commit", "merge commit"]),
        (with_landing(base=OTHER), ["base"]),
        (with_landing(candidate=()), ["candidate"]),
        (with_landing(result="none"), ["result"]),
        (lambda mr: replace(mr, merge_commit=OTHER), ["merge commit"] * 3),
        (lambda mr: replace(mr, merge_commit=mr.landing.base), ["order", "merge commit", "head"]),
        (lambda mr: replace(mr, head=mr.landing.base), ["head"]),
        (lambda mr: replace(mr, landing=None), ["evidence"]),
        (lambda mr: replace(mr, merge_commit=None), ["evidence"]),
    ],
)
def test_a_record_that_says_something_else_than_git_is_found(
    box: Sandbox, change: Callable[[MergeRequest], MergeRequest], what: list[str]
) -> None:
    box.config(CHECKED.format(method="merge"))
    land(box, "feat")
    id = box.mr("feat").id
    rewrite(box, id, change)
    found = [each for _, each in violations(box) if not each.startswith("trailer Refinery-MR")]
    assert sorted(found) == sorted(what)


def test_members_of_a_candidate_that_disagree_are_found(box: Sandbox) -> None:
    land(box, "one", "two")
    one, two = box.mr("one"), box.mr("two")
    assert one.landing is not None
    assert one.landing == two.landing
    rewrite(box, two.id, with_landing(worker="somebody-else"))
    assert violations(box) == [(id, "candidate") for id in sorted((one.id, two.id))]


@pytest.mark.parametrize("method", ["squash", "rebase"])
def test_a_rewritten_landing_must_hold_the_changes_of_its_head(box: Sandbox, method: str) -> None:
    box.config(CHECKED.format(method=method))
    land(box, "feat")
    id = box.mr("feat").id
    other = box.commit("other", {"other.txt": "what nobody landed\n"})
    box.push("other")
    rewrite(box, id, lambda mr: replace(mr, head=other))
    assert violations(box) == [(id, "content")]


def test_a_head_that_is_gone_is_said_and_is_no_violation(box: Sandbox) -> None:
    box.config(CHECKED.format(method="squash"))
    land(box, "feat")
    id = box.mr("feat").id
    rewrite(box, id, lambda mr: replace(mr, head=OTHER))
    done = box.cli("verify")
    assert (done.code, done.out) == (
        0,
        "  1 head no longer here: contents were not compared\n✓ 1 landed merge request verified\n",
    )


def test_no_checks_declared_is_verified_in_the_base_and_not_in_the_tip(box: Sandbox) -> None:
    land(box, "feat")
    assert box.mr("feat").landing.result == "none"  # type: ignore[union-attr]
    box.git("pull", "-q", "--ff-only")
    box.config(CHECKED.format(method="merge"))
    assert violations(box) == []


def test_a_target_that_is_gone_proves_nothing(box: Sandbox) -> None:
    box.git("push", "-q", "origin", "main:refs/heads/release")
    box.commit("feat")
    box.push("feat")
    box.submit("feat", target="release")
    assert box.cli("process", "--drain").code == 0
    assert violations(box) == []
    box.delete_branch("release")
    assert violations(box) == [(box.mr("feat").id, "target")]


def test_a_merge_the_other_way_round_is_told_and_is_no_violation(box: Sandbox) -> None:
    first = box.sha("main")
    land(box, "feat")
    landed = box.sha("main")
    mine = box.commit("mine", onto=first)
    box.git("fetch", "-q")
    box.switch("mine")
    box.git("merge", "-q", "--no-edit", "-m", "foxtrot", str(landed))
    box.git("push", "-q", "origin", "mine:main")
    done = box.cli("verify", "--json")
    assert done.code == 0
    assert done.json["off_first_parent_line"] == [box.mr("feat").id]
    assert mine != landed


def test_a_record_that_cannot_be_read_is_not_taken_for_proven(box: Sandbox) -> None:
    land(box, "feat")
    id = box.mr("feat").id
    box.git("fetch", "-q", "origin", "+refs/refinery/queue:refs/heads/forged")
    box.commit("forged", {layout.mr_path(id): "broken"}, message="x\n\nRefinery-Op: y")
    box.git("push", "-q", "origin", "+forged:refs/refinery/queue")
    done = box.cli("verify")
    assert (done.code, done.out) == (
        1,
        "✗ 0 of 0 landed merge requests not as it must be, 1 record unreadable\n",
    )
    assert done.err.startswith(f"warning: refs/refinery/queue:{layout.mr_path(id)}: ")


def test_a_shallow_clone_is_completed_first(box: Sandbox) -> None:
    land(box, "one", "two")
    box.git("clone", "-q", "--depth=1", f"file://{box.origin}", str(box.root / "shallow"))
    done = box.cli("verify", cwd=box.root / "shallow")
    assert (done.code, done.out) == (0, "✓ 2 landed merge requests verified\n")
    assert done.err == "fetching the rest of the history from 'origin': this clone is shallow\n"
