"""`refinery replay` proves the queue on a repository's own merges, and has teeth."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from refinery.cli.main import main
from refinery.engine import building
from refinery.records.names import Sha
from refinery.repo.merging import Merge, Merged, merge_tree
from refinery.repo.plain_merging import PlainMerges
from refinery.repo.repository import Repository
from tests.sandbox import CHECKOUT

REAL_HISTORY = Path(
    os.environ.get("REFINERY_REAL_HISTORY")
    or CHECKOUT.parent / "shared" / "data" / "real-history.fi.xz"
)
TEN = "".join(f"{number}\n" for number in range(10))
FATES = ("landed", "conflict", "hollow", "failed", "untested", "lost")


class History:
    """A repository whose main is what people merged, and more."""

    def __init__(self, path: Path) -> None:
        self.path = path
        subprocess.run(["git", "init", "-q", "-b", "main", str(path)], check=True)
        self.commit({"README.md": "read me\n", "ten.txt": TEN}, "first")

    def git(self, *argv: str, ok: tuple[int, ...] = (0,)) -> str:
        done = subprocess.run(
            ["git", *argv], cwd=self.path, capture_output=True, text=True, check=False
        )
        assert done.returncode in ok, done.stderr
        return done.stdout.strip()

    def commit(self, files: Mapping[str, str | None], message: str = "Change") -> str:
        for name, content in files.items():
            if content is None:
                (self.path / name).unlink()
            else:
                (self.path / name).write_text(content)
        self.git("add", "--all")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def branch(self, name: str, files: Mapping[str, str | None], *, at: str = "main") -> None:
        self.git("switch", "-q", "-c", name, at)
        self.commit(files, f"Work on {name}")
        self.git("switch", "-q", "main")

    def merge(self, *names: str) -> str:
        self.git("merge", "-q", "--no-ff", "-m", f"Merge {' '.join(names)}", *names)
        return self.git("rev-parse", "HEAD")

    def merge_by_hand(self, name: str, files: Mapping[str, str]) -> str:
        self.git("merge", "-q", "--no-ff", "--no-commit", name, ok=(0, 1))
        return self.commit(files, f"Merge {name} by hand")


def line(number: int, text: str) -> str:
    """`ten.txt` with one line changed."""
    return TEN.replace(f"{number}\n", f"{text}\n")


@pytest.fixture(scope="session")
def history(sealed_environment: None, tmp_path_factory: pytest.TempPathFactory) -> History:
    """Nine merges that agree with git, two that were done by hand, and what is no merge.

    One for all tests: a replay leaves its source alone.
    """
    made = History(tmp_path_factory.mktemp("history") / "source")
    for name, files in {
        "one": {"one.txt": "1\n"},
        "two": {"ten.txt": line(2, "two")},
        "nine": {"ten.txt": line(9, "nine")},
        "also-two": {"ten.txt": line(2, "zwei")},
        "same-one": {"one.txt": "1\n"},
        "left": {"left.txt": "left\n"},
        "right": {"right.txt": "right\n"},
        "extra": {"extra.txt": "extra\n"},
    }.items():
        made.branch(name, files)
    made.merge("one")
    made.merge("two")
    made.merge("nine")
    made.commit({"direct.txt": "direct\n"}, "Straight to main")
    made.merge("same-one")
    made.branch("later", {"direct.txt": "direct\nand later\n"})
    made.merge("later")
    made.merge_by_hand("also-two", {"ten.txt": line(2, "both").replace("9\n", "nine\n")})
    made.merge("left", "right")
    made.merge_by_hand("extra", {"evil.txt": "evil\n"})
    made.branch("adds", {"short-lived.txt": "here\n"})
    made.merge("adds")
    # On the old base, before `adds` has landed, this one changes nothing; afterwards it does.
    made.branch("removes", {"short-lived.txt": None})
    made.merge("removes")
    made.branch("last", {"ten.txt": line(2, "both").replace("9\n", "nine\n").replace("5", "five")})
    made.branch("stacked", {"stacked.txt": "on last\n"}, at="last")
    made.merge("last")
    made.merge("stacked")
    made.commit({"unmerged.txt": "after the last merge\n"})
    return made


def replay(
    capsys: pytest.CaptureFixture[str], path: Path | str, *argv: str, code: int = 0
) -> dict[str, Any]:
    assert main(["replay", str(path), "--json", *argv]) == code, capsys.readouterr().err
    said = capsys.readouterr()
    assert said.err == ""
    document: dict[str, Any] = json.loads(said.out)
    return document


def fates(document: Mapping[str, Any]) -> dict[str, int]:
    return {fate: document[fate] for fate in FATES if document[fate]}


def reasons(document: Mapping[str, Any]) -> list[tuple[int, str]]:
    return [(each["number"], each["reason"]) for each in document["disagreements"]]


@pytest.mark.journey
def test_in_the_order_of_history_every_tree_is_historys_but_what_was_done_by_hand(
    history: History, capsys: pytest.CaptureFixture[str]
) -> None:
    before = history.git("for-each-ref"), history.git("status", "--porcelain")
    found = replay(capsys, history.path)
    assert fates(found) == {"landed": 9, "conflict": 1, "hollow": 1}
    assert reasons(found) == [(6, "history resolved by hand"), (7, "history resolved by hand")]
    assert found["disagreements"][0]["found"] == "conflict in ten.txt"
    assert (found["order"], found["merges"], found["faults"]) == ("history", 11, 0)
    assert (found["direct_commits"], len(found["octopus_merges"])) == (1, 1)
    assert (history.git("for-each-ref"), history.git("status", "--porcelain")) == before
    assert not (history.path / ".git" / "refinery").exists()


@pytest.mark.journey
@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_shuffled_none_is_lost_and_every_tree_is_that_of_git_merge(
    history: History, capsys: pytest.CaptureFixture[str], seed: str
) -> None:
    found = replay(capsys, history.path, "--shuffle", seed, "--batch", "3")
    assert (found["faults"], found["disagreements"]) == (0, [])
    assert found["landed"] + found["conflict"] + found["hollow"] == 11
    assert found["landed"] >= 5
    assert found["conflict"] >= 1
    assert (found["order"], found["seed"]) == ("shuffled", int(seed))


@pytest.mark.journey
@pytest.mark.parametrize("order", [[], ["--shuffle", "4"]])
def test_squashed_the_trees_are_the_same(
    history: History, capsys: pytest.CaptureFixture[str], order: list[str]
) -> None:
    found = replay(capsys, history.path, "--method", "squash", *order)
    assert found["faults"] == 0
    assert found["landed"] + found["conflict"] + found["hollow"] == 11


def test_only_the_last_merges_are_queued(
    history: History, capsys: pytest.CaptureFixture[str]
) -> None:
    found = replay(capsys, history.path, "--last", "2")
    assert (found["merges"], fates(found), found["disagreements"]) == (2, {"landed": 2}, [])
    assert found["base"] == history.git("rev-parse", "main~3")


def test_a_check_that_fails_is_a_failure_and_no_disagreement(
    history: History, capsys: pytest.CaptureFixture[str]
) -> None:
    found = replay(capsys, history.path, "--last", "2", "--check", "test ! -e stacked.txt")
    assert fates(found) == {"landed": 1, "failed": 1}
    assert found["faults"] == 0


@pytest.mark.journey
def test_a_queue_that_lands_another_tree_is_to_blame(
    history: History, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(repo: Repository, ours: Sha, theirs: Sha, **more: Any) -> Merge:
        merged = merge_tree(repo, ours, theirs, **more)
        return Merged(repo.reader.commit(theirs).tree) if isinstance(merged, Merged) else merged

    monkeypatch.setattr(building, "merge_tree", wrong)
    monkeypatch.setattr(PlainMerges, "onto", lambda *_: None)
    found = replay(capsys, history.path, code=1)
    assert (2, "the queue is to blame") in reasons(found)
    shuffled = replay(capsys, history.path, "--shuffle", "1", code=1)
    assert shuffled["faults"] > 0


def test_a_conflict_that_is_none_for_git_is_the_queues_fault(
    history: History, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from refinery.repo.merging import Conflict

    def never(repo: Repository, ours: Sha, theirs: Sha, **_: object) -> Merge:
        return Conflict(("ten.txt",), ())

    monkeypatch.setattr(building, "merge_tree", never)
    found = replay(capsys, history.path, "--last", "2", code=1)
    assert reasons(found) == [(1, "the queue is to blame"), (2, "the queue is to blame")]


@pytest.mark.journey
def test_the_report_for_people_says_what_was_found(
    history: History, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", str(history.path), "--last", "50"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[:5] == [
        "11 merges of main, in the order of history",
        "  there are no more than these 11",
        "  9 landed, 1 in conflict, each with its issue, 1 with nothing to land",
        "  1 commit in between was pushed directly, and was so again",
        "  1 merge of more than one head at once was skipped",
    ]
    assert out[-1] == "✓ 2 unlike history, none of them the queue's doing"


def test_the_scratch_copy_can_be_kept(
    history: History, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    keep = tmp_path / "kept"
    found = replay(capsys, history.path, "--last", "2", "--keep", str(keep))
    assert found["kept"] == str(keep / "replayed.git")
    assert main(["verify", found["kept"]]) == 0
    assert "2 landed merge requests verified" in capsys.readouterr().out


def test_a_url_is_cloned_first(history: History, capsys: pytest.CaptureFixture[str]) -> None:
    here = replay(capsys, history.path, "--last", "2")
    there = replay(capsys, f"file://{history.path}", "--last", "2")
    assert (fates(there), there["base"]) == (fates(here), here["base"])


def test_a_url_where_nothing_is_says_so_without_its_password(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["replay", "http://ada:hunter2@127.0.0.1:1/x.git"]) == 1
    said = capsys.readouterr().err
    assert "127.0.0.1" in said
    assert "hunter2" not in said


def test_a_history_without_merges_is_said_to_have_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flat = History(tmp_path / "flat")
    assert main(["replay", str(flat.path)]) == 1
    assert capsys.readouterr().err == (
        "error: no commit of the branch's first-parent line merges another\n"
        "hint: history that was squashed or rebased does not say which heads there were\n"
    )


def test_an_unknown_branch_and_a_shallow_clone_are_refused(
    history: History, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["replay", str(history.path), "--target", "release"]) == 1
    assert "error: there is no branch 'release' here" in capsys.readouterr().err
    shallow = tmp_path / "shallow"
    history.git("clone", "-q", "--depth=2", f"file://{history.path}", str(shallow))
    assert main(["replay", str(shallow)]) == 1
    assert "the repository is shallow" in capsys.readouterr().err


@pytest.fixture(scope="session")
def real_history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real project's merges, made anonymous."""
    if not REAL_HISTORY.is_file():
        pytest.skip(f"no {REAL_HISTORY.name} beside the checkout; REFINERY_REAL_HISTORY names one")
    import lzma

    path = tmp_path_factory.mktemp("real") / "real.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(path)], check=True)
    subprocess.run(
        ["git", "fast-import", "--quiet"],
        cwd=path,
        input=lzma.decompress(REAL_HISTORY.read_bytes()),
        check=True,
    )
    return path


@pytest.mark.soak
def test_a_real_history_lands_again_tree_by_tree(
    real_history: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = replay(capsys, real_history, "--last", "40")
    assert (fates(found), found["disagreements"]) == ({"landed": 40}, [])


@pytest.mark.soak
def test_a_real_history_shuffled_is_what_git_merge_makes_of_it(
    real_history: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = replay(capsys, real_history, "--last", "40", "--shuffle", "1")
    assert (found["faults"], found["disagreements"]) == (0, [])
    assert found["landed"] + found["conflict"] + found["hollow"] == 40
    assert found["landed"] >= 20
    assert found["conflict"] >= 1
