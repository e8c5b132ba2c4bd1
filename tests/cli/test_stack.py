"""`refinery stack`: what is shown, submitted in one push, and rebased on what has landed."""

from __future__ import annotations

import pytest

from tests.sandbox import Sandbox

CHECKED = "version: 1\nmethod: squash\nchecks:\n- {name: test, run: test ! -e bad.txt}\n"


@pytest.fixture
def stack(box: Sandbox) -> Sandbox:
    """Three branches on each other in one file, the second checked out."""
    box.config(CHECKED)
    below, lines = "main", ""
    for name in "abc":
        lines += f"{name}\n"
        box.commit(name, {"f.txt": lines}, onto=below)
        below = name
    box.switch("b")
    return box


def landed(box: Sandbox, *names: str) -> None:
    for name in names:
        assert box.cli("submit", name).code == 0
    assert box.cli("process", "--drain").code == 0
    assert box.landed == [*names]


def heads(box: Sandbox) -> list[str]:
    return [str(box.sha(name, at=box.path)) for name in "abc"]


def lines_of(box: Sandbox, branch: str) -> str:
    return box.git("show", f"{branch}:f.txt")


def test_a_stack_is_queued_in_one_push_each_after_the_one_below(stack: Sandbox) -> None:
    planned = stack.cli("stack", "submit", "--dry-run")
    assert planned.out.splitlines()[0] == "would submit 3 branches for main:"
    assert stack.refs("refs/refinery/") == {}
    done = stack.cli("stack", "submit", "--json").json
    assert [each["outcome"] for each in done["branches"]] == ["new"] * 3
    a, b, c = (stack.mr(name) for name in "abc")
    assert (a.depends_on, b.depends_on, c.depends_on) == ((), (a.id,), (b.id,))
    again = stack.cli("stack", "submit", "--json").json
    assert [each["outcome"] for each in again["branches"]] == ["unchanged"] * 3


def test_one_that_is_refused_keeps_all_out(stack: Sandbox) -> None:
    other = stack.clone("bob")
    other.commit("b", {"other.txt": "x\n"})
    other.push("b")
    done = stack.cli("stack", "submit")
    assert (done.code, "the remote's 'b' has 1 commit that yours lacks" in done.err) == (1, True)
    assert (stack.refs("refs/refinery/"), stack.sha("refs/heads/a")) == ({}, None)


def test_where_each_branch_stands_is_shown_top_first(stack: Sandbox) -> None:
    landed(stack, "a")
    assert stack.cli("submit", "b").code == 0
    shown = stack.cli("stack", "show")
    a, b = stack.mr("a"), stack.mr("b")
    commit = str(a.merge_commit)[:12]
    assert shown.out.splitlines() == [
        "  3. c",
        "     not submitted",
        f"▸ 2. b  {b.id}",
        "     queued for main",
        f"  1. a  {a.id}",
        f"     landed on main as {commit}",
        "  main",
    ]
    assert "`refinery stack submit`" in shown.err
    document = stack.cli("stack", "show", "--json").json
    rows = [(each["branch"], each["below"], each["landed"]) for each in document["branches"]]
    assert rows == [("a", None, True), ("b", "a", False), ("c", "b", False)]


def test_a_stack_is_shown_without_any_branch_of_it(stack: Sandbox) -> None:
    assert stack.cli("stack", "submit", "--unit", "u").code == 0
    other = stack.clone("bob")
    b = stack.mr("b").id
    document = other.cli("stack", "show", b, "--json").json
    rows = [(each["branch"], each["below"], each["head"]) for each in document["branches"]]
    assert rows == [("a", None, None), ("b", "a", None), ("c", "b", None)]
    assert {each["mr"]["unit"] for each in document["branches"]} == {"u"}


def test_what_is_no_stack_says_so(stack: Sandbox) -> None:
    done = stack.cli("stack", "submit", "--target", "nowhere", "--json")
    assert (done.code, done.json["error"]["code"]) == (1, "no-target")
    stack.switch("main")
    done = stack.cli("stack", "show", "--json")
    assert (done.code, done.json["error"]["code"]) == (1, "no-stack")


class TestRebasing:
    def test_what_is_left_comes_onto_what_was_squashed(self, stack: Sandbox) -> None:
        landed(stack, "a")
        stack.advance({"g.txt": "outside\n"})
        before = heads(stack)
        dry = stack.cli("stack", "rebase", "--dry-run")
        assert heads(stack) == before
        done = stack.cli("stack", "rebase")
        assert (dry.code, done.code) == (0, 0)
        assert [line[:20] for line in dry.out.splitlines()] == [
            line[:20] for line in done.out.splitlines()
        ]
        after = heads(stack)
        assert (after[0], after[1] != before[1], after[2] != before[2]) == (before[0], True, True)
        assert done.out.splitlines() == [
            "  a has landed and stays as it is",
            f"  b: {before[1][:12]} → {after[1][:12]}, 1 commit on main",
            f"  c: {before[2][:12]} → {after[2][:12]}, 1 commit on b",
        ]
        tip = str(stack.sha("main"))
        assert stack.git("rev-list", "--reverse", f"{tip}..c").split() == after[1:]
        assert lines_of(stack, "c") == "a\nb\nc"
        assert (stack.path / "g.txt").read_text() == "outside\n"
        assert stack.git("status", "--porcelain") == ""
        again = stack.cli("stack", "rebase")
        assert (again.code, heads(stack)) == (0, after)
        assert "nothing has to be rebased" in again.err

    def test_what_stands_on_an_amended_branch_follows_it(self, stack: Sandbox) -> None:
        assert stack.cli("stack", "submit").code == 0
        stack.commit("b", {"f.txt": "a\nb\n", "more.txt": "amended\n"}, onto="a")
        assert stack.cli("stack", "rebase").code == 0
        assert lines_of(stack, "c") == "a\nb\nc"
        assert stack.git("show", "c:more.txt") == "amended"
        assert stack.git("rev-list", "--count", "a..c") == "2"

    def test_a_conflict_moves_nothing_and_names_the_command(self, stack: Sandbox) -> None:
        landed(stack, "a")
        stack.advance({"f.txt": "changed\n"})
        before = heads(stack)
        done = stack.cli("stack", "rebase")
        assert (done.code, heads(stack)) == (1, before)
        tip = str(stack.sha("main"))[:12]
        assert done.err.splitlines() == [
            f"error: b: {before[1][:12]} conflicts with main in f.txt",
            f"hint: no branch was moved; by hand: git rebase --onto {tip} {before[0][:12]} b",
        ]

    def test_files_changed_here_are_not_lost(self, stack: Sandbox) -> None:
        landed(stack, "a")
        stack.advance({"f.txt": "a\n", "g.txt": "outside\n"})
        (stack.path / "g.txt").write_text("mine\n")
        before = heads(stack)
        done = stack.cli("stack", "rebase", "--json")
        assert (done.code, done.json["error"]["code"]) == (1, "cannot-rebase")
        assert (heads(stack), (stack.path / "g.txt").read_text()) == (before, "mine\n")

    def test_it_is_pushed_and_queued_again_unless_somebody_pushed_since(
        self, stack: Sandbox
    ) -> None:
        assert stack.cli("stack", "submit").code == 0
        landed_first = stack.mr("a").id
        assert stack.cli("hold", "b", "--reason", "later").code == 0
        assert stack.cli("process", "--drain").code == 0
        assert (stack.landed, stack.mr("a").id) == (["a"], landed_first)
        shown = stack.cli("stack", "rebase", "--dry-run")
        assert f"--force-with-lease=b:{stack.sha('refs/heads/b')}" in shown.err
        done = stack.cli("stack", "rebase", "--push", "--json").json
        assert (done["pushed"], [each["branch"] for each in done["branches"]]) == (True, ["b", "c"])
        assert [stack.sha(f"refs/heads/{name}") for name in "bc"] == heads(stack)[1:]
        assert [stack.mr(name).head for name in "bc"] == heads(stack)[1:]
        assert stack.mr("b").hold is not None
