"""The site as a WSGI application: who is let in, what is answered at once, what is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import BoundedSemaphore, Lock, Thread

from refinery.errors import RefineryError
from refinery.page import badges, exchange
from refinery.page.acting import Acting
from refinery.page.assets import KINDS, asset
from refinery.page.exchange import Answer, Packed, Request
from refinery.page.links import Links
from refinery.page.pages import Pages, Visit, depth_of, reading, unavailable
from refinery.page.rendering import Frame
from refinery.page.streaming import STREAMS, Streams
from refinery.page.watching import Seen, Watch
from refinery.records.times import now
from refinery.typed import TYPE_CHECKING
from refinery.values import dataclass, field

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

AT_ONCE = 12  # pages that are made at the same time; who comes then is asked to come again
MOST_KEPT = 200
LAST_WAIT = 60.0  # seconds for the first look at a queue
_FOR_EVER = ("Cache-Control", "public, max-age=31536000, immutable")
_A_MINUTE = ("Cache-Control", "public, max-age=60")
_PLAIN = "text/plain; charset=utf-8"
_STREAM = "text/event-stream; charset=utf-8"


@dataclass(slots=True)
class Site:
    """`name` is the repository's, for pages that are shown before anything is known."""

    name: str
    watch: Watch
    pages: Pages
    acting: Acting
    streams: Streams
    log: Callable[[str], None]
    _making: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(AT_ONCE))
    _kept: dict[tuple[str, ...], Packed] = field(default_factory=dict)
    _number: int = 0
    _keeping: Lock = field(default_factory=Lock)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request; whatever it is, the next one is answered too."""
        request = Request("GET", "/")
        try:
            request = exchange.read(environ)
            answer = self._answer(request)
        except exchange.TooLarge:
            answer = Answer(413, b"no form of this page is as large\n", _PLAIN)
        except Exception as error:
            self.log(f"error: a bug in refinery: {type(error).__name__}: {error}")
            answer = Answer(500, b"a bug in refinery; its log says more\n", _PLAIN)
        return exchange.respond(request, answer, start_response)

    def start(self) -> None:
        """Begin to look at the queue, and have ready what takes its time the first time."""
        self.watch.start()
        Thread(target=self._warm, name="page-archive", daemon=True).start()

    def _warm(self) -> None:
        seen = self.watch.newest(wait=LAST_WAIT)
        try:
            if seen is not None:
                first = Request("GET", "/")
                self._made(first, self._visit(first, seen))
                self.pages.library.ended(seen.snapshot)
        except RefineryError as trouble:
            self.log(f"warning: page: {trouble.message}")

    @property
    def threads(self) -> int:
        """How many it keeps busy at most: a server needs as many more than without it."""
        return AT_ONCE + STREAMS

    def close(self) -> None:
        """No more news; end the processes that were started."""
        self.watch.close()
        self.pages.library.close()

    def _answer(self, request: Request) -> Answer:
        name, _, rest = request.path.removeprefix("/").partition("/")
        is_door = name in _DOORS and not rest and (request.method == "POST" or name == "sign-in")
        if request.method not in ("GET", "HEAD") and not (is_door and request.method == "POST"):
            return _wrong(405, "only GET", ("Allow", "GET, HEAD"))
        match name:
            case "events" if not rest:
                return self._news(request)
            case "assets":
                return _asset(request, rest)
            case "badge":
                return self._badge(request, rest)
            case _:
                return self._in_turn(request, name if is_door else "")

    def _in_turn(self, request: Request, door: str) -> Answer:
        if not self._making.acquire(blocking=False):
            return _wrong(503, "too many ask at once; try again", ("Retry-After", "1"))
        try:
            return self._door(request, door) if door else self._page(request)
        finally:
            self._making.release()

    def _door(self, request: Request, name: str) -> Answer:
        frame = self._frame(request)
        match name:
            case "sign-in":
                return self.acting.sign_in(request, frame)
            case "sign-out":
                return self.acting.sign_out(request, frame)
            case _:
                return self.acting.act(request, frame)

    def _frame(self, request: Request) -> Frame:
        """What stands around a page that is not about the queue as it is now."""
        seen = self.watch.newest()
        if seen is not None:
            return self._visit(request, seen).frame
        links = Links(depth=depth_of(request.path))
        return Frame(self.name, links, now(), live=True, tokens=self.acting.access.is_open)

    def _visit(self, request: Request, seen: Seen) -> Visit:
        visitor = self.acting.visitor(request)
        return Visit(request, seen, visitor, self.acting.access.is_open)

    def _news(self, request: Request) -> Answer:
        headers = (("Cache-Control", "no-store"), ("X-Accel-Buffering", "no"))
        if request.method == "HEAD":
            return Answer(200, b"", _STREAM, headers)
        return Answer(200, b"", _STREAM, headers, self.streams.stream())

    def _badge(self, request: Request, rest: str) -> Answer:
        name, dot, ending = rest.rpartition(".")
        if not name or dot + ending != ".svg":
            return _wrong(404, "badges are called badge/queue.svg and badge/target/BRANCH.svg")
        seen = self.watch.newest()
        known = badges.badge(seen.snapshot.board, name) if seen is not None else None
        picture = badges.svg(known or badges.unknown(name)).encode("utf-8", "replace")
        return exchange.send(request, exchange.pack(picture, exchange.SVG, zip=False), _A_MINUTE)

    def _page(self, request: Request) -> Answer:
        seen = self.watch.newest()
        if seen is None:
            trouble, frame = self.watch.trouble, self._frame(request)
            return unavailable(frame, trouble) if trouble else reading(frame)
        return self._made(request, self._visit(request, seen))

    def _made(self, request: Request, visit: Visit) -> Answer:
        """A page, made once for each state of the queue."""
        who = visit.visitor.csrf if visit.visitor else ""
        query = [f"{key}={value}" for key, value in sorted(request.query.items())]
        key = (who, request.path, *query)
        packed = self._known(visit.seen.number, key)
        if packed is None:
            made = self.pages.make(visit)
            if isinstance(made, Answer):
                return made
            body = made.encode("utf-8", "replace")
            packed = exchange.pack(body, exchange.HTML, zip=not who)
            self._keep(visit.seen.number, key, packed)
        return exchange.send(request, packed, *((_PRIVATE,) if who else ()))

    def _known(self, number: int, key: tuple[str, ...]) -> Packed | None:
        with self._keeping:
            return self._kept.get(key) if number == self._number else None

    def _keep(self, number: int, key: tuple[str, ...], packed: Packed) -> None:
        with self._keeping:
            if number > self._number:
                self._kept.clear()
                self._number = number
            if number == self._number and len(self._kept) < MOST_KEPT:
                self._kept[key] = packed


_DOORS = frozenset({"sign-in", "sign-out", "act"})
_PRIVATE = ("Cache-Control", "private, no-cache")


def _asset(request: Request, name: str) -> Answer:
    if name not in KINDS:
        return _wrong(404, "no such file")
    packed = exchange.pack(asset(name), KINDS[name])
    return exchange.send(request, packed, _FOR_EVER if "v" in request.query else _A_MINUTE)


def _wrong(status: int, words: str, *headers: tuple[str, str]) -> Answer:
    return Answer(status, f"{words}\n".encode(), _PLAIN, headers)
