"""What a terminal gets: colour only where it shows, signs that it can show, lines that fit."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from refinery.cli import output
from refinery.cli.main import main
from refinery.cli.output import coloured, folded, in_role, marked, shortened, width
from refinery.looks import RESULTS, Role
from tests.cli.terminal import Terminal
from tests.sandbox import CHECKOUT, Sandbox

RED = "\x1b[31m✗\x1b[0m"


class Screen(io.StringIO):
    """A terminal, as far as anybody asks."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def nothing_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "colour_asked", None)
    monkeypatch.setenv("TERM", "xterm")


# Colour


@pytest.mark.parametrize(
    ("environ", "in_terminal", "in_pipe"),
    [
        ({}, True, False),
        ({"TERM": "dumb"}, False, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": ""}, True, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"FORCE_COLOR": "0"}, False, False),
        ({"CLICOLOR_FORCE": "1"}, True, True),
        ({"CLICOLOR_FORCE": "0"}, True, False),
        ({"CLICOLOR": "0"}, False, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True, True),
    ],
    ids=str,
)
def test_the_environment_decides_about_colour(
    environ: dict[str, str], in_terminal: bool, in_pipe: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert (coloured(Screen()), coloured(io.StringIO())) == (in_terminal, in_pipe)


@pytest.mark.parametrize(("asked", "shown"), [(True, True), (False, False)])
def test_what_was_asked_for_goes_before_the_environment(
    asked: bool, shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "colour_asked", asked)
    monkeypatch.setenv("FORCE_COLOR" if not asked else "NO_COLOR", "1")
    assert (coloured(Screen()), coloured(io.StringIO())) == (shown, shown)


@pytest.mark.parametrize(
    "argv",
    [
        ["--color=always", "queue"],
        ["--color", "always", "queue"],
        ["queue", "--color=always"],
        ["queue", "--color", "always"],
    ],
)
def test_color_stands_wherever_it_is_convenient(argv: list[str], box: Sandbox) -> None:
    assert box.cli(*argv).out.startswith("\x1b[1m")
    assert box.cli("queue", "--color=never").out.startswith("📋")


def test_color_knows_three_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["queue", "--color=sometimes"]) == 2
    assert "error: --color: 'sometimes' is none of auto, always, never\n" in capsys.readouterr().err


def test_a_role_is_a_colour_where_there_is_one_and_the_text_where_there_is_none() -> None:
    screen, pipe = Screen(), io.StringIO()
    assert in_role("x", Role.BAD, stream=screen) == "\x1b[31mx\x1b[0m"
    assert in_role("x", Role.BAD, "bold", stream=screen) == "\x1b[1;31mx\x1b[0m"
    assert in_role("x", Role.PLAIN, stream=screen) == "x"
    assert in_role("x", Role.BAD, stream=pipe) == "x"
    assert marked(RESULTS["fail"], stream=screen) == f"{RED} failed"
    assert marked(RESULTS["fail"], "no", stream=pipe) == "✗ no"


# Room


def test_only_a_terminal_has_an_edge_unless_columns_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert width(io.StringIO()) is None
    monkeypatch.setenv("COLUMNS", "33")
    assert width(io.StringIO()) == 33
    monkeypatch.setenv("COLUMNS", "wide")
    assert width(io.StringIO()) is None


def test_a_paragraph_is_folded_between_words_and_only_where_it_has_to_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "Conflicts with main in a/very/long/path/to/some/file.txt: resolve it."
    assert folded(text, indent=2) == f"  {text}"
    monkeypatch.setenv("COLUMNS", "30")
    assert folded(text, indent=2).splitlines() == [
        "  Conflicts with main in",
        "  a/very/long/path/to/some/file.txt:",
        "  resolve it.",
    ]
    monkeypatch.setenv("COLUMNS", "10")
    assert folded(text, indent=2) == f"  {text}"


def test_a_name_loses_its_middle_where_its_line_would_not_fit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = "polecat/nux/a-branch-with-a-long-name"
    assert shortened(name, "x" * 100) == name
    monkeypatch.setenv("COLUMNS", "40")
    assert shortened(name, "x" * 10) == "polecat/nux/a-b…th-a-long-name"
    assert shortened("short", "x" * 10) == "short"
    assert len(shortened(name, "x" * 39)) == 20


# Signs


def run_in(place: Path, *argv: str, env: dict[str, str], columns: int = 80) -> str:
    command = [sys.executable, "-m", "refinery", *argv]
    with Terminal(
        command,
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), **env},
        columns=columns,
    ) as terminal:
        terminal.end()
        return terminal.seen.replace("\r\n", "\n")


@pytest.mark.parametrize(
    "locale",
    [{"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"PYTHONIOENCODING": "ascii"}],
    ids=["C", "POSIX", "ascii"],
)
def test_where_signs_cannot_be_shown_plain_ones_are(locale: dict[str, str], box: Sandbox) -> None:
    box.commit("feature", {"feature.txt": "x\n"})
    box.submit("feature")
    shown = run_in(box.path, "unclaimed", env={"TERM": "dumb", **locale})
    assert shown.isascii()
    assert "1. [P2] feature -> main" in shown
    assert shown.startswith("Unclaimed MRs for ")


def test_a_terminal_of_utf8_gets_the_signs(box: Sandbox) -> None:
    shown = run_in(box.path, "unclaimed", env={"TERM": "dumb", "LC_ALL": "C.UTF-8"})
    assert shown.startswith("📋 Unclaimed MRs for ")


def test_a_pipe_in_the_c_locale_keeps_names_as_they_are(box: Sandbox) -> None:
    box.commit("übung", {"feature.txt": "x\n"})
    box.submit("übung")
    done = box.run("queue", "--json", env={"LC_ALL": "C"})
    assert "übung" in done.out
