"""Bad input: each is said with what and where, loses nothing, and the rest is served."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.sandbox import CHECKOUT, Result, Sandbox
from tests.scenarios import raw

GOOD = "version: 1\nchecks:\n- name: test\n  run: 'true'\n"
LISTS = ("queue", "list", "ready", "unclaimed", "blocked", "status", "next", "plan")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def drain(box: Sandbox, code: int = 0) -> Result:
    done = box.cli("process", "--drain")
    assert done.code == code, done.err
    return done


def good(box: Sandbox) -> str:
    """A merge request that nothing is wrong with, beside the bad thing."""
    return box.request("good", {"good.txt": "good\n"}, onto="main")


def queued(box: Sandbox, branch: str = "bad") -> str:
    """A merge request that is folded into the queue ref and not processed yet."""
    id = box.request(branch, {f"{branch}.txt": f"{branch}\n"}, onto="main")
    assert box.cli("hold", id, "--reason", "for the test").code == 0
    assert box.cli("unhold", id).code == 0
    return id


def path_of(id: str) -> str:
    return f"mrs/{id[-1]}/{id}.yaml"


def assert_one_error(done: Result, code: int, *words: str) -> None:
    assert done.code == code, (done.out, done.err)
    assert done.out == ""
    for word in words:
        assert word in done.err
    assert done.err.count("error: ") == 1
    assert "Traceback" not in done.err


# Records


BROKEN = {
    "bad YAML": (lambda text: "title: [\n", "not YAML at line"),
    "unknown key": (lambda text: text + "pirority: 1\n", "/pirority: is not a known key"),
    "newer version": (
        lambda text: text.replace("version: 1\n", "version: 99\n"),
        "/version: 99 was written by a newer refinery",
    ),
    "no date": (
        lambda text: re.sub(r"created_at: .*", 'created_at: "2026-02-31T00:00:00Z"', text, count=1),
        "there is no time 2026-02-31T00:00:00Z",
    ),
    "aliases": (lambda text: "a: &a [x]\nb: [*a, *a]\n", "aliases are not used in records"),
    "too deep": (lambda text: "a: " + "[" * 5000 + "]" * 5000 + "\n", "nested too deeply"),
    "too long": (lambda text: "a: " + "x" * (2 << 20) + "\n", "bytes are more than"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_record_is_named_by_every_command_and_harms_no_other(
    box: Sandbox, kind: str
) -> None:
    breaking, problem = BROKEN[kind]
    bad = queued(box)
    good(box)
    whole = raw.queue_files(box)[path_of(bad)]
    raw.write_queue(box, {path_of(bad): breaking(whole)})
    where = f"refs/refinery/queue:{path_of(bad)}"
    for command in LISTS:
        done = box.cli(command)
        assert (done.code, where in done.err, problem in done.err) == (0, True, True), done
    other = box.mr("good").id
    for command in (
        ("hold", other, "--reason", "wait"),
        ("unhold", other),
        ("priority", other, "1"),
        ("claim", other),
        ("release", other),
        ("wait", other, "--timeout", "0"),
        ("submit", "good"),
        ("freeze", "release/*", "--reason", "a release"),
        ("thaw", "release/*", "--reason", "it is out"),
        ("pause", "--reason", "a moment"),
        ("resume",),
    ):
        assert where in box.cli(*command).err, command
    drained = drain(box)
    assert where in drained.err
    assert box.landed == ["good"]
    assert box.cli("fsck").code == 1
    # Nothing is lost: repaired, it is served from its pin.
    box.delete_branch("bad")
    raw.write_queue(box, {path_of(bad): whole})
    drain(box)
    assert box.landed == ["good", "bad"]


def test_a_record_in_the_wrong_file_is_named_and_its_commit_stays_pinned(box: Sandbox) -> None:
    bad = queued(box)
    good(box)
    whole = raw.queue_files(box)[path_of(bad)]
    wrong = "mrs/0/mr-0000000000.yaml"
    raw.write_queue(box, {path_of(bad): None, wrong: whole})
    done = box.cli("queue")
    assert f"refs/refinery/queue:{wrong}: /id: {bad!r} does not belong in this file" in done.err
    drain(box)
    assert box.landed == ["good"]
    box.delete_branch("bad")
    raw.write_queue(box, {path_of(bad): whole, wrong: None})
    drain(box)
    assert box.landed == ["good", "bad"]


def test_a_header_that_cannot_be_read_pauses_the_queue_and_says_so(box: Sandbox) -> None:
    good(box)
    drain(box)
    second = box.request("second", {"2.txt": "2\n"}, onto="main")
    header = raw.queue_files(box)["queue.yaml"]
    raw.write_queue(box, {"queue.yaml": header + "frozen: true\n"})
    assert "queue.yaml: /frozen: is not a known key" in box.cli("queue").err
    assert "queue.yaml cannot be read" in drain(box).err
    assert box.landed == ["good"]
    raw.write_queue(box, {"queue.yaml": header})
    drain(box)
    assert box.mr(second).close_reason == "merged"


@pytest.mark.parametrize("kind", ["blob", "tag of a tree", "tag of a commit"])
def test_a_queue_ref_that_is_no_commit_is_an_error_and_is_not_written_over(
    box: Sandbox, kind: str
) -> None:
    good(box)
    assert box.cli("pause", "--reason", "for the test").code == 0
    assert box.cli("resume").code == 0
    right = box.sha(raw.QUEUE)
    assert right is not None
    if kind == "blob":
        wrong = raw.blob(box)
    else:
        target = f"{raw.QUEUE}^{{tree}}" if kind == "tag of a tree" else raw.QUEUE
        box.git("tag", "-a", "-m", "t", "odd", target, cwd=box.origin)
        wrong = box.git("rev-parse", "refs/tags/odd", cwd=box.origin)
    box.git("update-ref", raw.QUEUE, wrong, cwd=box.origin)
    box.commit("late", {"late.txt": "l\n"})
    for command in (*LISTS, ("show", "mr-0"), ("submit", "late")):
        words = (command,) if isinstance(command, str) else command
        assert_one_error(box.cli(*words), 1, f"refs/refinery/queue: {wrong} is not a commit")
    done = box.cli("process", "--drain")
    assert done.code == 1
    assert f"refs/refinery/queue: {wrong} is not a commit" in done.err
    assert box.sha(raw.QUEUE) == wrong
    box.git("update-ref", raw.QUEUE, right, cwd=box.origin)
    box.submit("late")
    drain(box)
    assert sorted(box.landed) == ["good", "late"]


def test_a_queue_file_that_is_a_folder_or_a_link_is_named_and_harms_no_other(box: Sandbox) -> None:
    bad = queued(box)
    good(box)
    raw.write_queue(box, {path_of(bad): None, f"{path_of(bad)}/inner.yaml": "x: 1\n"})
    assert f"{path_of(bad)}/inner.yaml" in box.cli("queue").err
    drain(box)
    assert box.landed == ["good"]


def test_a_claim_that_is_garbage_blocks_its_own_merge_request_alone(box: Sandbox) -> None:
    bad = queued(box)
    good(box)
    ref = f"refs/refinery/claims/{bad}"
    raw.write_ref(box, ref, {"claim.yaml": "who: knows\n"})
    for command in LISTS:
        done = box.cli(command)
        assert f"{ref}:claim.yaml" in done.err, command
    drain(box)
    assert box.landed == ["good"]
    assert "already claimed by another worker" in box.cli("claim", bad).err
    assert box.cli("release", "--force", bad).code == 0
    drain(box)
    assert box.landed == ["good", "bad"]


@pytest.mark.parametrize(
    "name", ["mr-0000000000", "we+ird%id", "a/b", "..\N{RIGHT-TO-LEFT OVERRIDE}x"]
)
def test_a_submission_under_a_wrong_name_is_named_and_harms_no_other(
    box: Sandbox, name: str
) -> None:
    id = good(box)
    ref = f"refs/refinery/inbox/{name}"
    if name.startswith(".."):
        ref = f"refs/refinery/inbox/{name[2:]}"
    record = box.tree(f"refs/refinery/inbox/{id}")["mr.yaml"]
    raw.write_ref(box, ref, {"mr.yaml": record})
    done = box.cli("queue")
    assert "the record is not the one its ref names" in done.err
    assert not CONTROL.search(done.err)
    assert [row["mr"]["id"] for row in box.cli("queue", "--json").json] == [id]
    drain(box)
    assert box.landed == ["good"]


@pytest.mark.parametrize("field", ["branch", "target"])
def test_a_submission_that_names_an_option_as_a_branch_is_refused_as_a_record(
    box: Sandbox, field: str
) -> None:
    id = good(box)
    record = box.tree(f"refs/refinery/inbox/{id}")["mr.yaml"]
    evil = re.sub(rf"^{field}: .*$", f'{field}: "--upload-pack=touch evil"', record, flags=re.M)
    evil = evil.replace(id, "mr-0000000001")
    raw.write_ref(box, "refs/refinery/inbox/mr-0000000001", {"mr.yaml": evil})
    done = drain(box)
    assert f"refs/refinery/inbox/mr-0000000001:mr.yaml: /{field}: " in done.err
    assert box.landed == ["good"]
    assert not (box.path / "evil").exists()


def test_a_submission_whose_commit_nobody_has_costs_nobody_else_anything(box: Sandbox) -> None:
    id = good(box)
    record = box.tree(f"refs/refinery/inbox/{id}")["mr.yaml"]
    head = box.mr(id).head
    forged = record.replace(id, "mr-0000000002").replace(head, "1" * 40).replace('"good"', '"lost"')
    forged = forged.replace("priority: 2", "priority: 0")
    raw.write_ref(box, "refs/refinery/inbox/mr-0000000002", {"mr.yaml": forged})
    done = drain(box)
    assert "refs/refinery/inbox/mr-0000000002:mr.yaml: /head: 1111" in done.err
    assert box.landed == ["good"]


def test_a_queued_one_whose_commit_is_gone_costs_nobody_else_anything(box: Sandbox) -> None:
    bad = queued(box)
    good(box)
    whole = raw.queue_files(box)[path_of(bad)]
    raw.write_queue(box, {path_of(bad): whole.replace(box.mr(bad).head, "1" * 40)})
    done = drain(box, code=1)
    assert f"{bad}: " in done.err
    assert "1111111" in done.err
    assert (box.landed, box.mr(bad).status) == (["good"], "open")
    raw.write_queue(box, {path_of(bad): whole})
    drain(box)
    assert box.landed == ["good", "bad"]


def test_an_issue_ref_that_is_garbage_stops_nobody_who_is_not_in_conflict(box: Sandbox) -> None:
    box.commit("main", {"shared.txt": "1\n"})
    box.push("main")
    box.request("first", {"shared.txt": "first\n"}, onto="main", priority=0)
    box.request("clash", {"shared.txt": "clash\n"}, onto="main", priority=1)
    box.git("update-ref", "refs/refinery/issues", raw.blob(box), cwd=box.origin)
    good(box)
    done = drain(box)
    assert "refs/refinery/issues" in done.err
    assert sorted(box.landed) == ["first", "good"]
    assert (box.mr("clash").block is not None, box.mr("clash").blocked_by) == (True, None)
    box.git("update-ref", "-d", "refs/refinery/issues", cwd=box.origin)
    drain(box)
    assert box.mr("clash").blocked_by == "local#1"


# What people type


@pytest.mark.parametrize(
    "command", ["show", "why", "claim", "release", "retry", "reject", "hold", "unhold", "wait"]
)
@pytest.mark.parametrize("id", ["../../etc/passwd", "mr-\x1b]0;owned\x07", "%s", ""])
def test_an_id_that_is_none_is_not_found_and_opens_nothing(
    box: Sandbox, command: str, id: str
) -> None:
    good(box)
    reason = ["--reason", "x"] if command in ("reject", "hold") else []
    before = box.refs()
    done = box.cli(command, *reason, "--", id)
    assert_one_error(done, 1, "not found in queue", "`refinery list` shows what is there")
    assert not CONTROL.search(done.err)
    assert box.refs() == before


def test_escapes_for_the_terminal_are_shown_as_text_everywhere(box: Sandbox) -> None:
    evil = "\x1b]0;owned\x07\x1b[2Jlook\N{RIGHT-TO-LEFT OVERRIDE}kool\x9b31m"
    box.commit("feat\N{RIGHT-TO-LEFT OVERRIDE}x", {"a.txt": "a\n"}, message=f"do {evil}")
    box.push("feat\N{RIGHT-TO-LEFT OVERRIDE}x")
    id = box.submit("feat\N{RIGHT-TO-LEFT OVERRIDE}x", worker=f"eve{evil}", issue=f"gt{evil}")
    commands = [*((name,) for name in LISTS), ("show", id), ("why", id), ("log",), ("fsck",)]
    for command in (*commands, ("hold", id, "--reason", evil), ("show", id), ("queue",), ("log",)):
        done = box.cli(*command)
        assert not CONTROL.search(done.out + done.err), (command, done)
    for command in ("queue", "list"):
        assert not CONTROL.search(json.dumps(box.cli(command, "--json").json, ensure_ascii=True))
    assert box.cli("unhold", id).code == 0
    assert not CONTROL.search(drain(box).err)
    assert box.landed == ["feat\N{RIGHT-TO-LEFT OVERRIDE}x"]


def test_a_branch_that_looks_like_an_option_is_refused_by_name(box: Sandbox) -> None:
    good(box)
    head = box.commit("work", {"w.txt": "w\n"})
    name = "--upload-pack=touch"
    box.git("push", "-q", "origin", f"{head}:refs/heads/{name}")
    before = box.refs("refs/refinery/")
    for words in (("submit", "--branch", name), ("submit", "--", name), ("forecast", "--", name)):
        done = box.cli(*words)
        assert done.code in (1, 2), done
    done = box.cli("submit", f"--branch={name}")
    assert_one_error(done, 1, f"{name!r} cannot be the name of a branch")
    assert box.refs("refs/refinery/") == before
    drain(box)
    assert box.landed == ["good"]


@pytest.mark.parametrize("wants", [{}, {"refinery.submit": ""}, {"refinery.target": "--all"}])
def test_a_server_refuses_to_queue_a_branch_that_looks_like_an_option(
    box: Sandbox, wants: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(CHECKOUT))  # for the server's hooks
    good(box)
    assert box.cli("hooks", "install", "--server", "--repo", str(box.origin)).code == 0
    name = "--upload-pack=touch" if "refinery.target" not in wants else "polecat/eve/1"
    head = box.commit("work", {"w.txt": "w\n"})
    options = [f"--push-option={key}={value}" for key, value in wants.items()]
    pushed = box.run_git("push", *options, "origin", f"{head}:refs/heads/{name}")
    assert box.sha(f"refs/heads/{name}") == head, pushed.err
    assert [mr.branch for mr in box.view().mrs.values()] == ["good"]
    if wants:
        assert "cannot be the name of a" in pushed.err
    drain(box)
    assert box.landed == ["good"]


# Where people stand


def test_a_detached_head_is_said_with_the_way_out(box: Sandbox) -> None:
    box.git("checkout", "-q", "--detach", "main")
    assert_one_error(box.cli("submit"), 1, "HEAD is detached", "git switch -c <branch>")


def test_an_unborn_branch_is_said(box: Sandbox) -> None:
    box.git("checkout", "-q", "--orphan", "unborn")
    assert_one_error(box.cli("submit"), 1, "the branch 'unborn' has no commit yet")


def test_a_missing_target_is_said_and_the_rest_is_served(box: Sandbox) -> None:
    good(box)
    box.commit("feat", {"a.txt": "a\n"})
    done = box.cli("submit", "feat", "--target", "nowhere")
    assert_one_error(done, 1, "the target 'nowhere' does not exist on the remote")
    drain(box)
    assert box.landed == ["good"]


def test_a_target_that_was_deleted_waits_and_says_so(box: Sandbox) -> None:
    box.git("push", "-q", "origin", "main:refs/heads/release")
    id = box.request("feat", {"a.txt": "a\n"}, onto="main", target="release")
    good(box)
    box.delete_branch("release")
    drain(box)
    assert (box.landed, box.mr(id).status) == (["good"], "open")
    why = box.cli("why", id)
    assert (why.code, "release" in why.out) == (0, True)
    box.git("push", "-q", "origin", "main:refs/heads/release")
    drain(box)
    assert box.landed_on("release") == ["feat"]


def test_outside_of_any_repository_is_said(box: Sandbox, tmp_path: Path) -> None:
    place = tmp_path / "nowhere"
    place.mkdir()
    for command in ("queue", "submit", "process"):
        done = box.cli(command, cwd=place)
        assert done.code == 1
        assert "not a git repository" in done.err


def test_an_empty_origin_has_an_empty_queue_and_no_target(box: Sandbox) -> None:
    box.git("update-ref", "-d", "refs/heads/main", cwd=box.origin)
    assert box.cli("queue", "--json").json == []
    drain(box)
    box.git("checkout", "-q", "-b", "feat")
    assert_one_error(box.cli("submit"), 1, "the target 'main' does not exist on the remote")


# Configuration


BAD_CONFIGS = {
    "typo": ("version: 1\nchekcs: []\n", "/chekcs: is not a known key"),
    "no version": ("checks: []\n", "/version: is missing"),
    "bomb": (
        "version: 1\nkeep: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n",
        "aliases are not used",
    ),
    "deep": ("version: 1\nkeep: " + "[" * 100_000 + "]" * 100_000 + "\n", "nested too deeply"),
    "two megabytes": ("version: 1\n" + "# x\n" * (1 << 19), "bytes are more than"),
    "tabs": ("version: 1\nchecks:\n\t- x\n", "not YAML at line 3"),
    "code": (
        "version: 1\nkeep: !!python/object/apply:os.system [touch evil]\n",
        "tags are not used",
    ),
    "not text": (b"\xff\xfe\x00", "not UTF-8 at byte 0"),
}


@pytest.mark.parametrize("kind", BAD_CONFIGS)
def test_a_bad_config_stops_its_target_alone_and_takes_submissions_all_the_same(
    box: Sandbox, kind: str
) -> None:
    text, problem = BAD_CONFIGS[kind]
    box.git("push", "-q", "origin", "main:refs/heads/release")
    box.request("good", {"good.txt": "good\n"}, onto="main", target="release")
    box.advance({".refinery.yaml": text})
    box.commit("polecat/nux/gt-1", {"f.txt": "f\n"}, onto="main")
    submitted = box.cli("submit", "polecat/nux/gt-1")
    assert submitted.code == 0, submitted.err
    assert "main:.refinery.yaml" in submitted.err
    assert problem in submitted.err
    done = box.cli("process", "--drain")
    assert done.code == 1
    assert "main:.refinery.yaml" in done.err
    assert problem in done.err
    assert (box.landed, box.landed_on("release")) == ([], ["good"])
    assert not (box.path / "evil").exists()
    box.advance({".refinery.yaml": GOOD})
    drain(box)
    assert box.landed == ["polecat/nux/gt-1"]


def test_a_bad_config_does_not_lose_what_is_pushed_to_a_server(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(CHECKOUT))
    assert box.cli("hooks", "install", "--server", "--repo", str(box.origin)).code == 0
    tip = box.commit("broken", {".refinery.yaml": "version: 1\nchekcs: []\n"})
    box.push("broken")
    box.git("update-ref", "refs/heads/main", tip, cwd=box.origin)
    box.commit("polecat/nux/gt-1", {"f.txt": "f\n"}, onto="main")
    pushed = box.push("polecat/nux/gt-1")
    assert "/chekcs: is not a known key" in pushed.err
    assert [mr.branch for mr in box.view().mrs.values()] == ["polecat/nux/gt-1"]


def test_a_config_of_the_branch_is_never_read(box: Sandbox) -> None:
    box.config(GOOD)
    bomb = BAD_CONFIGS["deep"][0]
    id = box.request("bomb", {".refinery.yaml": bomb}, onto="main")
    assert box.cli("why", id).code == 0
    good(box)
