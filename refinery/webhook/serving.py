"""Runs the receiver: one thread takes requests, a few answer them, one does the work."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from threading import Event, Thread

from refinery.errors import RefineryError
from refinery.typed import TYPE_CHECKING, Any
from refinery.values import dataclass, field
from refinery.webhook.receiver import USUAL_BODY
from refinery.webhook.working import Worker

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

ANSWERING = 8  # threads; they mostly wait for the disk, and then for all of it at once
GATHERED = 0.25  # seconds without a delivery, after which a burst is taken to be over
MOST_GATHERED = 2.0  # seconds: nobody waits longer for a burst to end
LONGEST_NAP = 30.0
LAST_WORDS = 5.0  # seconds in which requests that were begun are still answered
_TICK = 0.2
_LARGEST_HEADERS = 64 * 1024


class CannotServe(RefineryError):
    """The address cannot be listened on, or the server is not installed."""

    code = "cannot-serve"


@dataclass(slots=True)
class Workshop:
    """The thread that works; `after` is done when nothing waits any more."""

    worker: Worker
    log: Callable[[str], None]
    after: Callable[[Callable[[], bool]], None] = lambda wanted_elsewhere: None
    _new: Event = field(default_factory=Event)
    _stop: Event = field(default_factory=Event)
    _thread: Thread | None = None

    def wake(self) -> None:
        """There is something new."""
        self._new.set()

    def start(self) -> None:
        """Begin with what an earlier life left."""
        self._thread = Thread(target=self._run, name="webhook-worker", daemon=True)
        self._thread.start()

    def stop(self, *, at_once: Callable[[], bool] = lambda: False) -> None:
        """Finish the batch at hand, then end; what is left undone is done by the next life."""
        self._stop.set()
        self._new.set()
        while self._thread is not None and self._thread.is_alive() and not at_once():
            self._thread.join(_TICK)

    def is_wanted(self) -> bool:
        """Whether something else should be done than what `after` does."""
        return self._stop.is_set() or self._new.is_set()

    def _run(self) -> None:
        fresh = True
        while not self._stop.is_set():
            try:
                did = self._drain()
                if did or fresh:
                    fresh = False
                    self.after(self.is_wanted)
                self._nap()
            except RefineryError as trouble:
                self.log(f"warning: {trouble.message}; trying again")
                self._stop.wait(1)
            except Exception as error:
                self.log(f"error: a bug in refinery: {type(error).__name__}: {error}")
                self._stop.wait(1)

    def _drain(self) -> bool:
        did = False
        while not self._stop.is_set():
            self._new.clear()
            if not self.worker.work():
                return did
            did = True
        return did

    def _nap(self) -> None:
        """Sleep until something comes or is due; a burst is let come in whole."""
        due = self.worker.spool.next_due()
        if not self._new.wait(LONGEST_NAP if due is None else min(LONGEST_NAP, due)):
            return
        began = time.monotonic()
        while not self._stop.is_set() and time.monotonic() - began < MOST_GATHERED:
            self._new.clear()
            if not self._new.wait(GATHERED):
                return


class Server:
    """A listening server; `port` is the one it got."""

    def __init__(
        self,
        app: WSGIApplication,
        *,
        host: str,
        port: int,
        largest: int = USUAL_BODY,
        threads: int = ANSWERING,
    ) -> None:
        self._channels: dict[int, Any] = {}
        listening = _listening(host, port)
        self.host, self.port = listening.getsockname()[:2]
        self._server = _server(app, listening, largest, threads, self._channels)

    def run(
        self, stopped: Callable[[], bool], *, leaving: Callable[[], None] = lambda: None
    ) -> None:
        """Answer until told to stop; then answer what was begun, and take no more.

        `leaving` ends answers that would go on for ever.
        """
        try:
            while not stopped():
                self._once()
            leaving()
            self._server.del_channel(self._channels)  # new ones are not accepted any more
            give_up = time.monotonic() + LAST_WORDS
            while self._is_busy() and time.monotonic() < give_up:
                self._once()
        finally:
            self._close()

    def _once(self) -> None:
        from waitress import wasyncore

        wasyncore.loop(timeout=_TICK, use_poll=True, map=self._channels, count=1)

    def _is_busy(self) -> bool:
        channels = self._server.active_channels.values()
        return any(channel.requests or channel.total_outbufs_len for channel in channels)

    def _close(self) -> None:
        from waitress import wasyncore

        self._server.task_dispatcher.shutdown()
        self._server.close()
        wasyncore.close_all(self._channels)


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        made = socket.socket(family, kind, protocol)
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind(address)
        except BaseException:
            made.close()
            raise
    except (OSError, OverflowError, UnicodeError) as error:
        raise CannotServe(
            f"listen on {host}:{port}: {error}", hint="choose another with --host and --port"
        ) from error
    return made


def _server(
    app: WSGIApplication,
    listening: socket.socket,
    largest: int,
    threads: int,
    channels: dict[int, Any],
) -> Any:
    """The server that is never told more than it needs: what it would log is ours to say."""
    try:
        from waitress.server import create_server
    except ImportError as error:
        listening.close()
        raise CannotServe(
            "the server is not installed", hint="pip install 'git-refinery[serve]'"
        ) from error
    import logging

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    return create_server(
        app,
        map=channels,
        sockets=[listening],
        threads=threads,
        ident=None,
        max_request_body_size=largest + 1,  # it refuses what is as large as this
        max_request_header_size=_LARGEST_HEADERS,
        channel_timeout=30,
        connection_limit=500,
        backlog=1024,
    )
