"""`refinery resolve`: a conflict in a worktree, edited with ordinary tools, queued again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Begin
from tests.sandbox import Sandbox

pytestmark = pytest.mark.journey

CODE = "1\n2\n3\n"


def conflict(box: Sandbox, method: str = "merge", resolve: str = "") -> None:
    """`second` conflicts with `first`, which has landed: in the code, and in a file it deleted."""
    config = f"version: 1\nmethod: {method}\nchecks: []\n{resolve}"
    box.commit(
        "main", {".refinery.yaml": config, "code.py": CODE, "gone.py": "g\n", "log": "one\n"}
    )
    box.push("main")
    ours = {"code.py": "1\nours\n3\n", "gone.py": None, "log": "first\none\n"}
    box.request("first", ours, onto="main", priority=0)
    theirs = {"code.py": "1\ntheirs\n3\n", "gone.py": "changed\n"}
    box.request("second", theirs, onto="main", issue="gt-7", priority=1)
    assert box.cli("process", "--drain").code == 0


def resolve(box: Sandbox, *options: str, code: int = 0, which: str = "second") -> Any:
    done = box.cli("resolve", which, *options, "--json")
    assert done.code == code, done.err
    return done.json


def settle(state: Any) -> None:
    """Write what both sides want, as a person or an agent would."""
    folder = Path(state["worktree"])
    for each in state["files"]:
        if each["kind"] == "both-changed":
            (folder / each["path"]).write_text("1\nboth\n3\n")


def git_rm(box: Sandbox, state: Any, path: str) -> None:
    box.git("rm", "-q", path, cwd=Path(state["worktree"]))


def worktrees(box: Sandbox) -> int:
    return box.git("worktree", "list").count("\n")


def test_it_says_what_each_side_did_and_what_gits_words_mean(begin: Begin) -> None:
    box = begin(conflict)
    state = resolve(box)
    assert (state["state"], state["how"], state["issue"]) == ("conflict", "merge", "local#1")
    assert {each["path"]: each["kind"] for each in state["files"]} == {
        "code.py": "both-changed",
        "gone.py": "deleted-by-theirs",
    }
    assert {name: side["is"] for name, side in state["sides"].items()} == {
        "base": "where second left main",
        "ours": "second",
        "theirs": "main",
    }
    text = (Path(state["worktree"]) / "code.py").read_text()
    assert "<<<<<<< HEAD\ntheirs\n" in text
    assert "ours\n>>>>>>> origin/main\n" in text
    assert state["next"] == f"refinery resolve {state['id']} --continue"


def test_asking_again_changes_nothing_and_sees_how_far_it_is(begin: Begin) -> None:
    box = begin(conflict)
    state = resolve(box)
    assert resolve(box) == state
    settle(state)
    again = resolve(box)
    assert [each["resolved"] for each in again["files"]] == [True, False]
    git_rm(box, state, "gone.py")
    assert resolve(box)["state"] == "resolved"


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_what_was_resolved_is_queued_as_a_new_revision_and_lands(box: Sandbox, method: str) -> None:
    conflict(box, method)
    before = box.mr("second")
    state = resolve(box)
    settle(state)
    git_rm(box, state, "gone.py")
    done = resolve(box, "--continue")
    assert (done["state"], done["closed_issue"]) == ("submitted", "local#1")
    mr = box.mr("second")
    assert (mr.id, mr.supersedes) == (done["revision"], before.id)
    assert (mr.created_at, mr.worker, mr.source_issue) == (before.created_at, before.worker, "gt-7")
    assert box.sha("second") == mr.head == box.sha("refs/heads/second", at=box.path)
    assert (mr.block, mr.blocked_by) == (None, None)
    assert worktrees(box) == 0
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["first", "second"]
    assert box.tree("main")["code.py"] == "1\nboth\n3\n"
    assert "gone.py" not in box.tree("main")
    assert box.cli("verify").code == 0


@pytest.mark.parametrize(("done", "left"), [(False, "code.py, gone.py"), (True, "gone.py")])
def test_nothing_is_submitted_while_conflicts_are_left(begin: Begin, done: bool, left: str) -> None:
    box = begin(conflict)
    state = resolve(box)
    if done:
        settle(state)
    error = resolve(box, "--continue", code=1)["error"]
    assert (error["code"], error["next"]) == (
        "still-conflicting",
        f"refinery resolve {state['id']}",
    )
    assert error["message"] == f"{state['id']} still conflicts in {left}"
    assert box.mr("second").id == state["id"]


def test_each_commit_of_a_rebase_that_conflicts_is_laid_out(box: Sandbox) -> None:
    config = "version: 1\nmethod: rebase\nchecks: []\n"
    box.commit("main", {".refinery.yaml": config, "code.py": CODE})
    box.push("main")
    box.request("first", {"code.py": "1\nours\n3\n"}, onto="main", priority=0)
    box.commit("second", {"code.py": "1\nmine\n3\n"}, onto="main")
    box.commit("second", {"other.py": "clean\n"})
    box.request("second", {"code.py": "1\nmine, too\n3\n"}, priority=1)
    box.cli("process", "--drain")
    state = resolve(box)
    assert (state["how"], state["step"]) == ("rebase", {"number": 1, "of": 3})
    assert state["sides"]["ours"]["is"] == "main"
    settle(state)
    state = resolve(box, "--continue")
    assert (state["state"], state["step"]) == ("conflict", {"number": 3, "of": 3})
    (Path(state["worktree"]) / "code.py").write_text("1\nall\n3\n")
    assert resolve(box, "--continue")["state"] == "submitted"
    box.cli("process", "--drain")
    assert box.landed == ["first", "second"]
    assert box.tree("main")["code.py"] == "1\nall\n3\n"


def test_a_target_that_moved_on_meanwhile_is_resolved_as_well(begin: Begin) -> None:
    box = begin(conflict)
    state = resolve(box)
    settle(state)
    git_rm(box, state, "gone.py")
    box.request("third", {"code.py": "1\nthird\n3\n"}, onto="main")
    box.cli("process", "--drain")
    assert box.landed == ["first", "third"]
    state = resolve(box, "--continue")
    assert (state["state"], state["moved"]) == ("conflict", True)
    (Path(state["worktree"]) / "code.py").write_text("1\nall three\n3\n")
    assert resolve(box, "--continue")["state"] == "submitted"
    box.cli("process", "--drain")
    assert box.landed == ["first", "third", "second"]
    assert box.tree("main")["code.py"] == "1\nall three\n3\n"


def test_aborting_leaves_everything_as_it_was_and_can_be_repeated(begin: Begin) -> None:
    box = begin(conflict)
    before = box.mr("second")
    state = resolve(box)
    assert resolve(box, "--abort")["state"] == "aborted"
    assert not Path(state["worktree"]).exists()
    assert worktrees(box) == 0
    assert resolve(box, "--abort")["state"] == "aborted"
    assert box.mr("second") == before
    assert resolve(box)["state"] == "conflict"


def test_a_worktree_that_nobody_remembers_is_made_anew(begin: Begin) -> None:
    """Somebody pressed ^C, or the machine went away, between checking out and merging."""
    box = begin(conflict)
    state = resolve(box)
    folder = Path(state["worktree"])
    (folder.parent / f"{state['id']}.json").unlink()
    (folder / "half.py").write_text("half\n")
    again = resolve(box)
    assert again["state"] == "conflict"
    assert not (folder / "half.py").exists()


def test_what_was_submitted_before_an_interruption_is_put_away_after_it(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = begin(conflict)
    state = resolve(box)
    settle(state)
    git_rm(box, state, "gone.py")
    with monkeypatch.context() as patch:
        patch.setattr(
            "refinery.adapters.local.LocalTracker.close",
            lambda *_: (_ for _ in ()).throw(KeyboardInterrupt),
        )
        assert box.cli("resolve", "second", "--continue").code == 130
    new = box.mr("second")
    assert (new.supersedes, new.blocked_by) == (state["id"], "local#1")
    done = resolve(box, "--continue")
    assert (done["revision"], done["closed_issue"]) == (new.id, "local#1")
    assert worktrees(box) == 0
    assert box.mr("second").blocked_by is None


def test_a_branch_that_went_on_meanwhile_is_not_overwritten(begin: Begin) -> None:
    box = begin(conflict)
    state = resolve(box)
    settle(state)
    git_rm(box, state, "gone.py")
    pushed = box.commit("second", {"more.py": "more\n"})
    box.push("second")
    error = resolve(box, "--continue", code=1)["error"]
    assert error["code"] == "branch-moved"
    assert box.sha("second") == pushed


def test_files_that_are_declared_need_nobody(box: Sandbox) -> None:
    conflict(box, resolve="resolve: {union: [log]}\n")
    box.request("fourth", {"log": "fourth\none\n", "code.py": "1\nfourth\n3\n"}, onto="second~1")
    box.cli("process", "--drain")
    state = resolve(box, which="fourth")
    assert state["known"] == [{"way": "union", "files": ["log"]}]
    assert [each["path"] for each in state["files"] if not each["resolved"]] == ["code.py"]


def test_what_fits_by_itself_is_not_laid_out(box: Sandbox) -> None:
    box.request("fine", {"fine.py": "fine\n"})
    state = resolve(box, which="fine")
    assert (state["state"], state["worktree"]) == ("clean", None)


def test_inside_the_worktree_nobody_has_to_say_which_one(begin: Begin) -> None:
    box = begin(conflict)
    state = resolve(box)
    settle(state)
    git_rm(box, state, "gone.py")
    done = box.cli("resolve", "--continue", cwd=Path(state["worktree"]))
    assert done.code == 0, done.err
    assert box.mr("second").supersedes == state["id"]


def test_people_are_told_the_same_in_words(begin: Begin) -> None:
    box = begin(conflict)
    done = box.cli("resolve", "second")
    mr, tip = box.mr("second"), box.sha("main")
    assert tip is not None
    folder = box.path / ".git" / "refinery" / "resolving" / mr.id
    common = box.git("merge-base", mr.head, tip).strip()
    assert done.out == (
        f"{mr.id} second → main: 2 files to resolve\n"
        f"  worktree: {folder}\n"
        "  ✗ code.py  both sides changed it\n"
        "  ✗ gone.py  main deleted it, second changed it\n"
        "\n"
        f"  <<<<<<< ours   second at {mr.head[:12]}\n"
        f"  ||||||| base   where second left main at {common[:12]}\n"
        f"  >>>>>>> theirs main at {tip[:12]}\n"
        "\n"
        "  Edit the files until no marker is left; they need not be added.\n"
        "  Of a file without markers `git checkout --ours` or `--theirs` takes a side;\n"
        "  then `git add` keeps it, and `git rm` removes it.\n"
        f"  next: refinery resolve {mr.id} --continue\n"
    )
