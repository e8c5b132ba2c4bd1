"""The door for forges: a WSGI application that checks, keeps and answers; the work comes later."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence

from refinery.queue.openmetrics import CONTENT_TYPE
from refinery.store.message import one_line
from refinery.typed import TYPE_CHECKING, Any
from refinery.values import dataclass
from refinery.webhook.events import Ignored, Ping
from refinery.webhook.parsing import parse
from refinery.webhook.payload import Unparsable, read
from refinery.webhook.signature import Envelope, Refused, envelope, proven
from refinery.webhook.spool import Delivery, Health, Spool, SpoolFull, SpoolUnusable, Taken

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LARGEST_BODY = 25 * 1024 * 1024  # GitHub sends no more
USUAL_BODY = 5 * 1024 * 1024
_REASONS = {
    200: "OK",
    202: "Accepted",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    411: "Length Required",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: a status and a small JSON document, or metrics in its place."""

    status: int
    document: Mapping[str, Any]
    headers: tuple[tuple[str, str], ...] = ()
    metrics: str | None = None

    @property
    def kind(self) -> str:
        """The content type."""
        return "application/json" if self.metrics is None else CONTENT_TYPE

    @property
    def body(self) -> bytes:
        """The content."""
        if self.metrics is not None:
            return self.metrics.encode()
        return json.dumps(self.document).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Receiver:
    """`woken` is called when there is new work; `log` gets lines without secrets or bodies.

    `metrics` has the text for a scrape, or None while there is none.
    """

    spool: Spool
    secrets: Sequence[bytes]
    log: Callable[[str], None]
    woken: Callable[[], None]
    largest: int = USUAL_BODY
    metrics: Callable[[Health], str | None] | None = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request; whatever it is, the next one is answered too."""
        try:
            answer = self._answer(environ)
        except SpoolFull as full:
            answer = Answer(503, {"error": full.message}, (("Retry-After", "60"),))
        except SpoolUnusable as trouble:
            self.log(f"error: {trouble.message}")
            answer = Answer(503, {"error": "deliveries cannot be kept"}, (("Retry-After", "60"),))
        except Exception as error:
            self.log(f"error: a bug in refinery: {type(error).__name__} while answering a request")
            answer = Answer(500, {"error": "a bug in refinery"})
        body = answer.body
        start_response(
            f"{answer.status} {_REASONS[answer.status]}",
            [
                ("Content-Type", answer.kind),
                ("Content-Length", str(len(body))),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
                *answer.headers,
            ],
        )
        return [body]

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        match environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", ""):
            case "/healthz", "GET" | "HEAD":
                return self._health()
            case "/healthz", _:
                return Answer(405, {"error": "GET it"}, (("Allow", "GET, HEAD"),))
            case "/metrics", "GET" | "HEAD" if self.metrics is not None:
                return self._scrape(self.metrics)
            case "/metrics", _ if self.metrics is not None:
                return Answer(405, {"error": "GET it"}, (("Allow", "GET, HEAD"),))
            case "/webhook", "POST":
                return self._delivery(environ)
            case "/webhook", _:
                return Answer(405, {"error": "POST to it"}, (("Allow", "POST"),))
            case _:
                return Answer(404, {"error": "there are POST /webhook, GET /healthz and /metrics"})

    def _health(self) -> Answer:
        try:
            health = self.spool.health()
        except SpoolUnusable as trouble:
            self.log(f"error: {trouble.message}")
            return Answer(503, {"ok": False, "error": "deliveries cannot be kept"})
        return Answer(
            200,
            {
                "ok": True,
                "waiting": health.waiting,
                "oldest_seconds": None if health.oldest is None else round(health.oldest, 3),
                "failed": health.failed,
            },
        )

    def _scrape(self, metrics: Callable[[Health], str | None]) -> Answer:
        text = metrics(self.spool.health())
        if text is None:
            return Answer(503, {"error": "there are no figures now"}, (("Retry-After", "5"),))
        return Answer(200, {}, metrics=text)

    def _delivery(self, environ: WSGIEnvironment) -> Answer:
        """Size, then proof, then sense; then it is kept, and only then answered for."""
        body = self._body(environ)
        if isinstance(body, Answer):
            return body
        headers = _headers(environ)
        outside = envelope(headers)
        if isinstance(outside, Refused):
            return self._refuse(environ, "a delivery", outside.why)
        refused = proven(outside.forge, headers, body, self.secrets)
        if refused is not None:
            what = f"{outside.forge} {outside.name!r} {outside.id or 'without an id'}"
            return self._refuse(environ, what, refused.why)
        if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != "application/json":
            return Answer(415, {"error": "choose the content type application/json at the forge"})
        try:
            told = parse(outside.forge, outside.name, read(body))
        except Unparsable as error:
            return Answer(400, {"error": error.message})
        if isinstance(told.event, Ping):
            return Answer(202, {"status": "pong"})
        if isinstance(told.event, Ignored):
            return Answer(202, {"status": "ignored", "why": told.event.why})
        return self._kept(outside, body)

    def _kept(self, outside: Envelope, body: bytes) -> Answer:
        digest = outside.digest(body)
        taken = self.spool.put(Delivery(outside.forge, outside.name, outside.id, digest, body))
        if taken is Taken.NEW:
            self.woken()
        return Answer(202, {"status": taken.value})

    def _body(self, environ: WSGIEnvironment) -> bytes | Answer:
        told = environ.get("CONTENT_LENGTH") or ""
        if not told.isascii() or not told.isdecimal():
            return Answer(411, {"error": "say how long it is: Content-Length"})
        if len(told) > 12 or int(told) > self.largest:
            return Answer(413, {"error": f"at most {self.largest} bytes are taken"})
        body: bytes = environ["wsgi.input"].read(int(told))
        if len(body) != int(told):
            return Answer(400, {"error": "it is shorter than it says"})
        return body

    def _refuse(self, environ: WSGIEnvironment, what: str, why: str) -> Answer:
        """Nothing of the body is said, and nothing that tells a forger how close it was."""
        origin = one_line(str(environ.get("REMOTE_ADDR", "")))[:100] or "nowhere"
        self.log(f"refused {what} from {origin}: {why}")
        return Answer(401, {"error": "its proof does not hold"})


def _headers(environ: WSGIEnvironment) -> dict[str, str]:
    """The request's headers, names in lower case."""
    return {
        key.removeprefix("HTTP_").replace("_", "-").lower(): value
        for key, value in environ.items()
        if key.startswith("HTTP_") and isinstance(value, str)
    }
