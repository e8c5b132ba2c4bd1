from __future__ import annotations

import subprocess

import pytest

from refinery.records.names import Sha
from refinery.repo.history import (
    ShallowRepository,
    ahead,
    changed_paths,
    commits_between,
    ensure_complete,
    is_ancestor,
    log_trailers,
    merge_base,
    newest_first,
)
from refinery.repo.process import GitError, RemoteUnavailable
from refinery.repo.repository import Repository
from refinery.repo.trailers import trailer, trailers

from .conftest import Box

MESSAGES = [
    "subject\n\nKey: value\nOther-Key:  spaced  \n",
    "subject\n\nbody\n\nKey: one\nkey: two\n",
    "Key: only a subject\n",
    "subject\n\nKey: value\nnot a trailer\n",
    "subject\n\nKey: folded\n  over lines\nNext: x\n",
    "subject\n\nKey: value\n\n\n",
    "subject\n\nKey: a\n\nKey: b\n",
    "subject\n\nbody only\n",
    "subject\n\nKey:\n",
    "",
]


@pytest.fixture
def line(box: Box) -> list[Sha]:
    made: list[Sha] = []
    for number in range(4):
        message = f"step {number}\n\nRefinery-MR: mr-{number}"
        made.append(box.commit(box.origin, {"f": str(number)}, *made[-1:], message=message))
    return made


def test_relations_of_commits(box: Box, line: list[Sha]) -> None:
    repo = box.origin
    side = box.commit(repo, {"side": "1"}, line[1])
    root = box.commit(repo, {"root": "1"})
    assert merge_base(repo, side, line[3]) == line[1]
    assert merge_base(repo, side, root) is None
    assert is_ancestor(repo, line[0], side)
    assert is_ancestor(repo, side, side)
    assert not is_ancestor(repo, side, line[3])
    assert (ahead(repo, line[0], line[3]), ahead(repo, line[3], line[0])) == (3, 0)


@pytest.mark.parametrize("function", [merge_base, is_ancestor, ahead, changed_paths])
def test_a_missing_commit_is_trouble_and_not_an_answer(
    box: Box, line: list[Sha], function: object
) -> None:
    assert callable(function)
    with pytest.raises(GitError):
        function(box.origin, line[0], Sha("1" * 40))


def test_changed_paths_name_both_ends_of_a_rename_and_weird_names(box: Box) -> None:
    one = box.commit(box.origin, {"old": "same content\n", "keep": "x", "d/w \udcff\n": "1"})
    two = box.commit(box.origin, {"new": "same content\n", "keep": "x", "d/w \udcff\n": "2"}, one)
    assert changed_paths(box.origin, one, two) == {"old", "new", "d/w \udcff\n"}
    assert changed_paths(box.origin, one, one) == frozenset()


def test_commits_of_a_range_in_both_orders(box: Box, line: list[Sha]) -> None:
    found = commits_between(box.origin, line[0], line[3])
    assert [commit.oid for commit in found] == [line[3], line[2], line[1]]
    turned = commits_between(box.origin, None, line[3], reverse=True)
    assert [commit.oid for commit in turned] == line
    assert commits_between(box.origin, line[3], line[3]) == ()


def test_first_parents_leave_out_what_was_merged(box: Box, line: list[Sha]) -> None:
    side = box.commit(box.origin, {"s": "1"}, line[0])
    merge = box.commit(box.origin, {"s": "1", "f": "3"}, line[3], side)
    found = commits_between(box.origin, line[3], merge, first_parent=True)
    assert [(commit.oid, commit.parents) for commit in found] == [(merge, (line[3], side))]
    assert len(commits_between(box.origin, line[3], merge)) == 2


def test_trailers_of_a_range_oldest_first(box: Box, line: list[Sha]) -> None:
    found = log_trailers(box.origin, line[0], line[2], first_parent=True)
    assert [(commit.oid, said) for commit, said in found] == [
        (line[1], (("Refinery-MR", "mr-1"),)),
        (line[2], (("Refinery-MR", "mr-2"),)),
    ]


@pytest.mark.parametrize("message", [m for m in MESSAGES if "not a trailer" not in m])
def test_trailers_are_those_that_git_sees(message: str) -> None:
    done = subprocess.run(
        ["git", "interpret-trailers", "--parse"],
        input=message.encode(),
        capture_output=True,
        check=True,
    )
    seen = [line.partition(":") for line in done.stdout.decode().splitlines()]
    assert trailers(message) == tuple((key, value.strip()) for key, _, value in seen)


def test_a_paragraph_with_anything_else_in_it_is_text() -> None:
    assert trailers("subject\n\nKey: value\nnot a trailer\n") == ()


def test_the_last_of_several_values_counts() -> None:
    assert trailer(MESSAGES[1], "KEY") == "two"
    assert trailer(MESSAGES[1], "none") is None


class TestShallow:
    def cut(self, box: Box, line: list[Sha]) -> Repository:
        box.git("update-ref", "refs/heads/main", line[3])
        place = box.root / "cut"
        url = f"file://{box.origin.path}"
        box.git("clone", "-q", "--template=", "--depth=1", url, str(place), at=box.root)
        return box.open(place)

    def test_the_rest_of_the_history_is_fetched_and_said(self, box: Box, line: list[Sha]) -> None:
        repo = self.cut(box, line)
        assert repo.shallow
        said: list[str] = []
        ensure_complete(repo, "origin", tell=said.append)
        assert said == ["fetching the rest of the history from 'origin': this clone is shallow"]
        assert not repo.shallow
        assert ahead(repo, line[0], line[3]) == 3
        ensure_complete(repo, "origin", tell=said.append)
        assert len(said) == 1

    def test_a_remote_that_is_away_is_not_taken_for_a_shallow_one(
        self, box: Box, line: list[Sha]
    ) -> None:
        repo = self.cut(box, line)
        box.git("remote", "set-url", "origin", "/nowhere.git", at=repo.path)
        with pytest.raises(RemoteUnavailable):
            ensure_complete(repo, "origin")

    def test_a_remote_that_is_shallow_itself_cannot_help(self, box: Box, line: list[Sha]) -> None:
        middle = self.cut(box, line)
        place = box.root / "cut2"
        box.git("clone", "-q", "--template=", f"file://{middle.path}", str(place), at=box.root)
        repo = box.open(place)
        with pytest.raises(ShallowRepository, match="does not give the rest"):
            ensure_complete(repo, "origin")


def test_no_commit_comes_after_one_that_it_contains(box: Box, line: list[Sha]) -> None:
    side = box.commit(box.origin, {"side": "1"}, line[1])
    found = newest_first(box.origin, {line[0], line[-1], side, line[1]})
    assert sorted(found) == sorted({line[0], line[-1], side, line[1]})
    assert found.index(line[-1]) < found.index(line[1]) < found.index(line[0])
    assert found.index(side) < found.index(line[1])
    assert newest_first(box.origin, [side]) == [side]
    root = box.commit(box.origin, {"other": "1"})
    assert sorted(newest_first(box.origin, {root, side})) == sorted([root, side])
