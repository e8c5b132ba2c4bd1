"""What is merged without git is what git makes of it; what it finds a conflict in is left to it."""

from __future__ import annotations

from random import Random

import pytest

from refinery.records.names import Sha
from refinery.repo.merging import Merged, merge_many, merge_tree
from refinery.repo.objects import TreeEntry
from refinery.repo.plain_merging import PlainMerges
from refinery.repo.repository import Repository
from refinery.repo.signature import Signature

from .conftest import Box

NOBODY = Signature("Ann", "ann@example.org", 1_700_000_000)
Files = dict[str, str]
FOLDERS = ("", "a/", "a/b/", "a/c/", "d/", "d/e/f/")


def commit(repo: Repository, files: Files, *parents: Sha) -> Sha:
    """A commit of these files, written as objects."""
    return repo.writer.commit(
        tree=folder(repo, files), parents=parents, author=NOBODY, committer=NOBODY, message="x"
    )


def folder(repo: Repository, files: Files) -> Sha:
    """The tree of these files, whose names may hold folders."""
    entries, below = [], dict[str, Files]()
    for path, content in files.items():
        name, slash, rest = path.partition("/")
        if slash:
            below.setdefault(name, {})[rest] = content
        else:
            entries.append(TreeEntry(0o100644, name, repo.writer.blob(content.encode())))
    entries += [TreeEntry(0o040000, name, folder(repo, its)) for name, its in below.items()]
    return repo.writer.tree(entries)


def text(random: Random) -> str:
    """A file long enough for git to know it again after it was moved and changed a little."""
    return "".join(f"{random.randrange(10**6)}\n" for _ in range(12))


def changed(random: Random, files: Files) -> Files:
    """What somebody may make of it: edits, new files, moves of files and folders, deletions."""
    files = dict(files)
    for _ in range(random.randint(1, 3)):
        what = random.choice(("edit", "edit", "add", "add", "move", "delete", "move folder"))
        path = random.choice(sorted(files) or ["x"])
        if what == "edit" and path in files:
            files[path] += f"{random.randrange(10**6)}\n"
        elif what == "add":
            put(files, random.choice(FOLDERS) + f"n{random.randrange(6)}", text(random))
        elif what == "move" and path in files:
            put(files, random.choice(FOLDERS) + f"n{random.randrange(6)}", files.pop(path))
        elif what == "delete":
            files.pop(path, None)
        else:
            old, new = random.choice(FOLDERS[1:]), random.choice((*FOLDERS[1:], "z/"))
            for each in [each for each in files if each.startswith(old)]:
                put(files, new + each.removeprefix(old), files.pop(each))
    return files or {"x": "x\n"}


def put(files: Files, path: str, content: str) -> None:
    """A file in the place of whatever is in its way."""
    for each in list(files):
        if each.startswith(f"{path}/") or path.startswith(f"{each}/"):
            del files[each]
    files[path] = content


@pytest.mark.parametrize(
    "seed",
    [0, 1, pytest.param(2, marks=pytest.mark.journey), pytest.param(3, marks=pytest.mark.journey)],
)
def test_it_answers_as_git_does_or_not_at_all(box: Box, seed: int) -> None:
    random, repo = Random(seed), box.origin
    pairs, said = [], []
    for _ in range(120):
        start = {
            random.choice(FOLDERS) + f"f{n}": text(random) for n in range(random.randint(4, 12))
        }
        base = commit(repo, start)
        ours = commit(repo, changed(random, start), base)
        theirs = commit(repo, changed(random, start), base)
        plain = PlainMerges(repo, base, [theirs] * 3)
        pairs.append((ours, theirs))
        said.append(plain.onto(repo.reader.commit(ours).tree, theirs))
    answers = merge_many(repo, pairs)
    wrong = [
        (said_tree, answer)
        for said_tree, answer in zip(said, answers, strict=True)
        if said_tree is not None and answer != Merged(said_tree)
    ]
    assert wrong == []
    told = sum(each is not None for each in said)
    clean = sum(isinstance(each, Merged) for each in answers)
    assert 20 < told <= clean < len(answers)


def test_a_stack_comes_to_the_tree_that_git_makes_step_by_step(box: Box) -> None:
    repo = box.origin
    start = {f"{place}f{n}": f"{n}\n" for place in FOLDERS for n in range(3)}
    base = commit(repo, start)
    heads = [
        commit(repo, {**start, f"a/n{n}": "new\n", f"d/f{n % 3}": f"by {n}\n"}, base)
        for n in range(3)
    ]
    plain = PlainMerges(repo, base, heads)
    tip, tree = base, repo.reader.commit(base).tree
    for head in heads:
        git = merge_tree(repo, tip, head)
        mine = plain.onto(tree, head)
        assert mine is not None
        assert git == Merged(mine)
        plain.stacked(head)
        tip = repo.writer.commit(
            tree=mine, parents=(tip, head), author=NOBODY, committer=NOBODY, message="land"
        )
        tree = mine


def test_heads_that_share_a_commit_of_their_own_are_left_to_git(box: Box) -> None:
    repo = box.origin
    base = commit(repo, {"f": "1\n"})
    lower = commit(repo, {"f": "1\n", "lower": "x\n"}, base)
    upper = commit(repo, {"f": "1\n", "lower": "y\n"}, lower)
    plain = PlainMerges(repo, base, [lower, upper, lower])
    tree = plain.onto(repo.reader.commit(base).tree, lower)
    assert tree is not None
    plain.stacked(lower)
    assert plain.onto(tree, upper) is None


def test_a_head_on_two_commits_of_the_target_is_left_to_git(box: Box) -> None:
    repo = box.origin
    root = commit(repo, {"f": "1\n"})
    one = commit(repo, {"f": "1\n", "one": "x\n"}, root)
    two = commit(repo, {"f": "1\n", "two": "x\n"}, root)
    base = commit(repo, {"f": "1\n", "one": "x\n", "two": "x\n"}, one, two)
    head = commit(repo, {"f": "2\n", "one": "x\n", "two": "x\n"}, one, two)
    plain = PlainMerges(repo, base, [head] * 3)
    assert plain.onto(repo.reader.commit(base).tree, head) is None


def test_a_commit_that_is_missing_is_for_git_to_complain_of(box: Box) -> None:
    repo = box.origin
    base = commit(repo, {"f": "1\n"})
    plain = PlainMerges(repo, base, [Sha("1" * 40)] * 3)
    assert plain.onto(repo.reader.commit(base).tree, Sha("1" * 40)) is None
