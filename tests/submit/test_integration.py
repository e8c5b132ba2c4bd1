"""Integration branches: an epic's work lands on a branch of its own, and then as one unit."""

from __future__ import annotations

import pytest

from tests.sandbox import Sandbox


def work(box: Sandbox, name: str, content: str = "x\n", **options: str) -> str:
    """A branch of the epic, submitted as its author does."""
    box.commit(name, {f"{name}.txt": content})
    box.switch(name)
    flags = [word for key, value in options.items() for word in (f"--{key}", value)]
    done = box.cli("submit", "--epic", "v2", *flags)
    assert done.code == 0, done.err
    box.switch("main")
    return done.out.strip()


@pytest.fixture
def epic(box: Sandbox) -> Sandbox:
    """A queue with the integration branch of `v2`."""
    assert box.cli("integration", "create", "v2").code == 0
    return box


def test_an_epic_is_collected_and_lands_as_one_unit(epic: Sandbox) -> None:
    ids = [work(epic, "one"), work(epic, "two")]
    assert epic.cli("process", "--drain").code == 0
    assert sorted(epic.landed_on("integration/v2")) == ["one", "two"]
    assert epic.landed == []
    state = epic.cli("integration", "status", "v2", "--json").json
    assert (sorted(state["landed"]), state["unfinished"], state["ready"]) == (sorted(ids), [], True)
    landed = epic.cli("integration", "land", "v2")
    assert landed.code == 0, landed.err
    assert epic.cli("process", "--drain").code == 0
    assert epic.mr(landed.out.strip()).close_reason == "merged"
    assert {"one.txt", "two.txt"} <= epic.tree("main").keys()
    assert epic.cli("verify").code == 0


def test_creating_it_again_finds_it(epic: Sandbox) -> None:
    before = epic.sha("integration/v2", at=epic.origin)
    epic.advance({"later.txt": "x\n"})
    again = epic.cli("integration", "create", "v2", "--json").json
    assert (again["created"], again["head"]) == (False, before)
    assert epic.sha("integration/v2", at=epic.origin) == before


def test_landing_it_again_finds_the_merge_request(epic: Sandbox) -> None:
    work(epic, "one")
    epic.cli("process", "--drain")
    first = epic.cli("integration", "land", "v2").out
    assert epic.cli("integration", "land", "v2").out == first
    state = epic.cli("integration", "status", "v2", "--json").json
    assert (state["mr"], state["ready"]) == (first.strip(), False)


def test_an_empty_one_is_refused_even_by_force(epic: Sandbox) -> None:
    for flags in ((), ("--force",)):
        done = epic.cli("integration", "land", "v2", *flags)
        assert done.code == 1
        assert "integration/v2 has nothing that main lacks" in done.err


def test_an_unfinished_one_is_refused_unless_forced(epic: Sandbox) -> None:
    work(epic, "one")
    epic.cli("process", "--drain")
    late = work(epic, "two")
    done = epic.cli("integration", "land", "v2")
    assert (done.code, f"1 merge request is unfinished: {late}" in done.err) == (1, True)
    assert epic.cli("integration", "land", "v2", "--force").code == 0


def test_work_of_the_epic_that_lands_elsewhere_is_waited_for_too(epic: Sandbox) -> None:
    work(epic, "one")
    epic.cli("process", "--drain")
    aside = work(epic, "aside", target="main")
    assert aside in epic.cli("integration", "land", "v2").err


def test_one_that_is_not_there_says_how_to_make_it(box: Sandbox) -> None:
    done = box.cli("integration", "land", "v3")
    assert (done.code, "there is no branch integration/v3" in done.err) == (1, True)
    assert "refinery integration create v3" in done.err
    assert box.cli("integration", "status", "v3", "--json").json["head"] is None


def test_a_dry_run_changes_nothing(box: Sandbox) -> None:
    before = box.refs()
    assert "would create integration/v4" in box.cli("integration", "create", "v4", "--dry-run").out
    assert box.refs() == before
    box.cli("integration", "create", "v4")
    work_before = box.refs()
    assert box.cli("integration", "land", "v4", "--dry-run").code == 1
    assert box.refs() == work_before


@pytest.mark.parametrize("name", ["../x", "a b", "x..y", "", "x~1"])
def test_a_name_that_is_no_branch_is_refused(box: Sandbox, name: str) -> None:
    before = box.refs()
    assert box.cli("integration", "create", "--", name).code in (1, 2)
    assert box.refs() == before


def test_two_that_create_at_once_make_one(box: Sandbox) -> None:
    other = box.clone("bob")
    assert {
        box.cli("integration", "create", "v5").code,
        other.cli("integration", "create", "v5").code,
    } == {0}
    other.close()


def test_branches_are_called_as_the_template_says(box: Sandbox) -> None:
    box.config("version: 1\nchecks: []\nintegration: {branch: 'epic/{epic}'}\n")
    assert "Created epic/v2 at main" in box.cli("integration", "create", "v2").out
    work(box, "one")
    assert box.cli("process", "--drain").code == 0
    assert (box.landed_on("epic/v2"), box.landed) == (["one"], [])
    assert box.mr("one").target_reason == "the integration branch of v2"
    state = box.cli("integration", "status", "v2", "--json").json
    assert (state["branch"], state["ready"], state["lands"]) == ("epic/v2", True, "by-hand")


@pytest.mark.parametrize("template", ["epics", "{epic}/{epic}", "x/{title}/{epic}"])
def test_a_template_names_the_epic_once_and_nothing_else(box: Sandbox, template: str) -> None:
    box.config(f"version: 1\nchecks: []\nintegration: {{branch: '{template}'}}\n")
    assert "/integration/branch" in box.cli("doctor").out
