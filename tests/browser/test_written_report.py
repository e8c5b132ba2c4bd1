"""A report is a whole site without a server: every link leads somewhere, everybody can read it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

from tests.browser.chromium import PHONE, WIDE
from tests.browser.conftest import Visit
from tests.browser.shop import Served


@pytest.fixture(scope="session")
def folder(shop: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("report") / "public"
    done = shop.box.cli("report", "--out", str(made))
    assert (done.code, done.err) == (0, "")
    return made


def test_every_link_leads_to_a_file_of_the_report(visit: Visit, folder: Path) -> None:
    page = visit(f"file://{folder}/index.html").page
    seen, left = set[str](), [f"file://{folder}/index.html"]
    while left:
        address = left.pop()
        if address in seen:
            continue
        seen.add(address)
        page.goto(address)
        hrefs = page.evaluate(
            "[...document.querySelectorAll('[href], [src]')].map(it => it.href || it.src)"
        )
        for href in map(urldefrag, filter(None, hrefs)):
            file = Path(unquote(href.url.partition("?")[0].removeprefix("file://")))
            assert file.is_relative_to(folder), (address, href.url)
            assert file.is_file(), (address, href.url)
            if file.suffix == ".html":
                left.append(href.url)
    written = {f"file://{each}" for each in folder.rglob("*.html")}
    assert {each.partition("?")[0] for each in seen} == written


@pytest.mark.parametrize(
    "name",
    [
        *("index", "landed", "history", "mr"),
        pytest.param("history/90-days", marks=pytest.mark.soak),  # the same page, longer
    ],
)
def test_axe_finds_nothing_in_it_either(visit: Visit, folder: Path, name: str) -> None:
    file = next((folder / "mr").iterdir()) if name == "mr" else folder / f"{name}.html"
    visitor = visit(f"file://{file}")
    visitor.unfold()
    for scheme, size in (("light", WIDE), ("dark", PHONE)):
        visitor.looks(scheme, size)
        assert visitor.violations() == []
        assert visitor.too_wide() == []


def test_it_promises_nothing_that_needs_a_server(visit: Visit, folder: Path) -> None:
    page = visit(f"file://{folder}/index.html").page
    assert page.locator("form, script, [data-version] script").count() == 0
