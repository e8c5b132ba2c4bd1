"""A crowd: 64 workers and 64 submitters at once on one remote, by path and by git daemon."""

from __future__ import annotations

import itertools
import shutil
import socket
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.bench import Bench
from benchmarks.contending import LIVE, MAIN, Tally, any_of_them, at_once
from benchmarks.measuring import Result
from benchmarks.world import World, git
from refinery.queue.claiming import Claimant
from refinery.queue.submission import Relation, Request, submit
from refinery.records.names import Branch, MrId, Sha
from refinery.store.edit import Edit
from refinery.store.view import View

WAYS = ("path", "daemon")


def crowd(bench: Bench) -> list[Result]:
    """Everything is claimed once and submitted once; how many a second, and who waited longest."""
    found = []
    for way in WAYS:
        world = bench.world(f"crowd-{way}", branches=1)
        world.fill(live=LIVE)
        with _reached(world, way):
            found += _crowded(world, way, bench.size(64, 6), bench.size(20, 3))
        shutil.rmtree(world.root)
    return found


def _crowded(world: World, way: str, each: int, seconds: int) -> list[Result]:
    new = _Submitter(world.head(world.branches[0]))
    crews = {"worker": (each, any_of_them), "submitter": (each, new.take)}
    claims, submissions = at_once(world, crews, seconds)
    found = []
    for tally, folder, who in (
        (claims, "claims", f"{each} workers claim"),
        (submissions, "inbox", f"{each} submitters submit"),
    ):
        what = f"{who} by {way}"
        found += [
            Result("crowd", f"{what}: a second", tally.rate, "/s"),
            Result("crowd", f"{what}: twice, or lost", _wrong(world, tally, folder), "", bar=0),
            Result("crowd", f"{what}: median wait", statistics.median(tally.waits or [0]), "s"),
            Result("crowd", f"{what}: longest wait", max(tally.waits, default=0), "s"),
            Result(
                "crowd",
                f"{what}: attempts that fail, each success",
                tally.failures / max(1, len(tally.waits)),
                "",
                bar=0.2,
                note="; ".join(tally.errors[:1]),
            ),
        ]
    return found


class _Submitter:
    """Submits one branch after the other; all are of one commit, which costs the remote nothing."""

    def __init__(self, head: Sha) -> None:
        self._head = head
        self._numbers = itertools.count()

    def take(self, view: View, by: Claimant, losses: int) -> tuple[MrId, Edit]:
        """A submission that nobody made before."""
        branch = Branch(f"agent/{by.worker}/{next(self._numbers)}")
        request = Request(branch, MAIN, self._head, by.worker, f"Change {branch}")
        edit = submit(view, request, relation=Relation.AHEAD, now=by.now)
        assert isinstance(edit, Edit)
        return edit.submit[0].id, edit


def _wrong(world: World, tally: Tally, folder: str) -> int:
    """Those that two won, and those that the remote has and nobody won, or the other way round."""
    refs = git(world.origin, "for-each-ref", "--format=%(refname)", f"refs/refinery/{folder}/")
    there = {ref.rpartition("/")[2] for ref in refs.split()}
    return sum(count > 1 for count in tally.all.values()) + len(there ^ {*tally.all})


@contextmanager
def _reached(world: World, way: str) -> Iterator[None]:
    """The clone's remote is reached in that way."""
    if way == "path":
        yield
        return
    port = _free_port()
    git(world.origin, "config", "daemon.receivepack", "true")
    daemon = subprocess.Popen(
        [
            *("git", "daemon", "--export-all", "--reuseaddr", "--listen=127.0.0.1"),
            *(f"--port={port}", "--max-connections=0", f"--base-path={world.root}"),
            str(world.root),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"git://127.0.0.1:{port}/origin.git"
        git(world.clone, "remote", "set-url", "origin", url)
        _until_up(port)
        yield
    finally:
        daemon.terminate()
        daemon.wait(timeout=60)


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _until_up(port: int) -> None:
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("git daemon does not answer")
