"""Deliveries as forges make them: payloads cut down to what counts, signed as each forge signs."""

from __future__ import annotations

import hashlib
import hmac
import io
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from refinery.webhook.events import Forge
from refinery.webhook.receiver import Receiver

SECRET = b"a secret that is long enough"
REPOSITORY = "acme/shop"
ZERO = "0" * 40

_ids = itertools.count(1)


def closed(number: int, action: str = "closed", **more: Any) -> dict[str, Any]:
    """An issue was closed, or whatever the action says."""
    return {"action": action, "issue": {"number": number}, **_repository(), **more}


def pushed(branch: str, after: str, before: str = ZERO) -> dict[str, Any]:
    """A branch moved."""
    return {"ref": f"refs/heads/{branch}", "before": before, "after": after, **_repository()}


def pull_request(
    number: int, source: str, head: str, *, target: str = "main", **more: Any
) -> dict[str, Any]:
    """A pull request of this repository with our label was labelled with it."""
    repo = {"full_name": REPOSITORY}
    facts = {
        "number": number,
        "state": "open",
        "title": f"Pull {source}",
        "head": {"ref": source, "sha": head, "repo": repo},
        "base": {"ref": target, "repo": repo},
        "labels": [{"name": "merge-queue"}],
        **more.pop("pull_request", {}),
    }
    told = {"action": "labeled", "label": {"name": "merge-queue"}, "pull_request": facts}
    return {**told, **_repository(), **more}


def _repository() -> dict[str, Any]:
    return {"repository": {"full_name": REPOSITORY}}


def encoded(payload: Mapping[str, Any]) -> bytes:
    return json.dumps(payload).encode()


def digest(body: bytes, secret: bytes = SECRET) -> str:
    return hmac.new(secret, body, hashlib.sha256).hexdigest()


def headers(
    forge: Forge,
    name: str,
    body: bytes,
    *,
    id: str | None = None,
    secret: bytes = SECRET,
) -> dict[str, str]:
    """What the forge sends along; each delivery has a new id unless one is given."""
    told = id or f"delivery-{next(_ids)}"
    signed = digest(body, secret)
    github = {
        "X-GitHub-Event": name,
        "X-GitHub-Delivery": told,
        "X-Hub-Signature-256": f"sha256={signed}",
        "X-Hub-Signature": f"sha1={hmac.new(secret, body, hashlib.sha1).hexdigest()}",
    }
    match forge:
        case Forge.GITHUB:
            own = github
        case Forge.GITEA:
            gitea = {"Event": name, "Event-Type": name, "Delivery": told, "Signature": signed}
            own = github | {f"X-Gitea-{key}": value for key, value in gitea.items()}
            own |= {f"X-Gogs-{key}": value for key, value in gitea.items()}
        case Forge.GITLAB:
            own = {
                "X-Gitlab-Event": name,
                "X-Gitlab-Token": secret.decode("latin-1"),
                "Idempotency-Key": told,
                "X-Gitlab-Event-UUID": f"event-{told}",
            }
    return {"Content-Type": "application/json", "User-Agent": "a forge", **own}


@dataclass(frozen=True)
class Answered:
    """What a receiver said."""

    status: int
    document: dict[str, Any]


def post(
    app: Receiver,
    body: bytes,
    headers: Mapping[str, str],
    *,
    path: str = "/webhook",
    method: str = "POST",
    length: str | None = "right",
) -> Answered:
    """One request to the application, as a WSGI server makes it."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "REMOTE_ADDR": "192.0.2.7",
        "wsgi.input": io.BytesIO(body),
    }
    if length is not None:
        environ["CONTENT_LENGTH"] = str(len(body)) if length == "right" else length
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        environ["CONTENT_TYPE" if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    said: list[str] = []
    answer = b"".join(app(environ, lambda status, headers: said.append(status)))  # type: ignore[arg-type,misc,return-value]
    return Answered(int(said[0].split(" ")[0]), json.loads(answer))
