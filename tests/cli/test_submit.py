"""`refinery submit` and `refinery push` as people and scripts see them."""

from __future__ import annotations

import pytest

from tests.sandbox import Sandbox

BOTH = pytest.mark.parametrize("command", ["submit", "push"])


@BOTH
def test_stdout_is_the_id_and_stderr_the_rest(box: Sandbox, command: str) -> None:
    head = box.commit("feat")
    box.switch("feat")
    done = box.cli(command)
    mr = box.mr("feat")
    assert (done.code, done.out) == (0, f"{mr.id}\n")
    assert done.err.splitlines() == [
        f"{mr.id} queued: feat at {head[:12]} for main, place 1 of 1",
        "merges cleanly with main and with all that is queued for it",
    ]
    assert box.sha("feat") == head


def test_a_second_time_it_prints_the_same_id(box: Sandbox) -> None:
    box.commit("feat")
    first = box.cli("submit", "feat")
    again = box.cli("submit", "--branch", "feat", "--no-forecast")
    assert (again.code, again.out) == (0, first.out)
    assert again.err == f"{first.out.strip()} is queued already, place 1 of 1: nothing changed\n"


def test_json_is_record_place_forecast_and_outcome(box: Sandbox) -> None:
    box.commit("a", {"same.txt": "a\n"})
    box.commit("b", {"same.txt": "b\n"})
    first = box.cli("submit", "a", "--json").json
    second = box.cli("submit", "b", "--priority", "0", "--json").json
    assert (first["outcome"], first["mr"]["branch"], first["place"]) == (
        *("new", "a"),
        {"position": 1, "of": 1},
    )
    assert second["mr"]["priority"] == 0
    assert second["mr"]["standing"] == "ready"
    assert second["place"] == {"position": 1, "of": 2}
    assert second["forecast"] == {
        "conflicts": [{"mr": first["mr"]["id"], "files": ["same.txt"]}],
        "unknown": "",
        "untried": [],
    }
    box.commit("b", {"more.txt": "more\n"})
    third = box.cli("submit", "b", "--json", "--no-forecast").json
    assert (third["outcome"], third["mr"]["supersedes"], third["forecast"]) == (
        *("revision", second["mr"]["id"]),
        None,
    )
    assert box.cli("submit", "b", "--json").json["outcome"] == "unchanged"


def test_nothing_to_land_is_a_refusal_in_words(box: Sandbox) -> None:
    box.git("branch", "-q", "old", "main")
    tip = box.sha("main")
    assert tip is not None
    done = box.cli("submit", "old")
    assert (done.code, done.out, done.err) == (
        1,
        "",
        f"error: {tip[:12]} is already in main: there is nothing to land\n"
        "hint: `git log main..old` shows what the branch adds\n",
    )
    told = box.cli("submit", "old", "--json")
    assert (told.code, told.json["outcome"], told.json["mr"]) == (1, "in_target", None)


def test_a_wrong_priority_is_wrong_usage(box: Sandbox) -> None:
    box.commit("feat")
    done = box.cli("submit", "feat", "--priority", "9")
    assert (done.code, done.out) == (2, "")


def test_a_rebased_branch_is_pushed_with_force_and_not_without(box: Sandbox) -> None:
    box.commit("feat")
    box.cli("push", "feat")
    head = box.commit("feat", onto="main", message="rebased")
    refused = box.cli("push", "feat")
    assert refused.code == 1
    assert refused.err.splitlines() == [
        "error: the remote's 'feat' has 1 commit that yours lacks",
        "hint: git pull --rebase, then submit again; after your own rebase: refinery push --force",
    ]
    assert box.cli("push", "feat", "--force").code == 0
    assert (box.sha("feat"), box.mr("feat").head) == (head, head)


def test_without_a_push_the_record_carries_the_commit(box: Sandbox) -> None:
    box.commit("feat")
    assert box.cli("submit", "feat", "--no-push").code == 0
    assert box.sha("feat") is None
    assert box.cli("process").code == 0
    assert box.landed == ["feat"]


def test_it_works_from_outside_and_in_a_bare_repository(box: Sandbox) -> None:
    box.commit("feat")
    done = box.cli("submit", "feat", "--repo", str(box.path), cwd=box.root)
    assert done.code == 0
    again = box.cli("submit", "feat", cwd=box.origin)
    assert (again.code, again.out) == (0, done.out)


def test_options_are_in_the_record(box: Sandbox) -> None:
    box.commit("a")
    box.commit("b")
    first = box.cli("submit", "a").out.strip()
    told = box.cli(
        *("submit", "b", "--json", "--no-forecast", "--issue", "gt-1", "--title", "A title"),
        *("--depends-on", first[:8], "--epic", "e", "--convoy", "c", "--worker", "zoe"),
        *("--agent-bead", "bead", "--target", "main"),
    ).json["mr"]
    assert {
        name: told[name]
        for name in ("source_issue", "title", "depends_on", "epic", "convoy_id", "worker")
    } == {
        "source_issue": "gt-1",
        "title": "A title",
        "depends_on": [first],
        "epic": "e",
        "convoy_id": "c",
        "worker": "zoe",
    }
    assert (told["agent_bead"], told["target_reason"]) == ("bead", "given")
