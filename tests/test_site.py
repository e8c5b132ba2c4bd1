"""The site has every page, says nothing that is not so, and needs nobody else."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from refinery.config.config import FILE, Config, parse
from tests.sandbox import CHECKOUT
from tests.test_docs import Block, blocks_of

DOCS = CHECKOUT / "docs"
PROMISED = re.compile(r"\[`(?P<name>test_\w+)`\]\(\.\./(?P<file>tests/[\w/]+\.py)\)")
BESIDE = {"type", "parameters", "name", "conditions", "priority"}
"""Keys that only say what the others are about."""
ENTRY = re.compile(r"^- \[[^\]]+\]\((?P<page>[a-z-]+)\.md\)", re.MULTILINE)

FETCHED = re.compile(
    r"""<(?:script|img|iframe)[^>]+src="(?:\w+:)?//[^"]*"""
    r"""|<link rel="stylesheet"[^>]+href="(?:\w+:)?//[^"]*"""
)


def built(folder: Path) -> Path:
    """The site, as scripts/site builds it."""
    strictly = ("--quiet", "--nitpicky", "--fail-on-warning", "--keep-going")
    kept = folder / "doctrees"
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *strictly, "--doctree-dir", kept, DOCS, folder / "site"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return folder / "site"


@pytest.mark.journey
def test_it_is_built_without_a_warning_and_asks_nobody_else(tmp_path: Path) -> None:
    site = built(tmp_path)
    pages = {page.stem: page.read_text() for page in site.glob("*.html")}
    assert {page.stem for page in DOCS.glob("*.md")} <= pages.keys()
    foreign = [(name, tag) for name, text in pages.items() for tag in FETCHED.findall(text)]
    assert foreign == []


def test_every_page_is_in_the_navigation_once() -> None:
    pages = sorted(page.stem for page in DOCS.glob("*.md") if page.stem != "index")
    assert sorted(ENTRY.findall((DOCS / "index.md").read_text())) == pages


# Promises


@pytest.mark.parametrize("page", ["promises", "threat-model"])
def test_every_promise_names_tests_that_are_there(page: str) -> None:
    text = (DOCS / f"{page}.md").read_text()
    named = PROMISED.findall(text)
    assert len(named) == len(re.findall(r"\[`test_", text)) > 50
    lost = [
        f"{file}::{name}"
        for name, file in named
        if not re.search(rf"^ *def {name}\(", (CHECKOUT / file).read_text(), re.MULTILINE)
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("page", "end"), [("promises", "## What the server"), ("threat-model", "## What stays open")]
)
def test_no_promise_is_without_a_test(page: str, end: str) -> None:
    promised, _, _ = (DOCS / f"{page}.md").read_text().partition(end)
    paragraphs = [part for part in promised.split("\n\n") if part.startswith("**")]
    assert [part.splitlines()[0] for part in paragraphs if not PROMISED.search(part)] == []
    assert len(paragraphs) > 20


# Figures


def test_figures_of_the_comparison_are_those_of_the_measurements() -> None:
    row = re.search(
        r"^\| 40/h, 8 \|(?P<rows>(?:.*\n)+?)\| 60/h",
        (DOCS / "scheduling.md").read_text(),
        re.MULTILINE,
    )
    assert row
    half = {
        who: int(median)
        for who, median in re.findall(r"(chain|bors|\*\*refinery\*\*) \| (\d+) \|", row["rows"])
    }
    said = (DOCS / "comparison.md").read_text()
    told = re.search(
        r"half of them land within (\d+) minutes, against (\d+) of .* ([\d,]+)\n", said
    )
    assert told
    assert [int(each.replace(",", "")) for each in told.groups()] == [
        half["**refinery**"],
        half["chain"],
        half["bors"],
    ]


# Changing over


@pytest.mark.parametrize("other", ["github", "bors", "mergify"])
def test_every_key_of_the_old_configuration_has_a_row(other: str) -> None:
    page = DOCS / f"from-{other}.md"
    told = {
        key
        for line in page.read_text().splitlines()
        if line.startswith("| ")
        for key in re.findall(r"`([^`]+)`", line.split(" | ")[0])
    }
    assert (
        _keys(_old(page)) - told - {"type", "parameters", "conditions", "priority", "name"} == set()
    )


@pytest.mark.parametrize("other", ["github", "bors", "mergify"])
def test_what_takes_the_place_of_a_key_is_there(other: str) -> None:
    """Keys of .refinery.yaml in the second column are those of its schema, two levels deep."""
    schema = json.loads((CHECKOUT / "schemas" / "config.schema.json").read_text())["properties"]
    named = [
        yaml.safe_load(code)
        for line in (DOCS / f"from-{other}.md").read_text().splitlines()
        if line.startswith("| `")
        for code in re.findall(r"`([a-z_]+: [^`]+)`", line.split(" | ")[1])
    ]
    assert len(named) >= 3
    unknown = [
        (key, value)
        for each in named
        for key, value in each.items()
        if not _fits(value, schema.get(key, {}))
    ]
    assert unknown == []


@pytest.mark.parametrize(
    ("other", "method", "batch", "seconds"),
    [("github", "squash", 8, 1800), ("bors", "squash", 8, 7200), ("mergify", "squash", 8, 1800)],
)
def test_the_translation_means_the_same(other: str, method: str, batch: int, seconds: int) -> None:
    config = _new(DOCS / f"from-{other}.md")
    assert (config.method.value, config.batch_max) == (method, batch)
    assert {check.timeout for check in config.checks} == {seconds}


def _fits(value: Any, schema: dict[str, Any]) -> bool:
    if isinstance(value, dict):
        return value.keys() <= schema.get("properties", {}).keys()
    return schema.get("type") == "boolean" if value is True else value in schema.get("enum", ())


def _blocks(page: Path) -> list[Block]:
    return [block for block in blocks_of(page) if block.language in ("yaml", "json", "toml")]


def _old(page: Path) -> Any:
    block = _blocks(page)[0]
    return tomllib.loads(block.text) if block.language == "toml" else yaml.safe_load(block.text)


def _new(page: Path) -> Config:
    [block] = [block for block in _blocks(page) if block.text.startswith(f"# {FILE}\n")]
    return parse(block.text.encode(), where=str(block))


def _keys(value: Any) -> set[str]:
    """Every key, however deep."""
    if isinstance(value, dict):
        return set(value).union(*map(_keys, value.values()))
    return set[str]().union(*map(_keys, value)) if isinstance(value, list) else set()
