"""The kinds of faults there are: each tried as often as there are places for it, or a sample."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests.faults import clocks, cutting, disks, killing, servers
from tests.faults.ground import Ground
from tests.faults.killing import Attempt, Server
from tests.faults.servers import Lie
from tests.faults.shim import Fault
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


def _at_each_call(attempt: Attempt, every: int, ground: Ground, tally: Tally, quick: bool) -> None:
    killing.at_each_call(ground, tally, attempt, Fault(), every=60 if quick else every)


def _cut(service: str, step: int, ground: Ground, tally: Tally, quick: bool) -> None:
    cutting.at_bytes(ground, tally, service, step=60 if quick else step, places=1 if quick else 6)


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
        partial(_at_each_call, partial(killing.server_dies, Server.PATH), 1),
    ),
    "server-daemon": Family(
        f"the same behind `git daemon`, after every fourth {_MOVES}",
        partial(_at_each_call, partial(killing.server_dies, Server.DAEMON), 4),
    ),
    "server-http": Family(
        f"the same behind smart HTTP, after every fourth {_MOVES}",
        partial(_at_each_call, partial(killing.server_dies, Server.HTTP), 4),
    ),
    "client-git": Family(
        f"git killed under the worker, after each {_MOVES}",
        partial(_at_each_call, killing.git_dies, 1),
    ),
    "worker": Family(
        f"the worker killed with the git it started, after every second {_MOVES}",
        partial(_at_each_call, killing.worker_dies, 2),
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
    "full-worker": Family(
        "no space left at the worker, from every fifth write on",
        partial(_at_each_call, disks.worker_is_full, 5),
    ),
    "full-server": Family(
        "no space left at the server, from every second write on",
        partial(_at_each_call, disks.server_is_full, 2),
    ),
    "full-disk": Family("a small file system that is full, at either", _really_full),
    "clock-jumps": Family("the worker's clock jumps by hours while it works", _jumping),
    "clock-skew": Family("three workers at once whose clocks are hours apart", _apart),
    "lies": Family("a landing that is confirmed and taken back, in part or all of it", _lying),
    "locks": Family("lock files of the dead, at the server and in the clone", _locks),
    "repacking": Family("a server that packs and collects all the time, two workers", _repacking),
    "slow": Family("each file asked for takes longer, as on NFS, two workers", _slow),
}
