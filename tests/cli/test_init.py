"""`refinery init` finds out, shows, asks, writes what is missing, and nothing twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from refinery.config.config import parse
from tests.sandbox import CHECKOUT, Result, Sandbox

QUEUE = "refs/refinery/queue"
REFSPEC = f"+{QUEUE}:{QUEUE}"


def init(box: Sandbox, *argv: str) -> Result:
    return box.cli("init", "--yes", "--no-hooks", *argv)


def fetch_lines(box: Sandbox) -> list[str]:
    return box.git("config", "--get-all", "remote.origin.fetch").splitlines()


def test_a_fresh_clone_gets_everything_in_one_go(box: Sandbox) -> None:
    before = box.sha("main")
    done = init(box)
    assert (done.code, done.err) == (0, "")
    commit = box.sha("main")
    assert box.git("log", "--format=%s|%P", "-1", "main", cwd=box.origin) == (
        f"Add the merge queue's configuration|{before}"
    )
    assert sorted(box.tree()) == [".refinery.yaml", "README.md"]
    assert box.view().header.default_target == "main"
    assert [each.event for each in box.queue_log()] == ["initialized"]
    assert fetch_lines(box) == ["+refs/heads/*:refs/remotes/origin/*", REFSPEC]
    assert (box.sha("HEAD", at=box.path), box.git("status", "--porcelain")) == (commit, "")
    assert (box.path / ".refinery.yaml").exists()


def test_a_plain_fetch_brings_the_queue_afterwards(box: Sandbox) -> None:
    bob = box.clone("bob")
    init(box)
    init(bob)
    assert box.cli("pause", "--reason", "a change").code == 0
    bob.git("fetch", "-q")
    assert bob.sha(QUEUE, at=bob.path) == box.sha(QUEUE)


def test_what_was_set_up_can_submit_and_land(box: Sandbox) -> None:
    init(box, "--check", "test -e README.md")
    box.request("feat")
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["feat"]


def test_a_second_run_has_nothing_to_do(box: Sandbox) -> None:
    init(box)
    refs, config = box.refs(), (box.path / ".git" / "config").read_text()
    assert init(box) == Result(0, "nothing to do\n", "")
    # Not even a terminal is asked for where there is nothing to ask.
    assert box.cli("init", "--no-hooks") == Result(0, "nothing to do\n", "")
    assert (box.refs(), (box.path / ".git" / "config").read_text()) == (refs, config)


def test_another_clone_only_lacks_its_own_settings(box: Sandbox) -> None:
    bob = box.clone("bob")
    init(box)
    refs = box.refs()
    done = init(bob, "--json")
    assert done.json == {
        "target": "main",
        "remote": "origin",
        "forge": None,
        "done": True,
        "place": None,
        "files": [],
        "kept": [],
        "commit": None,
        "queue": False,
        "config": [{"key": "remote.origin.fetch", "value": REFSPEC}],
        "hooks": [],
        "notes": [],
    }
    assert box.refs() == refs


def test_without_a_terminal_and_without_yes_nothing_is_written(box: Sandbox) -> None:
    refs = box.refs()
    done = box.cli("init", "--no-hooks")
    assert done.code == 2
    assert done.err == (
        "error: init asks before it writes, and there is no terminal to ask on\n"
        "hint: refinery init --yes, or --dry-run to see what it would write\n"
    )
    assert (box.refs(), fetch_lines(box)) == (refs, ["+refs/heads/*:refs/remotes/origin/*"])


def test_a_dry_run_shows_what_would_be_written_and_writes_nothing(box: Sandbox) -> None:
    refs = box.refs()
    done = box.cli("init", "--no-hooks", "--dry-run", "--check", "make it")
    assert done.code == 0
    assert done.out.startswith(
        "refinery for 'origin': lands on main on origin\n"
        "\n"
        ".refinery.yaml, one commit on main (make it: given)\n"
        "  --- /dev/null\n"
        "  +++ b/.refinery.yaml\n"
    )
    assert '  +  - name: "make-it"\n  +    run: "make it"\n' in done.out
    assert done.out.endswith(
        "\n"
        "refs/refinery/queue on origin\n"
        "  + default_target: main\n"
        "\n"
        "git config\n"
        f"  + remote.origin.fetch = {REFSPEC}\n"
        "\n"
    )
    assert (box.refs(), fetch_lines(box)) == (refs, ["+refs/heads/*:refs/remotes/origin/*"])


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("YES", 0), ("n", 1), ("", 1)])
def test_a_terminal_is_asked(box: Sandbox, answer: str, code: int) -> None:
    ours, theirs = os.openpty()
    os.write(ours, f"{answer}\n".encode())
    done = subprocess.run(
        [sys.executable, "-m", "refinery", "init", "--no-hooks"],
        cwd=box.path,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdin=theirs,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(ours)
    os.close(theirs)
    assert done.returncode == code, done.stderr
    assert done.stderr == "Proceed? [y/N] " + ("" if code == 0 else "nothing was changed\n")
    assert (box.sha(QUEUE) is not None) == (code == 0)


@pytest.mark.parametrize(
    ("files", "run"),
    [
        ({}, None),
        ({"pyproject.toml": "", "tests/test_a.py": ""}, "python -m pytest"),
        ({"pyproject.toml": ""}, None),
        ({"package.json": '{"scripts": {"test": "jest"}}'}, "npm test"),
        (
            {"package.json": '{"scripts": {"test": "jest"}}', "package-lock.json": "{}"},
            "npm ci && npm test",
        ),
        ({"package.json": '{"scripts": {"test": "echo \\"no test specified\\""}}'}, None),
        ({"package.json": "not JSON"}, None),
        ({"package.json": "[]"}, None),
        ({"Makefile": "all:\n\ntest: all\n\ttrue\n"}, "make test"),
        ({"Makefile": "test := 1\ntests:\n"}, None),
        ({"Cargo.toml": ""}, "cargo test"),
        ({"go.mod": ""}, "go test ./..."),
    ],
)
def test_the_check_is_found_in_the_target(
    box: Sandbox, files: dict[str, str], run: str | None
) -> None:
    if files:
        box.advance(dict(files))
    document = box.cli("init", "--dry-run", "--no-hooks", "--json").json
    text = document["files"][0]["text"]
    config = parse(text.encode(), where="it")
    assert [check.run for check in config.checks] == ([run] if run else [])
    assert ("NOTHING IS TESTED" in text) == (run is None)


def test_given_checks_are_written_as_given(box: Sandbox) -> None:
    commands = ["true", 'echo "a: b" # \\ ü', "make test", "make  test"]
    init(box, *[word for command in commands for word in ("--check", command)])
    config = box.queue().config(box.view())
    assert [check.run for check in config.checks] == commands
    assert [check.name for check in config.checks] == [
        "true",
        "echo-a-b",
        "make-test",
        "make-test-2",
    ]


def test_an_empty_check_is_wrong_usage(box: Sandbox) -> None:
    done = init(box, "--check", " ")
    assert (done.code, box.sha(QUEUE)) == (2, None)


def test_a_configuration_that_is_there_is_left_as_it_is(box: Sandbox) -> None:
    commit = box.config("version: 1\nmethod: squash\n")
    assert init(box, "--check", "true").code == 0
    assert box.sha("main") == commit
    assert box.sha(QUEUE) is not None


def test_a_target_that_cannot_be_pushed_to_leaves_the_file_here(box: Sandbox) -> None:
    before = box.sha("main")
    box.hook("update", '[ "$1" != refs/heads/main ] || { echo "main is protected" >&2; exit 1; }')
    done = init(box)
    assert done.code == 0
    assert done.err == (
        "note: push to refs/heads/main: the remote refuses it: hook declined\n"
        "note: commit .refinery.yaml and land it on main: until then nothing is tested\n"
    )
    assert (box.sha("main"), box.git("status", "--porcelain")) == (before, "?? .refinery.yaml")
    assert box.sha(QUEUE) is not None
    again = init(box)
    assert (again.code, again.out) == (0, "nothing to do\n")
    assert again.err == (
        "note: commit .refinery.yaml and land it on main: until then nothing is tested\n"
    )


def test_a_remote_that_takes_nothing_leaves_nothing_half_done(box: Sandbox) -> None:
    box.hook("pre-receive", "exit 1")
    done = init(box)
    assert done.code == 1
    assert done.err.startswith("error: push to refs/refinery/queue: the remote refuses it")
    assert fetch_lines(box) == ["+refs/heads/*:refs/remotes/origin/*"]


def test_no_push_writes_only_here(box: Sandbox) -> None:
    refs = box.refs()
    done = init(box, "--no-push")
    assert done.code == 0
    assert box.refs() == refs
    assert (box.path / ".refinery.yaml").exists()
    # A refspec for a ref that the remote lacks would break every `git fetch`.
    assert fetch_lines(box) == ["+refs/heads/*:refs/remotes/origin/*"]
    box.git("fetch", "-q")


def test_work_in_progress_is_not_touched(box: Sandbox) -> None:
    (box.path / "README.md").write_text("mine\n")
    (box.path / "new.txt").write_text("mine, too\n")
    init(box)
    assert box.git("status", "--porcelain") == " M README.md\n?? new.txt"
    assert (box.path / "README.md").read_text() == "mine\n"
    assert (box.path / ".refinery.yaml").exists()


def test_a_checkout_of_something_else_stays_where_it_is(box: Sandbox) -> None:
    head = box.commit("feat")
    box.switch("feat")
    done = init(box)
    assert done.err == (
        "note: your checkout was left alone (main is not checked out): "
        "`git pull` brings .refinery.yaml\n"
    )
    assert (box.sha("HEAD", at=box.path), box.git("status", "--porcelain")) == (head, "")


def test_a_branch_with_commits_of_its_own_is_not_moved(box: Sandbox) -> None:
    mine = box.commit("main", {"mine.txt": "mine\n"})
    assert init(box).code == 0
    assert box.sha("HEAD", at=box.path) == mine


def test_the_target_is_the_default_branch_of_the_remote(box: Sandbox) -> None:
    box.git("push", "-q", "origin", "main:refs/heads/trunk")
    box.git("symbolic-ref", "HEAD", "refs/heads/trunk", cwd=box.origin)
    init(box)
    assert box.view().header.default_target == "trunk"
    assert (sorted(box.tree("trunk")), sorted(box.tree("main"))) == (
        [".refinery.yaml", "README.md"],
        ["README.md"],
    )


def test_a_named_target_is_recorded_and_can_be_changed(box: Sandbox) -> None:
    box.git("push", "-q", "origin", "main:refs/heads/develop")
    init(box)
    assert init(box, "--target", "develop").code == 0
    view = box.view()
    assert (view.header.default_target, sorted(box.tree("develop"))) == (
        "develop",
        [".refinery.yaml", "README.md"],
    )
    # Without the option, what is recorded counts.
    assert init(box).out == "nothing to do\n"


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("nowhere", "error: there is no branch 'nowhere' on the remote\nhint: it has: main; "),
        ("-x", "error: '-x' cannot be the name of a branch"),
    ],
)
def test_a_target_that_is_not_there_is_refused(box: Sandbox, target: str, message: str) -> None:
    done = init(box, f"--target={target}")
    assert done.code == 1
    assert done.err.startswith(message)
    assert box.sha(QUEUE) is None


def test_an_empty_remote_is_prepared_and_says_what_comes_next(tmp_path: Path) -> None:
    origin, clone = tmp_path / "o.git", tmp_path / "c"
    for command in (
        ["init", "-q", "--bare", "-b", "trunk", str(origin)],
        ["clone", "-q", str(origin), str(clone)],
    ):
        subprocess.run(["git", *command], check=True, capture_output=True)
    (clone / "go.mod").write_text("module x\n")
    command = [sys.executable, "-m", "refinery", "init", "--yes", "--no-hooks", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(
        command, cwd=clone, env=environment, check=True, capture_output=True, text=True
    )
    document = json.loads(done.stdout)
    assert (document["target"], document["queue"], document["place"]) == (
        "trunk",
        True,
        "file",
    )
    assert document["notes"] == [
        "trunk has no commit yet: commit .refinery.yaml with the first one and push it"
    ]
    assert "go test" in (clone / ".refinery.yaml").read_text()
    subprocess.run(["git", "fetch", "-q"], cwd=clone, check=True)


def test_a_bare_repository_is_set_up_in_place(box: Sandbox) -> None:
    box.git("config", "--unset", "receive.advertisePushOptions", cwd=box.origin)
    done = box.cli("init", "--yes", "--no-hooks", cwd=box.origin)
    assert done.code == 0
    assert done.err == (
        "note: on a server, `git config core.fsync committed` keeps the queue whole when the "
        "power fails\n"
    )
    assert sorted(box.tree()) == [".refinery.yaml", "README.md"]
    assert box.git("config", "receive.advertisePushOptions", cwd=box.origin) == "true"
    assert box.cli("init", "--yes", "--no-hooks", cwd=box.origin).out == "nothing to do\n"
    box.git("pull", "-q", "--ff-only")
    box.request("feat")
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["feat"]


def test_two_people_at_once_set_up_one_queue(box: Sandbox) -> None:
    from refinery.app import open_queue
    from refinery.setup import files_plan, setting_up, setup_plan

    bob = box.clone("bob")
    with open_queue(str(bob.path), clock=box.clock, worker="bob") as queue:
        plan = setup_plan.plan(queue.repo, queue.store, files_plan.Wanted())
        init(box)
        refs = box.refs()
        setting_up.carry_out(queue.repo, queue.store, plan, worker="bob", clock=box.clock)
    assert box.refs() == refs


def test_names_of_a_prefix_of_ones_own_are_used(box: Sandbox) -> None:
    box.git("config", "refinery.prefix", "refs/queues/one")
    init(box)
    assert "refs/queues/one/queue" in box.refs()
    assert "+refs/queues/one/queue:refs/queues/one/queue" in fetch_lines(box)


def test_a_clone_gets_the_clients_hook(box: Sandbox) -> None:
    done = box.cli("init", "--yes")
    hook = box.path / ".git" / "hooks" / "pre-push"
    assert (done.code, done.err) == (0, "")
    assert f"\ngit hooks\n  + {hook}\n" in done.out
    assert os.access(hook, os.X_OK)
    assert box.cli("init", "--yes").out == "nothing to do\n"


def test_a_bare_repository_gets_the_servers_hooks(box: Sandbox) -> None:
    document = box.cli("init", "--yes", "--json", cwd=box.origin).json
    hooks = [str(box.origin / "hooks" / name) for name in ("pre-receive", "post-receive")]
    assert document["hooks"] == hooks
    assert all(os.access(hook, os.X_OK) for hook in hooks)
    assert box.cli("init", "--yes", cwd=box.origin).out == "nothing to do\n"


def test_the_server_may_be_set_up_before_its_clones(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(CHECKOUT))  # for the hooks
    assert box.cli("init", "--yes", "--check", "true", cwd=box.origin).code == 0
    assert box.cli("init", "--yes").code == 0
    box.request("feat")
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["feat"]


def test_hooks_that_cannot_be_installed_keep_nothing_else_from_it(box: Sandbox) -> None:
    box.git("config", "core.hooksPath", str(box.root))
    done = box.cli("init", "--yes")
    assert done.code == 0
    assert done.err.startswith(f"note: no hooks: core.hooksPath is {str(box.root)!r}, outside")
    assert box.sha(QUEUE) is not None
