"""A real `refinery serve`: what it accepted is done, whatever happens to it."""

from __future__ import annotations

import signal
import socket
import sys

import pytest

from refinery.webhook.events import Forge
from tests.sandbox import Sandbox
from tests.webhook.deliveries import SECRET, Answered, closed, encoded, headers, pushed
from tests.webhook.served import PATIENCE, Served


def work(box: Sandbox, branch: str) -> str:
    head = box.commit(branch)
    box.push(branch)
    return head


def test_a_push_that_is_delivered_is_submitted(served: Served) -> None:
    head = work(served.box, "polecat/a/1")
    served.start()
    answered = served.deliver("push", pushed("polecat/a/1", head))
    assert answered == Answered(202, {"status": "accepted"})
    health = served.until_idle()
    assert (health["ok"], health["failed"]) == (True, 0)
    assert served.box.mr("polecat/a/1").head == head
    assert served.stop() == 0
    assert SECRET.decode() not in served.log.read_text()


def test_what_was_accepted_is_done_after_the_receiver_was_killed(served: Served) -> None:
    """Killed between the answer and the work: the remote is away, so no work can be done."""
    head = work(served.box, "polecat/a/1")
    served.start()
    away = served.box.origin.rename(served.box.origin.with_name("away.git"))
    assert served.deliver("push", pushed("polecat/a/1", head), id="an-id").status == 202
    served.kill()
    away.rename(served.box.origin)
    assert served.box.view().mrs == {}
    served.start()
    served.until_idle()
    assert served.box.mr("polecat/a/1").head == head
    again = served.deliver("push", pushed("polecat/a/1", head), id="an-id")
    assert again == Answered(202, {"status": "known"})


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_finishes_what_it_has_begun(served: Served, number: int) -> None:
    heads = {f"polecat/a/{n}": work(served.box, f"polecat/a/{n}") for n in range(3)}
    served.start()
    for branch, head in heads.items():
        served.deliver("push", pushed(branch, head))
    assert served.stop(number) == 0
    served.start()
    served.until_idle()
    assert {mr.branch: mr.head for mr in served.box.view().mrs.values()} == heads


def test_with_process_what_arrives_is_landed(served: Served) -> None:
    head = work(served.box, "polecat/a/1")
    served.start("--process")
    served.deliver("push", pushed("polecat/a/1", head), forge=Forge.GITEA)
    served.until(lambda: served.box.landed == ["polecat/a/1"])


def test_duplicates_and_forgeries_do_nothing(served: Served) -> None:
    served.start()
    body = encoded(closed(7))
    told = headers(Forge.GITHUB, "issues", body, id="an-id")
    answers = [served.ask("POST", "/webhook", body, told) for _ in range(3)]
    assert [each.document["status"] for each in answers] == ["accepted", "known", "known"]
    forged = headers(Forge.GITHUB, "issues", body, id="forged", secret=b"not the secret")
    assert served.ask("POST", "/webhook", body, forged).status == 401
    served.until_idle()
    assert "refused github 'issues' forged from 127.0.0.1" in served.log.read_text()


def test_what_no_forge_would_send_does_not_end_it(served: Served) -> None:
    served.start("--max-body", "0.01")
    body = encoded(closed(7))
    told = headers(Forge.GITHUB, "issues", body)
    large = encoded(closed(7) | {"filler": "x" * 20_000})
    assert (
        served.ask("POST", "/webhook", large, headers(Forge.GITHUB, "issues", large)).status == 413
    )
    assert served.ask("POST", "/webhook", None, told | {"Content-Length": "9" * 30}).status >= 400
    assert served.ask("DELETE", "/webhook", body, told).status == 405
    for raw in (
        b"\x16\x03\x01\x02\x00\x01",
        b"GET",
        b"POST /webhook HTTP/1.1\r\nHost: x\r\n",
        b"\r\n" * 999,
    ):
        with socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE) as line:
            line.sendall(raw)
    twice = (
        b"".join(f"{name}: {value}\r\n".encode() for name, value in told.items())
        + f"X-Hub-Signature-256: sha256={'0' * 64}\r\n".encode()
    )
    with socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE) as line:
        length = f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
        line.sendall(b"POST /webhook HTTP/1.1\r\nHost: x\r\n" + twice + length + body)
        assert line.recv(99).startswith(b"HTTP/1.1 401")
    assert served.ask("POST", "/webhook", body, told).status == 202


@pytest.mark.parametrize(
    ("environment", "config", "words"),
    [
        ({}, "repository: acme/shop", "REFINERY_WEBHOOK_SECRET is not set"),
        ({"REFINERY_WEBHOOK_SECRET": "short"}, "repository: acme/shop", "is shorter than"),
        ({"REFINERY_WEBHOOK_SECRET": SECRET.decode()}, "tracker: local", "which repository"),
    ],
)
def test_it_does_not_begin_without_what_makes_it_safe(
    box: Sandbox, environment: dict[str, str], config: str, words: str
) -> None:
    box.config(f"version: 1\n{config}\n")
    done = box.run("serve", "--port", "0", env=environment)
    assert done.code in (1, 2)
    assert words in done.err
    assert "hint:" in done.err


def test_two_do_not_work_on_one_spool(served: Served) -> None:
    served.start()
    done = served.box.run("serve", "--port", "0", env={"REFINERY_WEBHOOK_SECRET": SECRET.decode()})
    assert done.code == 1
    assert "another receiver works on" in done.err


def test_a_port_that_is_taken_is_said_so(served: Served) -> None:
    served.start()
    done = served.box.run(
        *("serve", "--port", str(served.port), "--spool", str(served.box.root / "other")),
        env={"REFINERY_WEBHOOK_SECRET": SECRET.decode()},
    )
    assert done.code == 1
    assert f"listen on 127.0.0.1:{served.port}" in done.err


def test_a_server_that_is_not_installed_is_said_so(
    ours: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFINERY_WEBHOOK_SECRET", SECRET.decode())
    monkeypatch.setitem(sys.modules, "waitress.server", None)
    done = ours.cli("serve", "--port", "0")
    assert done.code == 1
    assert "hint: pip install 'git-refinery[serve]'" in done.err
