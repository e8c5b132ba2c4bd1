"""How a commit got onto a line of history."""

from __future__ import annotations

from refinery.records.names import Sha
from refinery.repo.containing import full_id, line_since
from refinery.repo.repository import Repository

from .conftest import Box


def commit(box: Box, repo: Repository, name: str, *parents: Sha) -> Sha:
    return box.commit(repo, {"a.txt": f"{name}\n"}, *parents, message=name)


def test_a_merged_commit_came_with_its_merge(any_box: Box) -> None:
    repo = any_box.clone()
    base = commit(any_box, repo, "base")
    one = commit(any_box, repo, "one", base)
    two = commit(any_box, repo, "two", one)
    other = commit(any_box, repo, "other", base)
    first = commit(any_box, repo, "merge other", base, other)
    second = commit(any_box, repo, "merge two", first, two)
    third = commit(any_box, repo, "later", second)
    for sha in (one, two):
        assert line_since(repo, sha, third) == [second, third]
    assert line_since(repo, other, third) == [first, second, third]
    assert line_since(repo, two, second) == [second]


def test_a_commit_of_the_line_came_by_itself(box: Box, clone: Repository) -> None:
    line = [commit(box, clone, "first")]
    for number in range(5):
        line.append(commit(box, clone, str(number), line[-1]))
    for place, sha in enumerate(line):
        assert line_since(clone, sha, line[-1]) == line[place:]


def test_what_is_not_in_did_not_come(box: Box, clone: Repository) -> None:
    base = commit(box, clone, "base")
    assert line_since(clone, commit(box, clone, "one", base), base) is None


def test_a_commit_is_known_by_its_beginning(any_box: Box) -> None:
    repo = any_box.clone()
    sha = commit(any_box, repo, "one")
    tree = any_box.git("rev-parse", f"{sha}^{{tree}}", at=repo.path)
    assert [full_id(repo, text) for text in (sha, sha[:10])] == [sha, sha]
    for text in ("abc", tree, "0" * len(sha), "HEAD", "main", "--all", sha[:10] + "~1", ""):
        assert full_id(repo, text) is None
