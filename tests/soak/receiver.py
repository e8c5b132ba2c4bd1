"""What apprise's `json://` talks to: keeps every message it ever took."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

AGAIN = "You may have this already"
_ID = re.compile(r"\bmr-[a-z0-9]{10}\b")
_MORE = re.compile(r"^- and (\d+) more$", re.MULTILINE)


class Receiver:
    """A chat; `heard` is what it was told of whom, and how often."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append(json.loads(body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def address(self) -> str:
        """What the variable of a channel holds."""
        return f"json://127.0.0.1:{self._server.server_address[1]}/chat"

    def heard(self, *, again: bool) -> Counter[tuple[str, str]]:
        """(what, merge request) of the messages that say, or do not, that one may have them."""
        return Counter(
            (message["title"].partition(":")[0], id)
            for message in self.got
            if (AGAIN in message["message"]) is again
            for id in sorted(set(_ID.findall(message["message"])))
        )

    @property
    def unnamed(self) -> int:
        """How many merge requests were only counted, in lists that were cut."""
        return sum(int(more) for each in self.got for more in _MORE.findall(each["message"]))

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
