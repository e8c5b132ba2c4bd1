"""Conflicts taken apart: the sides of each file, what union and git's own memory make of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from refinery.records.names import Sha
from refinery.repo.conflict_sides import (
    Halfway,
    Side,
    has_markers,
    merge_halfway,
    united,
    with_files,
)
from refinery.repo.merging import Merged, Unrelated
from refinery.repo.process import GitError
from refinery.repo.repository import Repository
from refinery.repo.rerere import Memory, Rerere
from tests.repo.conftest import Box

LINES = "1\n2\n3\n"


def a_conflict(
    box: Box, repo: Repository, ours: dict[str, str], theirs: dict[str, str]
) -> tuple[Sha, Sha]:
    base = box.commit(repo, {"a.py": LINES, "b.py": "b\n", "deep/c.py": LINES})
    return box.commit(repo, ours, base), box.commit(repo, theirs, base)


def both_edited(box: Box, repo: Repository, theirs: str = "theirs") -> tuple[Sha, Sha]:
    return a_conflict(
        box, repo, {"a.py": "1\nours\n3\n"}, {"a.py": f"1\n{theirs}\n3\n", "new.py": "n\n"}
    )


def halfway(repo: Repository, ours: Sha, theirs: Sha) -> Halfway:
    found = merge_halfway(repo, ours, theirs)
    assert isinstance(found, Halfway)
    return found


def test_each_file_in_conflict_has_its_sides_and_the_others_are_merged(any_box: Box) -> None:
    repo = any_box.clone()
    ours, theirs = a_conflict(
        any_box,
        repo,
        {"a.py": "1\nours\n3\n", "b.py": "changed\n", "deep/c.py": LINES, "new": "one\n"},
        {"a.py": "1\ntheirs\n3\n", "deep/c.py": LINES + "4\n", "new": "two\n"},
    )
    found = halfway(repo, ours, theirs)
    sides = {
        file.path: (file.base is not None, file.ours is not None, file.theirs is not None)
        for file in found.files
    }
    assert sides == {
        "a.py": (True, True, True),
        "b.py": (True, True, False),
        "new": (False, True, True),
    }
    assert repo.reader.blob(f"{found.tree}:deep/c.py") == b"1\n2\n3\n4\n"
    assert has_markers(repo.reader.blob(f"{found.tree}:a.py") or b"")


def test_what_does_not_conflict_is_answered_as_it_is(box: Box, clone: Repository) -> None:
    base = box.commit(clone, {"a.py": LINES})
    one = box.commit(clone, {"a.py": LINES, "b.py": "b\n"}, base)
    assert merge_halfway(clone, base, one) == Merged(clone.reader.commit(one).tree)
    assert merge_halfway(clone, base, box.commit(clone, {"x": "x\n"})) == Unrelated()
    with pytest.raises(GitError):
        merge_halfway(clone, base, Sha("0" * 40))


def test_a_union_has_the_lines_of_both_sides_in_their_order(box: Box, clone: Repository) -> None:
    found = halfway(clone, *both_edited(box, clone))
    [file] = found.files
    assert united(clone, file) == b"1\nours\ntheirs\n3\n"


def test_a_file_that_one_side_deleted_has_no_union(box: Box, clone: Repository) -> None:
    ours, theirs = a_conflict(box, clone, {"a.py": "1\nours\n3\n"}, {"new.py": "n\n"})
    found = halfway(clone, ours, theirs)
    assert [united(clone, file) for file in found.files] == [None]


def test_files_are_put_into_a_tree_at_any_depth(box: Box, clone: Repository) -> None:
    start = clone.reader.commit(box.commit(clone, {"a.py": LINES, "deep/c.py": LINES})).tree
    new = Side("100755", clone.writer.blob(b"new\n"))
    made = with_files(clone, start, {"deep/c.py": new, "deeper/still/d.py": new})
    listing = box.git("ls-tree", "-r", made, at=clone.path).splitlines()
    assert listing == [
        f"100644 blob {box.git('rev-parse', f'{start}:a.py', at=clone.path)}\ta.py",
        f"100755 blob {new.oid}\tdeep/c.py",
        f"100755 blob {new.oid}\tdeeper/still/d.py",
    ]


def learn(repo: Repository, found: Halfway, path: str, resolved: bytes) -> Memory:
    with Rerere.beside(repo) as rerere:
        rerere.conflicts(texts(repo, found))
        return rerere.learnt({path: resolved})


def texts(repo: Repository, found: Halfway) -> dict:  # type: ignore[type-arg]
    return {file: repo.reader.blob(f"{found.tree}:{file.path}") for file in found.files}


def recall(repo: Repository, found: Halfway, memory: Memory) -> dict[str, bytes]:
    with Rerere.beside(repo) as rerere:
        known = rerere.conflicts(texts(repo, found))
        assert {name.partition("/")[0] for name in memory} <= {*known.values()}
        return rerere.recalled(memory)


def test_a_conflict_is_resolved_as_the_same_one_was_before(any_box: Box) -> None:
    repo = any_box.clone()
    ours, theirs = both_edited(any_box, repo)
    memory = learn(repo, halfway(repo, ours, theirs), "a.py", b"1\nboth\n3\n")
    assert len(memory) == 2
    mirrored = halfway(repo, theirs, ours)  # whoever comes first
    assert recall(repo, mirrored, memory) == {"a.py": b"1\nboth\n3\n"}


def test_the_same_conflict_in_another_place_is_resolved_with_what_is_around_it(
    box: Box, clone: Repository
) -> None:
    memory = learn(clone, halfway(clone, *both_edited(box, clone)), "a.py", b"1\nboth\n3\n")
    base = box.commit(clone, {"z.py": "top\n" + LINES + "end\n"})
    ours = box.commit(clone, {"z.py": "top\n1\nours\n3\nend\n"}, base)
    theirs = box.commit(clone, {"z.py": "top\n1\ntheirs\n3\nend\n"}, base)
    found = halfway(clone, ours, theirs)
    assert recall(clone, found, memory) == {"z.py": b"top\n1\nboth\n3\nend\n"}


def test_another_conflict_is_not_resolved_by_that(box: Box, clone: Repository) -> None:
    memory = learn(clone, halfway(clone, *both_edited(box, clone)), "a.py", b"1\nboth\n3\n")
    other = halfway(clone, *both_edited(box, clone, "something else"))
    with Rerere.beside(clone) as rerere:
        rerere.conflicts(texts(clone, other))
        assert rerere.recalled(memory) == {}


def test_what_is_not_resolved_is_not_learnt(box: Box, clone: Repository) -> None:
    found = halfway(clone, *both_edited(box, clone))
    with Rerere.beside(clone) as rerere:
        rerere.conflicts(texts(clone, found))
        assert rerere.learnt({}) == {}


@pytest.mark.parametrize("path", ["../escaped", "/escaped", ".GIT/hooks/x", "a/../../escaped"])
def test_a_path_that_leads_out_of_the_scratch_is_left_alone(
    box: Box, clone: Repository, path: str
) -> None:
    [file] = halfway(clone, *both_edited(box, clone)).files
    with Rerere.beside(clone) as rerere:
        assert rerere.conflicts({replace(file, path=path): b"x"}) == {}
    assert not (clone.state_dir / "escaped").exists()
