"""Connections that end after so many bytes, in either direction, within a push or a fetch."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.faults.ground import Ground, drain
from tests.faults.killing import end_daemon
from tests.faults.tally import Tally
from tests.sandbox import Sandbox
from tests.servers.daemon import git_daemon
from tests.servers.tools import free_port

UP, DOWN = "to the server", "to the client"
LANDING = -1
"""Instead of a number: the first push that moves the target, and from there on the bytes count."""


@dataclass
class Wire:
    """A proxy before a server: of the connections of one kind, the N-th is cut after some bytes.

    `carried` are the bytes that each of them carried, in both directions.
    """

    port: int
    service: bytes = b"git-receive-pack"
    number: int = 0
    direction: str = UP
    after: int = 0
    was_cut: bool = False
    carried: list[dict[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._sees_landing = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _has_begun(self) -> bool:
        return not self.was_cut and (self.number != LANDING or self._sees_landing)

    def close(self) -> None:
        """Take no more."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self.port))
        except OSError:
            client.close()
            return
        first = _request(client)
        counts = {UP: 0, DOWN: 0}
        is_ours = self.service in first
        if is_ours:
            self.carried.append(counts)
        is_doomed = is_ours and self.number in (len(self.carried), LANDING)
        up = threading.Thread(
            target=self._pump, args=(client, server, UP, counts, is_doomed, first), daemon=True
        )
        up.start()
        self._pump(server, client, DOWN, counts, is_doomed, b"")
        up.join(timeout=5)
        for end in (client, server):
            end.close()

    def _pump(
        self,
        source: socket.socket,
        sink: socket.socket,
        direction: str,
        counts: dict[str, int],
        is_doomed: bool,
        data: bytes,
    ) -> None:
        is_here = is_doomed and direction == self.direction
        before = b""  # what is looked for may come in two pieces
        try:
            while data := data or source.recv(65536):
                if is_doomed and direction == UP and b" refs/heads/main" in before + data:
                    self._sees_landing = True
                    if self.number == LANDING:
                        counts[UP] = counts[DOWN] = 0
                if is_here and self._has_begun() and counts[direction] + len(data) > self.after:
                    sink.sendall(data[: self.after - counts[direction]])
                    self.was_cut = True
                    for end in (source, sink):
                        _reset(end)
                    return
                sink.sendall(data)
                counts[direction] += len(data)
                before, data = data[-20:], b""
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            return


def _request(client: socket.socket) -> bytes:
    """What a connection begins with, which names the service: git may send its length before it."""
    request = client.recv(65536)
    while request and (len(request) < 4 or len(request) < int(request[:4], 16)):
        more = client.recv(65536)
        if not more:
            break
        request += more
    return request


def _reset(end: socket.socket) -> None:
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


@contextmanager
def served(box: Sandbox) -> Iterator[int]:
    """The origin behind a `git daemon`; its port."""
    port = free_port()
    daemon = git_daemon(box, port)
    try:
        yield port
    finally:
        end_daemon(daemon)


LAST = 60
"""Bytes at the end of a push that tell what became of it."""


def at_bytes(ground: Ground, tally: Tally, service: str, *, step: int, places: int) -> None:
    """Each connection of a run in turn is cut in both directions.

    At so many places spread over it, and at every `step` of its last bytes.
    """
    for number, counts in enumerate(measured(ground, service), start=1):
        for direction, size in counts.items():
            last = {size - 1 - back for back in range(0, min(LAST, size), step)}
            spread = {size * place // (places + 1) for place in range(places)}
            for after in sorted(last | spread):
                wrong, was_cut = cut(ground, service, number, direction, after)
                where = f"{service} {number}, {direction}, after {after} of {size} bytes"
                tally.add(where, wrong, was_injected=was_cut)


def measured(ground: Ground, service: str) -> list[dict[str, int]]:
    """The bytes that each connection of an undisturbed run carries."""
    with ground.fresh() as box, served(box) as port:
        wire = _wired(box, port, service)
        drain(box)
        wire.close()
        return wire.carried


def cut(
    ground: Ground, service: str, number: int, direction: str, after: int
) -> tuple[list[str], bool]:
    """What is wrong after a run with that cut and a healthy one; whether it was cut."""
    with ground.fresh() as box, served(box) as port:
        wire = _wired(box, port, service)
        wire.number, wire.direction, wire.after = number, direction, after
        drain(box)
        wire.close()
        box.git("config", "remote.origin.url", str(box.origin))
        return ground.wrong(box, by="bob"), wire.was_cut


def _wired(box: Sandbox, port: int, service: str) -> Wire:
    wire = Wire(port, service.encode())
    box.git("config", "remote.origin.url", f"git://127.0.0.1:{wire.address}/origin.git")
    return wire
