"""The ten minutes, word for word, as somebody new has them: with an empty home."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import pytest

from tests.release.conftest import OFFLINE, Distributions
from tests.sandbox import CHECKOUT
from tests.test_docs import blocks_of
from tools.make_reference import unchanging

pytestmark = pytest.mark.journey

PAGE = CHECKOUT / "docs" / "start.md"
END = "--- the end of what is typed at "


def newcomer(root: Path, wheel: Path) -> dict[str, str]:
    """An empty home, and a pip that takes from a folder what it would take from PyPI."""
    bin = root / "bin"
    bin.mkdir()
    (bin / "python3").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (bin / "python3").chmod(0o755)
    home = root / "home"
    home.mkdir()
    return {
        "HOME": str(home),
        "PATH": f"{bin}{os.pathsep}{os.environ['PATH']}",
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "GIT_CONFIG_NOSYSTEM": "1",
        **OFFLINE,
        "PIP_FIND_LINKS": str(wheel.parent),
        "PIP_NO_DEPS": "1",
        "PIP_IGNORE_INSTALLED": "1",
    }


def test_it_goes_as_the_page_says(distributions: Distributions, tmp_path: Path) -> None:
    typed = [block for block in blocks_of(PAGE) if block.language == "sh"]
    script = "".join(f"{block.text}echo '{END}{block.line}'\n" for block in typed)
    work = tmp_path / "work"
    work.mkdir()

    done = subprocess.run(
        ["sh", "-e"],
        input=script,
        cwd=work,
        env=newcomer(tmp_path, distributions.wheel),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=180,
    )

    assert done.returncode == 0, done.stdout
    printed = {
        int(line): _lines(words)
        for words, line in re.findall(rf"(?s)(.*?){END}(\d+)\n", done.stdout)
    }
    assert printed.keys() == {block.line for block in typed}
    missing = [
        (f"{PAGE.name}:{line}", words)
        for line, shown in _shown_after(typed_at=[block.line for block in typed])
        for words in _lines(shown)
        if words not in printed[line]
    ]
    assert missing == [], done.stdout
    assert list(work.iterdir()) == []


def _shown_after(typed_at: list[int]) -> list[tuple[int, str]]:
    """What the page says is printed, with the line of the commands that print it."""
    return [
        ([*takewhile(lambda line: line < block.line, typed_at)][-1], block.text)  # noqa: B023
        for block in blocks_of(PAGE)
        if block.language == "text"
    ]


def _lines(text: str) -> set[str]:
    """Its lines, without what differs from run to run."""
    return {" ".join(unchanging(line).split()) for line in text.splitlines() if line.strip()}
