"""What looking at pages needs: a browser, a queue with everything in it, and its server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import Visitor, running
from tests.browser.shop import Served, fill
from tests.sandbox import Sandbox

Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def browser(sealed_environment: None) -> Iterator[Browser]:
    with running() as started:
        yield started


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Opens windows, and closes them; nothing may go wrong in any of them."""
    windows: list[Visitor] = []

    def open(address: str, **options: Any) -> Visitor:
        windows.append(Visitor.of(browser, **options))
        windows[-1].page.goto(address)
        return windows[-1]

    yield open
    for each in windows:
        each.context.close()
    assert [trouble for each in windows for trouble in each.troubles] == []


@pytest.fixture(scope="session")
def shop(
    browser: Browser, sandbox_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A queue with everything in it, which nobody changes."""
    box = Sandbox.copied(sandbox_template, tmp_path_factory.mktemp("shop"))
    fill(box)
    served = Served(box).start()
    yield served
    served.end()
    box.close()


@pytest.fixture
def own_shop(browser: Browser, box: Sandbox) -> Iterator[Served]:
    """A queue that the test may change; `start` serves it."""
    made = Served(box)
    yield made
    made.end()
