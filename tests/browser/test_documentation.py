"""The documentation's site can be read by everybody, on any screen, without a server."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import PHONE, WIDE
from tests.browser.conftest import Visit
from tests.test_site import built

GUIDELINES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


pytestmark = pytest.mark.soak  # Chromium reads each page; scripts/site builds them each time


@pytest.fixture(scope="session")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("documentation"))


@pytest.mark.parametrize("name", ["index", "start", "architecture", "promises", "configuration"])
def test_nothing_keeps_people_out(visit: Visit, site: Path, name: str) -> None:
    visitor = visit(f"file://{site}/{name}.html")
    for scheme, size in (("light", WIDE), ("dark", PHONE)):
        visitor.looks(scheme, size)
        visitor.page.reload()
        assert visitor.violations(GUIDELINES) == []


def test_no_page_scrolls_sideways_on_a_phone(visit: Visit, site: Path) -> None:
    visitor = visit(f"file://{site}/index.html", size=PHONE)
    for page in sorted(site.glob("*.html")):
        visitor.page.goto(f"file://{page}")
        assert (page.name, visitor.too_wide()) == (page.name, [])


def test_words_are_found_on_any_web_server(visit: Visit, site: Path) -> None:
    handler = partial(SimpleHTTPRequestHandler, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        page = visit(f"http://127.0.0.1:{server.server_port}/search.html?q=fencing").page
        found = page.locator("#search-results li", has_text="Promises").first
        expect(found).to_contain_text("lease")
        server.shutdown()


def test_commands_can_be_copied_and_what_is_printed_cannot(visit: Visit, site: Path) -> None:
    page = visit(
        f"file://{site}/start.html", permissions=["clipboard-read", "clipboard-write"]
    ).page
    blocks = page.locator("div.highlight-sh")
    assert page.locator("button.copy").count() == blocks.count() > 5
    assert page.locator("div.highlight-text button").count() == 0
