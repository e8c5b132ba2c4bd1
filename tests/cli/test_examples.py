"""The examples of `--help` are the last thing it shows, and those that can be run are run."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator

import pytest

from refinery.cli.catalogue import COMMANDS
from refinery.cli.command import load, parser_of
from tests.sandbox import Sandbox

# What ends by itself and needs nothing but a queue with one merge request, which `mr-0a1b` is.
RUN = {
    *("list", "queue", "ready", "unclaimed", "blocked", "next", "show", "why", "plan", "log"),
    *("status", "stats", "forecast", "fsck", "verify", "completion", "hold", "retry", "pause"),
    *("resume", "priority", "claim", "release", "reject"),
}
NOT_RUN = {"--openmetrics", "--all"}  # writes a file; needs a list of repositories
ID = "mr-0a1b"


def examples(name: str) -> list[str]:
    """The lines of a command's examples, without what explains them."""
    return [
        re.split(r"\s{2,}", line.strip())[0] for line in load(name).EXAMPLES.strip().splitlines()
    ]


def calls(line: str) -> Iterator[list[str]]:
    """The arguments of every `refinery` in a line of shell."""
    for inner in re.findall(r"\$\((refinery [^)]*)\)", line):
        yield shlex.split(inner)[1:]
    words = shlex.split(re.sub(r"\$\(refinery [^)]*\)", ID, line), comments=True)
    for start in [at for at, word in enumerate(words) if word == "refinery"]:
        rest = words[start + 1 :]
        ends = [at for at, word in enumerate(rest) if word in ("|", "&&", ">", ";")]
        yield rest[: min(ends, default=len(rest))]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_every_argument_with_words_and_ends_with_the_examples(name: str) -> None:
    command = load(name)
    parser = parser_of(name, command)
    shown = parser.format_help()
    assert shown.endswith(f"examples:\n{command.EXAMPLES}")
    assert [action.dest for action in parser._actions if not action.help] == [
        action.dest
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction) and not action.help
    ]


@pytest.mark.parametrize("name", sorted(RUN))
def test_the_examples_that_can_be_run_anywhere_run(name: str, box: Sandbox) -> None:
    box.commit("feature", {"feature.txt": "new\n"})
    id = box.submit("feature")
    for line in examples(name):
        for call in calls(line):
            if call[0] == name and not NOT_RUN & {*call}:
                asked = [id if word == ID or word.startswith("mr-7k2") else word for word in call]
                done = box.cli(*asked, stdin="a reason\n")
                # Refused is an answer as well; wrong usage and bugs are none.
                assert done.code in (0, 1), f"{line}: {done.err}"
