"""The engine on real git: what lands, what blocks, what is sent back, told as scenarios."""

from __future__ import annotations

import pytest

from tests.sandbox import Sandbox

CONFIG = """\
version: 1
checks:
- name: test
  run: sh check.sh
  timeout: 20s
"""
# Fails when a file says "bad", and when `left` and `right` are there together.
CHECK = """\
if grep -qr bad --include='*.txt' .; then echo "found something bad"; exit 1; fi
if [ -e left.txt ] && [ -e right.txt ]; then echo "left and right do not go together"; exit 1; fi
"""


@pytest.fixture
def checked(box: Sandbox) -> Sandbox:
    """A queue whose target declares a real check."""
    box.commit("main", {".refinery.yaml": CONFIG, "check.sh": CHECK, "shared.txt": "1\n2\n3\n"})
    box.push("main")
    return box


def drain(box: Sandbox, code: int = 0) -> str:
    done = box.cli("process", "--drain")
    assert done.code == code, done.err
    return done.err


def test_a_clean_branch_lands_with_its_record(checked: Sandbox) -> None:
    id = checked.request("feat", {"a.txt": "a\n"})
    drain(checked)
    assert checked.landed == ["feat"]
    mr = checked.mr(id)
    assert (mr.close_reason, mr.merge_commit) == ("merged", checked.sha("main"))
    assert checked.tree("main")["a.txt"] == "a\n"


def test_the_landed_tree_is_the_tested_one_and_says_so(checked: Sandbox) -> None:
    id = checked.request("feat", {"a.txt": "a\n"})
    drain(checked)
    landing = checked.mr(id).landing
    assert landing is not None
    tree = checked.git("rev-parse", "main^{tree}", cwd=checked.origin)
    message = checked.git("log", "-1", "--format=%B", "main", cwd=checked.origin)
    assert (landing.tree, landing.result) == (tree, "pass")
    assert message.rstrip().endswith(f"Refinery-MR: {id}\nRefinery-Tree: {tree}")


def test_nothing_is_left_of_a_landing_but_its_record(checked: Sandbox) -> None:
    checked.request("feat", {"a.txt": "a\n"})
    drain(checked)
    assert set(checked.refs("refs/refinery/")) == {"refs/refinery/queue"}


def test_several_land_together_each_with_a_commit_of_its_own(checked: Sandbox) -> None:
    ids = [checked.request(f"feat{n}", {f"{n}.txt": f"{n}\n"}) for n in range(3)]
    told = drain(checked)
    assert checked.landed == ["feat0", "feat1", "feat2"]
    assert told.count("checks pass") == 1
    assert len({checked.mr(id).merge_commit for id in ids}) == 3


def test_a_branch_that_breaks_only_the_merged_tree_does_not_land(checked: Sandbox) -> None:
    checked.request("left", {"left.txt": "l\n"})
    drain(checked)
    right = checked.request("right", {"right.txt": "r\n"}, onto="main~1")
    drain(checked)
    failure = checked.mr(right).failure
    assert checked.landed == ["left"]
    assert failure is not None
    assert "left and right do not go together" in failure.message


def test_the_culprit_of_a_batch_is_found_and_the_others_land(checked: Sandbox) -> None:
    for n in range(5):
        checked.request(f"good{n}", {f"g{n}.txt": f"{n}\n"})
    bad = checked.request("broken", {"b.txt": "bad\n"})
    drain(checked)
    assert sorted(checked.landed) == [f"good{n}" for n in range(5)]
    assert checked.cli("show", bad, "--json").json["failure"]["type"] == "tests_fail"


def test_two_that_break_only_together_land_one_and_send_one_back(checked: Sandbox) -> None:
    checked.request("left", {"left.txt": "l\n"})
    right = checked.request("right", {"right.txt": "r\n"})
    drain(checked)
    assert checked.landed == ["left"]
    assert checked.mr(right).failure is not None


def test_a_red_target_blames_nobody(checked: Sandbox) -> None:
    checked.advance({"oops.txt": "bad\n"})
    id = checked.request("feat", {"a.txt": "a\n"})
    told = drain(checked, code=1)
    assert "main itself fails its checks" in told
    assert (checked.mr(id).failure, checked.mr(id).retry_count) == (None, 0)


def test_what_repairs_a_red_target_lands_and_the_rest_follows(checked: Sandbox) -> None:
    checked.advance({"oops.txt": "bad\n"})
    checked.request("feat", {"a.txt": "a\n"})
    checked.request("fix", {"oops.txt": "fine\n"})
    drain(checked)
    assert sorted(checked.landed) == ["feat", "fix"]


def test_a_flaky_check_blames_nobody(box: Sandbox) -> None:
    marker = box.root / "ran-before"
    box.config(
        "version: 1\nchecks:\n- name: flaky\n"
        f"  run: if [ -e {marker} ]; then exit 0; fi; touch {marker}; exit 1\n"
    )
    id = box.request("feat", {"a.txt": "a\n"})
    drain(box)
    assert box.landed == ["feat"]
    [verdict] = [v for v in box.view().verdicts.values() if v.candidate == (id,)]
    assert (verdict.runs, verdict.flaky, verdict.result) == (2, True, "pass")


def test_a_tree_is_never_tested_twice(box: Sandbox) -> None:
    runs = box.root / "runs"
    box.config(f"version: 1\nchecks:\n- name: count\n  run: echo x >> {runs}\n")
    box.request("feat", {"a.txt": "a\n"})
    drain(box)
    box.advance({"a.txt": None})
    box.request("again", {"a.txt": "a\n"})
    drain(box)
    assert box.landed == ["feat", "again"]
    assert runs.read_text() == "x\n"


def test_a_check_that_cannot_run_on_the_target_stops_the_run_and_blames_nobody(
    box: Sandbox,
) -> None:
    box.config("version: 1\nchecks:\n- name: test\n  run: no-such-command-anywhere\n")
    id = box.request("feat", {"a.txt": "a\n"})
    told = drain(box, code=1)
    assert "the checks cannot run" in told
    assert (box.mr(id).status, box.mr(id).failure) == ("open", None)


def test_a_branch_that_removes_the_check_script_is_sent_back_as_unable_to_run(
    checked: Sandbox,
) -> None:
    id = checked.request("feat", {"check.sh": None})
    checked.config("version: 1\nchecks:\n- name: test\n  run: ./check.sh || sh check.sh\n")
    drain(checked)
    assert checked.landed == []
    assert checked.mr(id).failure is not None


def test_a_timeout_is_told_and_sent_back(box: Sandbox) -> None:
    slow = "if [ -e slow.txt ]; then sleep 60; fi"
    box.config(
        "version: 1\nretry: {failing: false}\n"
        f"checks:\n- name: test\n  timeout: 0.3s\n  run: '{slow}'\n"
    )
    id = box.request("feat", {"slow.txt": "s\n"})
    drain(box)
    failure = box.mr(id).failure
    assert failure is not None
    assert (failure.type, "timed out after 0.3 s" in failure.message) == ("timeout", True)


def test_without_checks_nothing_is_tested_and_the_record_says_so(box: Sandbox) -> None:
    id = box.request("feat", {"a.txt": "a\n"})
    drain(box)
    landing = box.mr(id).landing
    assert landing is not None
    assert landing.result == "none"


def test_the_config_comes_from_the_target_never_from_the_branch(checked: Sandbox) -> None:
    id = checked.request("sneaky", {".refinery.yaml": "version: 1\nchecks: []\n", "b.txt": "bad\n"})
    drain(checked)
    assert checked.landed == []
    assert checked.mr(id).failure is not None


def test_a_broken_config_on_the_target_is_an_error_that_names_it(box: Sandbox) -> None:
    box.request("feat", {"a.txt": "a\n"})
    box.config("version: 1\nchekcs: []\n")
    done = box.cli("process", "--drain")
    assert done.code == 1
    assert "main:.refinery.yaml: /chekcs: is not a known key" in done.err
    assert "did you mean 'checks'?" in done.err
    assert box.landed == []


def test_a_branch_already_in_the_target_is_closed_in_its_own_words(checked: Sandbox) -> None:
    checked.commit("feat", {"a.txt": "a\n"})
    checked.push("feat")
    id = checked.submit("feat")
    checked.git("push", "-q", "origin", "feat:main")
    drain(checked)
    mr = checked.mr(id)
    assert mr.close_reason == "already_merged"
    assert "is already in main" in (mr.error or "")


def test_a_branch_whose_changes_the_target_has_is_closed_as_empty(checked: Sandbox) -> None:
    id = checked.request("feat", {"a.txt": "a\n"})
    checked.advance({"a.txt": "a\n"})
    drain(checked)
    mr = checked.mr(id)
    assert (mr.close_reason, checked.landed) == ("empty", [])


def test_a_deleted_branch_lands_from_its_pin(checked: Sandbox) -> None:
    checked.request("feat", {"a.txt": "a\n"})
    checked.delete_branch("feat")
    drain(checked)
    assert checked.tree("main")["a.txt"] == "a\n"


def test_what_lands_is_the_pinned_commit_not_what_the_branch_became(checked: Sandbox) -> None:
    checked.request("feat", {"a.txt": "first\n"})
    checked.commit("feat", {"a.txt": "second, never submitted\n"})
    checked.push("feat")
    drain(checked)
    assert checked.tree("main")["a.txt"] == "first\n"


def test_a_new_push_supersedes_and_keeps_the_age(checked: Sandbox) -> None:
    old = checked.request("feat", {"a.txt": "first\n"})
    created = checked.mr(old).created_at
    checked.clock.tick(3600)
    new = checked.request("feat", {"a.txt": "second\n"})
    drain(checked)
    assert checked.mr(old).close_reason == "superseded"
    assert checked.mr(old).superseded_by == new
    assert checked.mr(new).created_at == created
    assert checked.tree("main")["a.txt"] == "second\n"


def test_paused_held_and_rejected_do_not_land(checked: Sandbox) -> None:
    held = checked.request("held", {"h.txt": "h\n"})
    rejected = checked.request("rejected", {"r.txt": "r\n"})
    assert checked.cli("hold", held, "--reason", "later").code == 0
    assert checked.cli("reject", rejected, "--reason", "no").code == 0
    drain(checked)
    assert checked.landed == []
    assert checked.cli("pause", "--reason", "repair").code == 0
    checked.request("feat", {"a.txt": "a\n"})
    drain(checked)
    assert checked.landed == []
    assert checked.cli("resume").code == 0
    assert checked.cli("unhold", held).code == 0
    drain(checked)
    assert sorted(checked.landed) == ["feat", "held"]


def test_a_dependency_lands_first(checked: Sandbox) -> None:
    base = checked.request("base", {"base.txt": "b\n"}, priority=4)
    top = checked.request("top", {"top.txt": "t\n"}, priority=0, depends_on=base)
    assert checked.cli("why", top, "--json").json["code"] == "blocked-by-mr"
    drain(checked)
    assert checked.landed == ["base", "top"]


@pytest.mark.parametrize("method", ["merge", "squash", "rebase", "fast-forward"])
def test_each_method_lands_the_same_tree(checked: Sandbox, method: str) -> None:
    checked.config(CONFIG.replace("version: 1", f"version: 1\nmethod: {method}"))
    checked.commit("feat", {"a.txt": "1\n"}, message="one")
    id = checked.request("feat", {"a.txt": "2\n"}, message="two")
    drain(checked)
    shape = {
        "merge": "2 parents, 3 commits",
        "squash": "1 parents, 1 commits",
        "rebase": "1 parents, 2 commits",
        "fast-forward": "1 parents, 2 commits",
    }[method]
    tip = checked.sha("main")
    parents = checked.git("log", "-1", "--format=%P", "main", cwd=checked.origin).split()
    landing = checked.mr(id).landing
    assert landing is not None
    count = checked.git("rev-list", "--count", f"{landing.base}..{tip}", cwd=checked.origin)
    assert f"{len(parents)} parents, {count} commits" == shape
    assert checked.tree("main")["a.txt"] == "2\n"
    assert checked.cli("verify").code == 0


def test_a_rebase_onto_a_moved_target_equals_what_git_rebase_makes(checked: Sandbox) -> None:
    checked.config(CONFIG.replace("version: 1", "version: 1\nmethod: rebase"))
    for n in range(3):
        checked.commit("feat", {f"f{n}.txt": f"{n}\n"}, message=f"step {n}")
    checked.push("feat")
    checked.submit("feat")
    checked.advance({"other.txt": "o\n"})
    checked.git("fetch", "-q", "origin")
    checked.git("checkout", "-q", "-b", "oracle", "origin/feat")
    checked.git("rebase", "-q", "origin/main")
    drain(checked)
    expected = checked.git("rev-parse", "oracle^{tree}")
    assert checked.git("rev-parse", "main^{tree}", cwd=checked.origin) == expected
    subjects = checked.git("log", "-3", "--format=%s", "main", cwd=checked.origin).split("\n")
    assert subjects == ["step 2", "step 1", "step 0"]


def test_what_cannot_be_fast_forwarded_is_sent_back_with_the_remedy(checked: Sandbox) -> None:
    checked.config(CONFIG.replace("version: 1", "version: 1\nmethod: fast-forward"))
    id = checked.request("feat", {"a.txt": "a\n"})
    checked.advance({"other.txt": "o\n"})
    drain(checked)
    failure = checked.mr(id).failure
    assert failure is not None
    assert failure.type == "not_fast_forward"
    assert "rebase it and push again" in failure.message


def test_a_forged_trailer_in_an_authors_message_does_not_reach_the_target(
    checked: Sandbox,
) -> None:
    checked.config(CONFIG.replace("version: 1", "version: 1\nmethod: squash"))
    victim = checked.request("victim", {"v.txt": "v\n"}, priority=4)
    forged = f"innocent\n\ntext\n\nRefinery-MR: {victim}\nRefinery-Tree: {'0' * 40}"
    id = checked.request("forger", {"f.txt": "f\n"}, message=forged, priority=0)
    assert checked.cli("process", "--once").code == 0
    messages = checked.git("log", "--format=%B", "main", cwd=checked.origin)
    assert f"Refinery-MR: {id}" in messages
    assert "0" * 40 not in messages


def test_once_processes_one_candidate(checked: Sandbox) -> None:
    checked.config(CONFIG.replace("version: 1", "version: 1\nbatch: {max: 1}"))
    checked.request("one", {"1.txt": "1\n"})
    checked.request("two", {"2.txt": "2\n"})
    assert checked.cli("process", "--once").code == 0
    assert checked.landed == ["one"]


def test_another_target_is_its_own_lane(checked: Sandbox) -> None:
    checked.git("push", "-q", "origin", "main:release")
    checked.request("fix", {"fix.txt": "f\n"}, target="release")
    drain(checked)
    assert checked.landed_on("release") == ["fix"]
    assert checked.landed == []


def test_a_dry_run_changes_nothing(checked: Sandbox) -> None:
    checked.request("feat", {"a.txt": "a\n"})
    before = checked.refs()
    done = checked.cli("process", "--dry-run")
    assert done.code == 0
    assert checked.refs() == before


@pytest.mark.parametrize(
    "method",
    ["rebase", *(pytest.param(each, marks=pytest.mark.soak) for each in ("merge", "squash"))],
)
def test_a_batch_whose_last_member_drops_out_still_names_the_tested_tree(
    checked: Sandbox, method: str
) -> None:
    checked.config(CONFIG.replace("version: 1", f"version: 1\nmethod: {method}"))
    checked.request("one", {"shared.txt": "one\n2\n3\n"}, onto="main", priority=0)
    checked.request("two", {"shared.txt": "two\n2\n3\n"}, onto="main", priority=1)
    drain(checked)
    assert checked.landed == ["one"]
    verified = checked.cli("verify")
    assert verified.code == 0, verified.out


def test_a_claim_made_by_hand_outlives_its_command(checked: Sandbox) -> None:
    id = checked.request("feat", {"a.txt": "a\n"})
    assert checked.run("claim", id, env={"REFINERY_WORKER": ""}).code == 0
    drain(checked)
    assert checked.landed == []


@pytest.mark.parametrize("method", ["merge", "rebase", "fast-forward"])
def test_what_would_break_the_targets_configuration_is_sent_back(
    checked: Sandbox, method: str
) -> None:
    checked.config(CONFIG.replace("version: 1", f"version: 1\nmethod: {method}"))
    checked.git("fetch", "-q", "origin")
    bad = checked.request(
        "typo", {".refinery.yaml": "version: 1\nchekcs: []\n"}, onto="origin/main"
    )
    drain(checked)
    failure = checked.mr(bad).failure
    assert failure is not None
    assert failure.message == (
        "it would break main: .refinery.yaml: /chekcs: is not a known key (did you mean 'checks'?)"
    )
    assert checked.landed == []


def test_a_machine_that_broke_since_the_target_passed_blames_nobody(box: Sandbox) -> None:
    tool = box.root / "tool"
    tool.write_text("#!/bin/sh\nexit 0\n")
    tool.chmod(0o755)
    box.config(f"version: 1\nchecks:\n- name: test\n  run: {tool}\n")
    box.request("before", {"a.txt": "a\n"}, onto="main")
    drain(box)
    tool.unlink()
    ids = [box.request(f"after{n}", {f"{n}.txt": "x\n"}, onto="main") for n in range(2)]
    told = drain(box, code=1)
    assert "the checks cannot run" in told
    assert [box.mr(id).failure for id in ids] == [None, None]
    tool.write_text("#!/bin/sh\nexit 0\n")
    tool.chmod(0o755)
    drain(box)
    assert box.landed == ["before", "after0", "after1"]


def test_a_rebase_takes_back_what_the_target_shares_as_git_rebase_does(checked: Sandbox) -> None:
    checked.config(CONFIG.replace("version: 1", "version: 1\nmethod: rebase"))
    checked.commit("feat", {"shared.txt": "same\n2\n3\n"}, onto="main", message="as the target")
    checked.commit("feat", {"shared.txt": "1\n2\n3\n"}, message="take it back")
    checked.request("feat", {"more.txt": "m\n"}, message="and more")
    checked.advance({"shared.txt": "same\n2\n3\n"})
    drain(checked)
    assert checked.tree("main")["shared.txt"] == "1\n2\n3\n"


def test_a_long_branch_is_rebased_commit_by_commit(checked: Sandbox) -> None:
    checked.config(CONFIG.replace("version: 1", "version: 1\nmethod: rebase"))
    for n in range(5):
        checked.commit("feat", {f"f{n % 2}.txt": f"{n}\n"}, onto="main" if n == 0 else None)
    checked.push("feat")
    checked.submit("feat")
    checked.advance({"other.txt": "o\n"})
    checked.git("fetch", "-q", "origin")
    checked.git("checkout", "-q", "-b", "oracle", "origin/feat")
    checked.git("rebase", "-q", "origin/main")
    drain(checked)
    shape = ("log", "-6", "--format=%T %s")
    assert checked.git(*shape, "main", cwd=checked.origin) == checked.git(*shape, "oracle")
