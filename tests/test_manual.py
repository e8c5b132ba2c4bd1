"""The manual page: whole, fresh, and without fault to the programs that show it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from refinery import resources
from refinery.cli.catalogue import COMMANDS
from refinery.cli.main import main
from tests.programs import needs
from tests.sandbox import CHECKOUT

PAGE = CHECKOUT / "man" / "refinery.1"


def test_every_command_has_its_part_with_examples() -> None:
    text = PAGE.read_text()
    parts = re.split(r"^\.SS ", text, flags=re.MULTILINE)[1:]
    titles = [part.partition("\n")[0].replace("\\-", "-").split(",")[0] for part in parts]
    assert sorted(titles) == sorted(COMMANDS)
    assert [
        title for title, part in zip(titles, parts, strict=True) if "Examples:" not in part
    ] == []


@needs("mandoc")
def test_mandoc_finds_no_fault() -> None:
    done = subprocess.run(["mandoc", "-T", "lint", PAGE], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


@needs("man")
@pytest.mark.parametrize("columns", ["80", "200"])
def test_man_shows_it_without_warnings(columns: str, tmp_path: Path) -> None:
    done = subprocess.run(
        ["man", "--warnings=w", "--local-file", PAGE],
        capture_output=True,
        text=True,
        env={"MANWIDTH": columns, "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert 'refinery claim "$(refinery next --quiet)" --json' in done.stdout
    assert "git log -1 --format=%B | refinery reject mr-0a1b --reason -" in done.stdout


@needs("man")
def test_git_help_leads_to_the_same_page(tmp_path: Path) -> None:
    """`git refinery --help` runs `man git-refinery`; the page is found below the prefix's share."""
    folder = tmp_path / "man1"
    folder.mkdir()
    for page in (CHECKOUT / "man").iterdir():
        shutil.copy(page, folder)
    done = subprocess.run(
        ["man", "-M", tmp_path, "git-refinery"],
        capture_output=True,
        text=True,
        env={"MANWIDTH": "80", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    assert done.stdout.startswith("REFINERY(1)")


def test_help_man_becomes_man_or_says_where_the_words_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[object] = []
    monkeypatch.setattr("os.execvp", lambda program, argv: asked.extend([program, argv]))
    main(["help", "--man"])
    assert asked == ["man", ["man", str(resources.manual_path())]]

    def missing(program: str, argv: list[str]) -> None:
        raise FileNotFoundError(2, "No such file", program)

    monkeypatch.setattr("os.execvp", missing)
    assert main(["help", "--man"]) == 1
    assert capsys.readouterr().err == (
        f"error: there is no `man` here to show {PAGE}\n"
        "hint: `refinery <command> --help` says the same of one command\n"
    )
