"""What docs/own-server.md tells people to write, as the tests put it in place."""

from __future__ import annotations

import re

from refinery.hooks.installer import Side, install
from refinery.repo.repository import Repository
from tests.sandbox import CHECKOUT, Sandbox

PATTERNS = ("polecat/**", "mr/**")
ENGINES = "refinery.engines refinery"
PAGE = CHECKOUT / "docs" / "own-server.md"


def block(first_line: str) -> str:
    """The fenced block that begins with this line."""
    found = re.findall(r"^```\w+\n(.*?)^```$", PAGE.read_text(), flags=re.MULTILINE | re.DOTALL)
    [only] = [text for text in found if text.startswith(f"{first_line}\n")]
    return only


def words(command: str) -> list[str]:
    """The arguments of a command that is shown within a sentence."""
    [shown] = re.findall(rf"`{command} ([^`]*)`", PAGE.read_text())
    return str(shown).split()


def install_hooks(box: Sandbox) -> None:
    """`refinery hooks install` on the server."""
    with Repository.discover(box.origin) as repo:
        install(repo, Side.SERVER, PATTERNS)


def name_engines(box: Sandbox) -> None:
    """Who runs the queue, as the guide says it."""
    key, name = ENGINES.split()
    assert f"config --add {ENGINES}\n" in PAGE.read_text()
    box.git("config", "--add", key, name, cwd=box.origin)
