"""Who may act: one token, shown once in a form, and the signed cookie that stands for it."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Mapping
from threading import Lock

from refinery.errors import RefineryError
from refinery.page.rendering import Visitor
from refinery.store.message import one_line
from refinery.values import dataclass, field

TOKEN = "REFINERY_PAGE_TOKEN"
SHORTEST_TOKEN = 16
COOKIE = "refinery-visitor"
LASTS = 12 * 3600  # seconds
LONGEST_NAME = 60
MOST_FAILURES = 10  # wrong tokens within:
FAILURES_FORGOTTEN = 60.0  # seconds, from everywhere together


class WeakToken(RefineryError):
    """A token that could be guessed protects nothing."""

    code = "weak-token"


def token(environment: Mapping[str, str] = os.environ) -> bytes | None:
    """The token; None where nobody may act."""
    given = environment.get(TOKEN, "").rstrip("\r\n")
    if given and len(given) < SHORTEST_TOKEN:
        raise WeakToken(
            f"{TOKEN} is shorter than {SHORTEST_TOKEN} characters",
            hint=f"export {TOKEN}=$(openssl rand -hex 32)",
        )
    return given.encode("utf-8", "surrogateescape") or None


@dataclass(slots=True)
class Access:
    """What the token opens; what it stands for is signed with a key made of it.

    Whoever has a cookie can act until it ends or the token is replaced; no cookie tells the token.
    """

    token: bytes | None
    clock: Callable[[], float] = time.time
    _failures: list[float] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    @property
    def is_open(self) -> bool:
        """Whether a token would be taken at all."""
        return self.token is not None

    def shows(self, given: str) -> bool:
        """Whether it is the token; the time this takes tells nothing."""
        if self.token is None:
            return False
        return hmac.compare_digest(
            hashlib.sha256(given.encode("utf-8", "surrogatepass")).digest(),
            hashlib.sha256(self.token).digest(),
        )

    def is_guessed_at(self) -> bool:
        """Whether so many wrong ones came lately that none is looked at."""
        with self._lock:
            since = self.clock() - FAILURES_FORGOTTEN
            self._failures[:] = [at for at in self._failures if at > since]
            return len(self._failures) >= MOST_FAILURES

    def failed(self) -> None:
        """A wrong token came."""
        with self._lock:
            self._failures.append(self.clock())

    def cookie(self, name: str) -> str:
        """The value of a cookie for somebody who showed the token."""
        until = int(self.clock()) + LASTS
        told = urlsafe_b64encode(called(name).encode("utf-8", "replace")).decode()
        said = f"{until}.{secrets.token_hex(16)}.{told}"
        return f"{said}.{self._sign('cookie', said)}"

    def visitor(self, cookie: str) -> Visitor | None:
        """Who a cookie stands for; None for a stranger."""
        said, _, signature = cookie.rpartition(".")
        if self.token is None or not _same(signature, self._sign("cookie", said)):
            return None
        until, _, rest = said.partition(".")
        if int(until) <= self.clock():
            return None
        try:
            name = urlsafe_b64decode(rest.partition(".")[2]).decode()
        except (NotBase64, UnicodeDecodeError):
            return None
        return Visitor(name, self._sign("form", said))

    def is_own(self, visitor: Visitor, csrf: str) -> bool:
        """Whether a form was made by the page for this very visitor."""
        return _same(csrf, visitor.csrf)

    def _sign(self, purpose: str, text: str) -> str:
        key = hmac.digest(self.token or b"", b"refinery page", "sha256")
        told = f"{purpose}\0{text}".encode("utf-8", "replace")
        return hmac.new(key, told, "sha256").hexdigest()


def called(name: str) -> str:
    """How somebody is written into the queue's log."""
    return one_line(name)[:LONGEST_NAME].strip() or "somebody"


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
