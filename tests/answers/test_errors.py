"""With --json a refusal is one document on stdout: code, words, the next command, the exit code."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from refinery.answers.error import error_document
from refinery.cli.commands import queue as command
from refinery.cli.failing import fail
from refinery.errors import RefineryError, TryAgain
from refinery.repo.process import RemoteUnavailable
from refinery.store.update import Contention
from tests.sandbox import Sandbox


def test_a_refusal_is_one_document_and_its_words_are_on_stderr_as_well(box: Sandbox) -> None:
    id = box.request("feat")
    refused = box.cli("unhold", id, "--json")
    assert refused.code == 1
    assert refused.json == {
        "error": {
            "code": "nothing-to-change",
            "message": f"{id} is not held",
            "hint": "`refinery queue` shows how it stands",
            "next": "refinery queue",
            "exit_code": 1,
        }
    }
    assert refused.err == f"error: {id} is not held\nhint: `refinery queue` shows how it stands\n"


@pytest.mark.parametrize(
    ("call", "code", "exit_code", "next"),
    [
        ("why mr-nothing", "no-such-merge-request", 1, "refinery list"),
        ("claim nothing", "no-such-merge-request", 1, "refinery list"),
        ("why", "no-such-merge-request", 1, "refinery submit"),
        ("submit nothing", "no-such-branch", 1, "git branch --list"),
        ("submit main", "no-target", 1, "git ls-remote --heads origin"),
        ("queue /nowhere/at/all", "no-such-rig", 1, "refinery status --all"),
        ("queu", "no-such-command", 2, "refinery queue"),
        ("queue --nothing", "wrong-usage", 2, "refinery queue --help"),
        ("issue show", "wrong-usage", 2, "refinery issue --help"),
        ("log -n 0", "wrong-usage", 2, "refinery log --help"),
        ("explain xyz", "no-such-code", 2, "refinery explain"),
    ],
)
def test_each_has_a_code_and_a_command_to_run_next(
    box: Sandbox, call: str, code: str, exit_code: int, next: str
) -> None:
    refused = box.cli(*call.split(), "--json")
    error = refused.json["error"]
    assert (error["code"], error["exit_code"], error["next"]) == (code, exit_code, next)
    assert refused.code == exit_code


def test_what_may_succeed_later_is_to_be_run_again() -> None:
    lost = Contention("update 'claim': lost 20 races in a row")
    document = error_document(lost, again="refinery claim mr-1")
    assert document["error"]["next"] == "refinery claim mr-1"
    assert document["error"]["exit_code"] == TryAgain.exit_code
    away = RemoteUnavailable("remote 'origin': gone", hint="try: git ls-remote origin")
    assert error_document(away)["error"]["next"] == "git ls-remote origin"
    assert error_document(RefineryError("no"))["error"]["next"] == "refinery doctor"


@pytest.mark.parametrize(
    ("raised", "code", "exit_code"),
    [
        (KeyboardInterrupt(), "interrupted", 130),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/full"), "machine-trouble", 1),
        (ZeroDivisionError("by zero"), "bug", 3),
    ],
)
def test_what_nobody_foresaw_is_a_document_too(
    box: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    raised: BaseException,
    code: str,
    exit_code: int,
) -> None:
    def run(_: object) -> int:
        raise raised

    monkeypatch.setattr(command, "run", run)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    failed = box.cli("queue", "--json")
    assert (failed.json["error"]["code"], failed.code) == (code, exit_code)


def test_a_password_in_an_address_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    fail(Contention("lost"), ["replay", "https://ada:secret@example.com/p.git", "--json"])
    told = capsys.readouterr()
    assert json.loads(told.out)["error"]["next"].startswith("refinery replay https://")
    assert "secret" not in told.out + told.err


def test_without_json_nothing_is_on_stdout(box: Sandbox) -> None:
    assert box.cli("why", "mr-nothing").out == ""


def test_a_directory_that_is_gone_is_no_bug(
    box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    from refinery.cli.main import main

    for call in (["queue"], ["init", "--yes"], ["start"], ["demo"], ["report", "--out", "x"]):
        assert main(call) == 1, call
    assert main(["status", str(box.path)]) == 0
