"""The Chromium that pages are looked at with, and axe, which knows what keeps people out."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.programs import IS_REQUIRED

AXE = Path(__file__).parent.parent / "forges/node_modules/axe-core/axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
PATIENCE = 30_000  # milliseconds; a machine may have much else to do
COLOURS = ("color-contrast", "link-in-text-block")
"""The rules whose answer depends on light and dark."""
WIDE, PHONE = (1280, 900), (375, 812)


def found() -> str:
    """The path of a Chromium; without one a test is skipped, and in CI it fails."""
    path = next((there for name in NAMES if (there := shutil.which(name))), None)
    if path is None or not AXE.is_file():
        lacking = "no Chromium is installed" if path is None else f"{AXE} is not there"
        words = f"{lacking}: scripts/programs, and scripts/setup dev"
        if IS_REQUIRED:
            pytest.fail(words)
        pytest.skip(words)
    return path


@contextmanager
def running() -> Iterator[Browser]:
    """A headless Chromium."""
    path = found()
    expect.set_options(timeout=PATIENCE)
    # As root, as in most containers, its own sandbox cannot be.
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=[*options, "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@dataclass
class Visitor:
    """One window, and what went wrong in it."""

    context: BrowserContext
    page: Page
    troubles: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, browser: Browser, **options: Any) -> Visitor:
        """A window of its own; whatever it asks of anybody but the page's own place is trouble."""
        width, height = options.pop("size", WIDE)
        context = browser.new_context(
            viewport={"width": width, "height": height}, bypass_csp=False, **options
        )
        made = cls(context, context.new_page())
        made.page.on("console", made._told)
        made.page.on("pageerror", lambda error: made.troubles.append(str(error)))
        made.page.on("requestfailed", made._failed)
        made.page.on("response", made._answered)
        made.page.set_default_timeout(PATIENCE)
        return made

    def _told(self, message: Any) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.troubles.append(message.text)

    def _failed(self, asked: Any) -> None:
        if asked.failure != "net::ERR_ABORTED":  # what is under way when a page is left
            self.troubles.append(f"failed: {asked.url}")

    def _answered(self, answer: Any) -> None:
        if answer.status >= 400 and answer.request.resource_type != "document":
            self.troubles.append(f"{answer.status}: {answer.url}")

    def looks(self, scheme: str, size: tuple[int, int] = WIDE) -> None:
        """Prefer light or dark, and be so large."""
        self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def unfold(self) -> None:
        """Open everything that opens."""
        self.page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")

    def violations(self, rules: Sequence[str] = ()) -> list[str]:
        """What axe finds, by these rules or all of its own, each with the element it is about."""
        if not self.page.evaluate("typeof axe !== 'undefined'"):
            self.page.evaluate(AXE.read_text())
        options = {"resultTypes": ["violations"], "preload": False}
        options |= {"runOnly": list(rules)} if rules else {}
        found = self.page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{each['id']}: {node['html'][:200]} {node['failureSummary']}"
            for each in found["violations"]
            for node in each["nodes"]
        ]

    def too_wide(self) -> list[str]:
        """What sticks out of the window, if that makes the page scroll sideways."""
        return self.page.evaluate(  # type: ignore[no-any-return]
            """() => {
              const width = document.documentElement.clientWidth
              if (document.documentElement.scrollWidth <= width) return []
              return [...document.querySelectorAll('body *')]
                .filter(it => it.getBoundingClientRect().right > width + 0.5)
                .slice(0, 5).map(it => it.outerHTML.slice(0, 150))
            }"""
        )
