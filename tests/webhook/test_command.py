"""`refinery webhook`: the door for CI jobs, with stable exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from refinery.webhook.events import Forge
from refinery.webhook.spool import Delivery, Spool
from tests.sandbox import CHECKOUT, Sandbox
from tests.webhook import recorded
from tests.webhook.deliveries import ZERO, pushed


@pytest.fixture
def event(tmp_path: Path, ours: Sandbox) -> Path:
    """A push of a branch that is there."""
    head = ours.commit("polecat/a/1")
    ours.push("polecat/a/1")
    path = tmp_path / "event.json"
    path.write_text(json.dumps(pushed("polecat/a/1", head)))
    return path


def test_an_event_is_named_by_arguments_and_answered_in_json(ours: Sandbox, event: Path) -> None:
    done = ours.cli("webhook", "--event", event, "--name", "push", "--json")
    mr = ours.mr("polecat/a/1")
    line = f"{mr.id} queued: polecat/a/1 at {mr.head[:12]} for main"
    assert done.code == 0
    assert done.json == {
        "forge": "github",
        "event": "push",
        "status": "done",
        "words": line,
        "said": [line],
        "merge_requests": [mr.id],
    }


@pytest.mark.parametrize(("variable", "forge"), [(None, "github"), ("GITEA_ACTIONS", "gitea")])
def test_in_actions_it_needs_no_arguments(
    ours: Sandbox,
    event: Path,
    monkeypatch: pytest.MonkeyPatch,
    variable: str | None,
    forge: str,
) -> None:
    monkeypatch.setenv("GITHUB_EVENT_NAME", "push")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    if variable:
        monkeypatch.setenv(variable, "true")
    done = ours.cli("webhook", "--json")
    assert (done.code, done.json["forge"], done.json["status"]) == (0, forge, "done")
    assert ours.mr("polecat/a/1").branch == "polecat/a/1"


def test_standard_input_and_gitlab(ours: Sandbox, event: Path) -> None:
    head = str(ours.sha("polecat/a/1"))
    told = json.dumps(recorded.gitlab_push("refs/heads/polecat/a/1", ZERO, head))
    done = ours.cli("webhook", "--event", "-", "--forge", "gitlab", stdin=told)
    assert (done.code, ours.mr("polecat/a/1").head) == (0, head)


def test_an_event_that_means_nothing_is_no_failure(ours: Sandbox) -> None:
    done = ours.cli("webhook", "--event", "-", "--name", "star", stdin="{}")
    assert (done.code, done.out) == (0, "the event 'star' is not acted on\n")


@pytest.mark.parametrize(
    ("arguments", "stdin", "code"),
    [
        ((), "", 2),
        (("--event", "-"), "{}", 2),
        (("--event", "/nowhere/event.json", "--name", "push"), "", 2),
        (("--event", "-", "--name", "push"), "no json", 1),
        (("--event", "-", "--name", "push", "--forge", "bitbucket"), "{}", 2),
    ],
)
def test_what_is_no_event_is_said_so(
    ours: Sandbox, arguments: tuple[str, ...], stdin: str, code: int
) -> None:
    done = ours.cli("webhook", *arguments, stdin=stdin)
    assert (done.code, done.out) == (code, "")
    assert "error:" in done.err


def test_a_refusal_is_one_and_says_what_to_do(ours: Sandbox, event: Path) -> None:
    from tests.webhook.deliveries import pull_request

    told = json.dumps(pull_request(1, "polecat/a/1", "c" * 40, target="nowhere"))
    done = ours.cli("webhook", "--event", "-", "--name", "pull_request", stdin=told)
    assert done.code == 1
    assert "'nowhere' does not exist" in done.err
    assert "hint:" in done.err


def test_a_remote_that_is_away_is_tried_again_later(ours: Sandbox, event: Path) -> None:
    ours.git("remote", "set-url", "origin", "http://127.0.0.1:9/nothing.git")
    done = ours.cli("webhook", "--event", event, "--name", "push")
    assert done.code == 75


def test_what_the_receiver_gave_up_is_listed(ours: Sandbox) -> None:
    spool = Spool.open(ours.path / ".git" / "refinery" / "webhooks.sqlite3")
    spool.put(Delivery(Forge.GITHUB, "issues", "an-id", b"", b"{}"))
    spool.failed({spool.take(1)[0].number: "the remote says no"})
    spool.close()
    done = ours.cli("webhook", "--failed")
    assert "github issues an-id\n  the remote says no\n" in done.out
    [row] = ours.cli("webhook", "--failed", "--json").json
    assert (row["event"], row["id"], row["reason"]) == ("issues", "an-id", "the remote says no")


def test_nothing_of_the_receiver_is_loaded_by_what_does_not_need_it() -> None:
    script = (
        "import sys; from refinery.cli.command import load; "
        "[load(name) for name in ('claim', 'submit', 'process', 'reconcile', 'serve', 'webhook')]; "
        "import refinery.webhook.acting, refinery.webhook.reconciling; "
        "print([m for m in ('sqlite3', 'waitress', 'hmac', 'requests') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
