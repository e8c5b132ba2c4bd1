"""Who may speak: which forge a delivery comes from, and its proof, checked in constant time."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Mapping, Sequence

from refinery.errors import RefineryError
from refinery.values import dataclass
from refinery.webhook.events import Forge

SECRET = "REFINERY_WEBHOOK_SECRET"
OLD_SECRET = "REFINERY_WEBHOOK_SECRET_OLD"
SHORTEST_SECRET = 8

_EVENT_HEADERS = {
    Forge.GITHUB: ("X-GitHub-Event",),
    Forge.GITLAB: ("X-Gitlab-Event",),
    Forge.GITEA: ("X-Gitea-Event", "X-Forgejo-Event"),
}
_HUB_SIGNATURE = "X-Hub-Signature-256"
_HEX_SIGNATURES = ("X-Gitea-Signature", "X-Forgejo-Signature")
_TOKEN = "X-Gitlab-Token"
_DELIVERY_IDS = {
    Forge.GITHUB: ("X-GitHub-Delivery",),
    Forge.GITLAB: ("Idempotency-Key",),
    Forge.GITEA: ("X-Gitea-Delivery", "X-Forgejo-Delivery"),
}
_EVENT_ID = "X-Gitlab-Event-UUID"
_HEX = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9_. -]{1,100}")
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,200}")

Headers = Mapping[str, str]
"""Header names in lower case; values as WSGI gives them, each byte one Latin-1 letter."""


class NoSecret(RefineryError):
    """Without a secret anybody could speak for the forge."""

    code = "no-secret"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the headers of a delivery say; nothing of it is proven yet."""

    forge: Forge
    name: str
    id: str | None
    salt: str

    def digest(self, body: bytes) -> bytes:
        """What two deliveries have in common only if one is the other once more.

        A signature covers the body and not the headers, so a body that was seen is known under
        whatever id.  A token proves the headers as much as the body, and GitLab's bodies may
        repeat: there the headers count too.
        """
        return hashlib.sha256(self.salt.encode() + b"\0" + body).digest()


@dataclass(frozen=True, slots=True)
class Refused:
    """A delivery that is not let in."""

    why: str


def secrets(environment: Mapping[str, str] = os.environ) -> tuple[bytes, ...]:
    """The secrets that are valid: the one in use, and while it is replaced the old one."""
    given = [environment.get(name, "").rstrip("\r\n") for name in (SECRET, OLD_SECRET)]
    if not given[0]:
        raise NoSecret(
            f"{SECRET} is not set: anybody could speak for the forge",
            hint=f"export {SECRET}=$(openssl rand -hex 32), and enter the same at the forge",
        )
    if any(0 < len(each) < SHORTEST_SECRET for each in given):
        raise NoSecret(
            f"a webhook secret is shorter than {SHORTEST_SECRET} letters: it could be guessed",
            hint=f"export {SECRET}=$(openssl rand -hex 32), and enter the same at the forge",
        )
    return tuple(each.encode() for each in given if each)


def envelope(headers: Headers) -> Envelope | Refused:
    """Which forge speaks of which event.

    Gitea and Forgejo also send the headers of GitHub, so theirs count first.  GitLab sends nobody
    else's: a delivery that claims to be both is neither.
    """
    named = [
        (forge, value)
        for forge in (Forge.GITEA, Forge.GITLAB, Forge.GITHUB)
        for header in _EVENT_HEADERS[forge]
        if (value := headers.get(header.lower())) is not None
    ]
    forges = {forge for forge, _ in named}
    if not named:
        return Refused("no header says which forge and event it is")
    if Forge.GITLAB in forges and len(forges) > 1:
        return Refused("it claims to come from two forges")
    forge, name = named[0]
    if any(value != name for _, value in named) or not _NAME.fullmatch(name):
        return Refused("its headers do not name one event")
    id = _delivery_id(forge, headers)
    salt = id or headers.get(_EVENT_ID.lower(), "") if forge is Forge.GITLAB else ""
    return Envelope(forge, name, id, salt)


def _delivery_id(forge: Forge, headers: Headers) -> str | None:
    """The forge's own id of a delivery, where it sends one that is new each time."""
    for header in _DELIVERY_IDS[forge]:
        given = headers.get(header.lower(), "")
        if _ID.fullmatch(given):
            return given
    return None


def proven(forge: Forge, headers: Headers, body: bytes, secrets: Sequence[bytes]) -> Refused | None:
    """Why a delivery is refused; None where its proof holds for one of the secrets."""
    if not any(secrets):
        return Refused("no secret is set")
    match forge:
        case Forge.GITLAB:
            return _by_token(headers, secrets)
        case Forge.GITHUB:
            foreign = [name for name in (*_HEX_SIGNATURES, _TOKEN) if name.lower() in headers]
            given = [headers.get(_HUB_SIGNATURE.lower())]
        case Forge.GITEA:
            foreign = [_TOKEN] if _TOKEN.lower() in headers else []
            given = [headers[name.lower()] for name in _HEX_SIGNATURES if name.lower() in headers]
    if foreign:
        return Refused(f"it carries {foreign[0]}, which {forge} does not send")
    return _by_signature(forge, given, headers, body, secrets)


def _by_signature(
    forge: Forge,
    given: Sequence[str | None],
    headers: Headers,
    body: bytes,
    secrets: Sequence[bytes],
) -> Refused | None:
    """Every signature that is there must be right, and the forge's own must be there."""
    own = [_hub_digest(each) for each in given] if forge is Forge.GITHUB else list(given)
    if not own or any(each is None or not _HEX.fullmatch(each) for each in own):
        return Refused("it is not signed with HMAC-SHA256")
    also = headers.get(_HUB_SIGNATURE.lower()) if forge is Forge.GITEA else None
    if also is not None:
        own.append(_hub_digest(also) or "")
    return None if _signed(own, body, secrets) else Refused("its signature is wrong")


def _signed(digests: Sequence[str | None], body: bytes, secrets: Sequence[bytes]) -> bool:
    matched = False
    for secret in secrets:  # all of them, whichever matches: time must not tell which
        expected = hmac.new(secret, body, hashlib.sha256).hexdigest()
        same = [hmac.compare_digest(expected, digest or "") for digest in digests]
        matched |= bool(secret) and all(same)
    return matched


def _hub_digest(value: str | None) -> str | None:
    prefix = "sha256="
    if value is None or not value.startswith(prefix):
        return None
    digest = value.removeprefix(prefix)
    return digest if _HEX.fullmatch(digest) else None


def _by_token(headers: Headers, secrets: Sequence[bytes]) -> Refused | None:
    given = headers.get(_TOKEN.lower())
    foreign = [name for name in (_HUB_SIGNATURE, *_HEX_SIGNATURES) if name.lower() in headers]
    if foreign:
        return Refused(f"it carries {foreign[0]}, which gitlab does not send")
    if not given:
        return Refused("it carries no X-Gitlab-Token")
    try:
        token = given.encode("latin-1")
    except UnicodeEncodeError:
        return Refused("its token is wrong")
    matched = False
    for secret in secrets:
        # Digests are compared: the time must not tell how long the secret is either.
        same = hmac.compare_digest(_digest(token), _digest(secret))
        matched |= bool(secret) and same
    return None if matched else Refused("its token is wrong")


def _digest(secret: bytes) -> bytes:
    return hashlib.sha256(secret).digest()
