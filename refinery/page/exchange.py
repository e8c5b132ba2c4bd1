"""A request as the page needs it, an answer as a browser gets it: headers, compression, 304."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl

from refinery.typed import TYPE_CHECKING
from refinery.values import dataclass, field

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LARGEST_FORM = 16 * 1024
HTML = "text/html; charset=utf-8"
SVG = "image/svg+xml; charset=utf-8"

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_ALWAYS = (
    ("Content-Security-Policy", _POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
_REASONS = {
    200: "OK",
    303: "See Other",
    304: "Not Modified",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Content Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for; header names are in lower case."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    is_secure: bool = False
    origin: str = ""

    def cookie(self, name: str) -> str:
        """The value of a cookie; empty where there is none."""
        try:
            found = SimpleCookie(self.headers.get("cookie", "")).get(name)
        except CookieError:
            return ""
        return found.value if found is not None else ""

    def number(self, name: str) -> int:
        """A number in the query; 1 where it is none."""
        told = self.query.get(name, "")
        return int(told) if told.isascii() and told.isdecimal() and len(told) < 9 else 1


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back; `stream` in place of a body for what never ends."""

    status: int
    body: bytes = b""
    kind: str = HTML
    headers: tuple[tuple[str, str], ...] = ()
    stream: Iterator[bytes] | None = None


class TooLarge(ValueError):
    """A form is longer than any of ours."""


def read(environ: WSGIEnvironment) -> Request:
    """The request; a form is read to its end, and no further."""
    headers = {
        key.removeprefix("HTTP_").replace("_", "-").lower(): value
        for key, value in environ.items()
        if key.startswith("HTTP_") and isinstance(value, str)
    }
    method = environ.get("REQUEST_METHOD", "GET")
    path = environ.get("PATH_INFO", "").encode("latin-1", "replace").decode("utf-8", "replace")
    return Request(
        method=method,
        path=path,
        query=_pairs(environ.get("QUERY_STRING", "")),
        headers=headers,
        form=_form(environ) if method == "POST" else {},
        is_secure=_is_secure(environ, headers),
        origin=str(environ.get("REMOTE_ADDR", "")),
    )


def _is_secure(environ: WSGIEnvironment, headers: Mapping[str, str]) -> bool:
    """Whether the browser speaks TLS, to us or to the proxy before us."""
    return "https" in (environ.get("wsgi.url_scheme"), headers.get("x-forwarded-proto"))


def _form(environ: WSGIEnvironment) -> dict[str, str]:
    told = environ.get("CONTENT_LENGTH") or "0"
    length = int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else 0
    if length > LARGEST_FORM:
        raise TooLarge
    return _pairs(environ["wsgi.input"].read(length).decode("utf-8", "replace"))


def _pairs(text: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=50))
    except ValueError:
        return {}


def html(text: str, status: int = 200, *headers: tuple[str, str]) -> Answer:
    """A page."""
    return Answer(status, text.encode("utf-8", "replace"), HTML, headers)


def see(address: str, *headers: tuple[str, str]) -> Answer:
    """Go there; relative to what was asked for."""
    return Answer(303, headers=(("Location", address), *headers))


@dataclass(frozen=True, slots=True)
class Packed:
    """A body that may be kept and sent again: its tag, and itself compressed where that helps."""

    body: bytes
    kind: str
    tag: str
    zipped: bytes | None


def pack(body: bytes, kind: str, *, zip: bool = True) -> Packed:
    """Tag and compress.

    Not what belongs to one visitor: how long a page with their secret gets could tell of it.
    """
    zipped = gzip.compress(body, 6, mtime=0) if zip and len(body) > 1000 else None
    return Packed(body, kind, f'"{hashlib.sha256(body).hexdigest()[:24]}"', zipped)


def send(request: Request, packed: Packed, *headers: tuple[str, str]) -> Answer:
    """The body, or that the browser has it already."""
    told = (("ETag", packed.tag), ("Vary", "Accept-Encoding, Cookie"), *headers)
    if packed.tag in _tags(request.headers.get("if-none-match", "")):
        return Answer(304, b"", packed.kind, told)
    if packed.zipped is not None and _takes_gzip(request.headers.get("accept-encoding", "")):
        return Answer(200, packed.zipped, packed.kind, (*told, ("Content-Encoding", "gzip")))
    return Answer(200, packed.body, packed.kind, told)


def _tags(header: str) -> set[str]:
    return {each.strip().removeprefix("W/") for each in header.split(",")}


def _takes_gzip(header: str) -> bool:
    for each in header.lower().split(","):
        name, _, weight = each.partition(";")
        if name.strip() == "gzip":
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def respond(request: Request, answer: Answer, start: StartResponse) -> Iterable[bytes]:
    """Hand the answer to the server."""
    told = dict(answer.headers)
    headers = [*_ALWAYS, *answer.headers]
    if "Cache-Control" not in told:
        headers.append(("Cache-Control", "no-cache"))
    if answer.stream is not None:
        start(
            f"{answer.status} {_REASONS[answer.status]}", [*headers, ("Content-Type", answer.kind)]
        )
        return answer.stream
    if answer.status != 304:
        headers += [("Content-Type", answer.kind), ("Content-Length", str(len(answer.body)))]
    start(f"{answer.status} {_REASONS[answer.status]}", headers)
    return [b"" if request.method == "HEAD" else answer.body]
