"""What a head changes is what it changed since it left its target, and is looked up once."""

from __future__ import annotations

from refinery.foresight import path_sets
from refinery.queue.forecasting import Subject
from refinery.records.names import Branch, Sha
from tests.sandbox import Sandbox

MAIN = Branch("main")


def test_a_merge_of_the_target_into_the_branch_does_not_make_its_changes_the_branch_s(
    box: Sandbox,
) -> None:
    box.commit("merged", {"own.txt": "x\n"})
    tip = box.advance({"main.txt": "x\n"})
    tree = box.git("merge-tree", "--write-tree", "refs/heads/merged", tip)
    parents = ("-p", "refs/heads/merged", "-p", tip)
    merge = Sha(box.git("commit-tree", "-m", "merge", *parents, tree))
    queue = box.queue()
    subject = Subject(None, Branch("merged"), MAIN, merge)
    found = path_sets.path_sets(queue.repo, queue.view().targets, [subject])
    assert found == {subject: frozenset({"own.txt"})}


def test_the_cache_forgets_heads_that_are_gone(box: Sandbox) -> None:
    queue = box.queue()
    spans = {(Sha(f"{n:040x}"), Sha(f"{n:040x}")): frozenset({"x"}) for n in range(300)}
    path_sets._save(queue.repo, spans, used=set(spans))
    assert len(path_sets._load(queue.repo)) == 300
    kept = next(iter(spans))
    path_sets._save(queue.repo, spans, used={kept})
    assert path_sets._load(queue.repo) == {kept: frozenset({"x"})}


def test_a_head_that_changes_nothing_has_an_empty_set(box: Sandbox) -> None:
    box.commit("empty", {})
    box.commit("full", {"x.txt": "x"})
    queue = box.queue()
    heads = {name: Sha(box.git("rev-parse", name)) for name in ("empty", "full")}
    line = [Subject(None, Branch(name), MAIN, head) for name, head in heads.items()]
    for asked in (line, line[::-1], line[:1]):
        found = path_sets.path_sets(queue.repo, queue.view().targets, asked)
        assert {each.branch: {*paths} for each, paths in found.items()} == {
            each.branch: {"x.txt"} if each.branch == "full" else set() for each in asked
        }
        (queue.repo.state_dir / path_sets.FILE).unlink()
