"""Stacks on real git: in order, by every method, as one unit; what a failure does to the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from refinery.records.names import MrId
from tests.sandbox import Sandbox

REWRITES = ["merge", "squash", "rebase"]


def configured(box: Sandbox, method: str = "merge", check: str = "test ! -e bad.txt") -> Sandbox:
    box.config(f"version: 1\nmethod: {method}\nchecks:\n- {{name: test, run: '{check}'}}\n")
    return box


@pytest.fixture
def checked(box: Sandbox) -> Sandbox:
    """A queue whose check fails where there is a bad.txt."""
    return configured(box)


def stack(box: Sandbox, names: Sequence[str], *, bad: str = "", **options: object) -> list[MrId]:
    """Branches one on top of the other, each changing its own line of one file and a file of its
    own, all pushed and submitted from the bottom up."""
    ids = []
    below = "main"
    lines: list[str] = []
    for name in names:
        lines.append(name)
        files: dict[str, str] = {"shared.txt": "\n".join(lines) + "\n", f"{name}.txt": name}
        if name == bad:
            files["bad.txt"] = "bad"
        ids.append(box.request(name, files, onto=below, **options))
        below = name
    return ids


@pytest.mark.parametrize("method", [*REWRITES, "fast-forward"])
def test_a_stack_lands_in_order_by_every_method(box: Sandbox, method: str) -> None:
    configured(box, method)
    a, b, c = stack(box, "abc")
    assert [box.mr(id).depends_on for id in (a, b, c)] == [(), (a,), (b,)]
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["a", "b", "c"]
    assert box.tree("main")["shared.txt"] == "a\nb\nc\n"
    assert box.cli("verify").code == 0


@pytest.mark.parametrize("method", REWRITES)
def test_what_stands_on_something_that_landed_under_another_commit_does_not_conflict(
    box: Sandbox, method: str
) -> None:
    configured(box, method)
    box.request("a", {"f.txt": "a\n"}, onto="main")
    assert box.cli("process", "--drain").code == 0
    # a is there, squashed; b goes on from a as its author has it, and main went on as well
    box.advance({"g.txt": "outside\n"})
    box.request("b", {"f.txt": "a\nb\n"}, onto="a")
    box.request("c", {"f.txt": "a\nb, but better\n"}, onto="b")
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["a", "b", "c"]
    assert box.tree("main")["f.txt"] == "a\nb, but better\n"
    assert box.cli("verify").code == 0


@pytest.mark.parametrize("method", REWRITES)
def test_what_stands_on_an_amended_one_brings_only_its_own(box: Sandbox, method: str) -> None:
    configured(box, method)
    box.request("a", {"a.txt": "a\n", "bad.txt": "bad\n"}, onto="main")
    b = box.request("b", {"b.txt": "b\n"}, onto="a")
    assert box.cli("process", "--drain").code == 0
    assert (box.landed, box.mr("a").failure is not None) == ([], True)
    # the author amends: the new a never had the bad file, b still holds the old a
    box.request("a", {"a.txt": "a, mended\n"}, onto="main~0")
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["a", "b"]
    assert "bad.txt" not in box.tree("main")
    assert box.tree("main")["a.txt"] == "a, mended\n"
    assert box.mr(b).close_reason == "merged"
    assert box.cli("verify").code == 0


@pytest.mark.parametrize("method", REWRITES)
def test_a_stack_of_five_whose_third_fails(box: Sandbox, method: str) -> None:
    configured(box, method)
    ids = stack(box, "abcde", bad="c")
    done = box.cli("process", "--drain")
    assert (done.code, box.landed) == (0, ["a", "b"]), done.err
    third = box.mr("c")
    assert third.failure is not None
    # those above say whom they wait for, however far below, and the command that tells more
    fourth, fifth = (box.cli("why", id, "--json").json for id in ids[3:])
    assert fourth["code"] == fifth["code"] == "blocked-by-mr"
    assert fourth["waits_for"] == fifth["waits_for"] == third.id
    assert f"Waits for {third.id} (c), which needs rework: check test" in fourth["words"]
    assert f"Waits for {third.id} (c), 2 below it, which needs rework" in fifth["words"]
    assert fifth["next"] == f"refinery why {third.id}"
    # its author mends the third with one more commit; those above are not touched
    box.commit("c", {"bad.txt": None}, onto="c")
    box.push("c")
    again = box.submit("c")
    assert again != third.id
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["a", "b", "c", "d", "e"]
    assert "bad.txt" not in box.tree("main")
    assert box.cli("verify").code == 0
    assert box.cli("fsck").code == 0


def test_a_unit_lands_in_one_push_or_not_at_all(checked: Sandbox) -> None:
    box = checked
    a, _, c = stack(box, "abc", bad="b", unit="login")
    loner = box.request("loner")
    assert box.cli("process", "--drain").code == 0
    assert (box.landed, box.mr(loner).close_reason) == (["loner"], "merged")
    why = box.cli("why", a, "--json").json
    assert (why["code"], why["waits_for"]) == ("unit-incomplete", c)
    assert why["words"].startswith("Lands as one of the 3 of unit login, or none of them does: ")
    box.commit("b", {"bad.txt": None}, onto="b")
    box.push("b")
    box.submit("b")
    assert box.cli("retry", c).code == 0
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["loner", "a", "b", "c"]
    landings = {box.mr(name).landing for name in "abc"}
    assert len(landings) == 1
    assert box.mr(a).unit == "login"
    assert box.cli("verify").code == 0


def test_a_unit_of_strangers_waits_for_the_one_that_conflicts(checked: Sandbox) -> None:
    box = checked
    box.request("one", {"one.txt": "1"}, unit="pair")
    two = box.request("two", {"README.md": "two\n"}, unit="pair")
    box.advance({"README.md": "outside\n"})
    assert box.cli("process", "--drain").code == 0
    assert box.landed == []
    assert box.cli("why", "one", "--json").json["waits_for"] == two
    box.request("two", {"README.md": "outside and two\n"}, onto="main")
    assert box.cli("issue", "close", "1").code == 0
    assert box.cli("process", "--drain").code == 0
    assert sorted(box.landed) == ["one", "two"]
    assert len({box.mr(name).landing for name in ("one", "two")}) == 1


@pytest.mark.parametrize("method", REWRITES)
def test_what_is_for_the_branch_of_another_goes_on_to_where_that_landed(
    box: Sandbox, method: str
) -> None:
    configured(box, method)
    a = box.request("a", {"f.txt": "a\n"})
    b = box.request("b", {"f.txt": "a\nb\n"}, onto="a", target="a")
    c = box.request("c", {"f.txt": "a\nb\nc\n"}, onto="b", target="b")
    before = box.sha("a")
    assert (box.mr(b).depends_on, box.mr(c).depends_on) == ((a,), (b,))
    done = box.cli("process", "--drain")
    assert done.code == 0, done.err
    assert box.landed == ["a", "b", "c"]
    assert box.sha("a") == before
    assert box.mr(b).close_reason == "superseded"
    assert (box.mr("b").target, box.mr("b").supersedes) == ("main", b)
    assert box.mr("b").created_at == box.mr(b).created_at
    assert box.tree("main")["f.txt"] == "a\nb\nc\n"
    assert box.cli("verify").code == 0
    assert box.cli("fsck").code == 0


def test_the_upper_part_may_be_pushed_first(checked: Sandbox) -> None:
    box = checked
    box.commit("low", {"low.txt": "x\n"})
    high = box.request("high", {"high.txt": "x\n"}, onto="low", priority=0)
    box.push("low")
    low = box.submit("low")
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["low", "high"]
    assert box.mr(high).depends_on == (low,)


class TestBetweenTheTestAndThePush:
    """What became known while a candidate was tested is heeded inside the landing."""

    def settled_after(self, box: Sandbox, meanwhile: Callable[[], object]) -> int:
        files = [str(box.root / name) for name in ("candidate.json", "verdict.json")]
        assert box.cli("candidate", "take", "--out", files[0]).code == 0
        assert box.cli("candidate", "test", files[0], "--out", files[1]).code == 0
        meanwhile()
        return box.cli("candidate", "settle", *files).code

    def test_who_joins_the_unit_meanwhile_lands_with_it(self, checked: Sandbox) -> None:
        box = checked
        box.request("one", unit="u")
        before = box.sha("main")

        def join() -> None:
            two = box.request("two", unit="u")
            assert box.cli("priority", two, "1").code == 0  # which folds it

        self.settled_after(box, join)
        assert box.sha("main") == before
        assert box.cli("process", "--drain").code == 0
        assert sorted(box.landed) == ["one", "two"]
        assert box.mr("one").landing == box.mr("two").landing

    def test_what_is_found_below_meanwhile_lands_first(self, checked: Sandbox) -> None:
        box = checked
        box.commit("low")
        high = box.request("high", onto="low")
        before = box.sha("main")

        def reveal() -> None:
            box.push("low")
            low = box.submit("low")
            assert box.cli("priority", low, "1").code == 0
            assert box.mr(high).depends_on == (low,)

        self.settled_after(box, reveal)
        assert box.sha("main") == before
        assert box.cli("process", "--drain").code == 0
        assert box.landed == ["low", "high"]


def test_workers_side_by_side_never_take_a_unit_apart(checked: Sandbox) -> None:
    box, bob = checked, checked.clone("bob")
    stack(box, "abc", unit="u")
    for name in ("x", "y", "z"):
        box.request(name)
    for _ in range(8):
        for worker in (box, bob):
            assert worker.cli("process", "--once").code == 0
            inside = {"a", "b", "c"} & set(box.landed)
            assert inside in (set(), {"a", "b", "c"})
    assert sorted(box.landed) == ["a", "b", "c", "x", "y", "z"]
    assert box.cli("verify").code == 0


def test_a_rejected_one_is_mended_by_a_new_submission_of_its_branch(checked: Sandbox) -> None:
    box = checked
    low, high = stack(box, ["low", "high"])
    assert box.cli("reject", low, "--reason", "not like this").code == 0
    assert box.cli("why", high, "--json").json["code"] == "dependency-failed"
    box.request("low", {"shared.txt": "low\n", "low.txt": "better"}, onto="main")
    assert box.cli("why", high, "--json").json["code"] == "blocked-by-mr"
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["low", "high"]
    assert box.tree("main")["shared.txt"] == "low\nhigh\n"
    assert box.tree("main")["low.txt"] == "better"
