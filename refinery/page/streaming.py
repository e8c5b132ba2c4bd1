"""News for browsers as server-sent events: so many streams at once, everybody else asks again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import BoundedSemaphore

from refinery.page.watching import Watch
from refinery.values import dataclass, field

STREAMS = 24  # each takes a thread
BEAT = 15.0  # seconds; also how long it takes to see that somebody has left
LONGEST = 600.0  # seconds, then the browser begins anew, and others get a turn
RETRY, RETRY_LATER = 3, 10  # seconds


@dataclass(slots=True)
class Streams:
    """The streams of one watch.

    Who comes when all are taken is told the version, and to ask again in a while: the browser does
    that by itself, so that for the page it is a stream all the same.
    """

    watch: Watch
    clock: Callable[[], float] = time.monotonic
    free: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(STREAMS))

    def stream(self) -> Iterator[bytes]:
        """The bytes of one, until the browser leaves, its time is up or the server stops."""
        seen = self.watch.newest()
        version = seen.version if seen is not None else ""
        if not self.free.acquire(blocking=False):
            yield _event(version, retry=RETRY_LATER)
            return
        try:
            self.watch.join()
            try:
                yield from self._news(version)
            finally:
                self.watch.leave()
        finally:
            self.free.release()

    def _news(self, version: str) -> Iterator[bytes]:
        until = self.clock() + LONGEST
        yield _event(version, retry=RETRY)
        while not self.watch.stopped and self.clock() < until:
            found = self.watch.news(version, wait=BEAT)
            if found is None:
                yield b": still here\n\n"
            else:
                version = found
                yield _event(version)


def _event(version: str, *, retry: int | None = None) -> bytes:
    again = f"retry: {retry * 1000}\n" if retry is not None else ""
    return f"{again}event: version\ndata: {version}\n\n".encode()
