"""Nobody speaks for a forge without its secret, however the headers are arranged."""

from __future__ import annotations

import hashlib
import hmac
import random

import pytest

from refinery.webhook.events import Forge
from refinery.webhook.signature import (
    Envelope,
    NoSecret,
    Refused,
    envelope,
    proven,
    secrets,
)
from tests.webhook.deliveries import SECRET, closed, digest, encoded, headers

BODY = encoded(closed(7))
NAMES = {Forge.GITHUB: "issues", Forge.GITEA: "issues", Forge.GITLAB: "Issue Hook"}


def lower(told: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in told.items()}


def let_in(told: dict[str, str], body: bytes = BODY, given: tuple[bytes, ...] = (SECRET,)) -> bool:
    outside = envelope(lower(told))
    if isinstance(outside, Refused):
        return False
    return proven(outside.forge, lower(told), body, given) is None


@pytest.mark.parametrize("forge", Forge)
def test_each_forge_is_let_in_with_its_secret(forge: Forge) -> None:
    told = headers(forge, NAMES[forge], BODY, id="an-id")
    outside = envelope(lower(told))
    assert isinstance(outside, Envelope)
    assert (outside.forge, outside.name, outside.id) == (forge, NAMES[forge], "an-id")
    assert let_in(told)


def test_forgejo_is_let_in_by_its_own_headers() -> None:
    signed = {"X-Forgejo-Event": "push", "X-Forgejo-Signature": digest(BODY)}
    assert let_in(signed)
    assert let_in(signed | {"X-Gitea-Event": "push", "X-Gitea-Signature": digest(BODY)})
    assert not let_in(signed | {"X-Gitea-Event": "push", "X-Gitea-Signature": "0" * 64})
    assert not let_in(signed | {"X-Forgejo-Signature": "0" * 64, "X-Gitea-Signature": digest(BODY)})


@pytest.mark.parametrize("forge", Forge)
def test_the_old_secret_holds_while_it_is_replaced(forge: Forge) -> None:
    told = headers(forge, NAMES[forge], BODY, secret=b"the old secret")
    assert let_in(told, given=(SECRET, b"the old secret"))
    assert not let_in(told)


@pytest.mark.parametrize("forge", Forge)
@pytest.mark.parametrize("given", [(), (b"",), (b"", b"")])
def test_without_a_secret_nobody_is_let_in(forge: Forge, given: tuple[bytes, ...]) -> None:
    for secret in (b"", SECRET):
        assert not let_in(headers(forge, NAMES[forge], BODY, secret=secret), given=given)


GITHUB = headers(Forge.GITHUB, "issues", BODY)
GITEA = headers(Forge.GITEA, "issues", BODY)
GITLAB = headers(Forge.GITLAB, "Issue Hook", BODY)
RIGHT = f"sha256={digest(BODY)}"
SHA1 = hmac.new(SECRET, BODY, hashlib.sha1).hexdigest()


def without(told: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in told.items() if name not in names}


@pytest.mark.parametrize(
    "told",
    [
        without(GITHUB, "X-Hub-Signature-256"),
        without(GITHUB, "X-Hub-Signature-256", "X-Hub-Signature"),
        without(GITHUB, "X-GitHub-Event"),
        GITHUB | {"X-Hub-Signature-256": ""},
        GITHUB | {"X-Hub-Signature-256": digest(BODY)},
        GITHUB | {"X-Hub-Signature-256": f"sha1={SHA1}"},
        GITHUB | {"X-Hub-Signature-256": f"sha512={digest(BODY)}"},
        GITHUB | {"X-Hub-Signature-256": f"SHA256={digest(BODY)}"},
        GITHUB | {"X-Hub-Signature-256": f"sha256={digest(BODY).upper()}"},
        GITHUB | {"X-Hub-Signature-256": f"{RIGHT},{RIGHT}"},
        GITHUB | {"X-Hub-Signature-256": f"{RIGHT}, sha256={'0' * 64}"},
        GITHUB | {"X-Hub-Signature-256": f"sha256={'0' * 64}, {RIGHT}"},
        GITHUB | {"X-Hub-Signature-256": f" {RIGHT}"},
        GITHUB | {"X-Hub-Signature-256": f"{RIGHT}\n"},
        GITHUB | {"X-Hub-Signature-256": RIGHT[:-1]},
        GITHUB | {"X-Hub-Signature-256": "sha256=" + "é" * 64},
        GITHUB | {"X-Hub-Signature-256": "sha256=" + "\N{FULLWIDTH DIGIT ONE}" * 64},
        GITHUB | {"X-Gitea-Signature": digest(BODY)},
        GITHUB | {"X-Gitlab-Token": SECRET.decode()},
        GITHUB | {"X-Gitlab-Event": "Issue Hook", "X-Gitlab-Token": SECRET.decode()},
        GITHUB | {"X-Gitea-Event": "issues"},
        GITHUB | {"X-GitHub-Event": "issues, push"},
        GITHUB | {"X-GitHub-Event": ""},
        GITHUB | {"X-GitHub-Event": "x" * 101},
        GITHUB | {"X-GitHub-Event": "issues\x1b[31m"},
        without(GITEA, "X-Gitea-Signature"),
        GITEA | {"X-Gitea-Signature": ""},
        GITEA | {"X-Gitea-Signature": RIGHT},
        GITEA | {"X-Gitea-Signature": "0" * 64},
        GITEA | {"X-Hub-Signature-256": f"sha256={'0' * 64}"},
        GITEA | {"X-Hub-Signature-256": "nonsense"},
        GITEA | {"X-Gitea-Event": "push"} | {"X-Forgejo-Event": "issues"},
        GITEA | {"X-Gitlab-Token": SECRET.decode()},
        without(GITLAB, "X-Gitlab-Token"),
        GITLAB | {"X-Gitlab-Token": ""},
        GITLAB | {"X-Gitlab-Token": SECRET.decode()[:-1]},
        GITLAB | {"X-Gitlab-Token": SECRET.decode() + " "},
        GITLAB | {"X-Gitlab-Token": f"{SECRET.decode()}, {SECRET.decode()}"},
        GITLAB | {"X-Gitlab-Token": "\N{SNOWMAN}"},
        GITLAB | {"X-Gitlab-Token": "é" * 28},
        without(GITLAB, "X-Gitlab-Token") | {"X-Hub-Signature-256": RIGHT},
        GITLAB | {"X-Hub-Signature-256": RIGHT},
        {"X-Gogs-Event": "push", "X-Gogs-Signature": digest(BODY)},
        {},
    ],
)
def test_headers_that_say_anything_else_are_refused(told: dict[str, str]) -> None:
    assert not let_in(told)


@pytest.mark.parametrize("forge", [Forge.GITHUB, Forge.GITEA])
def test_no_mutated_body_or_signature_is_let_in(forge: Forge) -> None:
    chance = random.Random(4)
    told = headers(forge, "issues", BODY)
    for _ in range(1000):
        body = bytearray(BODY)
        place = chance.randrange(len(body))
        body[place] = (body[place] + chance.randrange(1, 256)) % 256
        assert not let_in(told, bytes(body))
        name = chance.choice(["X-Hub-Signature-256", "X-Gitea-Signature"])
        value = list(told.get(name, RIGHT))
        value[chance.randrange(len(value))] = chance.choice("0123456789abcdefgz=, \x00é")
        changed = "".join(value)
        if changed != told.get(name):
            assert not let_in(told | {name: changed})


def test_a_body_that_was_seen_is_known_under_any_id() -> None:
    one, other = (envelope(lower(headers(Forge.GITHUB, "issues", BODY))) for _ in range(2))
    assert isinstance(one, Envelope)
    assert isinstance(other, Envelope)
    assert one.id != other.id
    assert one.digest(BODY) == other.digest(BODY) != one.digest(BODY + b" ")


def test_gitlabs_bodies_may_repeat() -> None:
    one, other = (envelope(lower(headers(Forge.GITLAB, "Push Hook", BODY))) for _ in range(2))
    assert isinstance(one, Envelope)
    assert isinstance(other, Envelope)
    assert one.digest(BODY) != other.digest(BODY)


def test_secrets_come_from_the_environment_and_nowhere_else() -> None:
    new, old = "a new secret", "an old secret"
    assert secrets({"REFINERY_WEBHOOK_SECRET": f"{new}\n"}) == (new.encode(),)
    both = {"REFINERY_WEBHOOK_SECRET": new, "REFINERY_WEBHOOK_SECRET_OLD": old}
    assert secrets(both) == (new.encode(), old.encode())


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"REFINERY_WEBHOOK_SECRET": ""},
        {"REFINERY_WEBHOOK_SECRET": "\n"},
        {"REFINERY_WEBHOOK_SECRET": "short"},
        {"REFINERY_WEBHOOK_SECRET_OLD": "an old secret"},
        {"REFINERY_WEBHOOK_SECRET": "a new secret", "REFINERY_WEBHOOK_SECRET_OLD": "short"},
    ],
)
def test_without_a_good_secret_there_is_none(environment: dict[str, str]) -> None:
    with pytest.raises(NoSecret):
        secrets(environment)
