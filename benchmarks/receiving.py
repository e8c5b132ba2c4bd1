"""Webhooks: 200 deliveries a second for ten seconds, of which half close what blocks."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.bench import Bench
from benchmarks.measuring import Result
from benchmarks.served import served
from benchmarks.world import World, git
from refinery.records.merge_request import Block
from refinery.records.names import Branch, IssueRef, MrId, Sha
from refinery.store.edit import Edit, Event
from refinery.store.update import Committed
from refinery.values import replace

RATE = 200  # a second
SENDERS = 8
_SECRET = b"a secret that is long enough"
_REPOSITORY = "acme/shop"
_SERVER = {"REFINERY_WEBHOOK_SECRET": _SECRET.decode(), "GITHUB_REPOSITORY": _REPOSITORY}
_PATIENCE = 120.0


@dataclass
class _Sent:
    """What the senders saw, all of them together."""

    latencies: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def receiving(bench: Bench) -> list[Result]:
    """Send at a fixed rate, whatever the answers take; then wait for the work."""
    seconds = bench.size(10, 2)
    count = RATE * seconds
    world = bench.world("receiving", branches=1)
    _block(world, count // 2)
    before = _transactions(world)
    with served(world, says="listening", environ=_SERVER) as port:
        began = time.perf_counter() + 0.2
        sent = _send(port, [_payload(number, count // 2) for number in range(count)], began)
        answered = time.perf_counter() - began
        health = _until_idle(port)
        worked = time.perf_counter() - began
    pushes = _transactions(world) - before
    left = _blocked(world)
    lost = count - len(sent.latencies) + left + int(health["failed"])
    what = f"{count} deliveries at {RATE} a second"
    quantiles = statistics.quantiles(sent.latencies or [0.0, 0.0], n=100)
    return [
        Result("receive", f"{what}: lost", lost, "", bar=0, note="; ".join(sent.refused[:1])),
        Result(
            "receive",
            f"{what}: accepted a second",
            count / answered,
            "/s",
            bar=RATE * 0.95,
            least=True,
        ),
        Result("receive", f"{what}: median answer", quantiles[49], "s", bar=0.1),
        Result("receive", f"{what}: p99 answer", quantiles[98], "s", bar=1.0),
        Result("receive", f"{what}: all done after", worked, "s", bar=seconds + 30.0),
        Result("receive", f"{count // 2} closings: transactions", pushes, "", bar=count / 2 / 20),
    ]


def _block(world: World, count: int) -> None:
    """So many merge requests, each blocked by an issue of its own and repaired since."""
    [first] = world.submit_all()
    with world.queue() as queue:
        mr = queue.view().mrs[first]
        block = Block("conflict", Sha("e" * 40), mr.head)
        blocked = tuple(
            replace(
                mr,
                id=MrId(f"mr-{number:010}"),
                branch=Branch(f"repaired/{number}"),
                block=block,
                blocked_by=IssueRef(f"github#{number}"),
            )
            for number in range(1, count + 1)
        )
        edit = Edit(Event("conflict", "block them all"), put=blocked)
        assert isinstance(queue.update(lambda _: edit), Committed)


def _blocked(world: World) -> int:
    with world.queue() as queue:
        return sum(mr.block is not None for mr in queue.view().mrs.values())


def _transactions(world: World) -> int:
    return int(git(world.origin, "rev-list", "--count", "refs/refinery/queue"))


def _payload(number: int, closings: int) -> tuple[str, bytes]:
    """By turns an issue that blocks, and a push or an issue that concerns nobody."""
    about = {
        "repository": {"full_name": _REPOSITORY},
        "filler": "x" * 8000,
    }  # as large as real ones
    half, other = divmod(number, 2)
    if not other:
        return "issues", json.dumps(
            {"action": "closed", "issue": {"number": half + 1}, **about}
        ).encode()
    if half % 2:
        facts = {"ref": f"refs/heads/polecat/{half}/x", "before": "0" * 40, "after": "a" * 40}
        return "push", json.dumps({**facts, **about}).encode()
    issue = {"number": closings + 10 + half}
    return "issues", json.dumps({"action": "closed", "issue": issue, **about}).encode()


def _send(port: int, payloads: Sequence[tuple[str, bytes]], began: float) -> _Sent:
    """Each at its time, over a few connections that are kept; latency counts from that time."""
    sent = _Sent()

    def send(first: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for index in range(first, len(payloads), SENDERS):
            name, body = payloads[index]
            due = began + index / RATE
            time.sleep(max(0.0, due - time.perf_counter()))
            line.request("POST", "/webhook", body, _headers(name, body, index))
            answer = line.getresponse()
            said = answer.read()
            if answer.status == 202:
                sent.latencies.append(time.perf_counter() - due)
            else:
                sent.refused.append(f"{answer.status} {said[:80]!r}")
        line.close()

    threads = [threading.Thread(target=send, args=(first,)) for first in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sent


def _headers(name: str, body: bytes, index: int) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "X-GitHub-Event": name,
        "X-GitHub-Delivery": f"delivery-{index}",
        "X-Hub-Signature-256": f"sha256={hmac.new(_SECRET, body, hashlib.sha256).hexdigest()}",
    }


def _until_idle(port: int) -> dict[str, float]:
    give_up = time.monotonic() + _PATIENCE
    while time.monotonic() < give_up:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        line.request("GET", "/healthz")
        health: dict[str, float] = json.loads(line.getresponse().read())
        line.close()
        if health["waiting"] == 0:
            return health
        time.sleep(0.05)
    raise RuntimeError(f"the work does not end: {health}")
