"""The kinds of faults there are: each tried as often as there are places for it, or a sample."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests.faults import clocks, cutting, disks, killing, servers
from tests.faults.ground import Ground
from tests.faults.killing import Server
from tests.faults.servers import Lie
from tests.faults.tally import Tally

Try = Callable[[Ground, Tally, bool], None]
"""Tries it on a ground, with a little of it where the last argument says so."""


@dataclass(frozen=True)
class Family:
    """Faults of one kind."""

    what: str
    attempt: Try

    def tried(self, ground: Ground, *, quick: bool) -> Tally:
        """What came of them."""
        tally = Tally(self.what)
        self.attempt(ground, tally, quick)
        return tally


def _killed_server(how: Server, every: int, ground: Ground, tally: Tally, quick: bool) -> None:
    killing.of_server(ground, tally, how, every=60 if quick else every)


def _killed_git(ground: Ground, tally: Tally, quick: bool) -> None:
    killing.of_clients_git(ground, tally, every=20 if quick else 1)


def _killed_worker(ground: Ground, tally: Tally, quick: bool) -> None:
    killing.of_worker(ground, tally, every=50 if quick else 2)


def _cut(service: str, step: int, ground: Ground, tally: Tally, quick: bool) -> None:
    cutting.at_bytes(ground, tally, service, step=60 if quick else step, places=1 if quick else 6)


def _full_worker(ground: Ground, tally: Tally, quick: bool) -> None:
    disks.full_at_worker(ground, tally, every=60 if quick else 5)


def _full_server(ground: Ground, tally: Tally, quick: bool) -> None:
    disks.full_at_server(ground, tally, every=60 if quick else 2)


def _really_full(ground: Ground, tally: Tally, quick: bool) -> None:
    if disks.can_mount():
        for side in ("origin.git", "clone"):
            for pages in (1, 16) if quick else range(0, 64, 3):
                disks.really_full(ground, tally, side, pages * 4096)


def _jumping(ground: Ground, tally: Tally, quick: bool) -> None:
    for seed in range(2 if quick else 40):
        clocks.jumping(ground, tally, seed)


def _apart(ground: Ground, tally: Tally, quick: bool) -> None:
    for step in range(1 if quick else 8):
        clocks.apart(ground, tally, (-1.5 * step - 0.5, 0, 1.5 * step + 0.5))


def _lying(ground: Ground, tally: Tally, quick: bool) -> None:
    for lie in Lie:
        servers.lying(ground, tally, lie)


def _locks(ground: Ground, tally: Tally, quick: bool) -> None:
    names = servers.LOCKS[:2] if quick else servers.LOCKS
    servers.with_locks(ground, tally, names, at_server=True)
    servers.with_locks(ground, tally, names, at_server=False)


def _repacking(ground: Ground, tally: Tally, quick: bool) -> None:
    for _ in range(1 if quick else 20):
        servers.repacking(ground, tally)


def _slow(ground: Ground, tally: Tally, quick: bool) -> None:
    for microseconds in (200,) if quick else (200, 1000, 3000):
        disks.slow(ground, tally, microseconds=microseconds)


_MOVES = "rename, link and unlink"

FAMILIES: dict[str, Family] = {
    "server-path": Family(
        f"receive-pack killed after each {_MOVES}, behind a path",
        partial(_killed_server, Server.PATH, 1),
    ),
    "server-daemon": Family(
        f"the same behind `git daemon`, after every fourth {_MOVES}",
        partial(_killed_server, Server.DAEMON, 4),
    ),
    "server-http": Family(
        f"the same behind smart HTTP, after every fourth {_MOVES}",
        partial(_killed_server, Server.HTTP, 4),
    ),
    "client-git": Family(f"git killed under the worker, after each {_MOVES}", _killed_git),
    "worker": Family(
        f"the worker killed with the git it started, after every second {_MOVES}", _killed_worker
    ),
    "cut-pushes": Family(
        "connections cut: each push, in both directions, at places spread over it, "
        "and at every fourth of its last 60 bytes",
        partial(_cut, "git-receive-pack", 4),
    ),
    "cut-fetches": Family(
        "connections cut: each fetch, in both directions, at places spread over it",
        partial(_cut, "git-upload-pack", 30),
    ),
    "full-worker": Family("no space left at the worker, from a write on", _full_worker),
    "full-server": Family("no space left at the server, from a write on", _full_server),
    "full-disk": Family("a small file system that is full, at either", _really_full),
    "clock-jumps": Family("the worker's clock jumps by hours while it works", _jumping),
    "clock-skew": Family("three workers at once whose clocks are hours apart", _apart),
    "lies": Family("a landing that is confirmed and taken back, in part or all of it", _lying),
    "locks": Family("lock files of the dead, at the server and in the clone", _locks),
    "repacking": Family("a server that packs and prunes all the time, two workers", _repacking),
    "slow": Family("each file asked for takes longer, as on NFS, two workers", _slow),
}
