"""The sandbox does what the tests that stand on it take for granted."""

from __future__ import annotations

from tests.sandbox import Sandbox


def test_a_sandbox_starts_with_one_commit_and_no_queue(box: Sandbox) -> None:
    assert box.tree() == {"README.md": "read me\n"}
    assert box.view().mrs == {}
    assert box.landed == []
    assert box.queue_log() == []


def test_a_request_is_queued_with_the_commit_that_was_made(box: Sandbox) -> None:
    id = box.request("feat", {"a.txt": "a\n", "ü b.txt": "ü"})
    mr = box.mr("feat")
    assert (mr.id, mr.head) == (id, box.sha("feat"))
    assert box.tree("feat") == {"README.md": "read me\n", "a.txt": "a\n", "ü b.txt": "ü"}


def test_two_clones_see_the_same_queue_at_the_same_time(box: Sandbox) -> None:
    bob = box.clone("bob")
    id = box.request("feat")
    assert list(bob.view().mrs) == [id]
    assert bob.clock is box.clock


def test_a_command_runs_in_the_clone_at_the_time_of_the_sandbox(box: Sandbox) -> None:
    id = box.request("feat", priority=0)
    box.clock.tick(3600)
    shown = box.cli("ready", "--json")
    assert (shown.code, shown.err) == (0, "")
    assert [(each["id"], each["priority"]) for each in shown.json] == [(id, 0)]


def test_a_subprocess_finds_this_checkout(box: Sandbox) -> None:
    assert box.run("--version").out.startswith("refinery ")


def test_main_moves_from_outside_and_the_working_tree_follows(box: Sandbox) -> None:
    box.advance({"b.txt": "b\n"})
    box.config("version: 1\n")
    assert box.tree() == {
        "README.md": "read me\n",
        "b.txt": "b\n",
        ".refinery.yaml": "version: 1\n",
    }
    assert (box.path / "b.txt").read_text() == "b\n"
    assert box.git("status", "--porcelain") == ""
