"""The documentation is true: its commands run, its links lead somewhere, its files are valid."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from refinery.cli.catalogue import ALIASES, COMMANDS
from refinery.cli.command import load, parser_of
from refinery.config.config import FILE, parse
from refinery.records import document
from refinery.records.merge_request import MergeRequest
from tests.hostile.sandboxed import needs
from tests.sandbox import CHECKOUT

PAGES = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").glob("*.md"))]
OTHER_PAGES = [CHECKOUT / name for name in ("CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
LANGUAGES = {"sh", "text", "yaml", "json", "ini", "toml"}

# What needs a network or is this very test suite is left out, and checked here instead.
NOT_RUN = {
    "python3 -m venv venv": lambda: True,  # tests/release/test_start.py does
    ". venv/bin/activate": lambda: True,
    "refinery demo": lambda: "demo" in COMMANDS,
    "pip install git-refinery": lambda: _project()["name"] == "git-refinery",
    "scripts/demo    # a queue's whole life on a throw-away repository": lambda: _is_script("demo"),
    "scripts/test    # the tests": lambda: _is_script("test"),
}
# Where pages speak of a server, the sandbox has its origin.
SERVER = re.compile(r"(?P<host>git\.example\.com:)?/srv/git/")


@dataclass(frozen=True)
class Block:
    """One fenced block, and the line it begins at."""

    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


@cache
def blocks_of(page: Path) -> list[Block]:
    found = []
    lines = page.read_text().splitlines()
    start = None
    for number, line in enumerate(lines, start=1):
        if not line.startswith("```"):
            continue
        if start is None:
            start = number
        else:
            language, text = lines[start - 1][3:], "\n".join(lines[start : number - 1])
            found.append(Block(page, start, language, f"{text}\n"))
            start = None
    assert start is None, f"{page.name}:{start}: the block does not end"
    return found


def blocks(language: str) -> list[Block]:
    return [each for page in PAGES for each in blocks_of(page) if each.language == language]


def page_name(page: Path) -> str:
    return str(page.relative_to(CHECKOUT))


def _project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    return project


def _is_script(name: str) -> bool:
    return os.access(CHECKOUT / "scripts" / name, os.X_OK)


# Commands


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """What a page's reader has: a server with a project, a clone of it, and a branch with work."""
    server = tmp_path / "srv" / "git" / "project.git"
    clone = tmp_path / "project"
    _git(tmp_path, "init", "-q", "--bare", "-b", "main", str(server))
    _git(tmp_path, "clone", "-q", str(server), str(clone))
    (clone / "README.md").write_text("# A project\n")
    (clone / "test.sh").write_text("test -e README.md\n")
    _git(clone, "add", ".")
    _git(clone, "commit", "-q", "-m", "Begin")
    _git(clone, "push", "-q", "origin", "HEAD:main")
    _git(clone, "switch", "-q", "-c", "feature")
    (clone / "feature.txt").write_text("new\n")
    _git(clone, "add", ".")
    _git(clone, "commit", "-q", "-m", "Add a feature")
    _git(clone, "push", "-q", "origin", "feature")
    _git(clone, "switch", "-q", "main")
    _git(clone, "branch", "-q", "-D", "feature")
    return tmp_path


def _git(cwd: Path, *argv: str) -> None:
    subprocess.run(["git", *argv], cwd=cwd, check=True, capture_output=True)


def environment(root: Path) -> dict[str, str]:
    """A home of its own, and a `refinery` that is this checkout's."""
    bin = root / "bin"
    bin.mkdir()
    for name in ("refinery", "git-refinery"):
        (bin / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" -m refinery "$@"\n')
        (bin / name).chmod(0o755)
    home = root / "home"
    home.mkdir()
    return os.environ | {
        "HOME": str(home),
        "PATH": f"{bin}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(CHECKOUT),
        "GIT_EDITOR": "true",
    }


def script(page: Path, root: Path) -> str:
    """All blocks of a page as one script, as if they were typed into one terminal."""
    lines = ["set -eu"]
    for block in blocks_of(page):
        if block.language == "sh":
            lines.append(f"echo '--- {block}' >&2")
            lines += [line for line in block.text.splitlines() if line not in NOT_RUN]
    return SERVER.sub(
        lambda found: f"{'file://' if found['host'] else ''}{root}/srv/git/",
        "\n".join(lines) + "\n",
    )


@pytest.mark.journey
@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if any(b.language == "sh" for b in blocks_of(page))],
    ids=page_name,
)
def test_every_command_of_a_page_runs(page: Path, workplace: Path) -> None:
    if page.name == "sandbox.md":
        needs("bubblewrap")
    done = subprocess.run(
        ["sh"],
        input=script(page, workplace),
        cwd=workplace / "project",
        env=environment(workplace),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def test_what_is_not_run_is_there() -> None:
    written = {line for block in blocks("sh") for line in block.text.splitlines()}
    assert [line for line in NOT_RUN if line not in written] == []
    assert [line for line, holds in NOT_RUN.items() if not holds()] == []


def test_every_block_says_what_it_is() -> None:
    unknown = [str(b) for page in PAGES for b in blocks_of(page) if b.language not in LANGUAGES]
    assert unknown == []


# Files


@pytest.mark.parametrize("block", blocks("yaml"), ids=str)
def test_every_file_is_valid(block: Block) -> None:
    name = block.text.partition("\n")[0].removeprefix("# ")
    if name == FILE:
        assert parse(block.text.encode(), where=str(block)).checks != ()
    elif name.startswith("mrs/"):
        mr = document.read(MergeRequest, _record(block.text), where=name)
        assert name == f"mrs/{mr.id[-1]}/{mr.id}.yaml"
    elif name == ".pre-commit-config.yaml":
        _is_our_hook(yaml.safe_load(block.text)["repos"][0]["hooks"][0])
    else:
        assert name in {
            ".github/workflows/queue-report.yml",
            ".mergify.yml",
            "part of .github/workflows/deploy.yml",
            "part of .github/workflows/refinery.yml",
            "part of .gitlab-ci.yml",
            "~/.config/refinery/rigs.yaml",
        }
        assert yaml.safe_load(block.text)


def _record(text: str) -> bytes:
    """A record as it lies in the queue: the first line here only says where."""
    return text.partition("\n")[2].encode()


def _is_our_hook(hook: dict[str, Any]) -> None:
    """The hook that a page shows is the one this repository offers."""
    [ours] = yaml.safe_load((CHECKOUT / ".pre-commit-hooks.yaml").read_text())
    del hook["additional_dependencies"]
    assert hook == {key: ours[key] for key in hook}
    assert set(ours) - set(hook) == {"description", "minimum_pre_commit_version"}


@pytest.mark.parametrize("block", blocks("json"), ids=str)
def test_every_document_is_json(block: Block) -> None:
    assert json.loads(block.text)


@pytest.mark.parametrize("block", blocks("toml"), ids=str)
def test_every_toml_is_toml(block: Block) -> None:
    assert tomllib.loads(block.text)


# Links

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


@pytest.mark.parametrize("page", [*PAGES, *OTHER_PAGES], ids=page_name)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    broken = [link for link in LINK.findall(text) if not _resolves(page, link)]
    assert broken == []


def _resolves(page: Path, link: str) -> bool:
    if link.startswith("https://"):
        return re.fullmatch(r"https://[a-z0-9.-]+\.[a-z]+(/[^\s<>\"]*)?", link) is not None
    path, _, anchor = link.partition("#")
    file = page.parent / path if path else page
    return file.exists() and (not anchor or anchor in _anchors(file))


@cache
def _anchors(page: Path) -> set[str]:
    """The anchors that forges make of headings."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


# Help


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples_that_parse(name: str) -> None:
    command = load(name)
    assert command.HELP.strip() != ""
    assert max(map(len, command.HELP.splitlines())) <= 100
    calls = [call for line in command.EXAMPLES.splitlines() for call in _calls(line)]
    assert name in {called for called, _ in calls}
    for called, arguments in calls:
        parser_of(called, load(called)).parse_args(arguments)


SHOWN = re.compile(r"^(?:\$ )?(?=(?:[A-Z_]+=\S+ )*refinery )")


def test_every_command_that_is_only_shown_would_be_understood() -> None:
    """What stands in `text` is not run; its commands and options are there all the same."""
    shown = [
        (block, call)
        for block in blocks("text")
        if block.page.name != "commands.md"  # its examples are those of the commands' help
        for line in re.sub(r"\\\n\s*", "", block.text).splitlines()
        if SHOWN.match(line)
        for call in _calls(line.removeprefix("$ "))
    ]
    assert len(shown) > 10
    assert [f"{block}: {call}" for block, call in shown if not _would_parse(*call)] == []


def test_every_command_that_prose_names_is_there() -> None:
    named = {
        (page_name(page), words)
        for page in PAGES
        for words in re.findall(r"`(?:\$ )?refinery ([a-z][^`\n]*)`", page.read_text())
    }
    assert len(named) > 100
    assert [each for each in sorted(named) if not _is_named_well(each[1])] == []


def _would_parse(called: str, arguments: list[str]) -> bool:
    with contextlib.suppress(SystemExit), contextlib.redirect_stderr(io.StringIO()):
        parser_of(called, load(called)).parse_args(arguments)
        return True
    return False


def _is_named_well(words: str) -> bool:
    """Its command is one, and so is every option; what stands for values may be anything."""
    called, *rest = words.split()
    name = ALIASES.get(called, called)
    if name == "help":
        return True
    known = name in COMMANDS and parser_of(name, load(name)).format_help()
    options = [word.partition("=")[0].strip("[],|") for word in rest if word.startswith("-")]
    below = [_below(name, word) for word in rest if word.isalpha()]
    return bool(known) and all(option in f"{known} {below}" for option in options)


def _below(name: str, word: str) -> str:
    """The help of a command below another, as in `integration create`."""
    for action in parser_of(name, load(name))._actions:
        if isinstance(action, argparse._SubParsersAction) and word in action.choices:
            return str(action.choices[word].format_help())
    return ""


def _calls(line: str) -> list[tuple[str, list[str]]]:
    """The commands of ours in a line of shell, with their arguments; what stands after it goes."""
    shell = re.split(r" {3,}|  #", line.strip())[0]
    inner = re.findall(r"\$\((.*?)\)", shell)
    outer = re.sub(r"\$\(.*?\)", "mr-0a1b", shell)
    found = []
    for part in [*inner, outer]:
        for text in re.findall(r"""\brefinery ((?:'[^']*'|"[^"]*"|[^|&>'"])*)""", part):
            called, *arguments = shlex.split(text)
            found.append((ALIASES.get(called, called), arguments))
    return found
