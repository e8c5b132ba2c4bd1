"""How a command is declared and its arguments are parsed."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from importlib import import_module
from typing import Protocol

from refinery.cli.catalogue import COMMANDS

_COLUMNS = 80  # where there is no terminal


class Command(Protocol):
    """What each module in `commands/` offers."""

    HELP: str
    EXAMPLES: str

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Declare options and arguments."""
        ...

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it; the exit code."""
        ...


def parse(name: str, arguments: Sequence[str]) -> tuple[Command, argparse.Namespace]:
    """Import one command and parse its arguments."""
    command = load(name)
    return command, parser_of(name, command).parse_args(arguments)


def load(name: str) -> Command:
    """The module of one command."""
    module: Command = import_module(f"refinery.cli.commands.{name.replace('-', '_')}")
    return module


def parser_of(name: str, command: Command) -> argparse.ArgumentParser:
    """The parser of one command, its help with examples at the end."""
    parser = argparse.ArgumentParser(
        prog=f"refinery {name}",
        description=command.HELP or COMMANDS[name],
        epilog=f"examples:\n{command.EXAMPLES.rstrip()}" if command.EXAMPLES else None,
        formatter_class=_help_formatter,
        allow_abbrev=False,
    )
    command.configure(parser)
    return parser


def _help_formatter(prog: str) -> argparse.HelpFormatter:
    """One that knows its width: argparse would import shutil to ask, for each option again."""
    return argparse.RawDescriptionHelpFormatter(prog, width=_columns() - 2)


def _columns() -> int:
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return int(told)
    try:
        return os.get_terminal_size().columns or _COLUMNS
    except OSError:
        return _COLUMNS


def add_rig(parser: argparse.ArgumentParser) -> None:
    """The optional `[rig]` that says which repository."""
    parser.add_argument(
        "rig", nargs="?", help="a repository's path, or a name from the rig list (default: here)"
    )


def add_repo(parser: argparse.ArgumentParser) -> None:
    """`--repo`, for commands whose positional argument is something else."""
    parser.add_argument(
        "--repo", dest="rig", metavar="RIG", help="a repository's path, or a name from the rig list"
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """`--json`: one document on stdout and nothing else there."""
    parser.add_argument("--json", action="store_true", help="print one JSON document")
