"""`[rig ...]` and `--all`: the repositories of commands that take several."""

from __future__ import annotations

import argparse

from refinery.app import known_rigs, rigs_file
from refinery.errors import UsageError


def add_rigs(parser: argparse.ArgumentParser) -> None:
    """Any number of repositories, or all that the rig list names."""
    parser.add_argument(
        "rigs",
        nargs="*",
        metavar="rig",
        help="repositories' paths, or names from the rig list (default: here)",
    )
    parser.add_argument("--all", action="store_true", help="every repository of the rig list")


def rigs_of(arguments: argparse.Namespace) -> list[str | None]:
    """What was named; None is the repository around the current directory."""
    if not arguments.all:
        return arguments.rigs or [None]
    if arguments.rigs:
        raise UsageError("--all and names exclude each other")
    found: list[str | None] = [*known_rigs()]
    if not found:
        raise UsageError(
            "the rig list is empty", hint=f"add a line `name: /path/to/repository` to {rigs_file()}"
        )
    return found
