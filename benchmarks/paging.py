"""The page of a queue with 10,000 merge requests waiting and as many that ended: answers, bytes."""

from __future__ import annotations

import http.client
import statistics
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.measuring import Result
from benchmarks.past import Past, write
from benchmarks.served import served
from benchmarks.world import World, git

FIRST_BYTE = 0.3  # seconds
TRANSFER = 200.0  # kB
_PATIENCE = 120.0
_PAGES = {
    "the queue": "/?page={number}",
    "what has landed": "/landed?page={number}",
    "a merge request": "/mr/{id}",
    "a search": "/search?q=gt-{number}",
    "the history of 30 days": "/history?n={number}",
    "the history of 90 days": "/history/90-days?n={number}",
}
"""Another address each time: a page that was made already is only sent again."""


@dataclass(frozen=True)
class _Answer:
    """How long the first byte took, and what came."""

    status: int
    first_byte: float
    bytes: int


def paging(bench: Bench) -> list[Result]:
    """Every kind of page of one server, each asked for again and again, once it was read."""
    count, rounds = bench.size(10_000, 500), bench.rounds(9, 3)
    world = bench.world("paging")
    write(world.origin, Past(datetime.now(UTC), closed=count, live=count))
    ids = _ids(world)
    results = []
    with served(world, "--no-webhooks", says="the page is at") as port:
        began = time.perf_counter()
        _until_there(port, "/")
        ready = time.perf_counter() - began
        for name, address in _PAGES.items():
            paths = [address.format(id=ids[each], number=each + 1) for each in range(rounds + 1)]
            _until_there(port, paths[0])
            results += _rows(name, [_ask(port, path) for path in paths[1:]], count)
        assets = _ask(port, "/assets/style.css").bytes + _ask(port, "/assets/page.js").bytes
    what = f"{count} waiting, {count} ended"
    return [
        Result("page", f"{what}: until the first page after the start", ready, "s"),
        *results,
        Result("page", "stylesheet and script, once", assets / 1000, "kB", bar=TRANSFER),
    ]


def _rows(name: str, answers: list[_Answer], count: int) -> list[Result]:
    times = [each.first_byte for each in answers]
    wrong = {each.status for each in answers} - {200}
    note = f"answered {wrong}" if wrong else f"slowest {max(times) * 1000:.0f} ms"
    largest = max(each.bytes for each in answers) / 1000
    return [
        Result(
            "page",
            f"{count} waiting: {name}: first byte",
            statistics.median(times),
            "s",
            bar=FIRST_BYTE,
            note=note,
        ),
        Result("page", f"{count} waiting: {name}: transfer", largest, "kB", bar=TRANSFER),
    ]


def _ids(world: World) -> list[str]:
    paths = git(world.origin, "ls-tree", "-r", "--name-only", "refs/refinery/queue").split()
    return [Path(each).stem for each in paths if each.startswith("mrs/")]


def _ask(port: int, path: str) -> _Answer:
    """As a browser does, on a connection of its own."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    began = time.perf_counter()
    line.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = line.getresponse()
    body = answer.read(1)
    first_byte = time.perf_counter() - began
    size = len(body + answer.read()) + sum(len(f"{a}: {b}\r\n") for a, b in answer.getheaders())
    line.close()
    return _Answer(answer.status, first_byte, size)


def _until_there(port: int, path: str) -> None:
    """What was not asked for before is read first, and said to be."""
    give_up = time.monotonic() + _PATIENCE
    while (answer := _ask(port, path)).status == 503 and time.monotonic() < give_up:
        time.sleep(0.1)
    if answer.status != 200:
        raise RuntimeError(f"{path}: answered {answer.status}")
