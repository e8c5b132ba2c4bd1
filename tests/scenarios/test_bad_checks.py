"""Checks that misbehave: whatever one does, it is ended, and what lands is what was tested."""

from __future__ import annotations

import time

import pytest

from tests.sandbox import Sandbox
from tests.scenarios.raw import is_gone


def checking(box: Sandbox, script: str, more: str = "", timeout: str = "60s") -> None:
    box.advance(
        {
            "check.sh": script,
            ".refinery.yaml": f"version: 1\n{more}checks:\n"
            f"- name: test\n  run: sh check.sh\n  timeout: {timeout}\n",
        }
    )


def drained(box: Sandbox) -> str:
    done = box.cli("process", "--drain")
    assert done.code == 0, done.err
    return done.err


def test_daemons_that_a_check_leaves_are_ended(box: Sandbox) -> None:
    pids = box.root / "pids"
    checking(
        box,
        f"sleep 300 & echo $! >> {pids}\n"
        f"setsid sh -c 'echo $$ >> {pids}; exec sleep 300' &\n"
        f"(nohup sh -c 'echo $$ >> {pids}; exec sleep 300' > /dev/null 2>&1 &)\n"
        f"while [ $(wc -l < {pids}) -lt 3 ]; do sleep 0.02; done\n",
    )
    box.request("good", {"good.txt": "good\n"}, onto="main")
    began = time.monotonic()
    drained(box)
    assert box.landed == ["good"]
    assert time.monotonic() - began < 60
    started = pids.read_text().split()
    assert (len(started), [pid for pid in started if not is_gone(pid)]) == (3, [])


def test_a_flood_of_output_is_cut_in_the_log_and_short_in_the_record(box: Sandbox) -> None:
    checking(
        box,
        "[ -e flood ] || exit 0\n"
        "head -c 30000000 /dev/zero | tr '\\0' x; echo; echo the end; exit 1\n",
        more="retry: {failing: false}\n",
    )
    box.request("good", {"good.txt": "good\n"}, onto="main")
    id = box.request("flood", {"flood": ""}, onto="main")
    drained(box)
    assert box.landed == ["good"]
    failure = box.mr(id).failure
    assert failure is not None
    assert failure.message.endswith("the end")
    assert len(failure.message) < 10_000
    logs = [path.stat().st_size for path in (box.path / ".git/refinery/logs").iterdir()]
    assert max(logs) < 11 << 20


def test_a_check_that_ignores_sigterm_is_killed(box: Sandbox) -> None:
    checking(
        box,
        "[ -e stubborn ] || exit 0\ntrap '' TERM\nwhile :; do sleep 1; done\n",
        more="retry: {failing: false}\n",
        timeout="0.2s",
    )
    box.request("good", {"good.txt": "good\n"}, onto="main", priority=0)
    assert box.cli("process", "--once").code == 0
    id = box.request("stubborn", {"stubborn": ""}, onto="main")
    drained(box)
    assert box.landed == ["good"]
    failure = box.mr(id).failure
    assert failure is not None
    assert (failure.type, "timed out after 0.2 s" in failure.message) == ("timeout", True)


SPOILERS = {
    "changes files": "echo changed > README.md; rm -f check.sh; echo new > new.txt",
    "commits": "git add -A; git -c user.name=x -c user.email=x@x commit -qm x --allow-empty",
    "deletes .git": "rm -rf .git; git init -q .",
    "replaces .git by a folder": "rm .git; mkdir .git; echo x > .git/x",
    "read-only folders": "mkdir -p deep/er; touch deep/er/x; chmod -R a-w .",
    "moves HEAD": "git checkout -q --detach HEAD~1 2>/dev/null; git reset -q --hard HEAD~1",
    "hides changes": "echo changed > README.md; git update-index --assume-unchanged README.md",
    "locks the index": "touch $(git rev-parse --git-dir)/index.lock",
    "removes itself": 'rm -rf "$PWD"',
    "leaves a pipe": "mkfifo pipe; ln -s /etc etc",
}


@pytest.mark.parametrize("how", SPOILERS)
def test_what_a_check_does_to_its_worktree_reaches_nobody(box: Sandbox, how: str) -> None:
    checking(
        box,
        f"for file in new.txt deep pipe etc; do [ ! -e $file ] || exit 1; done\n"
        f"grep -q 'read me' README.md || exit 1\n{SPOILERS[how]}\nexit 0\n",
        more="batch: {max: 1}\n",
    )
    trees = []
    for name in ("one", "two"):
        box.request(name, {f"{name}.txt": f"{name}\n"}, onto="main")
        trees.append(f"{name}.txt")
    drained(box)
    assert box.landed == ["one", "two"]
    tree = box.tree("main")
    assert tree["README.md"] == "read me\n"
    assert set(tree) == {"README.md", "check.sh", ".refinery.yaml", *trees}
    assert box.git("status", "--porcelain") == ""
    assert box.cli("verify").code == 0


def test_a_check_sees_no_credentials(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_TOKEN", "GITLAB_TOKEN", "AWS_SECRET_ACCESS_KEY", "MY_API_KEY", "CANARY"):
        monkeypatch.setenv(name, "canary-4711")
    monkeypatch.setenv("GIT_ASKPASS", "/tmp/canary-4711")
    monkeypatch.setenv("SSH_AUTH_SOCK", "/tmp/canary-4711")
    seen = box.root / "seen"
    checking(
        box,
        f"env > {seen}; git config --list >> {seen}; tr '\\0' '\\n' < /proc/self/environ >> {seen}",
    )
    box.request("good", {"good.txt": "good\n"}, onto="main")
    drained(box)
    assert box.landed == ["good"]
    assert "PATH=" in seen.read_text()
    assert "canary-4711" not in seen.read_text()


def test_a_check_that_reads_finds_nothing_to_read(box: Sandbox) -> None:
    checking(box, '[ -z "$(cat)" ] && ! read -r line', timeout="20s")
    box.request("good", {"good.txt": "good\n"}, onto="main")
    drained(box)
    assert box.landed == ["good"]


@pytest.mark.parametrize("garbage", ["file", "folder", "link", "broken link", "foreign repository"])
def test_a_worktree_slot_with_garbage_is_made_anew(box: Sandbox, garbage: str) -> None:
    checking(box, "[ ! -e rubbish ]")
    slot = box.path / ".git" / "refinery" / "worktrees" / "check-0"
    slot.parent.mkdir(parents=True)
    elsewhere = box.root / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "rubbish").write_text("keep me\n")
    match garbage:
        case "file":
            slot.write_text("rubbish\n")
        case "folder":
            (slot / "rubbish").mkdir(parents=True)
        case "link":
            slot.symlink_to(elsewhere)
        case "broken link":
            slot.symlink_to(box.root / "nowhere")
        case _:
            slot.mkdir()
            box.git("init", "-q", str(slot))
            (slot / "rubbish").write_text("x")
    box.request("good", {"good.txt": "good\n"}, onto="main")
    drained(box)
    assert box.landed == ["good"]
    assert (elsewhere / "rubbish").read_text() == "keep me\n"


def test_a_target_whose_checks_cannot_run_does_not_keep_others_from_theirs(box: Sandbox) -> None:
    box.git("push", "-q", "origin", "main:refs/heads/release")
    checking(box, "no-such-command")
    id = box.request("good", {"good.txt": "good\n"}, onto="main")
    box.request("fix", {"fix.txt": "fix\n"}, onto="release", target="release")
    done = box.cli("process", "--drain")
    assert done.code == 1
    assert "the checks cannot run" in done.err
    assert "command not found" in done.err
    assert (box.landed, box.landed_on("release")) == ([], ["fix"])
    assert (box.mr(id).failure, box.mr(id).retry_count) == (None, 0)
