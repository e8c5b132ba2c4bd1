"""A proxy on loopback in front of a forge: it can break down, and add what an emulator lacks."""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}
_LONGEST_HANG = 30.0


@dataclass(frozen=True)
class Asked:
    """One request, as it reached the proxy."""

    method: str
    path: str  # without the query
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]  # names in lower case
    body: bytes = b""
    target: str = ""

    @property
    def json(self) -> Any:
        """Its body."""
        return json.loads(self.body or b"null")

    @property
    def writes(self) -> bool:
        """Whether it asks for a change."""
        return self.method not in {"GET", "HEAD"}


@dataclass(frozen=True)
class Answer:
    """One response; `body` is bytes, or a value that is sent as JSON."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        """The body as a value."""
        return json.loads(self.body or b"null") if isinstance(self.body, bytes) else self.body


Forward = Callable[[Asked], Answer]
Extension = Callable[[Asked, Forward], Answer | None]


@dataclass
class Fault:
    """What happens to requests instead of being served; `answer=None` ends the connection.

    `performed`: the server does what was asked first, and only its answer is lost.
    `times`: for so many requests, None: until the proxy is healed.
    """

    answer: Answer | None = None
    performed: bool = False
    hangs: bool = False
    delay: float = 0.0
    times: int | None = None
    when: Callable[[Asked], bool] = lambda asked: True


class FaultProxy:
    """Listens on a free port at once; what it forwards to can be said later."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.extensions: list[Extension] = []
        self._upstream: tuple[str, int] | None = None
        self._faults: list[Fault] = []
        self._lock = threading.RLock()  # what a fault is limited to may look at the proxy
        self._healed = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        """Where clients find it."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def forward_to(self, url: str) -> None:
        """Where the real server is."""
        parts = urlsplit(url)
        assert parts.hostname
        self._upstream = (parts.hostname, parts.port or 80)

    def break_down(self, fault: Fault) -> None:
        """From now on this happens; the fault that was added last is looked at first."""
        with self._lock:
            self._faults.insert(0, fault)

    def heal(self) -> None:
        """No fault is left, and whoever hangs is let go."""
        with self._lock:
            self._faults.clear()
            self._healed.set()
            self._healed = threading.Event()

    def forget(self) -> None:
        """Forget what was asked."""
        with self._lock:
            self.asked.clear()

    def count(self, method: str, path: str) -> int:
        """How often this was asked."""
        return sum((one.method, one.path) == (method, path) for one in self.asked)

    def close(self) -> None:
        """Stop listening."""
        self.heal()
        self._server.shutdown()
        self._server.server_close()

    def serve(self, asked: Asked) -> Answer | None:
        """What becomes of one request; None: the connection ends without an answer."""
        with self._lock:
            self.asked.append(asked)
            fault = self._fault(asked)
            healed = self._healed
        if fault is None:
            return self._answer(asked)
        if fault.delay:
            time.sleep(fault.delay)
            return self._answer(asked)
        if fault.performed:
            self._answer(asked)
        if fault.hangs:
            healed.wait(_LONGEST_HANG)
            return None
        return fault.answer

    def _fault(self, asked: Asked) -> Fault | None:
        for fault in self._faults:
            if fault.times != 0 and fault.when(asked):
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None

    def _answer(self, asked: Asked) -> Answer:
        for extension in self.extensions:
            answer = extension(asked, self.forward)
            if answer is not None:
                return answer
        return self.forward(asked)

    def forward(self, asked: Asked) -> Answer:
        """What the real server answers."""
        assert self._upstream, "nothing to forward to"
        connection = http.client.HTTPConnection(*self._upstream, timeout=30)
        try:
            headers = {name: told for name, told in asked.headers.items() if name != "host"}
            connection.request(asked.method, asked.target or asked.path, asked.body, headers)
            response = connection.getresponse()
            return Answer(response.status, response.read(), dict(response.getheaders()))
        finally:
            connection.close()


def replaced(asked: Asked, *, path: str, method: str = "GET", body: Any = None) -> Asked:
    """Another request of the same client."""
    content = b"" if body is None else json.dumps(body).encode()
    headers = {name: told for name, told in asked.headers.items() if name not in _HOP_BY_HOP}
    return replace(asked, method=method, path=path, target=path, body=content, headers=headers)


def _handler(proxy: FaultProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            # Headers and body are two writes: without this each answer waits 40 ms for an ACK.
            self.connection.setsockopt(6, 1, True)

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            parts = urlsplit(self.path)
            asked = Asked(
                self.command,
                parts.path,
                parse_qs(parts.query),
                {name.lower(): told for name, told in self.headers.items()},
                self.rfile.read(length),
                self.path,
            )
            answer = proxy.serve(asked)
            if answer is None:
                self.close_connection = True
                return
            self._send(answer)

        def _send(self, answer: Answer) -> None:
            body = answer.body
            content = body if isinstance(body, bytes) else _as_json(body)
            self.send_response_only(answer.status)
            for name, told in answer.headers.items():
                if name.lower() not in _HOP_BY_HOP:
                    self.send_header(name, told)
            if not any(name.lower() == "content-type" for name in answer.headers):
                self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

        def handle(self) -> None:
            with contextlib.suppress(OSError):  # the client did not wait for the answer
                super().handle()

    return Handler


def _as_json(value: Any) -> bytes:
    return b"" if value is None else json.dumps(value).encode()
