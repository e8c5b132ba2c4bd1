"""An author whose branch conflicts: told so, led through it by what each answer says is next."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.sandbox import Result, Sandbox

pytestmark = pytest.mark.journey

CODE = "def greet():\n    return 'hello'\n"
CONFIG = "version: 1\nchecks:\n  - {name: test, run: python3 greet.py}\n"


def follow(box: Sandbox, answer: Result) -> Result:
    """Run what the answer says is next, and nothing else."""
    program, *arguments = shlex.split(answer.json["next"])
    assert program == "refinery"
    return box.cli(*arguments, "--json")


@pytest.fixture
def author(box: Sandbox) -> Sandbox:
    """Ada, while Bob has just landed another greeting."""
    box.commit("main", {".refinery.yaml": CONFIG, "greet.py": CODE})
    box.push("main")
    box.commit("politer", {"greet.py": CODE.replace("hello", "good day")}, onto="main")
    bob = box.clone("bob")
    bob.request("louder", {"greet.py": CODE.replace("hello", "HELLO")}, onto="main")
    assert bob.cli("process", "--drain").code == 0
    return box


def test_an_agent_repairs_a_conflict_with_nothing_but_documents_and_exit_codes(
    author: Sandbox,
) -> None:
    submitted = author.cli("push", "politer", "--json")
    assert submitted.code == 0
    assert submitted.json["forecast"]["conflicts"] == [{"mr": None, "files": ["greet.py"]}]
    id = submitted.json["mr"]["id"]
    assert author.clone("ci").cli("process", "--drain").code == 0

    waited = author.cli("wait", id, "--json")
    assert waited.code == 12
    why = author.cli("why", id, "--json")
    assert (why.json["code"], why.json["files"]) == ("blocked-by-issue", ["greet.py"])

    laid_out = follow(author, why)
    assert (laid_out.code, laid_out.json["state"]) == (0, "conflict")
    too_soon = follow(author, laid_out)
    assert (too_soon.code, too_soon.json["error"]["code"]) == (1, "still-conflicting")

    folder = Path(laid_out.json["worktree"])
    for file in laid_out.json["files"]:
        (folder / file["path"]).write_text(CODE.replace("hello", "GOOD DAY"))
    done = follow(author, laid_out)
    assert (done.code, done.json["state"]) == (0, "submitted")
    assert author.clone("ci-2").cli("process", "--drain").code == 0

    landed = follow(author, done)
    assert landed.code == 0
    assert author.landed == ["louder", "politer"]
    assert "GOOD DAY" in author.tree("main")["greet.py"]
    assert author.cli("verify").code == 0
    assert author.cli("issue", "list").out.endswith("(none open)\n")


def test_a_conflict_that_was_resolved_wrongly_fails_its_checks_and_is_repaired(
    author: Sandbox,
) -> None:
    author.cli("push", "politer")
    author.clone("ci").cli("process", "--drain")
    folder = Path(author.cli("resolve", "politer", "--json").json["worktree"])
    (folder / "greet.py").write_text("def greet(:\n")
    assert author.cli("resolve", "politer", "--continue").code == 0
    author.clone("ci-2").cli("process", "--drain")
    why = author.cli("why", "politer", "--json").json
    assert (why["code"], why["failure"]) == ("needs-rework", "tests_fail")
    assert "SyntaxError" in why["evidence"]
    author.git("fetch", "-q", "origin")
    author.request("politer", {"greet.py": CODE.replace("hello", "GOOD DAY")})
    author.clone("ci-3").cli("process", "--drain")
    assert author.landed == ["louder", "politer"]
