"""The door: size, proof, sense, then kept and answered; nothing that is sent ends it."""

from __future__ import annotations

import random

import pytest

from refinery.webhook import spool as spooling
from refinery.webhook.events import Forge
from tests.webhook import recorded
from tests.webhook.conftest import Door
from tests.webhook.deliveries import SECRET, Answered, closed, encoded, headers, post, pushed

BODY = encoded(closed(7))
SAMPLES = [
    (Forge.GITHUB, "issues", closed(7)),
    (Forge.GITEA, "issues", closed(7)),
    (Forge.GITLAB, "Issue Hook", recorded.gitlab(action="close")),
]


def github(body: bytes = BODY, name: str = "issues", **more: str) -> dict[str, str]:
    return headers(Forge.GITHUB, name, body) | more


@pytest.mark.parametrize(("forge", "name", "payload"), SAMPLES)
def test_a_delivery_is_kept_before_it_is_answered(
    door: Door, forge: Forge, name: str, payload: dict[str, object]
) -> None:
    body = encoded(payload)
    assert post(door.receiver, body, headers(forge, name, body)) == Answered(
        202, {"status": "accepted"}
    )
    [kept] = door.receiver.spool.take(9)
    assert (kept.delivery.forge, kept.delivery.name, kept.delivery.body) == (forge, name, body)
    assert len(door.woken) == 1
    assert door.logged == []


def test_a_delivery_that_comes_again_is_answered_and_not_kept_again(door: Door) -> None:
    first = github()
    for again in (first, first, github()):
        answered = post(door.receiver, BODY, again)
        assert answered.status == 202
    assert answered.document == {"status": "known"}
    assert len(door.receiver.spool.take(9)) == 1
    assert len(door.woken) == 1


@pytest.mark.parametrize(
    ("name", "payload", "document"),
    [
        ("ping", {"zen": "Anything added dilutes everything else."}, {"status": "pong"}),
        (
            "star",
            {"action": "created"},
            {"status": "ignored", "why": "the event 'star' is not acted on"},
        ),
        ("issues", closed(7, "opened"), {"status": "ignored", "why": "an issue was opened"}),
    ],
)
def test_what_nobody_acts_on_is_answered_and_not_kept(
    door: Door, name: str, payload: dict[str, object], document: dict[str, str]
) -> None:
    body = encoded(payload)
    assert post(door.receiver, body, github(body, name)) == Answered(202, document)
    assert door.receiver.spool.take(9) == []


def test_a_forged_one_is_refused_and_logged_without_its_body(door: Door) -> None:
    body = encoded(closed(7) | {"hidden": "do not log me"})
    forged = headers(Forge.GITHUB, "issues", body, id="an-id", secret=b"not the secret")
    answered = post(door.receiver, body, forged)
    assert answered == Answered(401, {"error": "its proof does not hold"})
    assert door.logged == ["refused github 'issues' an-id from 192.0.2.7: its signature is wrong"]
    assert door.receiver.spool.take(9) == []


def test_what_is_logged_cannot_forge_lines_or_show_secrets(door: Door) -> None:
    told = github() | {"X-GitHub-Delivery": "x\nerror: you were hacked\x1b[31m"}
    post(door.receiver, BODY, told | {"X-Hub-Signature-256": f"sha256={SECRET.decode()}"})
    post(door.receiver, BODY, told | {"X-GitHub-Event": "x\ny"})
    assert len(door.logged) == 2
    for line in door.logged:
        assert line.isprintable()
        assert "hacked" not in line
        assert SECRET.decode() not in line


@pytest.mark.parametrize(
    ("path", "method", "length", "more", "status"),
    [
        ("/webhook", "GET", "right", {}, 405),
        ("/webhook", "PUT", "right", {}, 405),
        ("/webhook", "\x00", "right", {}, 405),
        ("/webhook/", "POST", "right", {}, 404),
        ("/", "GET", "right", {}, 404),
        ("//webhook", "POST", "right", {}, 404),
        ("/healthz", "POST", "right", {}, 405),
        ("/webhook", "POST", None, {}, 411),
        ("/webhook", "POST", "", {}, 411),
        ("/webhook", "POST", "-1", {}, 411),
        ("/webhook", "POST", "1e3", {}, 411),
        ("/webhook", "POST", "²", {}, 411),
        ("/webhook", "POST", "100001", {}, 413),
        ("/webhook", "POST", "9" * 5000, {}, 413),
        ("/webhook", "POST", str(len(BODY) + 1), {}, 400),
        ("/webhook", "POST", str(len(BODY) - 1), {}, 401),
        ("/webhook", "POST", "right", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ("/webhook", "POST", "right", {"Content-Type": "text/plain"}, 415),
        ("/webhook", "POST", "right", {"Content-Type": "Application/JSON; charset=utf-8"}, 202),
    ],
)
def test_requests_of_any_other_form_are_told_why(
    door: Door, path: str, method: str, length: str | None, more: dict[str, str], status: int
) -> None:
    answered = post(door.receiver, BODY, github(**more), path=path, method=method, length=length)
    assert answered.status == status
    assert ("error" in answered.document) == (status != 202)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 90_000, b"7" * 5000])
def test_what_is_signed_and_no_json_is_unparsable(door: Door, body: bytes) -> None:
    assert post(door.receiver, body, github(body)).status == 400


def test_a_thousand_mutated_requests_neither_get_in_nor_end_it(door: Door) -> None:
    chance = random.Random(5)
    statuses = set()
    for _ in range(1000):
        forge, name, payload = chance.choice(SAMPLES)
        body = bytearray(encoded(payload))
        told = headers(forge, name, bytes(body))
        _mutate(chance, body, told)
        statuses.add(post(door.receiver, bytes(body), told).status)
    assert statuses <= {400, 401, 411, 413, 415}
    assert door.receiver.spool.take(9) == []
    assert not any("bug" in line for line in door.logged)


def _mutate(chance: random.Random, body: bytearray, told: dict[str, str]) -> None:
    """Spoil the proof: of a forge that signs, anything of the body; of all, what carries it."""
    proofs = [name for name in told if name.endswith(("Signature", "Signature-256", "Token"))]
    proofs = [name for name in proofs if name not in ("X-Hub-Signature", "X-Gogs-Signature")]
    signs = "X-Gitlab-Token" not in told
    if signs and chance.random() < 0.5:
        place = chance.randrange(len(body))
        body[place] ^= chance.randrange(1, 256)
        return
    name = chance.choice(proofs)
    value = told[name]
    place = chance.randrange(len(value))
    told[name] = chance.choice(
        [
            value[:place]
            + chr((ord(value[place]) + chance.randrange(1, 200)) % 256)
            + value[place + 1 :],
            value[:place],
            f"{value}, {value}",
            value.swapcase(),
            "",
            chr(chance.randrange(256)) * 100,
        ]
    )


def test_health_says_what_waits(door: Door) -> None:
    post(door.receiver, BODY, github())
    answered = post(door.receiver, b"", {}, path="/healthz", method="GET", length=None)
    assert answered == Answered(200, {"ok": True, "waiting": 1, "oldest_seconds": 0.0, "failed": 0})


def test_a_spool_that_cannot_be_written_is_said_and_nothing_is_accepted(door: Door) -> None:
    door.receiver.spool._connection.close()
    assert post(door.receiver, BODY, github()).status == 503
    health = post(door.receiver, b"", {}, path="/healthz", method="GET", length=None)
    assert (health.status, health.document["ok"]) == (503, False)


def test_a_full_spool_asks_to_come_again(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooling, "MOST_WAITING", 1)
    assert post(door.receiver, BODY, github()).status == 202
    body = encoded(pushed("topic", "a" * 40))
    assert post(door.receiver, body, github(body, "push")).status == 503


def test_a_bug_is_answered_and_logged_without_what_was_sent(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError(BODY)

    monkeypatch.setattr("refinery.webhook.receiver.parse", broken)
    assert post(door.receiver, BODY, github()).status == 500
    assert door.logged == ["error: a bug in refinery: ValueError while answering a request"]
