"""Branches with names that git allows and few expect."""

import pytest

from tests.sandbox import CHECKOUT, Sandbox
from tests.scenarios.test_bad_input import GOOD, drain

pytestmark = pytest.mark.journey

# Spaces and line breaks of Unicode's, which Python strips and splits at; letters beyond ASCII.
ODD = [
    *("\u2007mr", "mr\u00a0", "m\u2028r", "mr\x85", "\u3000"),
    *("wörk/日本", "a,b", "{worker}", "a'\"$b"),
]


@pytest.mark.parametrize("name", ODD)
def test_an_odd_name_is_kept_whole_from_the_checkout_to_the_landing(
    box: Sandbox, name: str
) -> None:
    box.config(GOOD)
    box.commit(name, {"f.txt": "f\n"}, onto="main")
    box.push(name)
    box.switch(name)
    done = box.cli("submit")
    assert done.code == 0, done.err
    listed = box.cli("list", "--json").json
    assert [mr["branch"] for mr in listed] == [name]
    assert box.cli("why", name).code == 0
    assert box.cli("show", name, "--json").json["branch"] == name
    drain(box)
    assert box.landed == [name]
    assert box.cli("show", name, "--json").json["branch"] == name


@pytest.mark.parametrize("name", ODD)
def test_an_odd_name_is_kept_whole_by_a_push_hook(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(CHECKOUT))
    assert box.cli("hooks", "install", "--server", "--repo", str(box.origin)).code == 0
    box.commit(name, {"f.txt": "f\n"}, onto="main")
    box.git("push", "-q", "-o", "refinery.submit", "origin", f"{name}:refs/heads/{name}")
    assert [mr.branch for mr in box.view().mrs.values()] == [name]


@pytest.mark.parametrize("name", ODD)
def test_a_target_may_have_an_odd_name_too(box: Sandbox, name: str) -> None:
    box.git("push", "-q", "origin", f"main:refs/heads/{name}")
    box.request("change", {"f.txt": "f\n"}, onto="main", target=name)
    assert box.cli("process", "--drain").code == 0
    assert box.landed_on(name) == ["change"]


@pytest.mark.parametrize("name", ODD)
def test_a_target_of_an_odd_name_is_not_moved_below_a_checkout(box: Sandbox, name: str) -> None:
    """As a server does: the branch that somebody has checked out in a repository stays."""
    box.git("push", "-q", "origin", f"main:refs/heads/{name}")
    box.git("worktree", "add", "-q", str(box.root / "side"), name, cwd=box.origin)
    box.request("change", {"f.txt": "f\n"}, onto="main", target=name)
    done = box.cli("process", "--drain", cwd=box.origin)
    assert box.landed_on(name) == []
    assert "checked out" in done.err
