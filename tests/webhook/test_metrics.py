"""GET /metrics: what a scrape sees, and that nobody ever waits for it."""

from __future__ import annotations

import http.client
import threading

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from refinery.app import open_queue
from refinery.errors import RefineryError
from refinery.queue.openmetrics import CONTENT_TYPE
from refinery.webhook.receiver import Receiver
from refinery.webhook.scraping import FRESH, STALE, Metrics
from refinery.webhook.spool import Health, Spool
from tests.sandbox import Sandbox
from tests.webhook.conftest import Time
from tests.webhook.deliveries import SECRET, Answered, post, pushed
from tests.webhook.served import PATIENCE, Served

IDLE = Health(0, None, 0)


def samples(text: str | None) -> dict[str, float]:
    assert text is not None
    return {
        sample.name + "".join(f"{{{value}}}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def scrape(served: Served) -> tuple[int, str | None, str]:
    line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE)
    try:
        line.request("GET", "/metrics")
        answer = line.getresponse()
        return answer.status, answer.getheader("Content-Type"), answer.read().decode()
    finally:
        line.close()


def test_a_served_queue_can_be_scraped(served: Served) -> None:
    head = served.box.commit("polecat/a/1")
    served.box.push("polecat/a/1")
    served.start()
    served.deliver("push", pushed("polecat/a/1", head))
    served.until_idle()
    status, kind, text = scrape(served)
    assert (status, kind) == (200, CONTENT_TYPE)
    told = samples(text)
    assert told["refinery_queue_length{ready}"] == 1
    assert told["refinery_deliveries{waiting}"] == 0
    assert "polecat" not in text
    assert SECRET.decode() not in text
    assert served.ask("POST", "/metrics").status == 405


def test_figures_are_measured_anew_only_after_a_while(box: Sandbox, time: Time) -> None:
    opened: list[None] = []

    def open() -> object:
        opened.append(None)
        return open_queue(str(box.path), clock=box.clock)

    metrics = Metrics(open, print, clock=time)  # type: ignore[arg-type]
    box.request("one")
    assert samples(metrics.text(IDLE))["refinery_queue_length{ready}"] == 1
    box.request("two")
    time.tick(FRESH - 1)
    stale = samples(metrics.text(Health(3, 7.5, 1)))
    assert stale["refinery_queue_length{ready}"] == 1
    assert (stale["refinery_deliveries{waiting}"], stale["refinery_deliveries{failed}"]) == (3, 1)
    assert stale["refinery_oldest_delivery_seconds"] == 7.5
    assert len(opened) == 1
    time.tick(1)
    assert samples(metrics.text(IDLE))["refinery_queue_length{ready}"] == 2
    assert len(opened) == 2


def test_while_the_queue_is_away_old_figures_serve_for_a_while(box: Sandbox, time: Time) -> None:
    logged: list[str] = []
    metrics = Metrics(lambda: open_queue(str(box.path), clock=box.clock), logged.append, clock=time)
    first = metrics.text(IDLE)
    box.origin.rename(box.origin.with_name("away.git"))
    time.tick(FRESH)
    assert metrics.text(IDLE) == first
    assert [line.partition(":")[0] for line in logged] == ["warning"]
    time.tick(STALE)
    assert metrics.text(IDLE) is None


def test_whoever_asks_while_it_is_measured_does_not_wait(time: Time) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def open() -> object:
        begun.set()
        assert go_on.wait(PATIENCE)
        raise RefineryError("the remote went away")

    metrics = Metrics(open, lambda line: None, clock=time)  # type: ignore[arg-type]
    first = threading.Thread(target=metrics.text, args=(IDLE,))
    first.start()
    assert begun.wait(PATIENCE)
    assert metrics.text(IDLE) is None
    go_on.set()
    first.join(PATIENCE)


def test_without_figures_a_scrape_is_told_to_come_again(spool: Spool) -> None:
    receiver = Receiver(spool, (SECRET,), print, lambda: None, metrics=lambda health: None)
    answered = post(receiver, b"", {}, path="/metrics", method="GET")
    assert answered == Answered(503, {"error": "there are no figures now"})


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_receiver_without_metrics_has_none(spool: Spool, method: str) -> None:
    receiver = Receiver(spool, (SECRET,), print, lambda: None)
    assert post(receiver, b"", {}, path="/metrics", method=method).status == 404
