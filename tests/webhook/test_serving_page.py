"""`refinery serve` as people meet it: one port for browsers and forges, or only for one of them."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator

import pytest

from tests.sandbox import Sandbox
from tests.webhook.deliveries import pushed
from tests.webhook.served import PATIENCE, Served

TOKEN = "0123456789abcdef"


@pytest.fixture
def unconfigured(box: Sandbox) -> Iterator[Served]:
    """A server for a queue that no forge is configured for."""
    made = Served(box)
    yield made
    made.end()


def fetched(served: Served, path: str) -> tuple[int, str]:
    line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE)
    try:
        line.request("GET", path)
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    finally:
        line.close()


def test_one_port_serves_browsers_and_forges_and_news_of_what_forges_told(served: Served) -> None:
    head = served.box.commit("polecat/a/1", message="Told by the forge")
    served.box.push("polecat/a/1")
    served.start()
    served.until(lambda: fetched(served, "/")[0] == 200)
    line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE)
    line.request("GET", "/events")
    news = line.getresponse()
    assert news.getheader("Content-Type") == "text/event-stream; charset=utf-8"
    lines = iter(news.readline, b"")
    first = next(each for each in lines if each.startswith(b"data: "))
    assert served.deliver("push", pushed("polecat/a/1", head)).status == 202
    second = next(each for each in lines if each.startswith(b"data: "))
    assert second != first
    assert "Told by the forge" in fetched(served, "/")[1]
    assert fetched(served, "/metrics")[0] == 200
    began = time.monotonic()
    assert served.stop() == 0
    assert time.monotonic() - began < PATIENCE / 2
    line.close()


def test_without_webhooks_it_needs_neither_secret_nor_forge(unconfigured: Served) -> None:
    unconfigured.environment = {"REFINERY_WEBHOOK_SECRET": "", "REFINERY_PAGE_TOKEN": TOKEN}
    unconfigured.start("--no-webhooks")
    unconfigured.until(lambda: fetched(unconfigured, "/")[0] == 200)
    assert "The queue is empty." in fetched(unconfigured, "/")[1]
    assert fetched(unconfigured, "/sign-in")[0] == 200
    assert unconfigured.ask("POST", "/webhook", b"{}").status == 405
    assert unconfigured.ask("GET", "/healthz").status == 200
    assert unconfigured.stop() == 0
    assert TOKEN not in unconfigured.log.read_text()


def test_without_the_page_browsers_see_nothing(served: Served) -> None:
    served.start("--no-page")
    assert fetched(served, "/")[0] == 404
    assert fetched(served, "/mr/mr-0")[0] == 404
    assert served.ask("GET", "/healthz").status == 200


@pytest.mark.parametrize("also", ["--no-page", "--process"])
def test_what_leaves_nothing_to_do_is_wrong_usage(box: Sandbox, also: str) -> None:
    assert box.run("serve", "--no-webhooks", also).code == 2


def test_a_token_that_could_be_guessed_is_refused(box: Sandbox) -> None:
    done = box.run("serve", "--no-webhooks", env={"REFINERY_PAGE_TOKEN": "short"})
    assert done.code == 1
    assert "REFINERY_PAGE_TOKEN is shorter than 16 characters" in done.err
