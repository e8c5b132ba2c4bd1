"""The one parser of all commands, as completion scripts and the manual page see them.

The program itself never builds it: it imports only the command that is asked for.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from refinery.cli import colour_option
from refinery.cli.catalogue import ALIASES, COMMANDS, GROUPS
from refinery.cli.command import Parser, load

PLUMBING = "Plumbing"


def groups() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The groups of `refinery --help`, then the commands that it does not list."""
    yield from GROUPS
    listed = {name for _, names in GROUPS for name in names}
    yield PLUMBING, tuple(name for name in COMMANDS if name not in listed)


def whole_parser() -> argparse.ArgumentParser:
    """All commands as subcommands of one program."""
    parser = Parser(prog="refinery", description="A merge queue that lives in git.")
    parser.add_argument("-V", "--version", action="version", version="", help="print the version")
    parser.add_argument(
        colour_option.OPTION, choices=[*colour_option.CHOICES], help="when to colour"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, words in COMMANDS.items():
        alias = [other for other, known in ALIASES.items() if known == name]
        load(name).configure(commands.add_parser(name, help=words, aliases=alias))
    words = "explain a command; --man opens the manual page"
    explained = commands.add_parser("help", help=words)
    explained.add_argument("name", nargs="?", choices=[*COMMANDS], help="the command")
    explained.add_argument("--man", action="store_true", help="open the manual page")
    return parser


def actions_of(
    parser: argparse.ArgumentParser, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], argparse.Action]]:
    """Every argument and option with the commands that lead to it; aliases are left out."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            seen: set[int] = set()
            for name, below in action.choices.items():
                if id(below) not in seen:
                    seen.add(id(below))
                    yield from actions_of(below, (*path, name))
        else:
            yield path, action


def value_of(action: argparse.Action) -> str:
    """What stands for the value of an argument; an option without one has none."""
    if action.option_strings and action.nargs == 0:
        return ""
    if isinstance(action.metavar, str):
        return action.metavar
    if action.choices is not None:
        return "|".join(map(str, action.choices))
    return action.dest.upper() if action.option_strings else action.dest
