from __future__ import annotations

from pathlib import Path

import pytest

from refinery.records.names import Sha
from refinery.repo.merging import (
    Conflict,
    Merge,
    Merged,
    Unrelated,
    files_in_conflict,
    merge_in_turn,
    merge_many,
    merge_tree,
)
from refinery.repo.process import GitError
from refinery.repo.repository import Repository

from .conftest import Box


class Commits:
    def __init__(self, box: Box) -> None:
        repo = box.origin
        long = "".join(f"{n}\n" for n in range(9))
        self.base = box.commit(repo, {"f": long, "g h\n": "1\n"})
        self.top = box.commit(repo, {"f": "T\n" + long, "g h\n": "1\n"}, self.base)
        self.end = box.commit(repo, {"f": long + "E\n", "g h\n": "1\n"}, self.base)
        self.rival = box.commit(repo, {"f": "R\n" + long, "g h\n": "2\n"}, self.base)
        self.rival2 = box.commit(repo, {"f": long, "g h\n": "3\n"}, self.base)
        self.root = box.commit(repo, {"z": "z"})
        self.both = "T\n" + long + "E\n"


@pytest.fixture
def commits(any_box: Box) -> Commits:
    return Commits(any_box)


def content(repo: Repository, merge: Merge, path: str) -> str:
    assert isinstance(merge, Merged)
    blob = repo.reader.blob(dict(repo.reader.walk_blobs(merge.tree))[path])
    assert blob is not None
    return blob.decode()


def objects(repo: Repository) -> set[Path]:
    return {path for path in repo.object_dir.rglob("*") if path.is_file()}


def test_a_clean_merge_is_a_tree_in_the_repository(any_box: Box, commits: Commits) -> None:
    merge = merge_tree(any_box.origin, commits.top, commits.end)
    assert content(any_box.origin, merge, "f") == commits.both


def test_a_conflict_names_its_files_and_says_why(any_box: Box, commits: Commits) -> None:
    assert merge_tree(any_box.origin, commits.top, commits.rival) == Conflict(
        ("f",), ("CONFLICT (content): Merge conflict in f",)
    )
    assert merge_tree(any_box.origin, commits.rival2, commits.rival) == Conflict(
        ("g h\n",), ("CONFLICT (content): Merge conflict in g h",)
    )


def test_weird_paths_in_conflict_are_kept_whole(box: Box) -> None:
    path = 'q"\udcff\t'
    base = box.commit(box.origin, {path: "1"})
    left = box.commit(box.origin, {path: "2"}, base)
    right = box.commit(box.origin, {path: "3"}, base)
    merge = merge_tree(box.origin, left, right)
    assert isinstance(merge, Conflict)
    assert merge.files == (path,)


def test_a_file_changed_here_and_deleted_there_conflicts(box: Box) -> None:
    base = box.commit(box.origin, {"a": "1", "b": "1"})
    left = box.commit(box.origin, {"a": "2", "b": "1"}, base)
    right = box.commit(box.origin, {"b": "1"}, base)
    merge = merge_tree(box.origin, left, right)
    assert isinstance(merge, Conflict)
    assert merge.files == ("a",)
    assert merge.messages[0].startswith("CONFLICT (modify/delete): a deleted in")


def test_histories_without_a_common_commit_are_unrelated(any_box: Box, commits: Commits) -> None:
    assert merge_tree(any_box.origin, commits.top, commits.root) == Unrelated()


def test_a_missing_commit_is_trouble_and_not_a_conflict(any_box: Box, commits: Commits) -> None:
    absent = Sha("1" * len(commits.top))
    with pytest.raises(GitError):
        merge_tree(any_box.origin, commits.top, absent)
    with pytest.raises(GitError):
        merge_many(any_box.origin, [(commits.top, commits.end), (commits.top, absent)])


def test_a_given_base_decides_what_each_side_changed(any_box: Box, commits: Commits) -> None:
    """As a rebase does: only what `rival2` did since its parent goes onto `top`."""
    repo = any_box.origin
    step = any_box.commit(repo, {"f": "S\n", "g h\n": "1\n"}, commits.end)
    after = any_box.commit(repo, {"f": "S\n", "g h\n": "new\n"}, step)
    before = objects(repo)
    merge = merge_tree(repo, commits.top, after, base=step)
    assert content(repo, merge, "g h\n") == "new\n"
    assert content(repo, merge, "f").startswith("T\n0\n")
    kinds = {
        any_box.git("cat-file", "-t", "".join(path.parts[-2:])) for path in objects(repo) - before
    }
    assert kinds <= {"tree", "blob"}


def test_a_given_base_can_be_unrelated_history(any_box: Box, commits: Commits) -> None:
    merge = merge_tree(any_box.origin, commits.base, commits.base, base=commits.root)
    assert isinstance(merge, Merged)


@pytest.mark.parametrize("quarantine", [True, False])
def test_many_merges_answer_in_order_as_single_ones_do(
    any_box: Box, commits: Commits, quarantine: bool
) -> None:
    repo = any_box.origin
    names = [commits.base, commits.top, commits.end, commits.rival, commits.rival2]
    pairs = [(one, other) for one in names for other in names]
    before = objects(repo)
    found = merge_many(repo, pairs, quarantine=quarantine)
    assert (objects(repo) == before) is quarantine
    assert found == [merge_tree(repo, *pair) for pair in pairs]


def test_unrelated_pairs_do_not_spoil_the_rest_of_a_batch(any_box: Box, commits: Commits) -> None:
    pairs = [
        (commits.top, commits.end),
        (commits.top, commits.root),
        (commits.top, commits.rival),
        (commits.root, commits.end),
        (commits.base, commits.top),
    ]
    found = merge_many(any_box.origin, pairs)
    assert [type(merge) for merge in found] == [Merged, Unrelated, Conflict, Unrelated, Merged]


def test_nothing_to_merge_is_an_empty_answer(box: Box) -> None:
    assert merge_many(box.origin, []) == []


def test_trials_leave_nothing_in_the_state_directory(box: Box) -> None:
    commits = Commits(box)
    merge_many(box.origin, [(commits.top, commits.end)])
    assert list(box.origin.state_dir.iterdir()) == []


def test_quarantined_merges_work_where_the_path_has_the_separator(tmp_path: Path) -> None:
    folder = tmp_path / 'a:"b'
    folder.mkdir()
    box = Box(folder)
    commits = Commits(box)
    assert isinstance(merge_many(box.origin, [(commits.top, commits.end)])[0], Merged)
    assert isinstance(merge_tree(box.origin, commits.top, commits.end, base=commits.base), Merged)
    box.close()


def test_two_are_merged_in_turn_and_nothing_stays(any_box: Box, commits: Commits) -> None:
    repo = any_box.origin
    before = objects(repo)
    turns = [
        (commits.base, commits.top, commits.end),
        (commits.base, commits.top, commits.rival),
        (commits.rival, commits.top, commits.end),
    ]
    fits, second, first = merge_in_turn(repo, turns)
    assert objects(repo) == before
    assert fits[0] == merge_tree(repo, commits.base, commits.top)
    assert fits[1] == merge_tree(repo, commits.top, commits.end)
    assert isinstance(second[0], Merged)
    assert second[1] is not None
    assert files_in_conflict(second[1]) == files_in_conflict(first[0]) == ("f",)
    assert first[1] is None
    assert merge_in_turn(repo, []) == []
