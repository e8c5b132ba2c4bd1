from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from refinery.repo.environment import alternates, child_environment, without_ext
from refinery.repo.masking import masked
from refinery.repo.process import Git, GitError, GitMissing, GitTimeout, end, subcommand

from .conftest import Box

PATIENCE = 30  # seconds: a machine may have much else to do


def alias(repo_git: Git, script: str) -> tuple[str, ...]:
    return ("-c", f"alias.act=!{script}", "act")


def test_variables_that_redirect_git_are_left_out_and_transport_is_kept() -> None:
    base = {
        "PATH": "/bin",
        "GIT_DIR": "/elsewhere",
        "GIT_INDEX_FILE": "/elsewhere/index",
        "GIT_AUTHOR_NAME": "Somebody",
        "GIT_OBJECT_DIRECTORY": "/not/ours",
        "GIT_SSH_COMMAND": "ssh -i key",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "a.b",
        "GIT_CONFIG_VALUE_0": "c",
        "GIT_ALLOW_PROTOCOL": "https:ext:ssh",
    }
    assert child_environment(base) == {
        "PATH": "/bin",
        "GIT_SSH_COMMAND": "ssh -i key",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "a.b",
        "GIT_CONFIG_VALUE_0": "c",
        "GIT_ALLOW_PROTOCOL": "https:ssh",
        "LC_ALL": "C",
        "LANGUAGE": "",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
    }


def test_quarantine_variables_pass_only_when_they_are_given() -> None:
    given = {"GIT_OBJECT_DIRECTORY": "/q", "GIT_DIR": "/elsewhere"}
    environment = child_environment({}, given)
    assert environment["GIT_OBJECT_DIRECTORY"] == "/q"
    assert "GIT_DIR" not in environment


def test_an_allow_list_of_ext_alone_allows_nothing() -> None:
    assert without_ext("ext") == ""


def test_alternates_quote_what_would_split() -> None:
    assert alternates("/a", '/b:c"d') == '/a:"/b:c\\"d"'


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("https://user:secret@host/x.git", "https://***@host/x.git"),
        ("https://ghp_0123456789abcdefghij@host/x", "https://***@host/x"),
        ("ssh://git@host/x", "ssh://git@host/x"),
        ("ssh://git:secret@host/x", "ssh://***@host/x"),
        ("Authorization: Basic c2VjcmV0", "Authorization: ***"),
        ("http.https://h/.extraheader=AUTHORIZATION: basic abc", "http.https://h/.extraheader=***"),
        ("token ghs_0123456789abcdefghijABCD", "token ***"),
        ("glpat-0123456789abcdefghij", "***"),
        ("PRIVATE-TOKEN: abc", "PRIVATE-TOKEN: ***"),
        ("https://h/x?access_token=abc&b=c", "https://h/x?access_token=***&b=c"),
        ("nothing to hide: a@b.c", "nothing to hide: a@b.c"),
    ],
)
def test_secrets_do_not_reach_people(said: str, shown: str) -> None:
    assert masked(said) == shown


def test_an_error_names_the_subcommand_and_what_git_said(tmp_path: Path) -> None:
    with pytest.raises(GitError) as caught:
        Git(tmp_path).run("ls-remote", "https://u:hunter2@localhost:1/x")
    assert caught.value.command == "ls-remote"
    assert caught.value.returncode == 128
    assert "hunter2" not in caught.value.stderr + caught.value.message
    assert caught.value.message.startswith("git ls-remote: ")


def test_the_command_of_an_error_holds_no_arguments() -> None:
    asked = ("-c", "http.extraheader=secret", "--no-pager", "fetch", "--quiet", "origin")
    assert subcommand(asked) == "fetch"


def test_a_status_that_is_expected_is_no_error(box: Box) -> None:
    done = box.origin.git.run("rev-parse", "--verify", "--quiet", "refs/heads/no", ok=(1,))
    assert (done.returncode, done.stdout) == (1, b"")


def test_much_on_both_pipes_at_once_does_not_hang(box: Box) -> None:
    script = "head -c 400000 /dev/zero; head -c 400000 /dev/zero >&2; cat"
    done = box.origin.git.run(*alias(box.origin.git, script), stdin=b"x" * 300_000, timeout=20)
    assert (len(done.stdout), len(done.stderr)) == (700_000, 400_000)


def test_a_timeout_ends_git_and_everything_it_started(box: Box, tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    script = f"sh -c 'echo $$ > {pid_file}; exec sleep 60'"
    running = box.origin.git.begin(*alias(box.origin.git, script))
    until_written(pid_file)
    with pytest.raises(GitTimeout) as caught:
        running.finish(timeout=0.1)
    assert caught.value.message == "git act: no end after 0.1 seconds"
    assert not alive(int(pid_file.read_text()))


def until_written(file: Path) -> None:
    """What was started is under way, however busy the machine is."""
    deadline = time.monotonic() + PATIENCE
    while not (file.exists() and file.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.005)


def alive(pid: int) -> bool:
    """Whether it still runs once a signal has had its time to arrive."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return False
        if state == "Z":
            return False
    return True


def test_an_interrupt_ends_git_and_passes(box: Box, tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    script = f"sh -c 'echo $$ > {pid_file}; exec sleep 60'"
    main = threading.main_thread().ident
    assert main is not None

    def interrupt() -> None:
        try:
            until_written(pid_file)
        finally:
            signal.pthread_kill(main, signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            box.origin.git.run(*alias(box.origin.git, script), timeout=2 * PATIENCE)
    finally:
        thread.join()
        signal.signal(signal.SIGINT, before)
    assert not alive(int(pid_file.read_text()))


def test_a_missing_git_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitMissing) as caught:
        Git(tmp_path).run("version")
    assert caught.value.hint == "install git 2.38 or later and put it on the PATH"


def test_a_missing_directory_is_not_taken_for_a_missing_git(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="no such directory"):
        Git(tmp_path / "gone").run("version")


def test_text_keeps_bytes_that_are_not_utf8(box: Box) -> None:
    said = box.origin.git.text(*alias(box.origin.git, "printf '\\377\\n'"))
    assert os.fsencode(said) == b"\xff"


def test_a_persistent_git_is_ended_with_its_pipes(box: Box) -> None:
    process = box.origin.git.spawn("cat-file", "--batch")
    end(process)
    assert process.returncode is not None
    assert process.stdout is not None
    assert process.stdout.closed
