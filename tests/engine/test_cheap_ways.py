"""Cheap ways out of a conflict on real git: what lands, what is recorded, what stays a conflict."""

from __future__ import annotations

from pathlib import Path

import pytest

from refinery.records.merge_request import Resolved, Way
from refinery.repo.trailers import trailers
from tests.sandbox import Sandbox

pytestmark = pytest.mark.journey

CODE = "1\n2\n3\n"
ALL_WAYS = """\
resolve:
  rebase: true
  rerere: true
  union: [CHANGELOG.md]
  regenerate:
    - files: [all.txt]
      run: cat parts/* > all.txt
"""
LOG = "# Changes\n\n- one\n"


def set_up(box: Sandbox, resolve: str, *, method: str = "merge", check: str = "true") -> None:
    config = f"version: 1\nmethod: {method}\nchecks:\n  - {{name: test, run: {check!r}}}\n{resolve}"
    files = {"CHANGELOG.md": LOG, "parts/a": "a\n", "all.txt": "a\n", "code.py": CODE}
    box.commit("main", {".refinery.yaml": config, **files})
    box.push("main")


def logged(name: str) -> str:
    return LOG.replace("- one", f"- {name}\n- one")


def both(box: Sandbox, *changes: dict[str, str]) -> None:
    """Two branches of the same commit, the first of which lands first."""
    for number, (name, files) in enumerate(zip(("first", "second"), changes, strict=True)):
        box.request(name, files, onto="main", priority=number)


def drained(box: Sandbox) -> str:
    done = box.cli("process", "--drain")
    assert done.code == 0, done.err
    return done.err


def sound(box: Sandbox) -> None:
    """What landed is what was tested, and nothing is left over."""
    assert box.cli("verify").code == 0
    found = box.cli("fsck", "--json").json["findings"]
    assert [each for each in found if each["severity"] != "info"] == []


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_lists_are_united_and_generated_files_made_again(box: Sandbox, method: str) -> None:
    set_up(box, ALL_WAYS, method=method)
    both(
        box,
        {"CHANGELOG.md": logged("first"), "parts/b": "b\n", "all.txt": "a\nb\n"},
        {"CHANGELOG.md": logged("second"), "parts/c": "c\n", "all.txt": "a\nc\n"},
    )
    said = drained(box)
    assert "union resolved CHANGELOG.md; regenerate resolved all.txt" in said
    assert box.landed == ["first", "second"]
    tree = box.tree("main")
    assert tree["CHANGELOG.md"] == "# Changes\n\n- first\n- second\n- one\n"
    assert tree["all.txt"] == "a\nb\nc\n"
    mr = box.mr("second")
    assert mr.resolution is not None
    assert (mr.resolution.ways, mr.retry_count) == (
        (Resolved(Way.UNION, ("CHANGELOG.md",)), Resolved(Way.REGENERATE, ("all.txt",))),
        0,
    )
    message = box.git("log", "-1", "--format=%B", "main", cwd=box.origin)
    assert [value for key, value in trailers(message) if key == "Refinery-Resolved"] == [
        "union resolved CHANGELOG.md",
        "regenerate resolved all.txt",
    ]
    assert box.cli("issue", "list", "--json").json == []
    sound(box)


def test_what_lands_is_the_resolved_tree_that_was_tested(box: Sandbox) -> None:
    set_up(box, "resolve: {union: [CHANGELOG.md]}\n", check="! grep -q second CHANGELOG.md")
    both(box, {"CHANGELOG.md": logged("first")}, {"CHANGELOG.md": logged("second")})
    drained(box)
    assert box.landed == ["first"]
    why = box.cli("why", "second", "--json").json
    assert (why["code"], why["failure"]) == ("needs-rework", "tests_fail")
    assert "resolved on the way: union resolved CHANGELOG.md" in why["words"]


def test_commits_that_conflict_together_may_fit_one_by_one(box: Sandbox) -> None:
    set_up(box, "resolve: {rebase: true}\n")
    box.commit("second", {"code.py": "1\nshared\n3\n"}, onto="main")
    box.request("second", {"code.py": "1\nshared, and more\n3\n"}, priority=2)
    box.request("first", {"code.py": "1\nshared\n3\n"}, onto="main", priority=1)
    assert "rebase resolved code.py" in drained(box)
    assert box.landed == ["first", "second"]
    assert box.tree("main")["code.py"] == "1\nshared, and more\n3\n"
    sound(box)


def test_each_that_did_not_help_is_told_in_the_issue_and_by_why(box: Sandbox) -> None:
    set_up(box, ALL_WAYS)
    both(box, {"code.py": "1\nours\n3\n"}, {"code.py": "1\ntheirs\n3\n"})
    drained(box)
    mr = box.mr("second")
    assert mr.block is not None
    tried = (
        "rebase: its commits conflict one by one, too",
        "code.py: no conflict like this is remembered",
    )
    assert (mr.block.tried, mr.resolution) == (tried, None)
    [issue] = box.cli("issue", "list", "--json").json
    assert all(f"- {line}" in issue["body"] for line in tried)
    why = box.cli("why", "second", "--json").json
    assert why["words"].endswith(f"Tried before: {'; '.join(tried)}.")
    assert why["next"] == f"refinery resolve {mr.id}"


def test_nothing_is_tried_where_nothing_is_configured(box: Sandbox) -> None:
    set_up(box, "")
    both(box, {"CHANGELOG.md": logged("first")}, {"CHANGELOG.md": logged("second")})
    drained(box)
    mr = box.mr("second")
    assert mr.block is not None
    assert mr.block.tried == ()
    assert "In vain" not in box.cli("issue", "list", "--json").json[0]["body"]


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("exit 3", "all.txt: exit status 3"),
        ("echo x > code.py", "the command changed code.py, which it does not declare"),
        ("touch stray", "the command changed stray, which it does not declare"),
        (
            "printf '<<<<<<< a\\n=======\\n>>>>>>> b\\n' > all.txt",
            "all.txt holds conflict markers",
        ),
    ],
)
def test_a_command_that_fails_or_does_more_than_it_declares_is_not_believed(
    box: Sandbox, command: str, why: str
) -> None:
    quoted = command.replace("\\", "\\\\").replace('"', '\\"')
    set_up(box, f'resolve: {{regenerate: [{{files: [all.txt], run: "{quoted}"}}]}}\n')
    both(box, {"all.txt": "a\nb\n"}, {"all.txt": "a\nc\n"})
    drained(box)
    mr = box.mr("second")
    assert mr.block is not None
    assert mr.block.tried == (why,)
    assert box.tree("main")["code.py"] == CODE
    sound(box)


def test_a_command_sees_no_credentials_and_leaves_no_hook(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    spy = tmp_path / "spy"
    command = (
        f"env > {spy}; git config core.fsmonitor 'touch {tmp_path}/ran'; "
        f"git config filter.x.clean 'touch {tmp_path}/ran'; "
        "d=$(git rev-parse --git-dir); mkdir -p $d/info; echo '* filter=x' > $d/info/attributes; "
        "cat parts/* > all.txt"
    )
    set_up(box, f'resolve: {{regenerate: [{{files: [all.txt], run: "{command}"}}]}}\n')
    both(box, {"all.txt": "a\nb\n", "parts/b": "b\n"}, {"all.txt": "a\nc\n", "parts/c": "c\n"})
    drained(box)
    assert box.landed == ["first", "second"]
    assert "secret" not in spy.read_text()
    assert not (tmp_path / "ran").exists()


def test_once_the_target_moves_on_the_resolution_is_made_anew(box: Sandbox) -> None:
    set_up(box, "resolve: {union: [CHANGELOG.md]}\n")
    box.request("first", {"CHANGELOG.md": logged("first")}, onto="main", priority=0)
    box.request("second", {"CHANGELOG.md": logged("second")}, onto="main", priority=1)
    box.request("third", {"CHANGELOG.md": logged("third")}, onto="main", priority=2)
    box.cli("hold", "second", "--reason", "later")
    drained(box)
    box.cli("unhold", "second")
    drained(box)
    assert box.landed == ["first", "third", "second"]
    assert box.tree("main")["CHANGELOG.md"].count("- ") == 4
    sound(box)


def test_a_conflict_that_somebody_resolved_is_not_asked_about_again(box: Sandbox) -> None:
    """Another clone, another branch: the memory is on the remote."""
    set_up(box, "resolve: {rerere: true}\n")
    box.git("push", "-q", "origin", "main:refs/heads/release")
    both(box, {"code.py": "1\nours\n3\n"}, {"code.py": "1\ntheirs\n3\n"})
    drained(box)
    box.git("fetch", "-q", "origin")
    box.switch("second")
    box.run_git("merge", "-q", "origin/main")
    (box.path / "code.py").write_text("1\nboth\n3\n")
    box.git("commit", "-qam", "Merge main")
    assert box.cli("push").code == 0
    box.cli("issue", "close", "1")
    drained(box)
    assert box.landed == ["first", "second"]
    for number, (branch, word) in enumerate((("one", "ours"), ("two", "theirs"))):
        box.commit(branch, {"code.py": f"1\n{word}\n3\n"}, onto="origin/release")
        box.push(branch)
        box.submit(branch, target="release", priority=number)
    other = box.clone("bob")
    assert "rerere resolved code.py" in drained(other)
    assert box.landed_on("release") == ["one", "two"]
    assert box.tree("release")["code.py"] == "1\nboth\n3\n"
    sound(box)


def test_a_worker_that_hands_its_tests_over_runs_no_command(box: Sandbox, tmp_path: Path) -> None:
    set_up(box, f"resolve: {{regenerate: [{{files: [all.txt], run: touch {tmp_path}/ran}}]}}\n")
    both(box, {"all.txt": "a\nb\n"}, {"all.txt": "a\nc\n"})
    assert box.cli("process", "--once").code == 0
    box.cli("candidate", "take", "--out", str(tmp_path / "candidate.yaml"))
    mr = box.mr("second")
    assert mr.block is not None
    assert mr.block.tried == ("commands do not run in a job that may write",)
    assert not (tmp_path / "ran").exists()


def test_a_worker_killed_over_a_command_is_healed_by_the_next(box: Sandbox, tmp_path: Path) -> None:
    once = tmp_path / "once"
    command = f"test -e {once} || {{ touch {once}; kill -9 $PPID; }}; cat parts/* > all.txt"
    set_up(box, f"resolve: {{regenerate: [{{files: [all.txt], run: '{command}'}}]}}\n")
    both(box, {"all.txt": "a\nb\n", "parts/b": "b\n"}, {"all.txt": "a\nc\n", "parts/c": "c\n"})
    assert box.run("process", "--drain").code == -9
    assert box.landed == ["first"]
    assert box.run("process", "--drain").code == 0
    assert box.landed == ["first", "second"]
    assert box.tree("main")["all.txt"] == "a\nb\nc\n"
    sound(box)


def test_closing_the_issue_tries_again_what_is_configured_by_now(box: Sandbox) -> None:
    set_up(box, "")
    both(box, {"CHANGELOG.md": logged("first")}, {"CHANGELOG.md": logged("second")})
    drained(box)
    assert box.mr("second").blocked_by == "local#1"
    box.config("version: 1\nchecks: []\nresolve: {union: [CHANGELOG.md]}\n")
    closed = box.cli("issue", "close", "1")
    assert "re-enters the queue: it can be put on main now" in closed.err
    assert "union resolved CHANGELOG.md" in drained(box)
    assert box.landed == ["first", "second"]
    sound(box)
